"""The bot's own executor: Bolt's listeners only put work here, so that a slow answer never delays an ack."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Hashable
from queue import SimpleQueue
from threading import Condition, Thread

log = logging.getLogger(__name__)

Job = Callable[[], None]
THREADS = 16  # most of a job's time is waiting for Slack; how many use the model at once is limited elsewhere
MOST_WAITING = 1_000
ASIDE_THREADS = 2
MOST_ASIDE = 100


class Lanes:
    """Jobs of one lane (a channel) run one after another in the order they came, lanes side by side.

    The threads are daemons: what still hangs after the grace of :meth:`close` does not keep the process alive.
    """

    def __init__(self, threads: int = THREADS, most_waiting: int = MOST_WAITING) -> None:
        self._most_threads = threads
        self._most_waiting = most_waiting
        self._threads: list[Thread] = []
        self._lanes: dict[Hashable, deque[Job]] = {}
        self._ready: SimpleQueue[Hashable] = SimpleQueue()
        self._changed = Condition()
        self._waiting = 0
        self._closed = False
        self._aside: Lanes | None = None

    @property
    def waiting(self) -> int:
        """How many jobs were taken and are not done."""
        return self._waiting

    def put(self, lane: Hashable, job: Job) -> bool:
        """Queue a job; False where it is not taken: too many wait, or the lanes are closed."""
        with self._changed:
            if self._closed or self._waiting >= self._most_waiting:
                return False
            self._waiting += 1
            if lane in self._lanes:
                self._lanes[lane].append(job)
                return True
            self._lanes[lane] = deque([job])
            self._ready.put(lane)
            if len(self._threads) < min(self._most_threads, len(self._lanes)):
                thread = Thread(target=self._work, name=f"lane-{len(self._threads) + 1}", daemon=True)
                self._threads.append(thread)
                thread.start()
            return True

    def aside(self, lane: Hashable, job: Job) -> bool:
        """Queue a short word that must not wait behind the jobs; False where too many of these wait as well."""
        with self._changed:
            if self._closed:
                return False
            if self._aside is None:
                self._aside = Lanes(ASIDE_THREADS, MOST_ASIDE)
        return self._aside.put(lane, job)

    def close(self, grace: float) -> bool:
        """Take nothing more and wait for what was taken; False if some of it was still running after ``grace``."""
        until = time.monotonic() + grace
        with self._changed:
            self._closed = True
            drained = self._changed.wait_for(lambda: not self._waiting, grace)
            if drained:
                self._dismiss()
        if self._aside is not None:
            drained = self._aside.close(max(0.0, until - time.monotonic())) and drained
        return drained

    def _dismiss(self) -> None:
        for _ in self._threads:
            self._ready.put(None)

    def _work(self) -> None:
        while (lane := self._ready.get()) is not None:
            try:
                self._lanes[lane][0]()
            except Exception:
                log.exception("A job ended in an error that it should have handled")
            with self._changed:
                self._waiting -= 1
                self._lanes[lane].popleft()
                if self._lanes[lane]:
                    self._ready.put(lane)
                else:
                    del self._lanes[lane]
                if self._closed and not self._waiting:
                    self._dismiss()
                self._changed.notify_all()
