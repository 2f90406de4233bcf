"""How the bot reaches its database: addresses, time limits, and what SQLite needs to be told."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.redaction import Redaction
from index.errors import SettingsError

FILE = "bot.sqlite"
BUSY_SECONDS = 5.0  # that anybody waits for a lock, a connection or an answer

# How a transaction begins in SQLite; one that may write takes the lock for it at once.
WRITES, READS, OUTSIDE = ({"begins": words} for words in ("BEGIN IMMEDIATE", "BEGIN", ""))
_LIMITS = {
    "connect_timeout": int(BUSY_SECONDS),
    # A server or a network that has gone silent is noticed within seconds, not after the kernel's quarter of an hour.
    "tcp_user_timeout": int(BUSY_SECONDS * 1000),
    "keepalives_idle": int(BUSY_SECONDS),
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "options": f"-c statement_timeout={int(BUSY_SECONDS * 1000)}",
}


def make_engine(url: str | None, folder: Path, *, create: bool) -> sa.Engine:
    """An engine for the setting ``VERBATIM_DATABASE``; nothing is contacted yet, only the index's folder made.

    Raises:
        SettingsError: the address is none that we know.
    """
    if url is None:
        try:
            if create:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SettingsError(f"{folder} cannot be made ({error.strerror or error}): set VERBATIM_INDEX.") from None
        url = f"sqlite:///{(folder / FILE).as_posix()}"
    try:
        address = sa.make_url(url)
    except sa.exc.ArgumentError:
        raise SettingsError(
            "VERBATIM_DATABASE is no database address: it takes postgresql://user:password@host/name, "
            "or sqlite:///file; leave it empty for SQLite beside the index."
        ) from None
    if address.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        try:
            # `pool_pre_ping`: a connection that died while nobody asked is replaced, not handed out.
            return sa.create_engine(
                address.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                pool_size=8,
                max_overflow=8,
                pool_timeout=BUSY_SECONDS,
                hide_parameters=True,
                connect_args={name: value for name, value in _LIMITS.items() if name not in address.query},
            )
        except ImportError:
            raise SettingsError(
                "VERBATIM_DATABASE names PostgreSQL, and its driver is not installed.\n"
                "Install it: pip install 'verbatim-bot[postgres]'"
            ) from None
    if address.drivername != "sqlite":
        raise SettingsError(
            f"VERBATIM_DATABASE is a {address.drivername} address: it takes postgresql://… or sqlite:///…."
        )
    if address.database in (None, "", ":memory:"):
        raise SettingsError("VERBATIM_DATABASE names no file: SQLite takes sqlite:///file.")
    # Errors end up in the log: without the values of the statement, which are what people asked.
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    sa.event.listen(engine, "connect", _tuned)
    sa.event.listen(engine, "begin", _begins)
    return engine


def _tuned(connection: Any, _: Any) -> None:
    # The driver's own way with transactions takes the lock to write only after it has read: two that do so fail.
    connection.isolation_level = None
    cursor = connection.cursor()
    _write_ahead(connection)
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA secure_delete = ON")  # what is forgotten is overwritten, not left in free pages
    cursor.close()


def _write_ahead(connection: Any) -> None:
    """Readers and a writer beside each other. A new file is switched to it once, and SQLite does not wait for that."""
    until = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except connection.OperationalError as error:  # another bot starts at this moment
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.01)


def _begins(connection: sa.Connection) -> None:
    if words := (WRITES | connection.get_execution_options())["begins"]:
        connection.exec_driver_sql(words)


def file_of(engine: sa.Engine) -> Path | None:
    """The file of a SQLite database."""
    return Path(engine.url.database) if engine.dialect.name == "sqlite" and engine.url.database else None


def identity(file: Path | None) -> tuple[int, int] | None:
    """Tells a file from another one of the same name."""
    try:
        status = file.stat() if file else None
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if status else None


def shown(engine: sa.Engine) -> str:
    """The database's address without its password, which may also stand among its parameters."""
    return engine.url.set(query={}).render_as_string(hide_password=True)


def unusable(engine: sa.Engine, error: sa.exc.SQLAlchemyError) -> SettingsError:
    """What is wrong with a database and what to do, in words that do not show its password."""
    why = Redaction(_secrets(engine)).text(reason(error))
    return SettingsError(
        f"The database {shown(engine)} cannot be used ({why}).\n"
        "See that it runs and may be written to, or mend VERBATIM_DATABASE."
    )


def _secrets(engine: sa.Engine) -> tuple[str, ...]:
    return tuple(str(secret) for secret in (engine.url.password, engine.url.query.get("password")) if secret)


def reason(error: Exception) -> str:
    """What a database says went wrong, in one line, without the statement and its values."""
    said = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
    return said[0][:200]
