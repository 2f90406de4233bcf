"""Which events ask something of the bot, and what they ask. Pure functions of payloads.

Slack's payloads are read with care: keys may be missing, empty or null, and "" means the same as absent.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.mrkdwn import readable

_SPOKEN = {"", "file_share", "thread_broadcast"}  # the subtypes under which a person says something
_SYSTEM_USERS = {"USLACKBOT", "USLACK"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A message to the bot. ``thread`` is the time of the thread's first message, where the answer goes."""

    event_id: str
    channel: str
    user: str
    ts: str
    thread: str
    text: str

    @property
    def direct(self) -> bool:
        """Whether it was said to the bot alone."""
        return self.channel.startswith("D")

    @property
    def in_thread(self) -> bool:
        """Whether it was said in a thread that is there already."""
        return self.thread != self.ts

    @property
    def names(self) -> tuple[Hashable, ...]:
        """What this message is known by: its event, and its place, which all its guises share."""
        place = ("message", self.channel, self.ts)
        return (("event", self.event_id), place) if self.event_id else (place,)


def read_event(body: Mapping[str, Any], bot_user: str) -> Asked | None:
    """The message in an ``app_mention`` or ``message`` event; None where it is not for the bot to answer.

    In channels only mentions are for the bot, in direct messages everything that a person says. Bots, edits,
    deletions, joins, hidden and system messages are not.
    """
    event = body.get("event")
    if not isinstance(event, Mapping):
        return None
    kind, user, channel, ts = (_string(event, key) for key in ("type", "user", "channel", "ts"))
    direct = _string(event, "channel_type") == "im" or channel.startswith("D")
    if not (kind == "app_mention" or (kind == "message" and direct)):
        return None
    if not (user and channel and ts) or user in _SYSTEM_USERS or user == bot_user:
        return None
    if _string(event, "subtype") not in _SPOKEN:
        return None
    if any(event.get(sign) for sign in ("bot_id", "bot_profile", "hidden", "edited")):
        return None
    text = readable(_string(event, "text"), without_user=bot_user)
    return Asked(_string(body, "event_id"), channel, user, ts, thread=_string(event, "thread_ts") or ts, text=text)


@dataclass(frozen=True, slots=True)
class Interaction:
    """A slash command or a press of a button. ``text`` is a command's text or a button's value."""

    text: str
    channel: str
    user: str
    user_name: str
    response_url: str
    trigger_id: str

    @property
    def names(self) -> tuple[Hashable, ...]:
        """A trigger is made once for each command and press; sockets may deliver it more than once."""
        return (("trigger", self.trigger_id),) if self.trigger_id else ()


def read_command(body: Mapping[str, Any]) -> Interaction:
    return Interaction(
        text=readable(_string(body, "text")),
        channel=_string(body, "channel_id"),
        user=_string(body, "user_id"),
        user_name=_string(body, "user_name"),
        response_url=_string(body, "response_url"),
        trigger_id=_string(body, "trigger_id"),
    )


def read_button(body: Mapping[str, Any]) -> Interaction:
    actions = body.get("actions") or [{}]
    user = body.get("user") or {}
    return Interaction(
        text=_string(actions[0], "value"),
        channel=_string(body.get("channel") or {}, "id"),
        user=_string(user, "id"),
        user_name=_string(user, "name") or _string(user, "username"),
        response_url=_string(body, "response_url"),
        trigger_id=_string(body, "trigger_id"),
    )


def _string(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
