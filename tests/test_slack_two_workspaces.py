"""Two workspaces with one bot, over SQLite and PostgreSQL: nothing of one is seen in the other, and either may leave."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from slack_questions import QUESTION, REFUSAL, Serve
from slack_sdk.oauth.installation_store import Installation
from slack_standin import events, parsing
from slack_standin.browser import Browser
from slack_standin.courier import Delivery
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot import wording
from bot.answers import Answers, Place
from bot.buttons import SHARE
from bot.channels import Channels, ChannelSettings
from bot.database import Database
from bot.installations import Installations
from bot.serve import Server
from bot.settings import SlackSettings
from index.archive import Archive

pytest_plugins = ("slack_fixtures", "database_fixtures")

LOG = logging.getLogger("tests.two_workspaces")
FOLLOW_UP = "And when?"
# One kind of database will do where the other could change nothing; the rest runs over both.
one_kind = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
KEPT = ("verbatim_answers", "verbatim_votes", "verbatim_channels")


@pytest.fixture
def database(shared: Database) -> Database:
    """What the bots share, in either kind of database."""
    return shared


@pytest.fixture(autouse=True)
def web_bot(slack: Slack, morning: Slack, ada: User, eve: User, serve: Serve, installable: SlackSettings) -> Server:
    """The real bot in HTTP mode, installed in both workspaces."""
    server = serve(installable)
    slack.use_http(server.port or 0)
    for team, user in ((slack, ada), (morning, eve)):
        assert Browser(slack).install(team, user).status == 200
    return server


def twin(morning: Slack, channel: Channel, user: User) -> Channel:
    """A channel of the other workspace with the same id."""
    same = Channel(channel.id, channel.name, channel.kind, {user.id, morning.workspace.bot.id})
    morning.workspace.channels[same.id] = same
    return same


def count(database: Database, team: Slack, tables: tuple[str, ...] = KEPT) -> int:
    """How many rows are kept of a workspace."""
    with database.begin() as connection:
        return sum(
            connection.scalar(
                sa.text(f"SELECT count(*) FROM {table} WHERE team = :team"), {"team": team.workspace.team}
            )
            or 0
            for table in tables
        )


def tell_of_departure(team: Slack, leaving: Callable[[], list[Delivery]]) -> None:
    """Let a workspace leave, and wait until the bot has dealt with it."""
    for delivery in leaving():
        team.wait_acked(delivery)
    team.quiet()


@one_kind
def test_each_workspace_is_answered_in_its_own(
    slack: Slack, morning: Slack, ada: User, eve: User, news: Channel, desk: Channel
) -> None:
    """By mention, direct message and command, each with its own token and by its own bot."""
    here, there = slack.mention(ada, news, QUESTION), morning.mention(eve, desk, QUESTION)
    for team, asked, user in ((slack, here, ada), (morning, there, eve)):
        assert parsing.quotes(team.reply_to(asked).blocks)
        assert parsing.quotes(team.reply_to(team.tell(user, QUESTION)).blocks)
        team.command(user, team.workspace.channels[asked.channel], "/ask", QUESTION)
        assert parsing.quotes(team.whisper_to(user).blocks)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == len(morning.workspace.from_bot()) == 3


def test_channels_of_one_id_are_two(slack: Slack, morning: Slack, ada: User, eve: User, news: Channel) -> None:
    """Even a message with the same channel and time is another workspace's, and is answered there."""
    same = twin(morning, news, eve)
    here = slack.mention(ada, news, QUESTION)
    there = Message(same.id, here.ts, eve.id, f"<@{morning.workspace.bot.id}> {QUESTION}")
    morning.workspace.add(there)
    morning.tell_of(there, events.app_mention(morning.workspace, there), kind="app_mention")
    assert parsing.quotes(slack.reply_to(here).blocks)
    assert parsing.quotes(morning.reply_to(there).blocks)


