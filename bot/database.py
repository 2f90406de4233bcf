"""What several bot processes share, and what outlives them: one small database.

SQLite beside the index, or PostgreSQL where ``VERBATIM_DATABASE`` names one; both through SQLAlchemy, so that
nothing else in the bot knows which. Times are seconds since 1970, UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy.dialects import postgresql, sqlite

from bot.redaction import Redaction
from index.errors import SettingsError

FILE = "bot.sqlite"
VERSION = 1
BUSY_SECONDS = 10.0

metadata = sa.MetaData()

schema = sa.Table("verbatim_schema", metadata, sa.Column("version", sa.Integer, primary_key=True))

claims = sa.Table(
    "verbatim_claims",
    metadata,
    sa.Column("name", sa.String(255), primary_key=True),
    sa.Column("owner", sa.String(32), nullable=False, index=True),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("done", sa.Boolean, nullable=False, default=False),
    sa.Column("again", sa.Boolean, nullable=False, default=False),
)
"""Who takes what up: see `bot.shared_claims`."""

answers = sa.Table(
    "verbatim_answers",
    metadata,
    sa.Column("id", sa.String(32), primary_key=True),
    sa.Column("team", sa.String(32), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("thread", sa.String(32), nullable=False),
    sa.Column("user", sa.String(32), nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("content", sa.JSON, nullable=False),
    sa.Index("verbatim_answers_thread", "team", "channel", "thread"),
    sa.Index("verbatim_answers_user", "team", "user"),
)
"""What was asked and what was shown: see `bot.answers`."""

votes = sa.Table(
    "verbatim_votes",
    metadata,
    sa.Column("answer", sa.String(32), primary_key=True),
    sa.Column("team", sa.String(32), primary_key=True),
    sa.Column("user", sa.String(32), primary_key=True),
    sa.Column("vote", sa.String(8), nullable=False),
    sa.Column("at", sa.Float, nullable=False, index=True),
)
"""What people thought of answers: see `bot.feedback`."""

channels = sa.Table(
    "verbatim_channels",
    metadata,
    sa.Column("team", sa.String(32), primary_key=True),
    sa.Column("channel", sa.String(32), primary_key=True),
    sa.Column("collections", sa.JSON, nullable=False),
    sa.Column("unasked", sa.Boolean, nullable=False),
    sa.Column("by", sa.String(32), nullable=False),
    sa.Column("at", sa.Float, nullable=False),
)
"""What administrators set for a channel: see `bot.channels`."""

# Which workspaces have installed the app, and which are about to: slack_sdk's own tables, see `bot.installations`.
SQLAlchemyInstallationStore.build_bots_table(metadata, SQLAlchemyInstallationStore.default_bots_table_name)
SQLAlchemyInstallationStore.build_installations_table(
    metadata, SQLAlchemyInstallationStore.default_installations_table_name
)
SQLAlchemyOAuthStateStore.build_oauth_states_table(metadata, SQLAlchemyOAuthStateStore.default_table_name)


class Database:
    """An opened database with its tables made. Safe to use from several threads."""

    def __init__(self, engine: sa.Engine) -> None:
        """Use `open`."""
        self.engine = engine
        self.reading = engine.execution_options(verbatim_reads=True)
        """The same for those who only read: in SQLite they wait for nobody who writes."""

    @classmethod
    def open(cls, url: str | None, folder: Path) -> Database:
        """``url`` is the setting ``VERBATIM_DATABASE``; None: SQLite in ``folder``, the index's.

        Raises:
            SettingsError: the URL is none that we know, the database cannot be reached, or it is of a later version.
        """
        engine = _engine(url, folder)
        try:
            metadata.create_all(engine)
            with engine.begin() as connection:
                found = connection.scalar(sa.select(sa.func.max(schema.c.version)))
                if found is None:
                    connection.execute(insert(connection, schema).on_conflict_do_nothing(), {"version": VERSION})
        except sa.exc.SQLAlchemyError as error:
            engine.dispose()
            reason = str(getattr(error, "orig", None) or error).strip().splitlines() or [type(error).__name__]
            what = f"The database {shown(engine)} cannot be used ({Redaction(_secrets(engine)).text(reason[0][:200])})."
            raise SettingsError(
                f"{what}\nSee that it runs and may be written to, or mend VERBATIM_DATABASE."
            ) from error
        if found is not None and found > VERSION:
            engine.dispose()
            raise SettingsError(
                f"The database {shown(engine)} is of a later version of Verbatim ({found}; this one knows {VERSION}).\n"
                "Update Verbatim, or name another database with VERBATIM_DATABASE."
            )
        return cls(engine)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction: committed at the end of the block, undone by an error in it."""
        with self.engine.begin() as connection:
            yield connection

    def close(self) -> None:
        self.engine.dispose()


def insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def shown(engine: sa.Engine) -> str:
    """The database's address without its password."""
    return engine.url.render_as_string(hide_password=True)


def _secrets(engine: sa.Engine) -> tuple[str, ...]:
    return (str(engine.url.password),) if engine.url.password else ()


def _engine(url: str | None, folder: Path) -> sa.Engine:
    if url is None:
        try:
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
            # `hide_parameters`: errors go to the log, questions do not. `pool_pre_ping`: a connection that died while nobody asked is replaced, not handed out.
            return sa.create_engine(
                address.set(drivername="postgresql+psycopg"),
                pool_pre_ping=True,
                hide_parameters=True,
                pool_size=8,
                max_overflow=8,
                pool_timeout=BUSY_SECONDS,
                connect_args={"connect_timeout": 5, "options": "-c statement_timeout=10000"},
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
    engine = sa.create_engine(address, connect_args={"timeout": BUSY_SECONDS}, hide_parameters=True)
    sa.event.listen(engine, "connect", _tuned)
    sa.event.listen(engine, "begin", _begins)
    return engine


def _tuned(connection: Any, _: Any) -> None:
    # The driver's own way with transactions takes the lock to write only after it has read: two that do so fail.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.close()


def _begins(connection: sa.Connection) -> None:
    connection.exec_driver_sql(
        "BEGIN" if connection.get_execution_options().get("verbatim_reads") else "BEGIN IMMEDIATE"
    )
