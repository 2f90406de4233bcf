"""Each event once, however often and in whatever guise it comes.

Slack delivers at least once: an event comes again when an ack was late, a mention comes as ``app_mention``
and as ``message`` with different event ids, and retries after downtime are the only copy. So an event is
known by all its names (its id, and its channel and time), and the first to claim any of them has it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

MOST_NAMES = 20_000


class Claim:
    """One event taken up, under all the names it has shown so far. Made and changed by `Claims` alone."""

    __slots__ = ("asked_again", "names")

    def __init__(self) -> None:
        self.names: set[Hashable] = set()
        self.asked_again = False


class Claims:
    """Who has taken what, for the ``most`` names seen last."""

    def __init__(self, most: int = MOST_NAMES) -> None:
        self._most = most
        self._claims: OrderedDict[Hashable, Claim] = OrderedDict()
        self._lock = Lock()

    def take(self, names: Iterable[Hashable]) -> Claim | None:
        """Claim an event; None if it was claimed before under any of its names.

        No names at all is a fresh claim each time: better answered twice than never.
        """
        with self._lock:
            names = tuple(names)
            known = next((self._claims[name] for name in names if name in self._claims), None)
            claim = known or Claim()
            for name in names:
                self._claims[name] = claim
                self._claims.move_to_end(name)
                claim.names.add(name)
            while len(self._claims) > self._most:
                name, oldest = self._claims.popitem(last=False)
                oldest.names.discard(name)
            if known:
                known.asked_again = True
                return None
            return claim

    def release(self, claim: Claim) -> bool:
        """Give a claim back because nothing was answered, so that the next delivery is taken up.

        True: another delivery came, and was turned away, while this one was being worked on. It may have been
        the last; the claim goes on, and its holder has to try again.
        """
        with self._lock:
            if claim.asked_again:
                claim.asked_again = False
                return True
            for name in claim.names:
                self._claims.pop(name, None)
            return False

    @contextmanager
    def once(self, name: Hashable) -> Iterator[bool]:
        """True the first time; an error inside gives the claim back."""
        claim = self.take([name])
        try:
            yield claim is not None
        except BaseException:
            if claim is not None:
                self.release(claim)
            raise

    def __len__(self) -> int:
        return len(self._claims)
