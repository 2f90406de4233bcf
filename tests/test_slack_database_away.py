"""The database lost while the bot runs: people are answered all the same, and when it is back all goes on by itself."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
import sqlalchemy as sa
from databases import Postgres, locked
from slack_questions import QUESTION, Serve
from slack_standin import parsing
from slack_standin.browser import Browser
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot import database_engine, housekeeping, retention, wording
from bot.buttons import CONTEXT, SHARE
from bot.database import Database, answers
from bot.feedback import Feedback
from bot.serve import Server
from bot.settings import SlackSettings

pytest_plugins = ("slack_fixtures", "database_fixtures")

INNARDS = re.compile(r"Traceback|sqlite|psycopg|postgres|sqlalchemy|Error|database|\\.py", re.IGNORECASE)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """What the bot of a test shares: SQLite, or the PostgreSQL that the test stops."""
    if "postgres" in request.fixturenames:
        opened = Database.open(request.getfixturevalue("postgres").url, tmp_path)
    else:
        monkeypatch.setattr(database_engine, "BUSY_SECONDS", 0.3)
        opened = Database.open(None, tmp_path)
    yield opened
    opened.close()


def buttons(message: Message) -> list[str]:
    return [button["action_id"] for button in parsing.buttons(message.blocks)]


def check_words(slack: Slack) -> None:
    """Nothing that anybody read says what the bot is made of."""
    for message in slack.workspace.from_bot():
        assert not INNARDS.search(message.text + parsing.visible(message.text, message.blocks))
        assert "Sorry, something went wrong" not in message.text


def test_postgresql_stopped_and_started(
    slack: Slack, ada: User, news: Channel, postgres: Postgres, bot: Server, database: Database
) -> None:
    """Stopped: mentions, direct messages, commands and follow-ups are answered once, without buttons; what a button
    needs is out of reach, in plain words. Started: answers have buttons again, and what was kept before is there."""
    before = slack.reply_to(slack.mention(ada, news, QUESTION))
    assert CONTEXT in buttons(before)
    postgres.stop()

    asked = slack.mention(ada, news, QUESTION)
    for delivery in slack.deliveries_of(asked):
        slack.send_again(delivery)
    reply = slack.reply_to(asked)
    assert parsing.quotes(reply.blocks) == parsing.quotes(before.blocks)
    assert buttons(reply) == []
    assert parsing.quotes(slack.reply_to(slack.tell(ada, QUESTION)).blocks)
    follow_up = slack.mention(ada, news, "And when?", thread=asked)
    slack.workspace.wait_for(lambda: slack.workspace.from_bot(thread=asked)[1:], "an answer to the follow-up")
    slack.command(ada, news, "/ask", QUESTION)
    assert parsing.quotes(slack.whisper_to(ada).blocks)
    slack.command(ada, news, "/summary")
    assert parsing.quotes(slack.whisper_to(ada, 2).blocks)
    slack.press(ada, before, parsing.button(before.blocks, CONTEXT))
    assert slack.whisper_to(ada, 3).text == wording.OUT_OF_REACH
    thumbs = parsing.thumb(before.blocks, good=True)
    slack.press(ada, before, thumbs)
    assert slack.whisper_to(ada, 4).text == wording.OUT_OF_REACH
    slack.quiet()
    assert len(slack.workspace.from_bot(thread=follow_up)) == 2  # one to the question, one to the follow-up

    postgres.start()
    again = slack.reply_to(slack.mention(ada, news, QUESTION))
    assert CONTEXT in buttons(again)
    slack.press(ada, before, thumbs)
    assert slack.whisper_to(ada, 5).text == wording.THANKS
    assert [one["votes"]["good"] for one in Feedback(database).export()] == [1, 0]
    slack.press(ada, again, parsing.button(again.blocks, CONTEXT))
    slack.workspace.wait_for(lambda: slack.views, "a window")
    check_words(slack)


def test_a_thread_goes_on_after_a_restart_of_postgresql(
    slack: Slack, ada: User, news: Channel, postgres: Postgres, bot: Server
) -> None:
    """What was asked before it is remembered after it."""
    asked = slack.mention(ada, news, "Which countries sent troops to Kazakhstan?")
    first = slack.reply_to(asked)
    postgres.stop()
    postgres.start()
    slack.mention(ada, news, "And how many soldiers were they?", thread=asked)
    slack.workspace.wait_for(lambda: slack.workspace.from_bot(thread=asked)[1:], "an answer to the follow-up")
    second = slack.workspace.from_bot(thread=asked)[1]
    assert parsing.quotes(first.blocks)
    assert "2,500" in "".join(parsing.quotes(second.blocks))


def test_a_workspace_that_has_installed_the_app_is_answered(
    slack: Slack, ada: User, news: Channel, postgres: Postgres, serve: Serve, installable: SlackSettings
) -> None:
    """Its token stands in the database that is stopped, and was seen before; a workspace never seen is not answered."""
    stranger = slack.another("stranger")
    slack.use_http(serve(installable).port or 0)
    assert Browser(slack).install(slack, ada).status == 200
    before = slack.reply_to(slack.mention(ada, news, QUESTION))
    postgres.stop()
    after = slack.reply_to(slack.mention(ada, news, QUESTION))
    assert parsing.quotes(after.blocks) == parsing.quotes(before.blocks)
    eve = stranger.workspace.user("eve")
    asked = stranger.mention(eve, stranger.workspace.channel("desk", eve), QUESTION)
    stranger.workspace.wait_for(lambda: stranger.deliveries_of(asked)[0].over, "the end of its deliveries")
    assert stranger.workspace.from_bot() == []
    postgres.start()
    assert CONTEXT in buttons(slack.reply_to(slack.mention(ada, news, QUESTION)))
    check_words(slack)


def test_sqlite_locked_by_another_process(
    slack: Slack, ada: User, news: Channel, bot: Server, database: Database, tmp_path: Path
) -> None:
    """Everybody is answered, and nobody's acknowledgement waits for the lock; let go, answers have buttons again."""
    before = slack.reply_to(slack.mention(ada, news, QUESTION))
    with locked(tmp_path / database_engine.FILE):
        people = [slack.workspace.user(f"person{number}") for number in range(6)]
        commands = [slack.command(person, news, "/ask", QUESTION) for person in people]
        asked = slack.mention(ada, news, QUESTION)
        for delivery in [*commands, *slack.deliveries_of(asked)]:
            # One after another, each waiting for the lock, they would take two seconds.
            assert slack.wait_acked(delivery).latency < 1.0
        assert parsing.quotes(slack.reply_to(asked, 20).blocks) == parsing.quotes(before.blocks)
        for person in people:
            assert parsing.quotes(slack.whisper_to(person, 1, 20).blocks)
        slack.press(ada, before, parsing.thumb(before.blocks, good=True))
        assert slack.whisper_to(ada, 1, 20).text == wording.OUT_OF_REACH
        # What only reads need not wait.
        slack.press(ada, before, parsing.button(before.blocks, CONTEXT))
        slack.workspace.wait_for(lambda: slack.views, "a window")
    again = slack.reply_to(slack.mention(ada, news, QUESTION))
    assert CONTEXT in buttons(again)
    check_words(slack)


