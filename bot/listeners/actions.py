"""The button that shares a private answer with the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot import blocks, wording
from bot.delivery import DeliveryError
from bot.incoming import Interaction, read_button

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.desk import Desk

_NOT_A_MEMBER = {"not_in_channel", "channel_not_found"}


def register(app: App, desk: Desk) -> None:
    def pressed(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        take(desk, body)

    app.action(blocks.SHARE_ACTION)(pressed)


def take(desk: Desk, body: dict[str, Any]) -> None:
    pressed = read_button(body)
    desk.handle(
        pressed.names,
        (pressed.channel, pressed.user),
        lambda: share(desk, pressed),
        lambda message: desk.outbox.respond(pressed.response_url, message),
    )


def share(desk: Desk, pressed: Interaction) -> None:
    """Post the answer for all to see and remove the private copy; once, however often the button is pressed."""
    message = desk.shareable.get(pressed.text)
    if message is None:
        desk.outbox.respond(pressed.response_url, blocks.plain(wording.FORGOTTEN))
        return
    try:
        with desk.claims.once(("shared", pressed.text)) as first:
            if first:
                desk.outbox.post(pressed.channel, blocks.shared(message, pressed.user, pressed.user_name))
    except SlackApiError as error:
        if error.response.get("error") not in _NOT_A_MEMBER:
            raise
        desk.outbox.respond(pressed.response_url, blocks.plain(wording.NOT_IN_CHANNEL))
        return
    try:
        with desk.claims.once(("removed", pressed.text)) as first:
            if first:
                desk.outbox.remove(pressed.response_url)
    except (DeliveryError, OSError) as error:
        desk.report(error)  # it has been shared, and that is what was asked for
