"""Each event once, however often and in whatever guise it comes.

Slack delivers at least once: an event comes again when an ack was late, a mention comes as ``app_mention``
and as ``message`` with different event ids, and retries after downtime are the only copy. So an event is
known by all its names (its id, and its channel and time), and the first to claim any of them has it.
"""

from __future__ import annotations

import logging
import secrets
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock

from sqlalchemy.exc import SQLAlchemyError

from bot.database_engine import reason
from bot.shared_claims import SharedClaims

MOST_NAMES = 20_000

log = logging.getLogger("verbatim.slack")


class Claim:
    """One event taken up, under all the names it has shown so far. Made and changed by `Claims` alone."""

    __slots__ = ("asked_again", "names", "owner", "shared")

    def __init__(self) -> None:
        self.names: set[Hashable] = set()
        self.asked_again = False
        self.owner = secrets.token_hex(12)
        self.shared = False  # whether other processes know of it


class Claims:
    """Who has taken what, for the ``most`` names seen last; with ``shared`` also among processes.

    While the shared claims cannot be reached, this process goes on by its own: better answered twice than never.
    """

    def __init__(self, shared: SharedClaims | None = None, most: int = MOST_NAMES) -> None:
        self._shared = shared
        self._most = most
        self._claims: OrderedDict[Hashable, Claim] = OrderedDict()
        self._lock = Lock()

    def take(self, names: Iterable[Hashable]) -> Claim | None:
        """Claim an event; None if it was claimed before under any of its names, here or by another process.

        No names at all is a fresh claim each time: better answered twice than never.
        """
        claim = self.take_here(names)
        return claim if claim is not None and self.share(claim) else None

    def take_here(self, names: Iterable[Hashable]) -> Claim | None:
        """Claim an event within this process, at once; before anything is done for it comes `share`."""
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

    def share(self, claim: Claim) -> bool:
        """Claim it among processes, which may take seconds; False if another one has it, and it is none of ours."""
        names = self._names(claim)
        if self._shared is None or not names:
            return True
        try:
            claim.shared = self._shared.take(names, claim.owner)
        except SQLAlchemyError as error:
            log.warning("Claims cannot be shared with other processes just now: %s", reason(error))
            return True
        if not claim.shared:
            # Not remembered here: should that process die, the next delivery asks again.
            self._forget(claim)
        return claim.shared

    def release(self, claim: Claim) -> bool:
        """Give a claim back because nothing was answered, so that the next delivery is taken up.

        True: another delivery came, and was turned away, while this one was being worked on. It may have been
        the last; the claim goes on, and its holder has to try again.
        """
        with self._lock:
            if claim.asked_again:
                claim.asked_again = False
                return True
        if self._shared is not None and claim.shared:
            try:
                if self._shared.release(claim.owner):
                    return True
            except SQLAlchemyError as error:
                log.warning("A claim could not be given back to other processes: %s", reason(error))
        self._forget(claim)
        return False

    def done(self, claim: Claim) -> None:
        """What was claimed is done."""
        names = self._names(claim)
        if self._shared is None or not names:
            return
        try:
            # The database may have been away when this was taken up, and be back by now.
            if claim.shared or self._shared.take(names, claim.owner):
                self._shared.done(claim.owner)
        except SQLAlchemyError as error:
            log.warning("Other processes could not be told what was done: %s", reason(error))

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
        if claim is not None:
            self.done(claim)

    def _names(self, claim: Claim) -> list[str]:
        with self._lock:
            return [_written(name) for name in claim.names]

    def _forget(self, claim: Claim) -> None:
        with self._lock:
            for name in claim.names:
                self._claims.pop(name, None)

    def __len__(self) -> int:
        return len(self._claims)


def _written(name: Hashable) -> str:
    """A name as the database has it; one that is too long for it keeps its end, where ids differ."""
    return (":".join(map(str, name)) if isinstance(name, tuple) else str(name))[-255:]
