"""Questions in messages: mentions in channels, anything in direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import blocks, wording
from bot.answers import Place
from bot.course import Asker
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
        asker=Asker(workspace.team, asked.user, "direct" if asked.direct else "mention"),
        aside=None if asked.direct else lambda message: whisper(workspace, asked, message),
    )


def whisper(workspace: Workspace, asked: Asked, message: blocks.Message) -> None:
    """Say something to the person alone, where they look: in the thread, if it is one already."""
    workspace.outbox.whisper(asked.channel, asked.user, message, asked.thread if asked.in_thread else None)


def answer(desk: Desk, workspace: Workspace, asked: Asked) -> blocks.Message:
    if not asked.text:
        return blocks.plain(wording.HOW_TO_ASK)
    if len(asked.text) > wording.LONGEST_QUESTION:
        return blocks.plain(wording.too_long(len(asked.text)))
    shown = desk.ask(asked.text, Place(workspace.team, asked.channel, asked.thread), asked.user)
    return blocks.answer(shown.answer)
