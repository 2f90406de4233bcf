"""Databases for tests: SQLite in a file, and a real PostgreSQL, started once a run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from databases import Postgres, emptied

from bot.database import Database


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """An empty PostgreSQL of the tests' own."""
    # A socket's path may have a hundred characters; pytest's own folders are longer.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        server = Postgres(folder)
        yield server
        server.remove()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Postgres) -> str:
    """Its address."""
    return postgres_server.url


@pytest.fixture
def postgres(postgres_server: Postgres) -> Iterator[Postgres]:
    """The same without any table, for a test that stops it; it runs again afterwards."""
    emptied(postgres_server.url)
    yield postgres_server
    postgres_server.start()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared.sqlite'}"
    return emptied(request.getfixturevalue("postgres_url"))


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """An opened database of either kind."""
    opened = Database.open(database_url, tmp_path)
    yield opened
    opened.close()
