"""Everything else that Slack may send: acknowledged, and left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.desk import Desk


def register(app: App, desk: Desk) -> None:
    """Register for every event (``app_home_opened`` among them).

    An event without a listener gets a 404 from Bolt, and Slack switches off an app that answers too many so.
    """
    app.event(re.compile(".*"))(ignore)


def ignore() -> None:
    """The suggested prompts of the agent's pane are in the manifest, so that opening it needs no answer."""
