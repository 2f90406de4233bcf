"""The bot was invited to a channel: one short greeting on how to ask.

Slack tells of it in a message of that channel, so that no scope is needed but those of follow-ups. People's own joins
come the same way, and are not greeted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot import wording
from bot.blocks import plain
from bot.delivery import may_not_post
from bot.incoming import read_joined

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace


def register(app: App, desk: Desk) -> None:
    def joined(body: dict[str, Any], context: BoltContext) -> None:
        take(desk, desk.workspaces.of(context), body)

    app.event({"type": "message", "subtype": ["channel_join", "group_join"]})(joined)


def take(desk: Desk, workspace: Workspace, body: dict[str, Any]) -> None:
    """Greet a channel that the bot has joined; one that it left and joined again within a day, not again."""
    joined = read_joined(body, workspace.bot_user)
    if joined is not None:
        names = [*joined.names, ("greeted", workspace.team, joined.channel)]
        desk.handle(names, joined.channel, lambda: _greet(desk, workspace, joined.channel), lambda message: None)


def _greet(desk: Desk, workspace: Workspace, channel: str) -> None:
    try:
        workspace.outbox.post(channel, plain(wording.JOINED))
    except SlackApiError as error:
        if not may_not_post(error):
            raise
        desk.log.warning("The bot may not post in %s (%s)", channel, error.response.get("error"))
