"""The home tab, what its buttons open, and everything else that Slack may send: acknowledged, and left."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot import home_view, wording
from bot.admins import is_admin
from bot.blocks import Message, plain
from bot.channels import ChannelSettings
from bot.incoming import Interaction, read_button
from bot.opened import Submitted, read_channel_settings, read_home_opened
from bot.overview import Overviews

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace

Opens = Callable[["Desk", "Workspace", Interaction], home_view.View | None]

_TOO_LATE = {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "trigger_exchanged"}


def register(app: App, desk: Desk) -> None:
    """Register for every event.

    An event without a listener gets a 404 from Bolt, and Slack switches off an app that answers too many so.
    """
    overviews = Overviews(desk.archive)

    def opened(body: dict[str, Any], context: BoltContext) -> None:
        take_opened(desk, overviews, desk.workspaces.of(context), body)

    def submitted(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:
        ack()
        take_submitted(desk, overviews, desk.workspaces.of(context), body)

    app.event("app_home_opened", matchers=[home_tab])(opened)
    app.action(home_view.SHOW_ACTION)(_pressed(desk, show_answer))
    app.action(home_view.CHANNEL_ACTION)(_pressed(desk, change_channel))
    app.view(home_view.CHANNEL_CALLBACK)(submitted)
    app.event(re.compile(".*"))(ignore)


def home_tab(event: dict[str, Any]) -> bool:
    return event.get("tab") == "home"


def ignore() -> None:
    """Nothing that the bot has an answer for."""


def _pressed(desk: Desk, opens: Opens) -> Callable[..., None]:
    def pressed(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:  # Bolt fills parameters by their names
        ack()
        take_pressed(desk, desk.workspaces.of(context), body, opens)

    return pressed


def take_opened(desk: Desk, overviews: Overviews, workspace: Workspace, body: dict[str, Any]) -> None:
    opened = read_home_opened(body)
    if opened is None:
        return

    def tell(message: Message) -> None:
        workspace.outbox.client.views_publish(user_id=opened.user, view=home_view.only(message))

    desk.handle(
        opened.names, _lane(workspace, opened.user), lambda: publish(desk, overviews, workspace, opened.user), tell
    )


def take_pressed(desk: Desk, workspace: Workspace, body: dict[str, Any], opens: Opens) -> None:
    """A button of the home tab that opens a modal. What cannot be shown there is said in a direct message."""
    pressed = read_button(body)
    if not pressed.user:
        return

    def tell(message: Message) -> None:
        workspace.outbox.post(pressed.user, message)

    def job() -> None:
        view = opens(desk, workspace, pressed)
        if view is None:
            tell(plain(wording.NO_ADMIN))
            return
        try:
            workspace.outbox.open_view(pressed.trigger_id, view)
        except SlackApiError as error:
            if error.response.get("error") not in _TOO_LATE:
                raise
            tell(plain(wording.TOO_LATE))

    desk.handle(pressed.names, _lane(workspace, pressed.user), job, tell)


def take_submitted(desk: Desk, overviews: Overviews, workspace: Workspace, body: dict[str, Any]) -> None:
    submitted = read_channel_settings(body, home_view.CHANNEL, home_view.UNASKED)
    if submitted is None:
        return

    def tell(message: Message) -> None:
        workspace.outbox.post(submitted.user, message)

    def job() -> None:
        if save(desk, workspace, submitted):
            publish(desk, overviews, workspace, submitted.user)
        else:
            tell(plain(wording.NO_ADMIN))

    desk.handle(submitted.names, _lane(workspace, submitted.user), job, tell)


def publish(desk: Desk, overviews: Overviews, workspace: Workspace, user: str) -> None:
    """Show a person their home tab as it is now."""
    asked = channels = None
    try:
        asked = desk.answers.asked_by(workspace.team, user, home_view.MOST_ASKED)
        if is_admin(desk, workspace, user):
            channels = desk.channels.all(workspace.team)
    except SQLAlchemyError as error:
        desk.report(error)  # the rest of the tab is worth having without
    view = home_view.home(overviews.current(), asked, channels)
    workspace.outbox.client.views_publish(user_id=user, view=view)


def show_answer(desk: Desk, workspace: Workspace, pressed: Interaction) -> home_view.View:
    """The answer that a button names, to the person who asked for it alone."""
    kept = desk.kept(workspace.team, pressed.text)
    if kept is None or kept.user != pressed.user:
        return home_view.notice_modal(wording.GONE)
    return home_view.answer_modal(kept)


def change_channel(desk: Desk, workspace: Workspace, pressed: Interaction) -> home_view.View | None:
    """The settings of the channel that a button names, or of one to be chosen; None for who is no administrator."""
    if not is_admin(desk, workspace, pressed.user):
        return None
    settings = desk.channels.get(workspace.team, pressed.text) if pressed.text else ChannelSettings()
    return home_view.channel_modal(pressed.text or None, settings)


def save(desk: Desk, workspace: Workspace, submitted: Submitted) -> bool:
    """Set what was submitted; False, and nothing set, where it was no administrator."""
    if not is_admin(desk, workspace, submitted.user):
        return False
    before = desk.channels.get(workspace.team, submitted.channel)
    now = ChannelSettings(before.collections, submitted.unasked)
    desk.channels.put(workspace.team, submitted.channel, now, submitted.user)
    return True


def _lane(workspace: Workspace, user: str) -> tuple[str, str, str]:
    """One lane a person: a home tab that was published later is the newer one."""
    return ("home", workspace.team, user)