def test_a_thread_is_not_leaned_on_from_elsewhere(
    slack: Slack, morning: Slack, ada: User, eve: User, news: Channel
) -> None:
    """A follow-up in the other workspace's thread of the same channel and time knows nothing of what was asked here."""
    asked = slack.mention(ada, news, QUESTION)
    slack.reply_to(asked)
    same = twin(morning, news, eve)
    root = morning.workspace.add(Message(same.id, asked.ts, eve.id, "as you were"))
    morning.mention(eve, same, FOLLOW_UP, thread=root)
    assert morning.reply_to(root).text.startswith(REFUSAL)
    slack.mention(ada, news, FOLLOW_UP, thread=asked)
    slack.workspace.wait_for(lambda: slack.workspace.from_bot(news, asked)[1:], "the second answer")
    assert parsing.quotes(slack.workspace.from_bot(news, asked)[1].blocks)[0].startswith("By the numbers")


@one_kind
def test_an_answer_is_shared_where_it_was_given(
    slack: Slack, morning: Slack, ada: User, eve: User, news: Channel, desk: Channel
) -> None:
    """Its button pressed in the other workspace shows nothing of it, there or here."""
    slack.command(ada, news, "/ask", QUESTION)
    whisper = slack.whisper_to(ada)
    button = parsing.button(whisper.blocks, SHARE)
    morning.command(eve, desk, "/articles")
    theirs = morning.whisper_to(eve)
    morning.press(eve, theirs, button)
    assert morning.whisper_to(eve, 2).text == wording.FORGOTTEN
    slack.quiet()
    assert not whisper.deleted
    assert [message.to for message in slack.workspace.from_bot()] == [ada.id]
    slack.forgiven.add(str({"type": "user", "user_id": ada.id}))
    slack.press(ada, whisper, button)
    slack.workspace.wait_for(lambda: whisper.deleted, "the private copy to go")
    slack.quiet()
    assert len(morning.workspace.from_bot()) == 2


@one_kind
def test_what_a_person_asked_is_listed_in_their_workspace(
    slack: Slack, morning: Slack, ada: User, eve: User, news: Channel, database: Database, archive: Archive
) -> None:
    """People of two workspaces with one id are two people."""
    morning.workspace.users[ada.id] = User(ada.id, "adam")
    slack.reply_to(slack.mention(ada, news, QUESTION))
    morning.reply_to(morning.mention(morning.workspace.users[ada.id], twin(morning, news, eve), "Who lends out seeds?"))
    answers = Answers(database, archive)
    mine = answers.asked_by(slack.workspace.team, ada.id, 9)
    theirs = answers.asked_by(morning.workspace.team, ada.id, 9)
    assert [kept.question for kept in mine] == [QUESTION]
    assert [kept.question for kept in theirs] == ["Who lends out seeds?"]
    assert answers.find(morning.workspace.team, mine[0].id) is None
    assert not answers.answered_in(Place(morning.workspace.team, *mine[0].place[1:]))


def test_a_workspace_that_uninstalls_leaves_nothing(
    slack: Slack, morning: Slack, ada: User, eve: User, news: Channel, desk: Channel, database: Database
) -> None:
    """Its token, questions, votes and settings go; the other workspace keeps its own, and is answered."""
    for team, user, channel in ((slack, ada, news), (morning, eve, desk)):
        team.reply_to(team.mention(user, channel, QUESTION))
        Channels(database).put(team.workspace.team, channel.id, ChannelSettings(unasked=True), user.id)
    slack.quiet()
    assert (count(database, slack), count(database, morning)) == (2, 2)
    tell_of_departure(morning, morning.uninstall)
    assert (count(database, slack), count(database, morning)) == (2, 0)
    with database.begin() as connection:
        claims = " ".join(connection.scalars(sa.text("SELECT name FROM verbatim_claims")))
    assert morning.workspace.team not in claims
    assert slack.workspace.team in claims
    installed = Installations(slack.oauth.client_id, database, LOG)
    assert [bot.team_id for bot in installed.all()] == [slack.workspace.team]
    calls = len(slack.web.calls)
    for delivery in morning.deliveries_of(morning.mention(eve, desk, QUESTION)):
        morning.wait_acked(delivery)
    slack.quiet()
    assert len(slack.web.calls) == calls
    assert parsing.quotes(slack.reply_to(slack.mention(ada, news, QUESTION)).blocks)


