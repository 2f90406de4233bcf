"""The workspaces that have installed the app, with the bot's token in each, and the installations under way.

Both are kept by slack_sdk's own stores in the database that the bots share, so that whichever of them is asked knows.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TypeGuard

import sqlalchemy as sa
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore

from bot.database import Database
from bot.database_engine import reason
from bot.memory import Recent
from bot.patience import UNREACHABLE

MOST_SEEN = 500
STATE_SECONDS = 600  # from leaving for Slack's page to coming back

_STATE = re.compile(r"[0-9a-f-]{36}")
_ID = re.compile(r"[\w.-]{1,32}", re.ASCII)


class Installations(SQLAlchemyInstallationStore):
    """The installations. Every method raises ``SQLAlchemyError`` if the database fails."""

    def __init__(self, client_id: str, database: Database, logger: logging.Logger) -> None:
        super().__init__(client_id, database.engine, logger=logger)
        self._database = database
        self._seen: Recent[tuple[object, object], Bot | None] = Recent(MOST_SEEN)
        self._reader = SQLAlchemyInstallationStore(client_id, database.reading_engine, logger=logger)

    def save(self, installation: Installation) -> None:
        """Keep an installation in place of the workspace's earlier ones: no token is kept that is not needed."""
        super().save(installation)
        self._delete(installation.team_id, before=_naive(installation.installed_at))

    def of(self, enterprise: object, team: object) -> Bot | None:
        """The installation of the workspace that a payload names; None where it has none, or the payload is amiss.

        While the database is away it is the one that was found last.
        """
        if not _is_id(team) or not (enterprise is None or _is_id(enterprise)):
            return None
        try:
            with self._database.looking():
                found = self._reader.find_bot(enterprise_id=enterprise, team_id=team)
        except UNREACHABLE as error:
            if (known := self._seen.get((enterprise, team))) is None:
                raise
            # Should the workspace have left meanwhile, Slack refuses the token.
            self.logger.warning("Installations are out of reach, the last one known counts: %s", reason(error))
            return known
        self._seen.put((enterprise, team), found)
        return found

    def all(self) -> list[Bot]:
        """Every installation."""
        return self._bots()

    def of_team(self, team: str) -> list[Bot]:
        """The installations of a workspace, whichever enterprise it belonged to when it installed the app."""
        return self._bots(self.bots.c.team_id == team)

    def remove(self, team: str) -> None:
        """Delete the installations of a workspace, and their tokens with them."""
        self._seen = Recent(MOST_SEEN)
        self._delete(team)

    def _bots(self, *conditions: sa.ColumnElement[bool]) -> list[Bot]:
        wanted = sa.select(self.bots).where(self.bots.c.client_id == self.client_id, *conditions)
        with self._reader.engine.begin() as connection:
            return [self.build_bot_entity(row) for row in connection.execute(wanted).mappings()]

    def _delete(self, team: str | None, before: datetime | None = None) -> None:
        with self.engine.begin() as connection:
            for table in (self.bots, self.installations):
                gone = sa.delete(table).where(table.c.client_id == self.client_id, table.c.team_id == team)
                connection.execute(gone if before is None else gone.where(table.c.installed_at < before))


class States(SQLAlchemyOAuthStateStore):
    """The ``state`` of each installation under way: good once, in whichever process, and for ten minutes."""

    def __init__(self, database: Database, logger: logging.Logger, clock: Callable[[], float] = time.time) -> None:
        super().__init__(STATE_SECONDS, database.engine, logger=logger)
        self._clock = clock

    def issue(self, *args: object, **kwargs: object) -> str:
        """A new state; those that nobody came back with in time are swept away."""
        with self.engine.begin() as connection:
            connection.execute(
                sa.delete(self.oauth_states).where(self.oauth_states.c.expire_at <= _naive(self._clock()))
            )
        return super().issue()

    def consume(self, state: str) -> bool:
        """Whether the state is good; it is not any more afterwards.

        One statement, where the SDK reads and then deletes: of two that come at once with the same state one is
        refused, in every database.
        """
        if not _STATE.fullmatch(state):
            return False
        c = self.oauth_states.c
        good = sa.and_(c.state == state, c.expire_at > _naive(self._clock()))
        with self.engine.begin() as connection:
            return connection.execute(sa.delete(self.oauth_states).where(good)).rowcount > 0


def _is_id(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _naive(at: float) -> datetime:
    """A time as the stores write it: UTC, and not saying so."""
    return datetime.fromtimestamp(at, tz=timezone.utc).replace(tzinfo=None)
