"""manifest.json asks for what the code uses, and for nothing else."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

from bot.app import SCOPES
from bot.listeners.commands import COMMANDS
from bot.wording import HELP

ROOT = Path(__file__).parents[2]
MANIFEST: dict[str, Any] = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
# From Slack's reference of its methods, events and features.
METHODS = {
    "auth_test": None,
    "apps_connections_open": None,
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
}
EVENTS = {"app_mention": "app_mentions:read", "message.im": "im:history", "app_home_opened": None}
FEATURES = {"slash_commands": "commands", "agent_view": "assistant:write"}


def methods_called() -> set[str]:
    """Every Web API method that ``bot/`` calls, by the names that slack_sdk's client gives them."""
    from slack_sdk import WebClient

    known = {name for name in dir(WebClient) if "_" in name.strip("_") and not name.startswith("_")}
    calls = [
        node.func.attr
        for path in (ROOT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return {name for name in calls if name in known}


def test_scopes_are_what_methods_events_and_features_need() -> None:
    """One scope too few and the bot is mute, one too many and nobody installs it."""
    assert methods_called() == set(METHODS)
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    assert set(events) == set(EVENTS)
    needed = {*METHODS.values(), *EVENTS.values(), *FEATURES.values()} - {None}
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed == SCOPES


def test_commands_are_what_the_code_registers() -> None:
    """Each with a hint, a help text, and registered under its name."""
    commands = MANIFEST["features"]["slash_commands"]
    assert [command["command"] for command in commands] == list(COMMANDS) == list(HELP)
    assert all(command["usage_hint"] and not command["should_escape"] for command in commands)


def test_the_messages_tab_is_open_and_buttons_work() -> None:
    """People can write to the bot, press its buttons, and need no public address."""
    home = MANIFEST["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
    assert MANIFEST["settings"]["socket_mode_enabled"]


def test_slacks_limits_are_kept() -> None:
    """Slack does not save a manifest beyond them."""
    shown, features = MANIFEST["display_information"], MANIFEST["features"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert len(features["bot_user"]["display_name"]) <= 80
    assert len(features["agent_view"]["agent_description"]) <= 300
    assert len(features["agent_view"]["suggested_prompts"]) <= 4
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z_-]{1,31}", command["command"])
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
