"""About one message a second and channel: a bucket of ``burst`` messages that fills at ``rate`` a second."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from slack_standin.refusal import Refused


class Pace:
    """``take(channel)`` passes or is refused with 429 and the seconds to wait."""

    def __init__(self, burst: int = 20, rate: float = 1.0, clock: Callable[[], float] = time.monotonic) -> None:
        self.burst, self.rate, self._clock = burst, rate, clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, channel: str) -> None:
        now = self._clock()
        left, at = self._left.get(channel, (float(self.burst), now))
        left = min(float(self.burst), left + (now - at) * self.rate)
        if left < 1:
            self._left[channel] = (left, now)
            raise Refused("ratelimited", 429, math.ceil((1 - left) / self.rate))
        self._left[channel] = (left - 1, now)
