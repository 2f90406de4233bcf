"""What administrators set for a channel: which collections it asks, and whether the bot answers there unasked."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from bot.database import Database, channels, insert
from bot.memory import Recent

SECONDS_KNOWN = 30.0  # after so long every process knows what an administrator has set
MOST_KNOWN = 5_000

log = logging.getLogger("verbatim.slack")


@dataclass(frozen=True, slots=True)
class ChannelSettings:
    """``collections`` empty: all articles. ``unasked``: questions without a mention are answered, if the articles can."""

    collections: tuple[str, ...] = ()
    unasked: bool = False


class Channels:
    """The settings by workspace and channel. Every method raises ``SQLAlchemyError`` if the database fails."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._known: Recent[tuple[str, str], tuple[float, ChannelSettings]] = Recent(MOST_KNOWN)

    def get(self, team: str, channel: str) -> ChannelSettings:
        """A channel's settings; the defaults where nobody set any."""
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(channels).where(channels.c.team == team, channels.c.channel == channel)
            ).first()
        return ChannelSettings() if row is None else ChannelSettings(tuple(row.collections), row.unasked)

    def recent(self, team: str, channel: str) -> ChannelSettings:
        """A channel's settings as they were at most half a minute ago, for those who ask at every message of every
        channel. Never raises: while the database fails, channels have no settings."""
        known = self._known.get((team, channel))
        if known is not None and 0 <= self._clock() - known[0] < SECONDS_KNOWN:
            return known[1]
        try:
            found = self.get(team, channel)
        except sa.exc.SQLAlchemyError as error:
            log.warning("The settings of channel %s cannot be read just now: %s", channel, type(error).__name__)
            found = ChannelSettings()
        self._known.put((team, channel), (self._clock(), found))
        return found

    def put(self, team: str, channel: str, settings: ChannelSettings, by: str) -> None:
        """Set them; ``by`` is the administrator."""
        values = {
            "team": team,
            "channel": channel,
            "collections": list(settings.collections),
            "unasked": settings.unasked,
            "by": by,
            "at": self._clock(),
        }
        with self._database.begin() as connection:
            connection.execute(
                insert(connection, channels)
                .values(values)
                .on_conflict_do_update(index_elements=[channels.c.team, channels.c.channel], set_=values)
            )
        self._known.put((team, channel), (self._clock(), settings))

    def all(self, team: str) -> dict[str, ChannelSettings]:
        """Every channel of a workspace that has settings of its own."""
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(channels).where(channels.c.team == team)).all()
        return {row.channel: ChannelSettings(tuple(row.collections), row.unasked) for row in rows}
