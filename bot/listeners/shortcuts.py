"""The message shortcut: a message's sentences beside the articles, in a window for the one who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import check_view, wording
from bot.blocks import Message
from bot.incoming import Interaction, read_shortcut
from bot.modal import Modal
from index.checking import claims_in
from index.records import Checked

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace

CHECK_MESSAGE = "check_message"
SHORTCUTS = (CHECK_MESSAGE,)

PATIENCE = 1.0
"""Seconds until a window says that the articles are being read; Slack opens it within three."""


def register(app: App, desk: Desk) -> None:
    def called(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack()
        take(desk, desk.workspaces.of(context), body)

    app.message_shortcut(CHECK_MESSAGE)(called)


def take(desk: Desk, workspace: Workspace, body: dict[str, Any]) -> None:
    called = read_shortcut(body)
    modal = Modal(workspace, called)

    def tell(message: Message) -> None:
        modal.show(check_view.notice(message), message)

    # One at a time for a person: nobody's twenty sentences keep others from the threads that answer.
    desk.handle(called.names, ("checked", workspace.team, called.user), lambda: check(desk, called, modal), tell)


def check(desk: Desk, called: Interaction, modal: Modal) -> None:
    """Show the passages; where that takes longer, the window opens meanwhile and fills when they are there."""
    with modal.waiting(check_view.reading(), PATIENCE):
        claims, questions = claims_in(called.text)
        taken = claims[: wording.MOST_CHECKED]
        found: list[Checked] = []
        for claim in taken:
            with desk.model:  # for each anew: others are answered in between
                found += desk.archive.check([claim])
    rest = (found, len(claims) - len(taken), questions)
    modal.show(check_view.checked(*rest), check_view.message(*rest))
