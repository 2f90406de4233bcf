"""What an app may do and hears of: the scopes of methods and events, and the manifest that grants them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")

METHODS: Mapping[str, tuple[str, ...]] = {
    "assistant.threads.setStatus": ("assistant:write", "chat:write"),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "assistant.threads.setTitle": ("assistant:write",),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "conversations.replies": _HISTORY,
    "reactions.add": ("reactions:write",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
}

EVENTS: Mapping[str, str] = {
    "app_mention": "app_mentions:read",
    "assistant_thread_started": "assistant:write",
    "assistant_thread_context_changed": "assistant:write",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
}

KIND_OF_MESSAGE = {
    "channel": "message.channels",
    "group": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


@dataclass(frozen=True, slots=True)
class Grants:
    """What the manifest grants: bot scopes, events subscribed to, slash commands, the home tab."""

    scopes: frozenset[str]
    events: frozenset[str]
    commands: frozenset[str]
    home_tab: bool = True

    @classmethod
    def of_manifest(cls, manifest: Mapping[str, Any]) -> Grants:
        """Read a manifest; Slack does not save one that subscribes to events without their scopes."""
        scopes = frozenset(manifest["oauth_config"]["scopes"]["bot"])
        events = frozenset(manifest["settings"].get("event_subscriptions", {}).get("bot_events", ()))
        commands = frozenset(entry["command"] for entry in manifest["features"].get("slash_commands", ()))
        lacking = sorted(event for event in events if event in EVENTS and EVENTS[event] not in scopes)
        if lacking:
            raise ValueError(f"the manifest subscribes to {', '.join(lacking)} without the scope for it")
        if commands and "commands" not in scopes:
            raise ValueError("the manifest has slash commands without the scope 'commands'")
        home_tab = bool(manifest["features"].get("app_home", {}).get("home_tab_enabled"))
        return cls(scopes, events, commands, home_tab)

    @classmethod
    def read(cls, path: Path) -> Grants:
        return cls.of_manifest(json.loads(path.read_text(encoding="utf-8")))
