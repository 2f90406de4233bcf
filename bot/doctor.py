"""Looks at settings, models, index, database and tokens, and says of each whether it will do and how to mend it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import SettingsError, VerbatimError
from index.settings import IndexSettings

if TYPE_CHECKING:
    from bot.settings import SlackSettings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``remedy`` is empty where it is well."""

    ok: bool
    what: str
    remedy: str = ""


def examine(environ: Mapping[str, str]) -> list[Finding]:
    """Everything that could keep Verbatim from answering, in the order in which to mend it. Contacts Slack only
    where a bot token is set."""
    try:
        settings = IndexSettings.from_env(environ)
    except SettingsError as error:
        return [_bad(error), *_slack(environ)]
    return [
        _sqlite(),
        *_articles(settings),
        _model(settings),
        _reader(settings),
        *_index(settings),
        _database(environ, settings),
        *_slack(environ),
    ]


def _bad(error: Exception) -> Finding:
    what, _, remedy = str(error).partition("\n")
    return Finding(False, what, remedy)


def _sqlite() -> Finding:
    try:
        with closing(sqlite3.connect(":memory:")) as database:
            database.execute("CREATE VIRTUAL TABLE t USING fts5 (x)")
    except sqlite3.Error:
        return Finding(
            False, "This Python's SQLite has no full-text search (FTS5).", "Use a Python whose SQLite has it."
        )
    return Finding(True, f"SQLite {sqlite3.sqlite_version} with full-text search")


def _articles(settings: IndexSettings) -> list[Finding]:
    from index.articles import read_articles

    try:
        reading = read_articles([settings.articles])
    except VerbatimError as error:
        return [_bad(error)]
    found = Finding(True, f"{len(reading.articles)} articles in {settings.articles}")
    return [found, *(Finding(True, f"left out: {unread}") for unread in reading.unread[:10])]


def _model(settings: IndexSettings) -> Finding:
    from index.embedding_model import PACKAGED, checked_packaged_sha256, packaged_folder

    if settings.embedding_model:
        return Finding(True, f"Embedding model {settings.embedding_model} (looked at when the index is built)")
    try:
        checked_packaged_sha256(packaged_folder())
    except VerbatimError as error:
        return _bad(error)
    return Finding(True, f"Embedding model {PACKAGED}, as published")


def _reader(settings: IndexSettings) -> Finding:
    from index.span_reader import open_reader

    try:
        open_reader(settings.reader_model)
    except VerbatimError as error:
        return _bad(error)
    return Finding(True, f"Reader {settings.reader_model or 'that ships'}, loaded")


def _index(settings: IndexSettings) -> list[Finding]:
    from index.archive import Archive
    from index.verify import verify

    try:
        problems = verify(settings)
        if problems:
            return [
                Finding(False, f"The index in {settings.index}: {problem}", "verbatim index rebuild")
                for problem in problems
            ]
        archive = Archive.open(settings)
        stats = archive.stats()
        archive.close()
    except VerbatimError as error:
        return [_bad(error)]
    return [
        Finding(
            True,
            f"Index in {settings.index}: {stats['articles']} articles, {stats['passages']} passages, "
            f"built {stats['built']}, whole",
        )
    ]


def _database(environ: Mapping[str, str], settings: IndexSettings) -> Finding:
    """Reached and written to, without leaving a trace; one that is not there yet is made by `verbatim serve`."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.database import Database, MissingDatabaseError
    from bot.settings import database_address

    try:
        database = Database.open(database_address(environ), settings.index, create=False)
    except MissingDatabaseError as error:
        return Finding(True, f"{str(error).splitlines()[0]} `verbatim serve` makes it")
    except VerbatimError as error:
        return _bad(error)
    try:
        found = database.try_to_write()
    except SQLAlchemyError as error:
        return _bad(database.unusable(error))
    finally:
        database.close()
    return Finding(True, f"Database {database.shown}: {found}, may be written to")


def _slack(environ: Mapping[str, str]) -> list[Finding]:
    from bot.settings import SlackSettings

    try:
        settings = SlackSettings.from_env(environ)
    except SettingsError as error:
        return [
            Finding(
                False,
                str(error),
                "Needed for Slack only; README.md, section “In Slack in ten minutes”, says where they come from.",
            )
        ]
    from bot.app import check_tokens

    try:
        tokens = [Finding(True, line) for line in check_tokens(settings)]
    except VerbatimError as error:
        tokens = [_bad(error)]
    return [*tokens, *_habits(settings)]


def _habits(settings: SlackSettings) -> list[Finding]:
    """What the settings say of people: what is kept and logged of them, and who may change things."""
    logged = "as people wrote them" if settings.log_questions else "by id alone"
    admins = ", ".join(sorted(settings.admins))
    return [
        Finding(
            True, f"Questions and votes are kept for {settings.retention_days} days; the log names questions {logged}"
        ),
        Finding(
            True,
            f"{admins} may change articles and channels from Slack"
            if admins
            else "Nobody may change articles and channels from Slack (VERBATIM_ADMINS is empty)",
        ),
    ]
