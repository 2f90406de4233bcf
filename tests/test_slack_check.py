"""The message shortcut, end to end: any message beside the articles, in a window for the one who asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from slack_questions import QUESTION
from slack_standin import parsing, responses
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot import wording
from bot.listeners import shortcuts
from bot.serve import Server
from index.archive import Archive
from index.records import Checked

pytest_plugins = ("slack_fixtures",)
pytestmark = pytest.mark.usefixtures("bot")

CLAIM = "The first wave is 3,000 soldiers strong."
EVIDENCE = "2,500 soldiers"
ELSEWHERE = "Paris is the capital of France."


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is: a window is opened when everything is there, and Slack takes it."""
    monkeypatch.setattr(shortcuts, "PATIENCE", 600.0)
    monkeypatch.setattr(responses, "TRIGGER_SECONDS", 600.0)


@pytest.fixture
def at_length(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading takes longer than opening a window."""
    check = Archive.check

    def slowly(archive: Archive, claims: Sequence[str]) -> list[Checked]:
        slack.workspace.wait_for(lambda: slack.web.called("views.open"), "a window to be opened")
        return check(archive, claims)

    monkeypatch.setattr(Archive, "check", slowly)
    monkeypatch.setattr(shortcuts, "PATIENCE", 0.0)


def window(slack: Slack) -> dict[str, Any]:
    """The one window, once it shows what was found (or that nothing can be)."""

    def found() -> dict[str, Any] | None:
        (shown,) = slack.windows.values() or [None]
        return shown if shown and words(shown) != wording.CHECKING else None

    return slack.workspace.wait_for(found, "a window with what was found")


def words(view: dict[str, Any]) -> str:
    return parsing.visible(None, view["blocks"])


def said(slack: Slack, user: User, channel: Channel, text: str, **more: Any) -> Message:
    return slack.say(user, channel, parsing.escape(text), **more)


@pytest.mark.usefixtures("at_once")
def test_each_sentence_gets_the_nearest_passage(slack: Slack, ada: User, bob: User, news: Channel) -> None:
    """A quote with its source and what it lacks of the sentence, or plainly none; at once, for whoever asked alone."""
    message = said(slack, ada, news, f"Hi all! {CLAIM} {ELSEWHERE}")
    pressed = slack.wait_acked(slack.shortcut(bob, message))
    assert pressed.latency < 1.0
    shown = window(slack)
    (quote,) = parsing.quotes(shown["blocks"])
    assert EVIDENCE in quote
    assert CLAIM in words(shown)
    assert "Not in this passage: 3,000" in words(shown)
    assert "kazakhstan-intervention.txt · paragraph" in words(shown)
    assert words(shown).count(wording.NO_PASSAGE) == 1
    assert "Hi all" not in words(shown)
    slack.quiet()
    assert (len(slack.views), slack.web.called("views.update")) == (1, [])
    assert slack.workspace.from_bot() == []


@pytest.mark.usefixtures("at_length")
def test_a_window_that_takes_longer_opens_at_once_and_fills(slack: Slack, ada: User, news: Channel) -> None:
    """It says that the articles are being read, and then shows what was found, in the same window."""
    slack.wait_acked(slack.shortcut(ada, said(slack, ada, news, CLAIM)))
    shown = window(slack)
    assert EVIDENCE in "".join(parsing.quotes(shown["blocks"]))
    assert [words(view) for view in slack.views] == [wording.CHECKING]
    (update,) = slack.web.called("views.update")
    assert (update.args["view_id"], bool(update.args["hash"])) == (shown["id"], True)


@pytest.mark.usefixtures("at_length")
def test_who_closes_the_window_hears_no_more(slack: Slack, ada: User, news: Channel) -> None:
    """What is found then is shown to nobody, and is no error."""
    slack.forgiven.add("not_found")
    held = slack.faults.hold("views.update")
    slack.shortcut(ada, said(slack, ada, news, CLAIM))
    assert held.arrived.wait(30)
    (open_,) = slack.windows
    slack.close(open_)
    held.let_go()
    slack.workspace.wait_for(lambda: slack.web.called("views.update"), "the update")
    slack.quiet()
    assert slack.workspace.from_bot() == []


@pytest.mark.parametrize("how", ["at_once", "at_length"])
def test_a_window_that_comes_too_late_is_a_private_message(
    slack: Slack, ada: User, news: Channel, how: str, request: pytest.FixtureRequest
) -> None:
    """Slack takes a trigger for three seconds; then the same stands in one message, whether or not reading took long."""
    request.getfixturevalue(how)
    slack.forgiven.add("expired_trigger_id")
    slack.faults.refuse("views.open", "expired_trigger_id")
    slack.shortcut(ada, said(slack, ada, news, CLAIM))
    whisper = slack.whisper_to(ada)
    assert EVIDENCE in "".join(parsing.quotes(whisper.blocks))
    assert EVIDENCE in whisper.text
    slack.quiet()
    assert slack.views == []
    assert len(slack.workspace.from_bot()) == 1


@pytest.mark.usefixtures("at_length")
def test_a_window_that_cannot_be_filled_is_a_private_message(slack: Slack, ada: User, news: Channel) -> None:
    """Slack takes the opening and not the update: what was found is said beside the window."""
    slack.faults.refuse("views.update", "hash_conflict")
    slack.forgiven.add("hash_conflict")
    slack.shortcut(ada, said(slack, ada, news, CLAIM))
    assert EVIDENCE in "".join(parsing.quotes(slack.whisper_to(ada).blocks))


@pytest.mark.usefixtures("at_once")
def test_a_window_that_slack_refuses_is_an_apology(slack: Slack, ada: User, news: Channel) -> None:
    """For another reason than its lateness: the person hears of it, with a reference."""
    slack.forgiven.add("internal_error")
    slack.faults.refuse("views.open", "internal_error")
    slack.shortcut(ada, said(slack, ada, news, CLAIM))
    assert "reference" in slack.whisper_to(ada).text


@pytest.mark.usefixtures("at_once")
def test_it_comes_once_however_often_it_is_delivered(slack: Slack, ada: User, news: Channel) -> None:
    """One trigger, one window."""
    first = slack.wait_acked(slack.shortcut(ada, said(slack, ada, news, CLAIM)))
    slack.wait_acked(slack.send_again(first, attempt=0, reason=""))
    window(slack)
    slack.quiet()
    assert len(slack.web.called("views.open")) == 1


@pytest.mark.usefixtures("at_once")
def test_at_most_twenty_sentences_are_taken(
    slack: Slack, ada: User, news: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first of a message, each once; how many were left out is told."""
    monkeypatch.setattr(Archive, "check", lambda _, claims: [Checked(claim, None, ()) for claim in claims])
    text = " ".join(f"The ferry Marigold carried {number} passengers." for number in range(100, 125))
    slack.shortcut(ada, said(slack, ada, news, f"{text} {text}"))
    shown = words(window(slack))
    assert ("carried 119 passengers" in shown, "carried 120 passengers" in shown) == (True, False)
    assert "5 sentences more were left out" in shown


FROM_A_BOT = [{"type": "section", "text": {"type": "mrkdwn", "text": f"*Report:* {CLAIM}"}}]
RICH = [
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": CLAIM}]}],
            }
        ],
    }
]


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    "message",
    [
        {"bot_id": "B0OTHER", "subtype": "bot_message", "text": "A report came in", "blocks": FROM_A_BOT},
        {"text": "", "blocks": RICH},
        {"text": CLAIM, "edited": {"user": "U1", "ts": "1.1"}},
        {"text": "", "attachments": [{"title": "Kazakhstan", "text": CLAIM, "fallback": "no"}]},
        {"text": None, "blocks": None, "attachments": [None, {"fallback": CLAIM}]},
        {"text": f"{CLAIM} <!channel> <@U0SOMEBODY> &lt;b&gt;\u202e *x* {{}}"},
    ],
    ids=["bot", "blocks alone", "edited", "attachment", "fallback alone", "hostile"],
)
def test_any_message_can_be_taken(slack: Slack, ada: User, news: Channel, message: dict[str, Any]) -> None:
    """What a person reads of it, whoever wrote it and in whatever it is written."""
    slack.shortcut(ada, said(slack, ada, news, "x"), **message)
    shown = window(slack)
    assert EVIDENCE in "".join(parsing.quotes(shown["blocks"]))
    assert parsing.pings(None, shown["blocks"]) == []


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize(
    "message", [{}, {"text": None, "blocks": []}, {"text": "👍 thanks!"}, {"text": 7, "blocks": "x"}]
)
def test_a_message_that_says_nothing_gets_a_plain_word(
    slack: Slack, ada: User, news: Channel, message: dict[str, Any]
) -> None:
    """Empty, broken, a picture, thanks: a window that says so."""
    slack.shortcut(ada, said(slack, ada, news, ""), **message)
    assert words(window(slack)) == wording.NOTHING_TO_CHECK


