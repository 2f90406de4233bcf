"""A channel's settings, looked up at every message: known for a while, and never a reason to fail."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from clocks import Clock

from bot.channels import SECONDS_KNOWN, Channels, ChannelSettings
from bot.database import Database

OPEN = ChannelSettings(unasked=True)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database.open(None, tmp_path)
    yield opened
    opened.close()


def count_selects(database: Database) -> list[str]:
    """Every statement from now on that reads the settings."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "FROM verbatim_channels" in statement:
            seen.append(statement)

    sa.event.listen(database.engine, "before_cursor_execute", note)
    return seen


def test_many_messages_ask_the_database_once(database: Database, clock: Clock) -> None:
    """By workspace and channel; after half a minute it is asked again."""
    channels = Channels(database, clock)
    seen = count_selects(database)
    for _ in range(5):
        assert channels.recent("T1", "C1") == ChannelSettings()
    assert len(seen) == 1
    channels.recent("T2", "C1")
    channels.recent("T1", "C2")
    assert len(seen) == 3
    clock.now += SECONDS_KNOWN
    channels.recent("T1", "C1")
    assert len(seen) == 4


def test_what_is_set_here_holds_at_once_and_elsewhere_soon(database: Database, clock: Clock) -> None:
    """Another process knows of it after half a minute at most; another workspace never."""
    here, elsewhere = Channels(database, clock), Channels(database, clock)
    assert here.recent("T1", "C1") == elsewhere.recent("T1", "C1") == ChannelSettings()
    here.put("T1", "C1", OPEN, "U1")
    assert here.recent("T1", "C1") == OPEN
    assert elsewhere.recent("T1", "C1") == ChannelSettings()
    clock.now += SECONDS_KNOWN
    assert elsewhere.recent("T1", "C1") == OPEN
    assert here.recent("T2", "C1") == ChannelSettings()


def test_without_the_database_channels_have_no_settings(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is answered unasked then; the log says so once, not at every message; later it is tried again."""
    channels = Channels(database, clock)
    channels.put("T1", "C1", OPEN, "U1")
    clock.now += SECONDS_KNOWN
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE verbatim_channels RENAME TO away"))
    for _ in range(5):
        assert channels.recent("T1", "C1") == ChannelSettings()
    assert len(caplog.records) == 1
    with database.begin() as connection:
        connection.execute(sa.text("ALTER TABLE away RENAME TO verbatim_channels"))
    clock.now += SECONDS_KNOWN
    assert channels.recent("T1", "C1") == OPEN