def test_sqlite_deleted_while_the_bot_runs(
    slack: Slack, ada: User, news: Channel, bot: Server, database: Database, tmp_path: Path
) -> None:
    """The old buttons say that their answer is gone; new answers are kept where another process finds them."""
    slack.command(ada, news, "/ask", QUESTION)
    before = slack.whisper_to(ada)
    for file in tmp_path.glob(f"{database_engine.FILE}*"):
        file.unlink()
    slack.press(ada, before, parsing.button(before.blocks, SHARE))
    assert slack.whisper_to(ada, 2).text == wording.FORGOTTEN
    again = slack.reply_to(slack.mention(ada, news, QUESTION))
    assert CONTEXT in buttons(again)
    other = Database.open(None, tmp_path, create=False)
    assert len(list(Feedback(other).export())) == 1
    other.close()
    check_words(slack)


def test_what_is_too_old_is_swept_away_when_the_bot_starts(
    serve: Serve, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what is not stays."""
    row = {"team": "T1", "channel": "C1", "thread": "", "user": "U1", "kind": "answer", "content": {}}
    ages = {"old": 31, "young": 29}
    with database.begin() as connection:
        connection.execute(
            sa.insert(answers),
            [row | {"id": id_, "at": time.time() - days * retention.DAY} for id_, days in ages.items()],
        )
    swept, sweep = Event(), retention.sweep

    def noted(*args: Any, **more: Any) -> retention.Forgotten:
        gone = sweep(*args, **more)
        swept.set()
        return gone

    monkeypatch.setattr(retention, "sweep", noted)
    serve()
    assert swept.wait(10)
    with database.reading() as connection:
        assert list(connection.scalars(sa.select(answers.c.id))) == ["young"]


def test_the_bot_stops_at_once_while_a_sweep_waits(
    serve: Serve, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds the lock meanwhile."""
    monkeypatch.setattr(housekeeping, "SECONDS_TO_STOP", 0.1)
    with locked(tmp_path / database_engine.FILE):
        server = serve()
        started = time.monotonic()
        server.stop(8.0)
        assert time.monotonic() - started < 4.0
