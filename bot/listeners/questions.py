"""Questions in messages: mentions in channels, anything in direct messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot import wording
from bot.agent_session import at_work
from bot.answer_message import answer as answer_message
from bot.answers import Place
from bot.blocks import Message, plain
from bot.course import Asker, undelivered
from bot.delivery import may_not_post
from bot.incoming import Asked, read_event
from bot.listeners import overheard
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
        workspace = desk.workspaces.of(context)
        take(desk, workspace, body)
        overheard.take(desk, workspace, body)

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
        reply(desk, workspace, asked, message)

    desk.handle(
        asked.names,
        asked.channel,
        job,
        lambda message: reply(desk, workspace, asked, message),
        asker=Asker(workspace.team, asked.user, "direct" if asked.direct else "mention"),
        aside=None if asked.direct else lambda message: whisper(workspace, asked, message),
    )


def answer(desk: Desk, workspace: Workspace, asked: Asked) -> Message:
    if not asked.text:
        return plain(wording.HOW_TO_ASK)
    if len(asked.text) > wording.LONGEST_QUESTION:
        return plain(wording.too_long(len(asked.text)))
    place = Place(workspace.team, asked.channel, asked.thread)
    if (title := read_summary(asked.text)) and (made := summarised(desk, title)):
        return summary_message(made, desk.keep(made, place, asked.user))

    def parent() -> str:
        return desk.parents.of(workspace, asked.channel, asked.thread) if asked.in_thread and not asked.direct else ""

    shown = desk.ask(asked.text, place, asked.user, parent)
    return answer_message(shown.answer, shown.id, covered=desk.covered(shown.answer))


def summarised(desk: Desk, title: str) -> Summary | None:
    """The summary of the article of that title; None where no article, or several, are meant."""
    try:
        made = desk.summarise(title)
    except ArticleError:
        return None
    return made if made.quotes else None


def reply(desk: Desk, workspace: Workspace, asked: Asked, message: Message) -> None:
    """Post where it was asked. Where the bot may not, that is said once to the one who asked, who alone sees it."""
    try:
        workspace.outbox.post(asked.channel, message, asked.thread)
    except SlackApiError as error:
        if not may_not_post(error):
            raise
        undelivered()
        code = str(error.response.get("error"))
        desk.log.warning("The bot may not post in %s (%s)", asked.channel, code)
        try:
            whisper(workspace, asked, plain(wording.cannot_post(code)))
        except (SlackClientError, OSError) as silenced:
            desk.log.debug("Nor could %s be told: %s", asked.user, silenced)


def whisper(workspace: Workspace, asked: Asked, message: Message) -> None:
    """Say something to the person alone, where they look: in the thread, if it is one already."""
    workspace.outbox.whisper(asked.channel, asked.user, message, asked.thread if asked.in_thread else None)
