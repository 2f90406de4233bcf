"""A workspace that uninstalls the app, or revokes its token: the installation goes, and all that is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot import retention
from bot.delivery import web_client
from bot.incoming import Departure, read_departure

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext
    from slack_sdk.oauth.installation_store import Bot

    from bot.database import Database
    from bot.desk import Desk
    from bot.installations import Installations


def register(app: App, desk: Desk, database: Database, installations: Installations) -> None:
    """To be called before the others are registered, one of which takes every event."""

    def gone(body: dict[str, Any], context: BoltContext) -> None:
        take(desk, database, installations, body, context.team_id or "")

    app.event("app_uninstalled")(gone)
    app.event("tokens_revoked")(gone)


def take(desk: Desk, database: Database, installations: Installations, body: dict[str, Any], team: str) -> None:
    departure = read_departure(body, team)
    if departure is not None:
        desk.handle(
            departure.names,
            ("departure", team),
            lambda: forget(desk, database, installations, departure),
            lambda message: None,  # there is nobody left to tell
        )


def forget(desk: Desk, database: Database, installations: Installations, departure: Departure) -> None:
    """Delete what is kept of the workspace. If it has installed the app again since, the new installation stays."""
    team, installed = departure.team, installations.of_team(departure.team)
    if not any(_installed_again(desk, bot, departure) for bot in installed):
        installations.remove(team)
        for bot in installed:
            desk.workspaces.forget(bot.bot_token)
    gone = retention.forget_team(database, team)
    desk.log.info("The workspace %s has left: %d questions and %d votes are forgotten", team, *gone)


def _installed_again(desk: Desk, bot: Bot, departure: Departure) -> bool:
    """Slack may bring the news late: then the installation is newer than they are, and its token is good."""
    if bot.installed_at <= departure.at + 1:  # Slack's times are whole seconds
        return False
    try:
        web_client(desk.settings, bot.bot_token, desk.log, desk.metrics).auth_test()
    except SlackApiError as error:
        return bool(error.response.status_code != 200)
    except (SlackClientError, OSError, ValueError):
        return True
    return True
