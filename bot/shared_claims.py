"""Each event once among all processes: the claims that they share in the database.

A claim has an owner and stands under all its names. One that was not done within the lease belonged to a process
that died; the next delivery takes it over.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from bot.database import Database, claims, insert

LEASE = 120.0  # seconds; an answer takes well under one, and waits for Slack a few more
KEPT = 86_400.0  # seconds; Slack's last retry comes after five minutes


class SharedClaims:
    """Claims in the database. Every method is one transaction, and raises ``SQLAlchemyError`` if that fails."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock

    def take(self, names: Sequence[str], owner: str) -> bool:
        """Claim an event for ``owner`` under all ``names``; False if another has it, who will hear that it came again."""
        if not names:
            return True
        now = self._clock()
        # In one order everywhere: two processes that insert the same names do not wait for each other in a ring.
        wanted = sorted(set(names))
        with self._database.begin() as connection:
            new = insert(connection, claims).values(
                [{"name": name, "owner": owner, "at": now, "done": False, "again": False} for name in wanted]
            )
            fresh = set(connection.scalars(new.on_conflict_do_nothing().returning(claims.c.name)))
            if len(fresh) == len(wanted):
                return True
            known = connection.execute(
                sa.select(claims).where(claims.c.name.in_(wanted), claims.c.owner != owner).with_for_update()
            ).all()
            if not known:
                return True
            if all(not row.done and row.at < now - LEASE for row in known):
                theirs = {row.owner for row in known}
                connection.execute(
                    sa.update(claims).where(claims.c.owner.in_(theirs)).values(owner=owner, at=now, again=False)
                )
                return True
            holder = known[0]
            connection.execute(
                sa.update(claims)
                .where(claims.c.name.in_(fresh))
                .values(owner=holder.owner, at=holder.at, done=holder.done)
            )
            connection.execute(
                sa.update(claims).where(claims.c.owner == holder.owner, claims.c.done.is_(False)).values(again=True)
            )
            return False

    def release(self, owner: str) -> bool:
        """Give a claim back; True: the event came again meanwhile, and ``owner`` keeps the claim and has to try again."""
        with self._database.begin() as connection:
            mine = claims.c.owner == owner
            if connection.execute(sa.select(claims.c.name).where(mine, claims.c.again.is_(True))).first():
                connection.execute(sa.update(claims).where(mine).values(again=False, at=self._clock()))
                return True
            connection.execute(sa.delete(claims).where(mine))
            return False

    def done(self, owner: str) -> None:
        """What was claimed is done: nobody takes it up again."""
        with self._database.begin() as connection:
            connection.execute(sa.update(claims).where(claims.c.owner == owner).values(done=True))

    def sweep(self, most: int) -> int:
        """Forget claims that no delivery can come for any more, at most so many; how many."""
        old = sa.select(claims.c.name).where(claims.c.at < self._clock() - KEPT).limit(most)
        with self._database.begin() as connection:
            names = connection.scalars(old.with_for_update(skip_locked=True)).all()
            return connection.execute(sa.delete(claims).where(claims.c.name.in_(names))).rowcount
