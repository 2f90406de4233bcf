"""What several bot processes share, and what outlives them: one small database.

SQLite beside the index, or PostgreSQL where ``VERBATIM_DATABASE`` names one; both through SQLAlchemy, so that
nothing else in the bot knows which. Times are seconds since 1970, UTC.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

import sqlalchemy as sa
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy.dialects import postgresql, sqlite

from bot.database_engine import OUTSIDE, READS, file_of, identity, make_engine, shown, unusable
from bot.patience import NotTriedError, Patience
from index.errors import SettingsError

log = logging.getLogger(__name__)

VERSION = 1
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


class MissingDatabaseError(SettingsError):
    """Nothing has been kept yet where the settings say."""


class Database:
    """An opened database with its tables made. Safe to use from several threads.

    One that is away comes back by itself: each transaction fails until then, and none waits for long.
    """

    def __init__(self, engine: sa.Engine) -> None:
        """Use `open`."""
        self.engine = engine
        self.reading_engine = engine.execution_options(**READS)
        """For others' code that only reads, within `looking`."""
        self._file = file_of(engine)
        self._known = identity(self._file)
        self._renewing = Lock()
        # Apart from each other: while another process has the lock to write, everybody may read.
        self._to_read, self._to_write = Patience(), Patience()

    @classmethod
    def open(cls, url: str | None, folder: Path, *, create: bool = True) -> Database:
        """``url`` is the setting ``VERBATIM_DATABASE``; None: SQLite in ``folder``, the index's.

        Raises:
            MissingDatabaseError: there is none yet, and ``create`` is False.
            SettingsError: the URL is none that we know, the database cannot be reached, or it is of a later version.
        """
        engine = make_engine(url, folder, create=create)
        try:
            if not create and not _exists(engine):
                if not _may_be_made(engine, beside=url is None):
                    raise SettingsError(
                        f"The database {shown(engine)} is not there yet, and its folder may not be written to.\n"
                        "Mend that, or set VERBATIM_DATABASE (or VERBATIM_INDEX, beside which it lies)."
                    )
                raise MissingDatabaseError(
                    f"There is no database {shown(engine)} yet: nothing has been kept there.\n"
                    "`verbatim serve` makes it; VERBATIM_DATABASE says where, or VERBATIM_INDEX, beside the index."
                )
            found = _prepare(engine)
            if found > VERSION:
                raise SettingsError(
                    f"The database {shown(engine)} is of a later version of Verbatim ({found}; this one knows "
                    f"{VERSION}).\nUpdate Verbatim, or name another database with VERBATIM_DATABASE."
                )
        except sa.exc.SQLAlchemyError as error:
            engine.dispose()
            raise unusable(engine, error) from error
        except SettingsError:
            engine.dispose()
            raise
        return cls(engine)

    @contextmanager
    def begin(self) -> Iterator[sa.Connection]:
        """A transaction: committed at the end of the block, undone by an error in it."""
        with self._to_write.attempt():
            self._look_at_file()
            with self.engine.begin() as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads, and so need not wait for those that write."""
        with self.looking(), self.reading_engine.begin() as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Around whatever else reads with `reading_engine`: as soon given up as `reading`."""
        with self._to_read.attempt():
            self._look_at_file()
            yield

    def purge(self) -> None:
        """Have what was deleted leave the disk now, as far as others let us; PostgreSQL sees to that by itself."""
        if self._file is None:
            return
        with self.engine.connect().execution_options(**OUTSIDE) as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def try_to_write(self) -> str:
        """Write, and undo it; what the database is and of which version."""
        with self.engine.connect() as connection, connection.begin() as transaction:
            connection.execute(sa.update(schema).values(version=schema.c.version))
            transaction.rollback()
            runs = "PostgreSQL" if connection.dialect.name == "postgresql" else "SQLite"
            version = ".".join(map(str, connection.dialect.server_version_info or ()))
        return f"{runs} {version}, version {VERSION} of the tables"

    def close(self) -> None:
        self.engine.dispose()

    @property
    def shown(self) -> str:
        """Its address without its password."""
        return shown(self.engine)

    def unusable(self, error: sa.exc.SQLAlchemyError) -> SettingsError:
        """The words for somebody who can mend it."""
        return unusable(self.engine, error)

    def _look_at_file(self) -> None:
        # SQLite goes on writing to a file that was deleted or replaced, and nobody will ever read what it writes.
        if self._file is None or identity(self._file) == self._known:
            return
        with self._renewing:
            if identity(self._file) == self._known:
                return
            self.engine.dispose()
            if _prepare(self.engine) > VERSION:
                raise NotTriedError("the file was replaced by one of a later version of Verbatim")
            self._known = identity(self._file)
            log.warning("The database %s was deleted or replaced: the bot goes on with what is there now", self._file)


def insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the dialect of the connection."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def _prepare(engine: sa.Engine) -> int:
    """Make the tables that are missing; the version of the database. One of a later version is left as it is."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":  # two bots that start at once must not both make the tables
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext('verbatim_schema'))"))
        if sa.inspect(connection).has_table(schema.name):
            found: int = connection.scalar(sa.select(sa.func.max(schema.c.version))) or VERSION
            if found > VERSION:
                return found
        metadata.create_all(connection)
        connection.execute(insert(connection, schema).on_conflict_do_nothing(), {"version": VERSION})
    return VERSION


def _exists(engine: sa.Engine) -> bool:
    file = file_of(engine)
    if file is not None and not file.exists():  # SQLite would make it
        return False
    with engine.connect() as connection:
        return sa.inspect(connection).has_table(schema.name)


def _may_be_made(engine: sa.Engine, *, beside: bool) -> bool:
    """Whether SQLite can make its file; ``beside`` the index, missing folders are made as well."""
    file = file_of(engine)
    if file is None:
        return True
    parents = [folder for folder in file.absolute().parents if folder.exists() or not beside]
    return parents[0].is_dir() and os.access(parents[0], os.W_OK)