@pytest.mark.usefixtures("at_once")
def test_a_question_is_not_answered_in_passing(slack: Slack, ada: User, news: Channel) -> None:
    """Questions are left out, and the window says where to ask them."""
    slack.shortcut(ada, said(slack, ada, news, QUESTION))
    shown = window(slack)
    assert parsing.quotes(shown["blocks"]) == []
    assert "One question was left out" in words(shown)


@pytest.mark.usefixtures("at_once")
def test_malformed_shortcuts_are_acked_and_harm_nobody(slack: Slack, ada: User, news: Channel, bot: Server) -> None:
    """Missing, null and wrongly typed parts; the bot goes on."""
    whole = slack.shortcut(ada, said(slack, ada, news, CLAIM)).payload
    window(slack)
    for broken in ({"message": None}, {"message": "x"}, {"user": None}, {"channel": []}, {"trigger_id": None}):
        slack.forgiven |= {"invalid_trigger_id", "exchanged_trigger_id", "no_such_url", "message_not_found"}
        fresh = {"trigger_id": slack.responses.trigger(), "response_url": slack.responses.url(news.id, ada.id)}
        slack.wait_acked(slack.courier.send("interactive", {**whole, **fresh, **broken}))
    slack.quiet()
    assert bot.ready
    assert [message for message in slack.workspace.from_bot() if message.to is None] == []
    assert not any("Sorry" in message.text for message in slack.workspace.from_bot())
