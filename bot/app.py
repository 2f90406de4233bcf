"""The Slack app: built by a function, so that importing this module needs no token and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import SlackSettings

if TYPE_CHECKING:
    from slack_bolt import App

    from index.archive import Archive


def create_app(settings: SlackSettings, archive: Archive) -> App:
    """Build the Bolt app with every listener registered; asks Slack once (``auth.test``) who the bot is.

    Raises:
        SettingsError: Slack refuses the bot token.
        VerbatimError: Slack cannot be reached.
    """
    raise NotImplementedError
