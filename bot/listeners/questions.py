"""Questions in messages: mentions in channels, anything in direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import wording
from bot.agent_session import at_work
from bot.answer_message import answer as answer_message
from bot.answers import Place
from bot.blocks import Message, plain
from bot.incoming import Asked, read_event
from bot.prompts import read_summary
from bot.summary_message import summary as summary_message
from index.errors import ArticleError
from index.records import Summary

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

    def job() -> None:
        with at_work(desk, workspace, asked):
            message = answer(desk, workspace, asked)
        workspace.outbox.post(asked.channel, message, asked.thread)

    desk.handle(
        asked.names,
        asked.channel,
        job,
        lambda message: workspace.outbox.post(asked.channel, message, asked.thread),
    )


def answer(desk: Desk, workspace: Workspace, asked: Asked) -> Message:
    if not asked.text:
        return plain(wording.HOW_TO_ASK)
    if len(asked.text) > wording.LONGEST_QUESTION:
        return plain(wording.too_long(len(asked.text)))
    place = Place(workspace.team, asked.channel, asked.thread)
    if (title := read_summary(asked.text)) and (made := summarised(desk, title)):
        return summary_message(made, desk.keep(made, place, asked.user))
    shown = desk.ask(asked.text, place, asked.user)
    return answer_message(shown.answer, shown.id, covered=desk.archive.covered())


def summarised(desk: Desk, title: str) -> Summary | None:
    """The summary of the article of that title; None where no article, or several, are meant."""
    try:
        with desk.model:
            made = desk.archive.summarise(title)
    except ArticleError:
        return None
    return made if made.quotes else None
