"""The message shortcut: a message's sentences beside the articles, in a window for the one who asked."""

from __future__ import annotations

import time
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
    """Show the passages; where that takes longer, the window opens at once and fills when they are there."""
    started = time.monotonic()
    claims, questions = claims_in(called.text)
    taken = claims[: wording.MOST_CHECKED]
    found: list[Checked] = []
    for claim in taken:
        # The next sentence takes about as long as those before.
        expected = (time.monotonic() - started) / len(found) if found else 0.0
        if modal.pending and time.monotonic() - started + expected > PATIENCE:
            modal.wait(check_view.reading(len(taken)))
        if not desk.model.acquire(timeout=max(0.0, PATIENCE + started - time.monotonic())):
            modal.wait(check_view.reading(len(taken)))
            desk.model.acquire()
        try:
            found += desk.archive.check([claim])
        finally:
            desk.model.release()
    rest = (found, len(claims) - len(taken), questions)
    modal.show(check_view.checked(*rest), check_view.message(*rest))
