"""The home tab of the real bot: what was read, what was asked, and the settings of channels for those who may."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from slack_questions import NO_ANSWER, QUESTION, Serve
from slack_standin import parsing
from slack_standin.blocks import view_problems
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from bot import home_view, wording
from bot.answers import Answers, Place
from bot.channels import Channels, ChannelSettings
from bot.database import Database
from bot.settings import SlackSettings
from index.archive import Archive

pytest_plugins = ("slack_fixtures",)


@pytest.fixture
def channels(database: Database) -> Channels:
    return Channels(database)


@pytest.fixture
def admin_bot(slack: Slack, serve: Serve, settings: SlackSettings, ada: User) -> None:
    """A bot that ada administers by name, and whoever is in the group S0EDITORS."""
    slack.groups["S0EDITORS"] = []
    serve(replace(settings, admins=frozenset({ada.id, "S0EDITORS"})))
    slack.sockets.wait_for(1)


def shown(view: dict[str, Any]) -> str:
    return parsing.unescape(parsing.visible("", view["blocks"]))


def buttons(view: dict[str, Any], action: str) -> list[dict[str, Any]]:
    found = [button for block in view["blocks"] for button in parsing.buttons([block])]
    return [button for button in found if button["action_id"] == action]


def filled(channel: str, *, unasked: bool) -> dict[str, Any]:
    """The modal's fields as a person fills them in."""
    ticked = [{"text": {"type": "plain_text", "text": "x"}, "value": "unasked"}] if unasked else []
    return {
        home_view.CHANNEL: {home_view.CHANNEL: {"type": "conversations_select", "selected_conversation": channel}},
        home_view.UNASKED: {home_view.UNASKED: {"type": "checkboxes", "selected_options": ticked}},
    }


@pytest.mark.usefixtures("bot")
def test_the_home_tab_says_what_the_bot_knows(slack: Slack, ada: User, archive: Archive) -> None:
    """Every article of a small index, its dates, and how to ask; the same opening twice is published once."""
    opened = slack.open_tab(ada, "home")
    assert opened
    assert slack.wait_acked(opened).latency < 1.0
    view = slack.home_of(ada)
    for entry in archive.articles():
        assert entry.article.title in shown(view)
    assert f"{len(archive.articles())} articles" in shown(view)
    assert "14 March 2024" in shown(view)
    assert wording.NOTHING_ASKED in shown(view)
    assert wording.CHANNEL_SETTINGS not in shown(view)
    slack.send_again(opened)
    slack.quiet()
    assert len(slack.homes[ada.id]) == 1
    assert slack.workspace.from_bot() == []
    assert slack.web.called("assistant.threads.setSuggestedPrompts") == []


@pytest.mark.usefixtures("bot")
def test_my_questions_are_mine(slack: Slack, ada: User, bob: User, news: Channel, archive: Archive) -> None:
    """A question asked anywhere stands there for the asker alone, and its button shows the answer, word for word."""
    slack.reply_to(slack.mention(ada, news, QUESTION))
    slack.reply_to(slack.mention(bob, news, NO_ANSWER))
    slack.open_tab(ada, "home")
    view = slack.home_of(ada)
    assert QUESTION in shown(view)
    assert NO_ANSWER not in shown(view)
    (button,) = buttons(view, home_view.SHOW_ACTION)
    assert slack.wait_acked(slack.press_in_view(ada, view, button)).latency < 1.0
    modal = slack.modal()
    assert parsing.quotes(modal["blocks"])[0] == archive.ask(QUESTION).quotes[0].text
    # A forged press, with the id of somebody else's answer.
    slack.press_in_view(bob, view, button)
    assert shown(slack.modal(2)) == wording.GONE
    slack.press_in_view(ada, view, button | {"value": "no-such-id"})
    assert shown(slack.modal(3)) == wording.GONE
    assert slack.workspace.from_bot(slack.dm_of(ada.id)) == []


@pytest.mark.usefixtures("bot")
def test_a_press_that_comes_twice_opens_one_modal(slack: Slack, ada: User, news: Channel) -> None:
    """A trigger is used once, however often it is delivered."""
    slack.reply_to(slack.mention(ada, news, QUESTION))
    slack.open_tab(ada, "home")
    view = slack.home_of(ada)
    pressed = slack.press_in_view(ada, view, buttons(view, home_view.SHOW_ACTION)[0])
    slack.modal()
    slack.wait_acked(slack.send_again(pressed, attempt=0, reason=""))
    slack.quiet()
    assert len(slack.views) == 1
    assert len(slack.web.called("views.open")) == 1


