"""Which events ask something of the bot, and what they ask. Pure functions of payloads.

Slack's payloads are read with care: keys may be missing, empty or null, and "" means the same as absent.
"""

from __future__ import annotations

import re
import time
from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass
from typing import Any

from bot.message_text import what_is_read
from bot.mrkdwn import readable

_SPOKEN = {"", "file_share", "thread_broadcast"}  # the subtypes under which a person says something
_SYSTEM_USERS = {"USLACKBOT", "USLACK"}
# A person or a group of people, addressed first ("<@U2> what do you think?", "Hey <@U2>, …") or last ("…, <@U2>?").
_TO_SOMEBODY = re.compile(
    r"\s*(?:(?:hey|hi|hello|ok|okay|so|and|but|yes|no|well|thanks|morning|dear|cc)\b[\s,:!]*)*<(?:@|!subteam\^)"
    r"|.*<(?:@|!subteam\^)[^<>]*>\W*$",
    re.DOTALL | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A message to the bot. ``thread`` is the time of the thread's first message, where the answer goes.

    ``parent_user`` is who wrote that one, "" where Slack does not say.
    """

    event_id: str
    channel: str
    user: str
    ts: str
    thread: str
    text: str
    team: str = ""
    parent_user: str = ""
    direct: bool = False

    @property
    def in_thread(self) -> bool:
        """Whether it stands in a thread that another message began."""
        return self.thread != self.ts

    @property
    def names(self) -> tuple[Hashable, ...]:
        """What this message is known by: its event, and its place, which all its guises share."""
        place = ("message", *filter(None, [self.team]), self.channel, self.ts)
        return (("event", self.event_id), place) if self.event_id else (place,)


def read_event(body: Mapping[str, Any], bot_user: str) -> Asked | None:
    """The message in an ``app_mention`` or ``message`` event; None where it is not for the bot to answer.

    In channels only mentions are for the bot, in direct messages everything that a person says. Bots, edits,
    deletions, joins, hidden and system messages are not. Where Slack tells of a mention twice, as ``app_mention`` and
    as ``message``, both read the same, and whichever comes first is answered.
    """
    event = body.get("event")
    if not isinstance(event, Mapping) or not _spoken(event, bot_user, _SPOKEN):
        return None
    kind = _string(event, "type")
    if not (kind == "app_mention" or (kind == "message" and (_direct(event) or _mentions(event, bot_user)))):
        return None
    return _asked(body, event, bot_user)


def read_overheard(body: Mapping[str, Any], bot_user: str) -> Asked | None:
    """What a person says in a channel to nobody in particular; None where it is for the bot, or for somebody else.

    Words beside a file are about the file, as a rule.
    """
    event = body.get("event")
    if not isinstance(event, Mapping) or not _spoken(event, bot_user, {"", "thread_broadcast"}):
        return None
    if _string(event, "type") != "message" or _direct(event) or _mentions(event, bot_user) or event.get("files"):
        return None
    return None if _TO_SOMEBODY.match(_string(event, "text")) else _asked(body, event, bot_user)


def _spoken(event: Mapping[str, Any], bot_user: str, subtypes: Set[str]) -> bool:
    """Whether a person says something here, in a message of these subtypes that is seen and is not edited."""
    user = _string(event, "user")
    if not (user and _string(event, "channel") and _string(event, "ts")) or user in _SYSTEM_USERS or user == bot_user:
        return False
    if _string(event, "subtype") not in subtypes:
        return False
    return not any(event.get(sign) for sign in ("bot_id", "bot_profile", "hidden", "edited"))


def _direct(event: Mapping[str, Any]) -> bool:
    return _string(event, "channel_type") == "im" or _string(event, "channel").startswith("D")


def _mentions(event: Mapping[str, Any], user: str) -> bool:
    return bool(user) and re.search(rf"<@{re.escape(user)}[|>]", _string(event, "text")) is not None


def _asked(body: Mapping[str, Any], event: Mapping[str, Any], bot_user: str) -> Asked:
    channel, user, ts = (_string(event, key) for key in ("channel", "user", "ts"))
    text = readable(_string(event, "text"), without_user=bot_user)
    return Asked(
        event_id=_string(body, "event_id"),
        channel=channel,
        user=user,
        ts=ts,
        thread=_string(event, "thread_ts") or ts,
        text=text,
        parent_user=_string(event, "parent_user_id"),
        direct=_direct(event),
        team=_string(body, "team_id"),
    )


@dataclass(frozen=True, slots=True)
class Joined:
    """The bot has become a member of a channel."""

    event_id: str
    channel: str

    @property
    def names(self) -> tuple[Hashable, ...]:
        return (("event", self.event_id),) if self.event_id else ()


def read_joined(body: Mapping[str, Any], bot_user: str) -> Joined | None:
    """The channel that the bot itself joined, from a message that tells of joining; None where somebody else did."""
    event = body.get("event")
    if not isinstance(event, Mapping) or not bot_user or _string(event, "user") != bot_user:
        return None
    if _string(event, "subtype") not in {"channel_join", "group_join"} or not _string(event, "channel"):
        return None
    return Joined(_string(body, "event_id"), _string(event, "channel"))


@dataclass(frozen=True, slots=True)
class Interaction:
    """A slash command, a press of a button or a message shortcut. ``text`` is a command's text, a button's value, or
    what a person reads of the message."""

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
    actions = body.get("actions")
    action = actions[0] if isinstance(actions, list) and actions else None
    return _interaction(body, _string(action if isinstance(action, Mapping) else {}, "value"))


def read_shortcut(body: Mapping[str, Any]) -> Interaction:
    return _interaction(body, what_is_read(body.get("message")))


def _interaction(body: Mapping[str, Any], text: str) -> Interaction:
    user, channel = (part if isinstance(part, Mapping) else {} for part in (body.get("user"), body.get("channel")))
    return Interaction(
        text=text,
        channel=_string(channel, "id"),
        user=_string(user, "id"),
        user_name=_string(user, "name") or _string(user, "username"),
        response_url=_string(body, "response_url"),
        trigger_id=_string(body, "trigger_id"),
    )


@dataclass(frozen=True, slots=True)
class Departure:
    """The news that a workspace has uninstalled the app or revoked its bot token, and since when."""

    event_id: str
    team: str
    at: float

    @property
    def names(self) -> tuple[Hashable, ...]:
        return (("event", self.event_id),) if self.event_id else ()


def read_departure(body: Mapping[str, Any], team: str) -> Departure | None:
    """The departure in an ``app_uninstalled`` or ``tokens_revoked`` event; None where only a person's token went."""
    event, at = body.get("event"), body.get("event_time")
    if not isinstance(event, Mapping) or not team:
        return None
    if _string(event, "type") == "tokens_revoked":
        tokens = event.get("tokens")
        if not isinstance(tokens, Mapping) or not tokens.get("bot"):
            return None
    return Departure(_string(body, "event_id"), team, float(at) if isinstance(at, int) else time.time())


def _string(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
