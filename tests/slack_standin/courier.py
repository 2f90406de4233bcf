"""Brings payloads to the bot: at least once, again where they are not acknowledged, and keeps the tally.

How a payload travels (a socket, a signed request) is the transport's matter; when it goes again is decided
here. Events are tried up to three times more; commands and pressed buttons are not.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Any, Protocol

NEVER = float("inf")


@dataclass(slots=True, eq=False)
class Delivery:
    """One payload on its way. ``attempt`` counts from 0; ``answer`` is what came back with the acknowledgement."""

    kind: str  # events_api, slash_commands or interactive
    payload: dict[str, Any]
    attempt: int = 0
    reason: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent: list[float] = field(default_factory=list)
    acked: list[float] = field(default_factory=list)
    answer: Any = None
    due: float = 0.0
    over: bool = False
    carrier: object = None
    statuses: list[int] = field(default_factory=list)

    @property
    def latency(self) -> float:
        """Seconds from the last sending to the first acknowledgement."""
        return self.acked[0] - max(at for at in self.sent if at <= self.acked[0])


class Transport(Protocol):
    def carry(self, delivery: Delivery) -> bool:
        """Send it; False where there is nobody to send it to."""


class Courier:
    """``deliveries`` is everything ever sent; ``ack_within`` is the bot's three seconds."""

    def __init__(self, changed: Condition, ack_within: float = 3.0, again: Sequence[float] = (0.0, 0.5, 1.0)) -> None:
        self.changed = changed
        self.ack_within, self.again = ack_within, again
        self.deliveries: list[Delivery] = []
        self.transport: Transport | None = None
        self._stopped = False
        self._thread = Thread(target=self._run, daemon=True)

    def start(self, transport: Transport) -> None:
        self.transport = transport
        self._thread.start()

    def stop(self) -> None:
        with self.changed:
            self._stopped = True
            self.changed.notify_all()
        self._thread.join()

    def send(self, kind: str, payload: dict[str, Any], *, attempt: int = 0, reason: str = "") -> Delivery:
        """Put a payload on its way; returns at once."""
        delivery = Delivery(kind, payload, attempt, reason)
        with self.changed:
            self.deliveries.append(delivery)
            self.changed.notify_all()
        return delivery

    def acknowledge(self, delivery: Delivery, answer: Any = None) -> None:
        at = time.monotonic()  # before the lock is waited for: what the stand-in does meanwhile is not the bot's time
        with self.changed:
            if not delivery.acked:
                delivery.answer = answer
            delivery.acked.append(at)
            delivery.over = True
            self.changed.notify_all()

    def fail(self, delivery: Delivery, reason: str) -> None:
        """This try came to nothing: another one, later, or none."""
        with self.changed:
            if delivery.over:
                return
            if delivery.kind != "events_api" or delivery.attempt >= len(self.again):
                delivery.over = True
            else:
                delivery.due = time.monotonic() + self.again[delivery.attempt]
                delivery.attempt += 1
                delivery.reason = reason
                delivery.carrier = None
            self.changed.notify_all()

    def lost(self, carrier: object) -> None:
        """A connection went away: what it carried and was not acknowledged goes again."""
        with self.changed:
            for delivery in self.deliveries:
                if delivery.carrier is carrier and not delivery.over:
                    self.fail(delivery, "timeout")

    def wake(self) -> None:
        """Somebody can be reached again: what had nowhere to go is tried at once, as a retry."""
        with self.changed:
            for delivery in self.deliveries:
                if not delivery.over and delivery.due == NEVER:
                    delivery.attempt, delivery.reason = max(delivery.attempt, 1), "timeout"
                    delivery.due = 0.0
            self.changed.notify_all()

    def _run(self) -> None:
        with self.changed:
            while not self._stopped:
                now = time.monotonic()
                waiting = [delivery for delivery in self.deliveries if not delivery.over]
                for delivery in waiting:
                    if delivery.due <= now:
                        self._try(delivery, now)
                next_due = min((delivery.due for delivery in waiting if not delivery.over), default=NEVER)
                self.changed.wait(None if next_due == NEVER else max(0.0, next_due - time.monotonic()))

    def _try(self, delivery: Delivery, now: float) -> None:
        if delivery.carrier is not None:
            self.fail(delivery, "timeout")
            return
        delivery.due = now + self.ack_within
        if self.transport is None or not self.transport.carry(delivery):
            delivery.due = NEVER
            if delivery.kind != "events_api":
                delivery.over = True
