"""What the doctor says of the database, and of the settings on what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from databases import Postgres, locked

from bot import database_engine, doctor
from bot.database import VERSION, Database, schema
from bot.doctor import Finding, examine
from index.settings import IndexSettings

pytest_plugins = ("database_fixtures",)

PASSWORD = "hushhush"


def look(url: str, folder: Path) -> Finding:
    found = doctor._database({"VERBATIM_DATABASE": url}, IndexSettings(index=folder))
    assert PASSWORD not in str(found)
    assert not (found.ok and found.remedy)
    return found


def test_a_database_that_does(shared: Database, database_url: str, tmp_path: Path) -> None:
    """Where it lies, what it is and of which version, and that it may be written to; nothing in it is changed."""
    found = look(database_url, tmp_path)
    assert found.ok
    assert shared.shown in found.what
    assert ("PostgreSQL 1" in found.what) != ("SQLite 3" in found.what)
    assert f"version {VERSION}" in found.what
    assert "may be written to" in found.what
    with shared.reading() as connection:
        assert connection.scalars(sa.select(schema.c.version)).all() == [VERSION]


def test_one_that_is_not_there_yet_is_not_made(database_url: str, tmp_path: Path) -> None:
    """The doctor only looks; that it is made later is well."""
    for _ in range(2):
        found = look(database_url, tmp_path)
        assert found.ok
        assert "`verbatim serve` makes it" in found.what
    assert look("", tmp_path / "nowhere").ok
    assert list(tmp_path.iterdir()) == []


def test_one_that_cannot_be_made(tmp_path: Path) -> None:
    """A file stands where a folder has to be."""
    (tmp_path / "file").write_text("")
    for folder, url in ((tmp_path / "file" / "index", ""), (tmp_path, f"sqlite:///{tmp_path}/no/bot.sqlite")):
        found = look(url, folder)
        assert not found.ok
        assert "may not be written to" in found.what


def test_one_that_is_away(tmp_path: Path) -> None:
    """What is wrong without the password, and what to do."""
    found = look(f"postgresql://u:{PASSWORD}@127.0.0.1:9/d", tmp_path)
    assert not found.ok
    assert "127.0.0.1:9" in found.what
    assert "VERBATIM_DATABASE" in found.remedy


def test_an_address_that_is_none(tmp_path: Path) -> None:
    """It is named by its setting."""
    for url in (f"mysql://u:{PASSWORD}@h/d", PASSWORD, "sqlite://"):
        found = look(url, tmp_path)
        assert not found.ok
        assert "VERBATIM_DATABASE" in found.what


def test_one_of_a_later_version(shared: Database, database_url: str, tmp_path: Path) -> None:
    """Update, or use another."""
    with shared.begin() as connection:
        connection.execute(sa.update(schema).values(version=VERSION + 1))
    found = look(database_url, tmp_path)
    assert not found.ok
    assert "later version" in found.what


def test_one_that_may_not_be_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process does not let go of it; or it is no database at all."""
    monkeypatch.setattr(database_engine, "BUSY_SECONDS", 0.1)
    Database.open(None, tmp_path).close()
    with locked(tmp_path / database_engine.FILE):
        assert "locked" in look("", tmp_path).what
    (tmp_path / database_engine.FILE).write_bytes(b"no database" * 1000)
    assert not look("", tmp_path).ok


def test_a_role_that_may_only_read(postgres: Postgres, tmp_path: Path) -> None:
    """PostgreSQL lets it in, and that is not enough."""
    shared = Database.open(postgres.url, tmp_path)
    with shared.begin() as connection:
        connection.execute(sa.text("CREATE ROLE reader LOGIN"))
        connection.execute(sa.text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader"))
    found = look(postgres.url.replace("postgres:@", "reader:@"), tmp_path)
    assert not found.ok
    assert "permission denied" in found.what
    with shared.begin() as connection:
        connection.execute(sa.text("DROP OWNED BY reader"))
        connection.execute(sa.text("DROP ROLE reader"))
    shared.close()


def test_what_is_kept_and_who_administers_is_said(built_index: IndexSettings, tmp_path: Path) -> None:
    """The settings as they are understood, also where Slack cannot be reached; the database among the rest."""
    environ = {
        "SLACK_BOT_TOKEN": "xoxb-1",
        "SLACK_APP_TOKEN": "xapp-1",
        "SLACK_API_URL": "http://127.0.0.1:9/api/",
        "VERBATIM_ARTICLES": str(built_index.articles),
        "VERBATIM_INDEX": str(built_index.index),
        "VERBATIM_DATABASE": f"sqlite:///{tmp_path / 'x.sqlite'}",
        "VERBATIM_RETENTION_DAYS": "7",
        "VERBATIM_LOG_QUESTIONS": "yes",
        "VERBATIM_ADMINS": "U2, S1",
    }
    found = examine(environ)
    said = [finding.what for finding in found]
    assert "Questions and votes are kept for 7 days; the log names questions as people wrote them" in said
    assert "S1, U2 may change articles and channels from Slack" in said
    assert [finding.ok for finding in found].count(False) == 1  # Slack
    assert any("x.sqlite" in what for what in said)
    without = [f.what for f in doctor._slack(environ | {"VERBATIM_ADMINS": "", "VERBATIM_LOG_QUESTIONS": ""})]
    assert "Nobody may change articles and channels from Slack (VERBATIM_ADMINS is empty)" in without
    assert any("by id alone" in what for what in without)
    wrong = doctor._slack(environ | {"VERBATIM_RETENTION_DAYS": "0", "VERBATIM_ADMINS": "ada"})
    assert [f.ok for f in wrong] == [False]
    assert "VERBATIM_RETENTION_DAYS" in wrong[0].what
    assert "VERBATIM_ADMINS" in wrong[0].what
