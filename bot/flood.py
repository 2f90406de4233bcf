"""So many questions in a row from one person and no more: a bucket of them that fills again, by workspace and person."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from threading import Lock

from bot.memory import Recent

BURST = 10
SECONDS_EACH = 6.0
MOST_PEOPLE = 10_000  # remembered; whoever was quiet for longest is forgotten, and starts with a full bucket
OVER = BURST * SECONDS_EACH  # after so long without a question too many, one more of them is told of again


class Flow(Enum):
    """What to do with a question: answer it, say once that it is one too many, or leave it without a word more."""

    ANSWER = "answer"
    TELL = "tell"
    LEAVE = "leave"


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float
    turned_away: float | None = None


class Flood:
    """Counts people's questions. Safe to use from several threads, in bounded memory."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = MOST_PEOPLE) -> None:
        self._clock = clock
        self._buckets: Recent[tuple[str, str], _Bucket] = Recent(most)
        self._lock = Lock()

    def take(self, team: str, user: str) -> Flow:
        """Count a question of a person's in a workspace.

        ``TELL`` comes once for a flood, with the first question too many; a flood is over when for a while none was.
        """
        with self._lock:
            now = self._clock()
            bucket = self._buckets.get((team, user))
            if bucket is None:
                bucket = _Bucket(float(BURST), now)
                self._buckets.put((team, user), bucket)
            bucket.left = min(float(BURST), bucket.left + (now - bucket.at) / SECONDS_EACH)
            bucket.at = now
            if bucket.left >= 1.0:
                bucket.left -= 1.0
                return Flow.ANSWER
            told = bucket.turned_away is not None and now - bucket.turned_away < OVER
            bucket.turned_away = now
            return Flow.LEAVE if told else Flow.TELL

    def __len__(self) -> int:
        return len(self._buckets)
