"""What the bot listens to. Each module has plain callbacks and a ``register`` that ties them to events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.listeners import actions, agent, commands, home, questions

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.desk import Desk


def register(app: App, desk: Desk) -> None:
    """Register every listener; ``home`` last, since it takes the events that nobody else wants."""
    for module in (questions, commands, actions, agent, home):
        module.register(app, desk)