def test_a_workspace_that_comes_back_is_answered_with_its_new_token(
    slack: Slack, morning: Slack, eve: User, desk: Channel
) -> None:
    """At once, whatever was cached."""
    morning.reply_to(morning.mention(eve, desk, QUESTION))
    before = morning.bot_token
    tell_of_departure(morning, morning.uninstall)
    assert Browser(slack).install(morning, eve).status == 200
    assert morning.bot_token != before
    assert parsing.quotes(morning.reply_to(morning.mention(eve, desk, QUESTION)).blocks)


def test_news_of_leaving_that_come_late_do_not_remove_the_new_installation(
    slack: Slack, morning: Slack, eve: User, desk: Channel, database: Database
) -> None:
    """Uninstalled while the bot was away, installed again, and only then told of it: the old data go, the bot stays."""
    morning.reply_to(morning.mention(eve, desk, QUESTION))
    slack.quiet()
    late = events.callback(morning.workspace, events.app_uninstalled(morning.workspace))
    late["event_time"] = int(time.time()) - 300
    slack.wait_acked(slack.courier.send("events_api", late, attempt=3, reason="timeout"))
    slack.quiet()
    assert count(database, morning) == 0
    assert parsing.quotes(morning.reply_to(morning.mention(eve, desk, QUESTION)).blocks)


@one_kind
def test_news_of_leaving_count_where_the_token_is_dead(slack: Slack, morning: Slack, database: Database) -> None:
    """Whatever the clocks say: Slack is asked whether the token is good."""
    slack.forgiven.add("account_inactive")
    morning.installed = False
    news = events.callback(morning.workspace, events.tokens_revoked(morning.workspace)) | {"event_time": 1_234_567_890}
    slack.wait_acked(slack.courier.send("events_api", news))
    slack.quiet()
    assert Installations(slack.oauth.client_id, database, LOG).of_team(morning.workspace.team) == []


@one_kind
def test_a_persons_token_that_is_revoked_changes_nothing(
    slack: Slack, morning: Slack, eve: User, desk: Channel, database: Database
) -> None:
    """The bot's token is another; an event without an end, or of nobody, is left as well."""
    morning.reply_to(morning.mention(eve, desk, QUESTION))
    slack.quiet()
    for tokens in ({"oauth": [eve.id], "bot": []}, {"oauth": [eve.id]}, None, [], "bot"):
        event = events.tokens_revoked(morning.workspace) | {"tokens": tokens}
        slack.wait_acked(slack.courier.send("events_api", events.callback(morning.workspace, event)))
    slack.quiet()
    assert count(database, morning) == 1
    assert parsing.quotes(morning.reply_to(morning.mention(eve, desk, QUESTION)).blocks)


@one_kind
def test_two_bots_know_the_same_workspaces(
    slack: Slack, morning: Slack, eve: User, desk: Channel, serve: Serve, installable: SlackSettings
) -> None:
    """Installed by one, answered by the other; and what one began the other finishes."""
    other = serve(installable)
    slack.use_http(other.port or 0)
    assert parsing.quotes(morning.reply_to(morning.mention(eve, desk, QUESTION)).blocks)
    browser = Browser(slack)
    query = slack.oauth.agree(morning, eve, browser.begin())
    slack.use_http(serve(installable).port or 0)
    assert browser.come_back(query).status == 200


@one_kind
def test_a_lack_of_scopes_is_told_at_the_start(
    slack: Slack,
    serve: Serve,
    installable: SlackSettings,
    database: Database,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """After an update that needs more than a workspace has granted."""
    Installations(slack.oauth.client_id, database, LOG).save(
        Installation(
            app_id="A1",
            team_id="T7",
            bot_token="xoxb-7",
            bot_id="B7",
            bot_user_id="U7",
            bot_scopes="commands",
            user_id="U1",
        )
    )
    serve(installable)
    assert "The token of the workspace T7 lacks app_mentions:read" in caplog.text
    assert f"The token of the workspace {slack.workspace.team}" not in caplog.text
