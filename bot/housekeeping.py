"""Forgetting in time: while the bot runs, what is too old is swept away at the start and once a day."""

from __future__ import annotations

import logging
from threading import Event, Thread

from bot import retention
from bot.database import Database
from bot.database_engine import reason
from bot.patience import UNREACHABLE
from bot.shared_claims import SharedClaims

log = logging.getLogger(__name__)

ONCE_A_DAY = retention.DAY
AFTER_FAILURE = 3_600.0
SECONDS_TO_STOP = 2.0


class Housekeeping:
    """Sweeps on a thread of its own.

    housekeeping = Housekeeping(database, days=30)
    housekeeping.start()    # returns at once
    housekeeping.stop()     # a sweep ends after the transaction that it is in, waited for briefly; twice does no harm
    """

    def __init__(self, database: Database, days: int, every: float = ONCE_A_DAY) -> None:
        self._database = database
        self._days = days
        self._every = every
        self._stopped = Event()
        self._thread = Thread(target=self._run, name="housekeeping", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, wait: float = SECONDS_TO_STOP) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(min(wait, SECONDS_TO_STOP))

    def _run(self) -> None:
        pause = 0.0
        while not self._stopped.wait(pause):
            pause = self._every if self._sweep() else min(self._every, AFTER_FAILURE)

    def _sweep(self) -> bool:
        """One sweep; False, and a line in the log, where it could not be done."""
        try:
            gone = retention.sweep(self._database, self._days, go_on=self._goes_on)
            claims = SharedClaims(self._database)
            while self._goes_on() and claims.sweep(retention.SLICE) == retention.SLICE:
                pass
        except Exception as error:  # whatever it is, the bot answers on, and the next sweep makes up for it
            known = isinstance(error, UNREACHABLE)
            log.warning("Old questions could not be swept away: %s", reason(error), exc_info=None if known else error)
            return False
        if gone.questions or gone.votes:
            log.info("Swept away what is over %d days old: %d questions, %d votes", self._days, *gone)
        return True

    def _goes_on(self) -> bool:
        return not self._stopped.is_set()
