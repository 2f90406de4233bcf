"""A database that is stopped, locked, deleted or silent: what needs it fails soon and says little, and all comes back."""

from __future__ import annotations

import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from databases import Postgres, locked

from bot import database_engine
from bot.channels import Channels, ChannelSettings
from bot.claims import Claims
from bot.database import Database, MissingDatabaseError, schema
from bot.database import answers as kept_answers
from bot.patience import UNREACHABLE, NotTriedError, Patience
from bot.shared_claims import LEASE, SharedClaims
from index.errors import SettingsError

pytest_plugins = ("database_fixtures",)

UNASKED = ChannelSettings(unasked=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / database_engine.FILE


def test_a_postgresql_that_is_restarted_is_found_again(postgres: Postgres, tmp_path: Path) -> None:
    """Stopped: every use fails at once, as something that may come back. Started: the next one works, on the same data."""
    database = Database.open(postgres.url, tmp_path)
    channels = Channels(database)
    channels.put("T1", "C1", UNASKED, "U1")
    postgres.stop()
    for _ in range(2):
        with pytest.raises(UNREACHABLE):
            channels.get("T1", "C1")
        with pytest.raises(UNREACHABLE):
            channels.put("T1", "C2", UNASKED, "U1")
    postgres.start()
    assert channels.get("T1", "C1") == UNASKED
    channels.put("T1", "C2", UNASKED, "U1")
    database.close()


def test_a_restart_that_nobody_noticed_costs_nobody_anything(postgres: Postgres, tmp_path: Path) -> None:
    """The connections from before are dead; the next use has a new one."""
    database = Database.open(postgres.url, tmp_path)
    channels = Channels(database)
    channels.put("T1", "C1", UNASKED, "U1")
    postgres.stop()
    postgres.start()
    channels.put("T1", "C2", UNASKED, "U1")
    assert channels.all("T1") == {"C1": UNASKED, "C2": UNASKED}
    database.close()


def test_a_restart_within_a_transaction_undoes_it(postgres: Postgres, tmp_path: Path) -> None:
    """Half of what was written is never there."""
    database = Database.open(postgres.url, tmp_path)

    def change() -> None:
        with database.begin() as connection:
            connection.execute(sa.update(schema).values(version=7))
            postgres.stop()
            connection.execute(sa.select(schema))

    with pytest.raises(UNREACHABLE):
        change()
    postgres.start()
    with database.reading() as connection:
        assert connection.scalar(sa.select(schema.c.version)) == 1
    database.close()


def test_a_deleted_file_is_made_anew(tmp_path: Path, file: Path, caplog: pytest.LogCaptureFixture) -> None:
    """SQLite would write on where nobody reads: what comes after the loss is in the file that is there now."""
    database = Database.open(None, tmp_path)
    channels = Channels(database)
    channels.put("T1", "C1", UNASKED, "U1")
    for left in tmp_path.iterdir():
        left.unlink()
    assert channels.get("T1", "C1") == ChannelSettings()
    channels.put("T1", "C2", UNASKED, "U1")
    database.close()
    assert "deleted or replaced" in caplog.text
    again = Database.open(None, tmp_path)
    assert Channels(again).all("T1") == {"C2": UNASKED}
    again.close()


def test_a_file_that_alone_is_deleted(tmp_path: Path, file: Path) -> None:
    """Its log of writes left behind does no harm."""
    database = Database.open(None, tmp_path)
    Channels(database).put("T1", "C1", UNASKED, "U1")
    file.unlink()
    Channels(database).put("T1", "C2", UNASKED, "U1")
    database.close()
    again = Database.open(None, tmp_path)
    assert Channels(again).all("T1") == {"C2": UNASKED}
    again.close()


def test_a_replaced_file_is_used_and_not_harmed(tmp_path: Path, file: Path) -> None:
    """Another bot made a new file, or somebody put a copy back: what stands in it counts, and stays."""
    database = Database.open(None, tmp_path)
    Channels(database).put("T1", "C1", UNASKED, "U1")
    (tmp_path / "other").mkdir()
    other = Database.open(None, tmp_path / "other")
    Channels(other).put("T1", "C2", UNASKED, "U1")
    other.close()
    for left in tmp_path.glob(f"{file.name}*"):
        left.unlink()
    (tmp_path / "other" / file.name).rename(file)
    assert Channels(database).all("T1") == {"C2": UNASKED}
    Channels(database).put("T1", "C3", UNASKED, "U1")
    database.close()
    again = Database.open(None, tmp_path)
    assert Channels(again).all("T1") == {"C2": UNASKED, "C3": UNASKED}
    again.close()


def test_without_its_folder_it_fails_until_that_is_back(tmp_path: Path) -> None:
    """No folder is made by the way."""
    folder = tmp_path / "index"
    database = Database.open(None, folder)
    folder.rename(tmp_path / "moved")
    for _ in range(2):
        with pytest.raises(UNREACHABLE):
            Channels(database).put("T1", "C1", UNASKED, "U1")
    assert not folder.exists()
    (tmp_path / "moved").rename(folder)
    Channels(database).put("T1", "C1", UNASKED, "U1")
    assert Channels(database).get("T1", "C1") == UNASKED
    database.close()


def test_while_another_process_writes_everybody_reads(
    tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Writing waits for the lock, for so long and no longer; reading does not wait."""
    monkeypatch.setattr(database_engine, "BUSY_SECONDS", 0.2)
    database = Database.open(None, tmp_path)
    channels = Channels(database)
    channels.put("T1", "C1", UNASKED, "U1")
    with locked(file):
        assert channels.get("T1", "C1") == UNASKED
        with pytest.raises(UNREACHABLE, match="locked"):
            channels.put("T1", "C2", UNASKED, "U1")
        assert channels.get("T1", "C1") == UNASKED
    channels.put("T1", "C2", UNASKED, "U1")
    database.close()


def test_only_the_first_waits_for_a_lock(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After one that waited in vain the next fail without waiting; one of them looks from time to time."""
    monkeypatch.setattr(database_engine, "BUSY_SECONDS", 0.2)
    database = Database.open(None, tmp_path)
    database._to_write = Patience(slow=0.1, pause=0.3)
    channels = Channels(database)
    with locked(file):
        with pytest.raises(sa.exc.OperationalError):
            channels.put("T1", "C1", UNASKED, "U1")
        with pytest.raises(NotTriedError):
            channels.put("T1", "C1", UNASKED, "U1")
    database._to_write = Patience()
    channels.put("T1", "C1", UNASKED, "U1")
    database.close()


def test_a_server_that_is_silent_keeps_one_waiting(tmp_path: Path) -> None:
    """It takes connections and never says a word: the first one gives up in time, the next does not even try."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://u@127.0.0.1:{silent.getsockname()[1]}/d?connect_timeout=2"
        database = Database(database_engine.make_engine(url, tmp_path, create=False))
        database._to_read = Patience(slow=1, pause=600)
        with pytest.raises(sa.exc.OperationalError, match="timeout"):
            Channels(database).get("T1", "C1")
        with pytest.raises(NotTriedError):
            Channels(database).get("T1", "C1")
        database.close()


def test_patience() -> None:
    """A slow failure closes the way for a while, then one may look, and a success opens it."""
    now = [100.0]
    waits = Patience(slow=2, pause=5, clock=lambda: now[0])
    away = sa.exc.OperationalError("", None, Exception("away"))

    def attempt(seconds: float, fails: bool, away: Exception = away) -> None:
        with waits.attempt():
            now[0] += seconds
            if fails:
                raise away

    for _ in range(3):
        with pytest.raises(sa.exc.OperationalError):  # it fails at once: everybody may try
            attempt(0.1, fails=True)
    with pytest.raises(sa.exc.OperationalError):
        attempt(2, fails=True)
    now[0] += 4.9
    with pytest.raises(NotTriedError):
        attempt(0, fails=False)
    now[0] += 0.1
    with waits.attempt(), pytest.raises(NotTriedError):  # one looks, the others do not wait for it
        attempt(0, fails=False)
    attempt(0, fails=False)
    with pytest.raises(ZeroDivisionError):
        attempt(9, fails=True, away=ZeroDivisionError())  # not the database's fault
    attempt(0, fails=False)


def test_what_was_done_without_the_database_is_told_when_it_is_back(postgres: Postgres, tmp_path: Path) -> None:
    """Taken up while it was away, done when it was back: no other process takes it up again."""
    database = Database.open(postgres.url, tmp_path)
    one, two = Claims(SharedClaims(database)), Claims(SharedClaims(database))
    postgres.stop()
    names = [("event", "E1"), ("message", "C1", "1.1")]
    claim = one.take(names)
    assert claim is not None
    assert one.take(names) is None  # once at least in one process
    postgres.start()
    one.done(claim)
    assert two.take(names[1:]) is None
    database.close()


def test_a_claim_is_shared_when_its_turn_comes(shared: Database) -> None:
    """What waits in one process's queue may be taken up by another that is free; then it is none of the first's."""
    one, two = Claims(SharedClaims(shared)), Claims(SharedClaims(shared))
    waiting = one.take_here([("event", "E1")])
    assert waiting is not None
    assert one.take_here([("event", "E1")]) is None
    taken = two.take([("event", "E1")])
    assert taken is not None
    assert not one.share(waiting)
    assert two.release(taken) is True  # it came to the other one, too: try again
    assert two.release(taken) is False
    assert one.take([("event", "E1")]) is not None


def test_a_claim_that_was_never_shared_is_given_back_without_the_database(
    postgres: Postgres, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Turned away since too many wait: that must not wait for the database as well."""
    database = Database.open(postgres.url, tmp_path)
    claims = Claims(SharedClaims(database))
    waiting = claims.take_here([("event", "E1")])
    assert waiting is not None
    with database.begin() as connection:
        connection.execute(sa.text("LOCK TABLE verbatim_claims IN ACCESS EXCLUSIVE MODE"))
        assert claims.release(waiting) is False
    assert caplog.text == ""  # it would say that the claim could not be given back
    assert claims.take([("event", "E1")]) is not None
    database.close()


def test_bots_that_start_at_once_make_the_tables_once(database_url: str, tmp_path: Path) -> None:
    """Each of them opens an empty database without an error."""
    ready = Barrier(6, timeout=30)

    def start(_: int) -> None:
        ready.wait()
        Database.open(database_url, tmp_path).close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(start, range(6)))


def test_an_error_shows_nothing_of_what_people_asked(shared: Database) -> None:
    """Neither in its words nor in the traceback that the log gets."""
    with shared.begin() as connection:
        connection.execute(sa.text("DROP TABLE verbatim_answers"))
    row = {"id": "1", "content": {"question": "Who is ill?"}, "user": "U1"}
    with pytest.raises(sa.exc.SQLAlchemyError) as caught, shared.begin() as connection:
        connection.execute(sa.insert(kept_answers), row)
    record = logging.LogRecord("n", logging.ERROR, "", 0, "", None, (caught.type, caught.value, caught.tb))
    assert "Who is ill" not in logging.Formatter().format(record)


def test_a_command_that_looks_makes_nothing(database_url: str, tmp_path: Path) -> None:
    """Where no database is yet, two lines say so; a mistyped folder is not made."""
    with pytest.raises(MissingDatabaseError, match="nothing has been kept"):
        Database.open(database_url, tmp_path, create=False)
    Database.open(database_url, tmp_path).close()
    Database.open(database_url, tmp_path, create=False).close()
    with pytest.raises(MissingDatabaseError):
        Database.open(None, tmp_path / "no" / "where", create=False)
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str, tmp_path: Path) -> None:
    """Every thread would have one of its own."""
    with pytest.raises(SettingsError, match="no file"):
        Database.open(url, tmp_path)


def test_a_password_among_the_parameters_is_not_shown(tmp_path: Path) -> None:
    """PostgreSQL takes it there as well."""
    with pytest.raises(SettingsError) as caught:
        Database.open("postgresql://u@127.0.0.1:9/d?password=hush", tmp_path)
    assert "hush" not in str(caught.value)


def test_a_claim_is_not_taken_over_while_it_waits(shared: Database) -> None:
    """The lease begins when the work does, however long the queue was."""
    now = [1_000_000.0]
    one, two = (Claims(SharedClaims(shared, lambda: now[0])) for _ in range(2))
    waiting = one.take_here([("event", "E1")])
    assert waiting is not None
    now[0] += 2 * LEASE
    assert one.share(waiting)
    assert two.take([("event", "E1")]) is None
