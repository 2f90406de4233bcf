"""The workspaces that the bot is installed in: with what name and token it works in each."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.delivery import Outbox, Pace, web_client
from bot.memory import Recent
from bot.metrics import Metrics
from bot.settings import SlackSettings

if TYPE_CHECKING:
    from slack_bolt import BoltContext

MOST_OPEN = 500


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace, as a payload names it: its id, the bot's user id there, and the way out to it."""

    team: str
    bot_user: str
    outbox: Outbox


class Workspaces:
    """Finds the workspace of a payload; each has a client of its own, with its own token."""

    def __init__(self, settings: SlackSettings, logger: logging.Logger, metrics: Metrics | None = None) -> None:
        self._settings = settings
        self._log = logger
        self._metrics = metrics
        self._pace = Pace()
        self._outboxes: Recent[str, Outbox] = Recent(MOST_OPEN)

    def of(self, context: BoltContext) -> Workspace:
        """The workspace that Bolt has found for a payload (its ``authorize`` names the token)."""
        token = context.bot_token or ""
        outbox = self._outboxes.get(token)
        if outbox is None:
            client = web_client(self._settings, token, self._log, self._metrics)
            outbox = Outbox(client, self._log, self._pace, self._metrics)
            self._outboxes.put(token, outbox)
        return Workspace(context.team_id or context.enterprise_id or "", context.bot_user_id or "", outbox)

    def forget(self, token: str) -> None:
        """Drop the client of a token that is no longer good."""
        self._outboxes.drop(token)
