"""The nouns of the stand-in: people, channels, messages, and the workspace that holds them.

Everything here is guarded by ``Workspace.changed``, a condition that is notified of every change.
"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class User:
    id: str
    name: str
    is_bot: bool = False


@dataclass(slots=True)
class Channel:
    """``kind``: ``channel`` (public), ``group`` (private), ``im`` (direct message) or ``mpim``."""

    id: str
    name: str
    kind: str
    members: set[str] = field(default_factory=set)


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands in a channel. ``to`` is the one person who sees an ephemeral message."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[dict[str, Any]] = field(default_factory=list)
    thread_ts: str | None = None
    bot_id: str | None = None
    to: str | None = None
    subtype: str | None = None
    edited: bool = False
    deleted: bool = False
    pings: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    sent: dict[str, Any] = field(default_factory=dict)  # the call that posted it

    def shown(self) -> dict[str, Any]:
        """The message in the form of the Web API."""
        seen: dict[str, Any] = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        if self.subtype:
            seen["subtype"] = self.subtype
        if self.blocks:
            seen["blocks"] = self.blocks
        if self.thread_ts:
            seen["thread_ts"] = self.thread_ts
        if self.bot_id:
            seen |= {"bot_id": self.bot_id, "bot_profile": {"id": self.bot_id, "name": "verbatim"}}
        if self.edited:
            seen["edited"] = {"user": self.user, "ts": self.ts}
        return seen


class Workspace:
    """One workspace. Ids are stable, so that a failing test reads the same twice.

    ``beside`` makes another one, with the same numbering and the same condition, so that ids are nowhere the same.
    """

    team = "T0WORKPAPER"
    app_id = "A0VERBATIM"
    bot_id = "B0VERBATIM"
    domain = "evening-paper"

    def __init__(self, now: Callable[[], float] = time.time, beside: Workspace | None = None, name: str = "") -> None:
        self.now = now
        self.changed = beside.changed if beside else threading.Condition(threading.RLock())
        self.bot = User("U0VERBATIM", "verbatim", is_bot=True)
        if beside:
            self.domain, self.team, self.bot_id = name, f"T0{name.upper()}", f"B0{name.upper()}"
            self.bot = User(f"U0BOTOF{name.upper()}", "verbatim", is_bot=True)
        self.users: dict[str, User] = {self.bot.id: self.bot}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self._numbers = beside._numbers if beside else itertools.count(1)
        self._stamp = 0

    def number(self) -> int:
        return next(self._numbers)

    def timestamp(self) -> str:
        """A message's ``ts``: the time in microseconds, never the same twice."""
        with self.changed:
            self._stamp = max(self._stamp + 1, int(self.now() * 1_000_000))
            return f"{self._stamp // 1_000_000}.{self._stamp % 1_000_000:06d}"

    def user(self, name: str, *, is_bot: bool = False) -> User:
        person = User(f"U{self.number():08d}", name, is_bot)
        self.users[person.id] = person
        return person

    def channel(self, name: str, *members: User, kind: str = "channel", bot: bool = True) -> Channel:
        letter = {"channel": "C", "group": "G", "mpim": "G", "im": "D"}[kind]
        room = Channel(f"{letter}{self.number():08d}", name, kind, {person.id for person in members})
        if bot:
            room.members.add(self.bot.id)
        self.channels[room.id] = room
        return room

    def add(self, message: Message) -> Message:
        with self.changed:
            self.messages.append(message)
            self.changed.notify_all()
        return message

    def find(self, channel: str, ts: str) -> Message | None:
        with self.changed:
            for message in reversed(self.messages):
                if message.channel == channel and message.ts == ts and not message.deleted:
                    return message
        return None

    def from_bot(self, channel: Channel | None = None, thread: Message | None = None) -> list[Message]:
        """What the bot has posted and not deleted, oldest first; ephemeral messages included."""
        with self.changed:
            return [
                message
                for message in self.messages
                if message.bot_id == self.bot_id
                and not message.deleted
                and (channel is None or message.channel == channel.id)
                and (thread is None or message.thread_ts == (thread.thread_ts or thread.ts))
            ]

    def wait_for(self, look: Callable[[], T | None], what: str, timeout: float = 10.0) -> T:
        """Wait until ``look`` finds something, looking again at every change.

        Raises:
            AssertionError: it did not come in time; the message says what was awaited and what is there.
        """
        deadline = time.monotonic() + timeout
        with self.changed:
            while True:
                if found := look():
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"waited {timeout} s for {what}; there is:\n{self.transcript()}")
                self.changed.wait(left)

    def transcript(self) -> str:
        """Everything said, one line a message."""
        with self.changed:
            return "\n".join(
                f"{message.channel} {message.ts} "
                f"{'(in ' + message.thread_ts + ') ' if message.thread_ts else ''}"
                f"{message.user}{' to ' + message.to + ' only' if message.to else ''}"
                f"{' (deleted)' if message.deleted else ''}: {message.text[:200]!r}"
                for message in self.messages
            )
