"""Nobody waits for a database that is away: after one slow failure the next ones come at once, for a while."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

import sqlalchemy as sa

SLOW = 2.0  # seconds; what fails sooner may be tried by everybody, it costs nobody anything
PAUSE = 5.0  # seconds


class NotTriedError(sa.exc.SQLAlchemyError):
    """The database did not answer a moment ago, so it was not asked again."""


UNREACHABLE = (NotTriedError, sa.exc.OperationalError, sa.exc.InterfaceError, sa.exc.TimeoutError)
"""What is raised where the database is away, locked or full: it may be well again in a minute."""


class Patience:
    """Lets attempts through; for ``pause`` seconds after one that failed slowly only one, which looks how things are.

    Safe to use from several threads.
    """

    def __init__(self, slow: float = SLOW, pause: float = PAUSE, clock: Callable[[], float] = time.monotonic) -> None:
        self._slow = slow
        self._pause = pause
        self._clock = clock
        self._lock = Lock()
        self._until: float | None = None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Around one use of the database.

        Raises:
            NotTriedError: at once, where another attempt has just failed slowly.
        """
        with self._lock:
            started = self._clock()
            if self._until is not None:
                if started < self._until:
                    raise NotTriedError("the database did not answer a moment ago")
                self._until = started + self._pause  # this one looks; the others need not wait for it
        try:
            yield
        except UNREACHABLE:
            with self._lock:
                now = self._clock()
                self._until = now + self._pause if now - started >= self._slow else None
            raise
        with self._lock:
            self._until = None
