"""What people say in channels without asking the bot: follow-ups in its threads, and questions where it is let in.

Nobody who did not ask gets a no. In a thread in which the bot has answered, what reads as a question is answered
where the articles can; at the top of a channel only where an administrator wants that, and more surely.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.answer_message import answer as answer_message
from bot.answers import Place
from bot.course import Asker, undelivered
from bot.delivery import may_not_post
from bot.incoming import Asked, read_overheard
from index.remarks import asks

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.workspaces import Workspace

UNASKED = 0.5
"""The least confidence of an answer that nobody asked for. At the operating point one tempting question in two is
answered wrongly, which is fair to somebody who asked and sees the quote, and a nuisance to a channel that did not; from
here on an answer is likelier right than wrong. Where the operating point is higher, it decides (``answerable``)."""

QUIET = 600.0
"""Seconds for which a channel is left alone in which the bot may not post."""


def take(desk: Desk, workspace: Workspace, body: dict[str, Any]) -> None:
    """Take a message up if it may be for the bot to answer though nobody asked it."""
    said = read_overheard(body, workspace.bot_user)
    if said is not None and asks(said.text):
        desk.overhear(
            said.names,
            said.channel,
            lambda: _wanted(desk, workspace, said),
            lambda: _answer(desk, workspace, said),
            Asker(workspace.team, said.user, "overheard"),
        )


def _wanted(desk: Desk, workspace: Workspace, said: Asked) -> bool:
    """Whether the bot is let into this talk."""
    if (desk.quiet.get((workspace.team, said.channel)) or 0.0) > time.monotonic():
        return False
    if not said.in_thread:
        return desk.channels.recent(workspace.team, said.channel).unasked
    if said.parent_user == workspace.bot_user:  # an answer that somebody shared, for example
        return True
    try:
        return desk.answers.answered_in(_place(workspace, said))
    except SQLAlchemyError as error:
        desk.log.warning("Whose thread it is cannot be seen just now: %s", type(error).__name__)
        return False


def _answer(desk: Desk, workspace: Workspace, said: Asked) -> None:
    shown = desk.ask_quietly(said.text, _place(workspace, said), said.user, 0.0 if said.in_thread else UNASKED)
    if shown is None:
        return
    try:
        workspace.outbox.post(said.channel, answer_message(shown.answer, shown.id), said.thread)
    except SlackApiError as error:
        if not may_not_post(error):
            raise
        undelivered()
        desk.log.warning("The bot may not post in %s (%s)", said.channel, error.response.get("error"))
        desk.quiet.put((workspace.team, said.channel), time.monotonic() + QUIET)


def _place(workspace: Workspace, said: Asked) -> Place:
    return Place(workspace.team, said.channel, said.thread)
