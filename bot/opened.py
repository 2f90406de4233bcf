"""Which events say that somebody opened the bot, and what a submitted modal holds. Pure functions of payloads.

Slack's payloads are read with care: keys may be missing, empty, null or of another type.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_CHANNEL = re.compile(r"[CDG][A-Z0-9]{1,30}")


@dataclass(frozen=True, slots=True)
class Opened:
    """A person has the bot in front of them, in ``channel``, their direct message with it.

    ``thread`` is the assistant thread that Slack has started (apps of the older kind), else "".
    """

    event_id: str
    user: str
    channel: str
    thread: str = ""

    @property
    def names(self) -> tuple[Hashable, ...]:
        """What the opening is known by; a thread is started once, a tab is opened again and again."""
        event: tuple[Hashable, ...] = (("event", self.event_id),) if self.event_id else ()
        return (*event, ("thread_started", self.channel, self.thread)) if self.thread else event


@dataclass(frozen=True, slots=True)
class Submitted:
    """The settings of a channel as a person has sent them off. ``trigger_id`` and ``view`` name the sending."""

    user: str
    channel: str
    unasked: bool
    trigger_id: str
    view: str

    @property
    def names(self) -> tuple[Hashable, ...]:
        trigger: tuple[Hashable, ...] = (("trigger", self.trigger_id),) if self.trigger_id else ()
        return (*trigger, ("submitted", self.view)) if self.view else trigger


def read_home_opened(body: Mapping[str, Any]) -> Opened | None:
    """The person in an ``app_home_opened`` event, of whichever tab; None where it names none."""
    event = _mapping(body, "event")
    user, channel = _string(event, "user"), _string(event, "channel")
    return Opened(_string(body, "event_id"), user, channel) if _USER.fullmatch(user) else None


def read_thread_started(body: Mapping[str, Any]) -> Opened | None:
    """The thread in an ``assistant_thread_started`` event; None where it names none."""
    thread = _mapping(_mapping(body, "event"), "assistant_thread")
    user, channel, ts = (_string(thread, key) for key in ("user_id", "channel_id", "thread_ts"))
    return Opened(_string(body, "event_id"), user, channel, ts) if _CHANNEL.fullmatch(channel) and ts else None


def read_channel_settings(body: Mapping[str, Any], channel: str, unasked: str) -> Submitted | None:
    """What stands in the fields of the modal, whose ids ``channel`` and ``unasked`` are; None where no channel does."""
    view = _mapping(body, "view")
    values = _mapping(_mapping(view, "state"), "values")
    chosen = _string(_mapping(_mapping(values, channel), channel), "selected_conversation")
    user = _string(_mapping(body, "user"), "id")
    if not (_CHANNEL.fullmatch(chosen) and _USER.fullmatch(user)):
        return None
    ticked = _mapping(_mapping(values, unasked), unasked).get("selected_options")
    return Submitted(user, chosen, bool(ticked), _string(body, "trigger_id"), _string(view, "id"))


def _mapping(mapping: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = mapping.get(key)
    return value if isinstance(value, Mapping) else {}


def _string(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
