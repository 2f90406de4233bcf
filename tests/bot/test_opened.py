"""What an opened tab, a started thread and a submitted modal say, however broken they come."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.opened import Opened, Submitted, read_channel_settings, read_home_opened, read_thread_started

HOME = {"event_id": "Ev1", "event": {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}}
THREAD = {
    "event_id": "Ev2",
    "event": {"assistant_thread": {"user_id": "U1", "channel_id": "D1", "thread_ts": "1.2", "context": {}}},
}
SENT = {
    "user": {"id": "U1"},
    "trigger_id": "3.4",
    "view": {
        "id": "V1",
        "state": {
            "values": {
                "channel": {"channel": {"type": "conversations_select", "selected_conversation": "C1"}},
                "unasked": {"unasked": {"type": "checkboxes", "selected_options": [{"value": "unasked"}]}},
            }
        },
    },
}
BROKEN: list[Any] = [None, "", 7, [], {}, "x", [{}], {"id": None}]


def test_what_is_read() -> None:
    """Who opened what, and what was sent off; each known by its names."""
    assert read_home_opened(HOME) == Opened("Ev1", "U1", "D1")
    started = read_thread_started(THREAD)
    assert started == Opened("Ev2", "U1", "D1", "1.2")
    assert started.names == (("event", "Ev2"), ("thread_started", "D1", "1.2"))
    sent = read_channel_settings(SENT, "channel", "unasked")
    assert sent == Submitted("U1", "C1", True, "3.4", "V1")
    assert sent.names == (("trigger", "3.4"), ("submitted", "V1"))


def test_a_box_without_a_tick() -> None:
    """It comes as an empty list, or not at all."""
    for box in ({"unasked": {"selected_options": []}}, {}, None):
        sent = json.loads(json.dumps(SENT))
        sent["view"]["state"]["values"]["unasked"] = box
        read = read_channel_settings(sent, "channel", "unasked")
        assert read is not None
        assert not read.unasked


def broken(whole: Any, path: tuple[str, ...] = ()) -> list[Any]:
    """Copies of a payload, in each of which one value, at whatever depth, is of a wrong kind or missing."""
    copies = []
    for key, value in whole.items():
        copies += [{k: v for k, v in whole.items() if k != key}]
        copies += [whole | {key: wrong} for wrong in BROKEN]
        if isinstance(value, dict):
            copies += [whole | {key: copy} for copy in broken(value)]
    return copies


@pytest.mark.parametrize("payload", [HOME, THREAD, SENT])
def test_whatever_is_broken_nothing_raises(payload: dict[str, Any]) -> None:
    """Where it does not say whom and where, there is nothing to do; what is read holds strings alone."""
    for copy in [*broken(payload), {}]:
        for read in (
            read_home_opened(copy),
            read_thread_started(copy),
            read_channel_settings(copy, "channel", "unasked"),
        ):
            if read is not None:
                hash(read.names)
                assert read.user == "" or isinstance(read.user, str)
                assert isinstance(read.channel, str)


@pytest.mark.parametrize("channel", ["<!channel>", "C1|x", "c1", "U1", "C" * 40, ""])
def test_only_an_id_is_a_channel(channel: str) -> None:
    """What a forged payload names does not reach the database or a view."""
    sent = json.loads(json.dumps(SENT))
    sent["view"]["state"]["values"]["channel"]["channel"]["selected_conversation"] = channel
    assert read_channel_settings(sent, "channel", "unasked") is None
