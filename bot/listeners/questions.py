"""Questions in messages: mentions in channels, anything in direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import wording
from bot.answer_message import answer as answer_message
from bot.answers import Place
from bot.blocks import Message, plain
from bot.incoming import Asked, read_event

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace


def register(app: App, desk: Desk) -> None:
    def heard(body: dict[str, Any], context: BoltContext) -> None:
        take(desk, desk.workspaces.of(context), body)

    app.event("app_mention")(heard)
    app.event("message")(heard)


def take(desk: Desk, workspace: Workspace, body: dict[str, Any]) -> None:
    """Take an event up if it asks something; Bolt has acknowledged it by now."""
    asked = read_event(body, workspace.bot_user)
    if asked is None:
        return
    desk.handle(
        asked.names,
        asked.channel,
        lambda: workspace.outbox.post(asked.channel, answer(desk, workspace, asked), asked.thread),
        lambda message: workspace.outbox.post(asked.channel, message, asked.thread),
    )


def answer(desk: Desk, workspace: Workspace, asked: Asked) -> Message:
    if not asked.text:
        return plain(wording.HOW_TO_ASK)
    if len(asked.text) > wording.LONGEST_QUESTION:
        return plain(wording.too_long(len(asked.text)))
    shown = desk.ask(asked.text, Place(workspace.team, asked.channel, asked.thread), asked.user)
    return answer_message(shown.answer, shown.id, covered=desk.archive.covered())
