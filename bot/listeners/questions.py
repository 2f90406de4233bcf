"""Questions in messages: mentions in channels, anything in direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import blocks, wording
from bot.incoming import Asked, read_event

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.desk import Desk


def register(app: App, desk: Desk) -> None:
    def heard(body: dict[str, Any]) -> None:
        take(desk, body)

    app.event("app_mention")(heard)
    app.event("message")(heard)


def take(desk: Desk, body: dict[str, Any]) -> None:
    """Take an event up if it asks something; Bolt has acknowledged it by now."""
    asked = read_event(body, desk.bot_user)
    if asked is None:
        return
    desk.handle(
        asked.names,
        asked.channel,
        lambda: desk.outbox.post(asked.channel, answer(desk, asked), asked.thread),
        lambda message: desk.outbox.post(asked.channel, message, asked.thread),
    )


def answer(desk: Desk, asked: Asked) -> blocks.Message:
    if not asked.text:
        return blocks.plain(wording.HOW_TO_ASK)
    if len(asked.text) > wording.LONGEST_QUESTION:
        return blocks.plain(wording.too_long(len(asked.text)))
    return blocks.answer(desk.ask(asked.text, (asked.channel, asked.thread)))