@pytest.mark.usefixtures("bot")
def test_a_modal_that_comes_too_late(slack: Slack, ada: User, news: Channel) -> None:
    """Three seconds after the press Slack opens nothing: a word in the direct message says what to do."""
    slack.forgiven.add("expired_trigger_id")
    slack.reply_to(slack.mention(ada, news, QUESTION))
    slack.open_tab(ada, "home")
    view = slack.home_of(ada)
    slack.faults.refuse("views.open", "expired_trigger_id")
    slack.press_in_view(ada, view, buttons(view, home_view.SHOW_ACTION)[0])
    dm = slack.dm_of(ada.id)
    (said,) = slack.workspace.wait_for(lambda: slack.workspace.from_bot(dm), "a word")
    assert said.text == wording.TOO_LATE


@pytest.mark.usefixtures("bot")
def test_a_database_that_fails_costs_only_its_part(
    slack: Slack, ada: User, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without what was asked the tab is published all the same, and says so."""
    from sqlalchemy.exc import OperationalError

    def fails(*args: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    monkeypatch.setattr(Answers, "asked_by", fails)
    slack.open_tab(ada, "home")
    view = slack.home_of(ada)
    assert wording.NOT_READABLE in shown(view)
    assert archive.articles()[0].article.title in shown(view)
    assert "disk" not in shown(view)


@pytest.mark.usefixtures("bot")
def test_an_index_that_fails_is_said_on_the_tab(slack: Slack, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """An apology with a reference stands there, and nothing of the error."""

    def fails(*args: Any) -> Any:
        raise ValueError("secret detail")

    monkeypatch.setattr(Archive, "articles", fails)
    slack.open_tab(ada, "home")
    view = slack.home_of(ada)
    assert "Sorry" in shown(view)
    assert "secret" not in shown(view)


@pytest.mark.usefixtures("admin_bot")
def test_an_administrator_sets_up_a_channel(slack: Slack, ada: User, news: Channel, channels: Channels) -> None:
    """From the tab to the modal to the database, and the tab shows it at once; so does the modal, opened again."""
    slack.open_tab(ada, "home")
    view = slack.home_of(ada)
    (new,) = buttons(view, home_view.CHANNEL_ACTION)
    slack.press_in_view(ada, view, new)
    modal = slack.modal()
    assert "initial_options" not in modal["blocks"][1]["element"]
    sent = slack.submit(ada, modal, filled(news.id, unasked=True))
    assert slack.wait_acked(sent).latency < 1.0
    assert sent.answer in (None, {})
    view = slack.home_of(ada, 2)
    assert channels.all(slack.workspace.team) == {news.id: ChannelSettings(unasked=True)}
    assert f"<#{news.id}>" in shown(view)
    change, _ = buttons(view, home_view.CHANNEL_ACTION)
    slack.press_in_view(ada, view, change)
    modal = slack.modal(2)
    assert modal["blocks"][0]["element"]["initial_conversation"] == news.id
    assert modal["blocks"][1]["element"]["initial_options"]
    slack.submit(ada, modal, filled(news.id, unasked=False))
    slack.home_of(ada, 3)
    assert channels.get(slack.workspace.team, news.id) == ChannelSettings()


@pytest.mark.usefixtures("admin_bot")
def test_collections_stay_as_they_are(slack: Slack, ada: User, news: Channel, channels: Channels) -> None:
    """The modal does not ask for them, so that saving it must not lose them."""
    channels.put(slack.workspace.team, news.id, ChannelSettings(("sport",)), ada.id)
    slack.open_tab(ada, "home")
    view = slack.home_of(ada)
    slack.press_in_view(ada, view, buttons(view, home_view.CHANNEL_ACTION)[0])
    slack.submit(ada, slack.modal(), filled(news.id, unasked=True))
    slack.home_of(ada, 2)
    assert channels.get(slack.workspace.team, news.id) == ChannelSettings(("sport",), unasked=True)


@pytest.mark.usefixtures("admin_bot")
def test_others_see_no_settings_and_cannot_forge_them(
    slack: Slack, ada: User, bob: User, news: Channel, channels: Channels
) -> None:
    """No section, no modal and no change for who is no administrator; a word says why."""
    channels.put(slack.workspace.team, news.id, ChannelSettings(unasked=True), ada.id)
    slack.open_tab(ada, "home")
    slack.open_tab(bob, "home")
    theirs, view = slack.home_of(ada), slack.home_of(bob)
    assert wording.CHANNEL_SETTINGS not in shown(view)
    assert buttons(view, home_view.CHANNEL_ACTION) == []
    slack.press_in_view(bob, theirs, buttons(theirs, home_view.CHANNEL_ACTION)[0])
    dm = slack.dm_of(bob.id)
    slack.workspace.wait_for(lambda: slack.workspace.from_bot(dm), "a refusal")
    modal = home_view.channel_modal(news.id, ChannelSettings(unasked=True)) | {"id": "V1"}
    slack.wait_acked(slack.submit(bob, modal, filled(news.id, unasked=False)))
    slack.workspace.wait_for(lambda: len(slack.workspace.from_bot(dm)) == 2, "another refusal")
    slack.quiet()
    assert {message.text for message in slack.workspace.from_bot()} == {wording.NO_ADMIN}
    assert slack.views == []
    assert channels.all(slack.workspace.team) == {news.id: ChannelSettings(unasked=True)}
    assert len(slack.homes[bob.id]) == 1


@pytest.mark.usefixtures("admin_bot")
def test_members_of_a_group_administer(slack: Slack, bob: User) -> None:
    """Whoever is in a group that the settings name sees what those named see."""
    slack.groups["S0EDITORS"].append(bob.id)
    slack.open_tab(bob, "home")
    assert wording.CHANNEL_SETTINGS in shown(slack.home_of(bob))


@pytest.mark.usefixtures("admin_bot")
def test_a_group_that_slack_does_not_show(slack: Slack, bob: User) -> None:
    """It makes nobody an administrator, and the tab is published all the same."""
    slack.forgiven.add("no_such_subteam")
    slack.groups.clear()
    slack.open_tab(bob, "home")
    assert wording.CHANNEL_SETTINGS not in shown(slack.home_of(bob))


@pytest.mark.usefixtures("admin_bot")
def test_settings_sent_twice_are_set_once(slack: Slack, ada: User, news: Channel, channels: Channels) -> None:
    """A late copy of a submission does not undo what was set after it."""
    modal = home_view.channel_modal(None, ChannelSettings())
    first = slack.submit(ada, modal | {"id": "V1"}, filled(news.id, unasked=True))
    slack.home_of(ada, 1)
    slack.submit(ada, modal | {"id": "V2"}, filled(news.id, unasked=False))
    slack.home_of(ada, 2)
    slack.wait_acked(slack.send_again(first, attempt=0, reason=""))
    slack.quiet()
    assert channels.get(slack.workspace.team, news.id) == ChannelSettings()
    assert len(slack.homes[ada.id]) == 2


@pytest.mark.usefixtures("admin_bot")
def test_broken_submissions_are_acknowledged(slack: Slack, ada: User, channels: Channels) -> None:
    """Whatever a payload lacks, it is acknowledged and sets nothing."""
    modal = home_view.channel_modal(None, ChannelSettings()) | {"id": "V1"}
    broken: list[Any] = [
        {},
        None,
        [],
        {home_view.CHANNEL: None},
        filled("", unasked=True),
        filled("<#C1>", unasked=True),
    ]
    for values in broken:
        slack.wait_acked(slack.submit(ada, modal, values))
    for button in ({"action_id": home_view.CHANNEL_ACTION}, {"action_id": home_view.SHOW_ACTION, "value": ""}):
        slack.wait_acked(slack.press_in_view(ada, modal, button))
    slack.modal(2)
    slack.quiet()
    assert channels.all(slack.workspace.team) == {}
    assert all(view_problems({k: v for k, v in view.items() if k != "id"}) == [] for view in slack.views)
    assert slack.workspace.from_bot() == []


@pytest.mark.usefixtures("admin_bot")
def test_nothing_of_another_workspace(
    slack: Slack, ada: User, archive: Archive, channels: Channels, database: Database
) -> None:
    """Neither its channels nor its questions are shown, not even to somebody who has the id of an answer."""
    channels.put("T0ELSEWHERE", "C0ELSEWHERE", ChannelSettings(unasked=True), ada.id)
    theirs = Answers(database, archive).keep(archive.ask(QUESTION), Place("T0ELSEWHERE", "D1", "1.2"), ada.id)
    slack.open_tab(ada, "home")
    view = slack.home_of(ada)
    assert wording.CHANNEL_SETTINGS in shown(view)
    assert "C0ELSEWHERE" not in shown(view)
    assert QUESTION not in shown(view)
    slack.press_in_view(ada, view, {"action_id": home_view.SHOW_ACTION, "value": theirs})
    assert shown(slack.modal()) == wording.GONE
