"""The button that shares a private answer with the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot import blocks, wording
from bot.delivery import DeliveryError
from bot.incoming import Interaction, read_button
from index.records import Answer

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace

_NOT_A_MEMBER = {"not_in_channel", "channel_not_found"}


def register(app: App, desk: Desk) -> None:
    def pressed(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack()
        take(desk, desk.workspaces.of(context), body)

    app.action(blocks.SHARE_ACTION)(pressed)


def take(desk: Desk, workspace: Workspace, body: dict[str, Any]) -> None:
    pressed = read_button(body)
    desk.handle(
        pressed.names,
        (pressed.channel, pressed.user),
        lambda: share(desk, workspace, pressed),
        lambda message: workspace.outbox.respond(pressed.response_url, message),
    )


def share(desk: Desk, workspace: Workspace, pressed: Interaction) -> None:
    """Post the answer for all to see and remove the private copy; once, however often the button is pressed."""
    outbox = workspace.outbox
    kept = desk.kept(workspace.team, pressed.text)
    if kept is None or kept.shown is None:
        outbox.respond(pressed.response_url, blocks.plain(wording.FORGOTTEN))
        return
    shown = kept.shown
    message = blocks.answer(shown, question=True) if isinstance(shown, Answer) else blocks.summary(shown)
    try:
        with desk.claims.once(("shared", workspace.team, kept.id)) as first:
            if first:
                outbox.post(pressed.channel, blocks.shared(message, pressed.user, pressed.user_name))
    except SlackApiError as error:
        if error.response.get("error") not in _NOT_A_MEMBER:
            raise
        outbox.respond(pressed.response_url, blocks.plain(wording.NOT_IN_CHANNEL))
        return
    try:
        with desk.claims.once(("removed", workspace.team, kept.id)) as first:
            if first:
                outbox.remove(pressed.response_url)
    except (DeliveryError, OSError) as error:
        desk.report(error)  # it has been shared, and that is what was asked for
