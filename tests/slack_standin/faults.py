"""Failures by script: the next N calls of a method are refused, broken off or slow."""

from __future__ import annotations

import threading
from collections import defaultdict, deque
from dataclasses import dataclass


class Held:
    """A call that waits: ``arrived`` is set once it is there, and it goes on after ``let_go``."""

    def __init__(self) -> None:
        self.arrived, self._gone = threading.Event(), threading.Event()

    def let_go(self) -> None:
        self._gone.set()

    def wait(self) -> None:
        self.arrived.set()
        self._gone.wait(30)


@dataclass(frozen=True, slots=True)
class Fault:
    """``status`` 0 breaks the connection off; ``error`` is an ordinary refusal; ``held`` makes the call wait."""

    status: int = 200
    retry_after: int | None = None
    error: str | None = None
    held: Held | None = None


class Faults:
    def __init__(self) -> None:
        self._next: defaultdict[str, deque[Fault]] = defaultdict(deque)
        self._held: list[Held] = []

    def answer(self, method: str, status: int, *, times: int = 1, retry_after: int | None = None) -> None:
        """The next ``times`` calls of ``method`` answer with this HTTP status."""
        self._next[method].extend([Fault(status, retry_after)] * times)

    def refuse(self, method: str, error: str, *, times: int = 1) -> None:
        """The next calls are refused with this error."""
        self._next[method].extend([Fault(error=error)] * times)

    def cut(self, method: str, *, times: int = 1) -> None:
        """The connection of the next calls is broken off before an answer."""
        self._next[method].extend([Fault(status=0)] * times)

    def hold(self, method: str) -> Held:
        """The next call is answered only once it is let go."""
        held = Held()
        self._held.append(held)
        self._next[method].append(Fault(held=held))
        return held

    def take(self, method: str) -> Fault | None:
        waiting = self._next[method]
        return waiting.popleft() if waiting else None

    def release(self) -> None:
        """Let go of everything held: a test is over."""
        for held in self._held:
            held.let_go()
