"""The direct message as an agent's view: suggested prompts when it is opened.

Slack tells of the opening in one of two ways, by what the app's manifest says. With ``agent_view``: an
``app_home_opened`` event of the messages tab, and prompts belong to the channel. With the older ``assistant_view``:
``assistant_thread_started``, and they belong to the thread that it names, where the bot greets. (A thread's time in the
first case makes the call do nothing, without an error.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from bot import wording
from bot.blocks import Message, plain
from bot.opened import Opened, read_home_opened, read_thread_started
from bot.prompts import Prompts

if TYPE_CHECKING:
    from slack_bolt import App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace

_LANE = ("prompts",)  # one for all: they are looked for once, and whoever comes meanwhile waits there for the result


def register(app: App, desk: Desk) -> None:
    prompts = Prompts(desk.archive, desk.model)

    def opened(body: dict[str, Any], context: BoltContext) -> None:
        take_opened(desk, prompts, desk.workspaces.of(context), body)

    def started(body: dict[str, Any], context: BoltContext) -> None:
        take_started(desk, prompts, desk.workspaces.of(context), body)

    app.event("app_home_opened", matchers=[messages_tab])(opened)
    app.event("assistant_thread_started")(started)
    app.event("assistant_thread_context_changed")(leave)


def messages_tab(event: dict[str, Any]) -> bool:
    return event.get("tab") == "messages"


def leave() -> None:
    """What a person looks at beside the bot is nothing that answers depend on."""


def take_opened(desk: Desk, prompts: Prompts, workspace: Workspace, body: dict[str, Any]) -> None:
    opened = read_home_opened(body)
    if opened is None or not opened.channel:
        return
    desk.handle(opened.names, _LANE, lambda: offer(desk, prompts, workspace, opened), _nobody)


def take_started(desk: Desk, prompts: Prompts, workspace: Workspace, body: dict[str, Any]) -> None:
    started = read_thread_started(body)
    if started is None:
        return

    def greet() -> None:
        workspace.outbox.post(started.channel, plain(wording.GREETING), started.thread)
        desk.handle((), _LANE, lambda: offer(desk, prompts, workspace, started), _nobody)

    desk.handle(started.names, started.channel, greet, _nobody)


def offer(desk: Desk, prompts: Prompts, workspace: Workspace, opened: Opened) -> None:
    """Look for prompts where the index is new, and show them, on a lane of the person's own."""
    found = [prompt._asdict() for prompt in prompts.current()]

    def show() -> None:
        try:
            workspace.outbox.client.assistant_threads_setSuggestedPrompts(
                channel_id=opened.channel, thread_ts=opened.thread or None, title=wording.PROMPTS, prompts=found
            )
        except SlackApiError as error:  # a workspace may not have the feature: one line for each opening is enough
            desk.log.warning("Prompts could not be suggested: %s", error)

    desk.handle((), ("prompts", workspace.team, opened.channel), show, _nobody)


def _nobody(message: Message) -> None:
    """Who opens the bot has asked nothing yet, and hears of no trouble; the log does."""
