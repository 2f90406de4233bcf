"""The app's manifest, the one source of what the app asks for when it is installed."""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).with_name("manifest.json")  # a link to the project's own; a built package has the file itself


def bot_scopes() -> list[str]:
    """The scopes of the bot, in the manifest's order."""
    scopes: list[str] = json.loads(FILE.read_text(encoding="utf-8"))["oauth_config"]["scopes"]["bot"]
    return scopes
