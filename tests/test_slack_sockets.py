"""The stand-in's Socket Mode: hello, envelopes, acknowledgements, redelivery, disconnects, several sockets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_standin.standin import Slack
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK
from websockets.sync.client import ClientConnection, connect

pytest_plugins = ("slack_fixtures",)


@contextmanager
def socket(slack: Slack) -> Iterator[ClientConnection]:
    """An open socket, greeted."""
    client = WebClient(base_url=slack.base_url)
    url = client.apps_connections_open(app_token=slack.app_token)["url"]
    before = slack.sockets.greeted
    with connect(url) as connection:
        assert read(connection)["type"] == "hello"
        slack.sockets.wait_for_hello(before + 1)
        yield connection


def read(connection: ClientConnection) -> dict[str, Any]:
    return json.loads(connection.recv(timeout=5))


def ack(connection: ClientConnection, envelope: dict[str, Any], **payload: Any) -> None:
    more = {"payload": payload} if payload else {}
    connection.send(json.dumps({"envelope_id": envelope["envelope_id"], **more}))


def test_a_mention_comes_as_two_events(open_slack: Slack) -> None:
    """One mention yields message and app_mention: the same ts, different event ids, attempt 0."""
    ada = open_slack.workspace.user("ada")
    news = open_slack.workspace.channel("news", ada)
    with socket(open_slack) as connection:
        asked = open_slack.mention(ada, news, "A & B?")
        envelopes = [read(connection), read(connection)]
        for envelope in envelopes:
            ack(connection, envelope)
        for delivery in open_slack.deliveries_of(asked):
            assert open_slack.wait_acked(delivery).latency < 1
    events = [envelope["payload"]["event"] for envelope in envelopes]
    assert sorted(event["type"] for event in events) == ["app_mention", "message"]
    assert {event["ts"] for event in events} == {asked.ts}
    assert {event["text"] for event in events} == {"<@U0VERBATIM> A &amp; B?"}
    assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 2
    assert {envelope["retry_attempt"] for envelope in envelopes} == {0}


def test_comes_again_when_nobody_acknowledges(open_slack: Slack) -> None:
    """Without an acknowledgement the same event comes three times more, each time counted, then never."""
    ada = open_slack.workspace.user("ada")
    with socket(open_slack) as connection:
        told = open_slack.tell(ada, "hello")
        envelopes = [read(connection) for _ in range(4)]
        delivery = open_slack.deliveries_of(told)[0]
        open_slack.workspace.wait_for(lambda: delivery.over, "the end of the tries")
    assert [envelope["retry_attempt"] for envelope in envelopes] == [0, 1, 2, 3]
    assert [envelope["retry_reason"] for envelope in envelopes] == ["", "timeout", "timeout", "timeout"]
    assert len({envelope["payload"]["event_id"] for envelope in envelopes}) == 1


def test_waits_for_a_bot_that_is_down(open_slack: Slack) -> None:
    """What is said while no socket is open comes, as a retry, once there is one."""
    ada = open_slack.workspace.user("ada")
    open_slack.tell(ada, "anybody there?")
    with socket(open_slack) as connection:
        envelope = read(connection)
        ack(connection, envelope)
    assert envelope["retry_attempt"] == 1
    assert envelope["payload"]["event"]["text"] == "anybody there?"


def test_payloads_go_to_any_one_socket(open_slack: Slack) -> None:
    """With two sockets each payload goes down one of them, and both get some."""
    ada = open_slack.workspace.user("ada")
    with socket(open_slack) as one, socket(open_slack) as two:
        for number in range(4):
            open_slack.tell(ada, f"message {number}")
        texts = []
        for connection in (one, one, two, two):
            envelope = read(connection)
            ack(connection, envelope)
            texts.append(envelope["payload"]["event"]["text"])
    assert sorted(texts) == [f"message {number}" for number in range(4)]


def test_a_cut_is_hard_and_loses_nothing(open_slack: Slack) -> None:
    """A cut comes without a close frame; what was not acknowledged comes again on the next socket."""
    ada = open_slack.workspace.user("ada")
    with socket(open_slack) as connection:
        open_slack.tell(ada, "hello")
        first = read(connection)
        open_slack.sockets.cut()
        with pytest.raises(ConnectionClosedError):
            connection.recv(timeout=5)
    with socket(open_slack) as connection:
        second = read(connection)
        ack(connection, second)
    assert second["payload"]["event_id"] == first["payload"]["event_id"]
    assert second["retry_attempt"] == 1


def test_asks_to_leave_before_it_closes(open_slack: Slack) -> None:
    """A disconnect frame says why, payloads still come after it, and then the socket is closed in order."""
    ada = open_slack.workspace.user("ada")
    with socket(open_slack) as connection:
        open_slack.sockets.disconnect("warning", grace=None)
        assert read(connection)["reason"] == "warning"
        open_slack.tell(ada, "still here?")
        ack(connection, read(connection))
        open_slack.sockets.disconnect("refresh_requested", grace=0)
        assert read(connection) | {"debug_info": None} == {
            "type": "disconnect",
            "reason": "refresh_requested",
            "debug_info": None,
        }
        with pytest.raises(ConnectionClosedOK):
            connection.recv(timeout=5)


def test_a_ticket_opens_one_socket(open_slack: Slack) -> None:
    """The URL of apps.connections.open works once."""
    url = open_slack.sockets.ticket()
    with connect(url) as connection:
        assert read(connection)["type"] == "hello"
        with connect(url) as second, pytest.raises(ConnectionClosedError) as caught:
            second.recv(timeout=5)
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.reason == "invalid_ticket"


def test_the_answer_to_a_command_may_come_with_its_ack(open_slack: Slack) -> None:
    """The payload of an acknowledgement is shown to the one who typed the command, and to nobody else."""
    ada = open_slack.workspace.user("ada")
    news = open_slack.workspace.channel("news", ada)
    with socket(open_slack) as connection:
        open_slack.command(ada, news, "/ask", "who?")
        envelope = read(connection)
        ack(connection, envelope, text="Nobody.")
        whisper = open_slack.whisper_to(ada)
    assert envelope["type"] == "slash_commands"
    assert envelope["payload"]["command"] == "/ask"
    assert (whisper.text, whisper.to) == ("Nobody.", ada.id)


def test_tells_only_what_the_manifest_subscribes_to(open_slack: Slack) -> None:
    """No event for channels that the bot is not in, and no command that is not in the manifest."""
    ada = open_slack.workspace.user("ada")
    outside = open_slack.workspace.channel("outside", ada, bot=False)
    with pytest.raises(AssertionError, match="/dance"):
        open_slack.command(ada, outside, "/dance")
    assert not open_slack.deliveries_of(open_slack.mention(ada, outside, "who?"))
    assert open_slack.send_event({"type": "reaction_added"}, "reaction_added") is None


def test_the_bot_hears_itself(open_slack: Slack) -> None:
    """What the bot posts, changes and deletes comes back to it as events with its bot_id."""
    room = open_slack.workspace.channel("room")
    client = WebClient(token=open_slack.bot_token, base_url=open_slack.base_url)
    with socket(open_slack) as connection:
        ts = client.chat_postMessage(channel=room.id, text="x")["ts"]
        client.chat_update(channel=room.id, ts=ts, text="y")
        client.chat_delete(channel=room.id, ts=ts)
        events = []
        for _ in range(3):
            envelope = read(connection)
            ack(connection, envelope)
            events.append(envelope["payload"]["event"])
    assert events[0]["bot_id"] == open_slack.workspace.bot_id
    assert [event.get("subtype") for event in events] == [None, "message_changed", "message_deleted"]
    assert events[1]["message"]["text"] == "y"


def test_knows_when_all_is_quiet(open_slack: Slack) -> None:
    """Quiet is when every payload is settled; while one is not, waiting for it fails."""
    ada = open_slack.workspace.user("ada")
    open_slack.courier.ack_within = 60
    with socket(open_slack) as connection:
        open_slack.tell(ada, "hello")
        envelope = read(connection)
        with pytest.raises(AssertionError, match="not quiet"):
            open_slack.quiet(0.01, timeout=0.1)
        ack(connection, envelope)
        open_slack.quiet(0.01)
