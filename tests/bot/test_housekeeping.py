"""What is too old goes by itself: at the start, once a day, in small steps, and without harm where it fails."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa
from databases import Postgres, locked

from bot import database_engine, retention
from bot.database import Database, answers, claims, votes
from bot.housekeeping import Housekeeping
from bot.shared_claims import KEPT, SharedClaims

pytest_plugins = ("database_fixtures",)

OLD = 31 * retention.DAY


def fill(database: Database, number: int, age: float) -> None:
    """So many answers of an age, each with a vote and a claim."""
    at = time.time() - age
    ids = [f"{age:.0f}-{n}" for n in range(number)]
    row = {"team": "T1", "channel": "C1", "thread": "", "user": "U1", "kind": "answer", "content": {}, "at": at}
    with database.begin() as connection:
        connection.execute(sa.insert(answers), [row | {"id": id_} for id_ in ids])
        connection.execute(
            sa.insert(votes), [{"answer": id_, "team": "T1", "user": "U2", "vote": "good", "at": at} for id_ in ids]
        )
        connection.execute(sa.insert(claims), [{"name": id_, "owner": id_, "at": at} for id_ in ids])


def count(database: Database) -> tuple[int, ...]:
    with database.reading() as connection:
        return tuple(
            connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0 for table in (answers, votes, claims)
        )


class Sweeps:
    """Counts the sweeps of `Housekeeping` as they end."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done: list[bool] = []
        self._more = Event()
        sweep = Housekeeping._sweep

        def noted(housekeeping: Housekeeping) -> bool:
            self.done.append(sweep(housekeeping))
            self._more.set()
            return self.done[-1]

        monkeypatch.setattr(Housekeeping, "_sweep", noted)

    def wait_for(self, number: int) -> list[bool]:
        while len(self.done) < number:
            assert self._more.wait(10)
            self._more.clear()
        return self.done


@pytest.fixture
def sweeps(monkeypatch: pytest.MonkeyPatch) -> Sweeps:
    return Sweeps(monkeypatch)


def test_it_sweeps_at_the_start_and_again(shared: Database, sweeps: Sweeps) -> None:
    """Questions, votes and claims alike, and nothing that is young."""
    fill(shared, 3, OLD)
    fill(shared, 2, 60)
    housekeeping = Housekeeping(shared, 30, every=0.05)
    housekeeping.start()
    sweeps.wait_for(1)
    assert count(shared) == (2, 2, 2)
    fill(shared, 3, OLD)
    sweeps.wait_for(len(sweeps.done) + 2)  # one may have been under way
    assert count(shared) == (2, 2, 2)
    housekeeping.stop()


def test_it_stops_at_once(shared: Database, sweeps: Sweeps) -> None:
    """In the middle of its long pause; a second time does no harm, and before it was started neither."""
    Housekeeping(shared, 30).stop()
    housekeeping = Housekeeping(shared, 30)
    housekeeping.start()
    assert sweeps.wait_for(1) == [True]
    started = time.monotonic()
    housekeeping.stop(60)
    housekeeping.stop(60)
    assert time.monotonic() - started < 1.5
    assert not housekeeping._thread.is_alive()
    assert sweeps.done == [True]


def test_a_sweep_is_many_small_transactions(shared: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for it, and it ends between two of them when it is told to."""
    monkeypatch.setattr(retention, "SLICE", 2)
    fill(shared, 7, OLD)
    turns = iter([True, True, False, False])
    assert retention.sweep(shared, 30, go_on=lambda: next(turns)) == (4, 4)
    assert count(shared) == (3, 3, 7)
    assert retention.sweep(shared, 30) == (3, 3)
    assert [SharedClaims(shared).sweep(3) for _ in range(4)] == [3, 3, 1, 0]
    assert count(shared) == (0, 0, 0)


def test_votes_without_an_answer_go_too(shared: Database) -> None:
    """Somebody voted in the moment in which the answer was swept away."""
    fill(shared, 2, 60)
    with shared.begin() as connection:
        connection.execute(sa.delete(answers).where(answers.c.id == "60-1"))
    assert retention.sweep(shared, 30) == (0, 1)
    assert count(shared)[:2] == (1, 1)


def test_bots_that_sweep_at_once_do_not_disturb_each_other(shared: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each row is counted by one of them, and none of them fails."""
    monkeypatch.setattr(retention, "SLICE", 5)
    fill(shared, 60, OLD)
    with ThreadPoolExecutor(4) as pool:
        gone = list(pool.map(lambda _: retention.sweep(shared, 30), range(4)))
    gone.append(retention.sweep(shared, 30))
    assert count(shared)[:2] == (0, 0)
    assert sum(one.questions for one in gone) == 60


def test_claims_are_kept_for_a_day(shared: Database) -> None:
    """A retry may come that late, and no later."""
    fill(shared, 1, KEPT - 60)
    fill(shared, 1, KEPT + 60)
    assert SharedClaims(shared).sweep(100) == 1
    assert count(shared)[2] == 1


def test_a_failure_is_one_line_and_the_next_sweep_makes_up_for_it(
    postgres: Postgres, tmp_path: Path, sweeps: Sweeps, caplog: pytest.LogCaptureFixture
) -> None:
    """A database that is away says so in the log, without a traceback, and is swept when it is back."""
    database = Database.open(postgres.url, tmp_path)
    fill(database, 3, OLD)
    postgres.stop()
    housekeeping = Housekeeping(database, 30, every=0.2)
    housekeeping.start()
    sweeps.wait_for(1)
    failed = [record for record in caplog.records if record.name == "bot.housekeeping"]
    assert failed[0].levelno == logging.WARNING
    assert failed[0].exc_info is None
    assert len(failed[0].getMessage().splitlines()) == 1
    postgres.start()
    done = len(sweeps.done)
    while not sweeps.wait_for(done)[-1]:
        done += 1
    assert count(database) == (0, 0, 0)
    housekeeping.stop()
    database.close()


def test_a_sweep_that_waits_for_a_lock_does_not_hold_up_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sweeps: Sweeps
) -> None:
    """`stop` waits as long as it is told, and the thread ends by itself."""
    monkeypatch.setattr(database_engine, "BUSY_SECONDS", 1.0)
    database = Database.open(None, tmp_path)
    with locked(tmp_path / database_engine.FILE):
        housekeeping = Housekeeping(database, 30)
        housekeeping.start()
        started = time.monotonic()
        housekeeping.stop(0.05)
        assert time.monotonic() - started < 0.8
        assert sweeps.wait_for(1) == [False]
    housekeeping.stop(10)
    assert not housekeeping._thread.is_alive()
    database.close()


def test_a_defect_is_logged_with_its_traceback(
    tmp_path: Path, sweeps: Sweeps, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And the thread lives on."""
    database = Database.open(None, tmp_path)
    monkeypatch.setattr(retention, "sweep", lambda *_, **__: 1 // 0)
    housekeeping = Housekeeping(database, 30, every=0.01)
    housekeeping.start()
    assert sweeps.wait_for(2)[:2] == [False, False]
    housekeeping.stop()
    assert "ZeroDivisionError" in caplog.text
    database.close()
