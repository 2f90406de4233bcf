"""Which events are for the bot."""

from __future__ import annotations

from typing import Any

import pytest

from bot.incoming import Departure, read_button, read_command, read_departure, read_event

ME = "UBOT"


def body(**event: Any) -> dict[str, Any]:
    spoken = {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "1.1", "text": "<@UBOT> who &amp; what?"}
    return {"event_id": "Ev1", "event": {**spoken, **event}}


def test_a_mention_is_read() -> None:
    """Text as typed, without the bot's own mention; the answer goes to the thread, or begins one."""
    asked = read_event(body(), ME)
    assert asked is not None
    assert (asked.text, asked.channel, asked.thread) == ("who & what?", "C1", "1.1")
    threaded = read_event(body(thread_ts="0.9"), ME)
    assert threaded is not None
    assert threaded.thread == "0.9"


def test_the_guises_of_a_message_share_a_name() -> None:
    """As app_mention and as message, with other event ids."""
    mention, message = (
        read_event(body(), ME),
        read_event({**body(type="message", channel_type="im"), "event_id": "Ev2"}, ME),
    )
    assert mention is not None
    assert message is not None
    assert set(mention.names) & set(message.names) == {("message", "C1", "1.1")}


def test_the_same_message_in_another_workspace_is_another() -> None:
    """Though its channel and time are the same."""
    names = [
        asked.names for team in ("T1", "T2") if (asked := read_event({**body(), "event_id": "", "team_id": team}, ME))
    ]
    assert names == [(("message", "T1", "C1", "1.1"),), (("message", "T2", "C1", "1.1"),)]


def test_an_empty_event_id_is_no_name() -> None:
    """ "" means absent: it must not make two events one."""
    asked = read_event({**body(), "event_id": ""}, ME)
    assert asked is not None
    assert asked.names == (("message", "C1", "1.1"),)


@pytest.mark.parametrize("subtype", [None, "", "file_share", "thread_broadcast"])
def test_what_a_person_says_is_answered(subtype: str | None) -> None:
    """Also beside a file, and sent from a thread to the channel."""
    assert read_event(body(type="message", channel="D1", subtype=subtype), ME) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"user": ME},
        {"user": "USLACKBOT"},
        {"user": "USLACK"},
        {"user": ""},
        {"user": None},
        {"bot_id": "B1"},
        {"bot_profile": {"id": "B1"}},
        {"hidden": True},
        {"edited": {"user": "U1"}},
        {"subtype": "channel_join"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message"},
        {"type": "message", "channel_type": "channel"},
        {"type": "message", "channel_type": "mpim", "channel": "G1"},
        {"type": "reaction_added"},
        {"ts": ""},
        {"channel": 123},
    ],
)
def test_the_rest_is_left_alone(change: dict[str, Any]) -> None:
    """Bots, edits, deletions, joins, system users, the bot itself, channel talk without a mention, broken payloads."""
    assert read_event(body(**change), ME) is None


@pytest.mark.parametrize("payload", [{}, {"event": None}, {"event": "x"}, {"event": {}}])
def test_broken_payloads_are_left_alone(payload: dict[str, Any]) -> None:
    """Nothing raises."""
    assert read_event(payload, ME) is None


def test_commands_and_buttons_without_a_trigger_have_no_name() -> None:
    """They are then taken each time; with one, once."""
    assert read_command({}).names == ()
    assert read_button({"trigger_id": "1.2", "actions": [], "user": None}).names == (("trigger", "1.2"),)
    pressed = read_button(
        {"actions": [{"value": "id"}], "channel": {"id": "C1"}, "user": {"id": "U1", "username": "ada"}}
    )
    assert (pressed.text, pressed.channel, pressed.user_name) == ("id", "C1", "ada")


def test_a_departure_is_read() -> None:
    """Where the app is uninstalled or the bot's token revoked, with Slack's time of it."""
    uninstalled = {"event_id": "Ev1", "event_time": 7, "event": {"type": "app_uninstalled"}}
    revoked = {"event_id": "Ev1", "event_time": 7, "event": {"type": "tokens_revoked", "tokens": {"bot": ["UBOT"]}}}
    for told in (uninstalled, revoked):
        assert read_departure(told, "T1") == Departure("Ev1", "T1", 7.0)
    assert read_departure(uninstalled, "") is None
    assert (read_departure({**uninstalled, "event_id": ""}, "T1") or Departure("x", "", 0)).names == ()


@pytest.mark.parametrize("tokens", [{"oauth": ["U1"], "bot": []}, {"bot": None}, {}, None, [], "bot", 7], ids=repr)
def test_a_persons_token_is_no_departure(tokens: object) -> None:
    """Nor is an event that does not say whose token it was."""
    assert read_departure({"event_id": "Ev1", "event": {"type": "tokens_revoked", "tokens": tokens}}, "T1") is None
