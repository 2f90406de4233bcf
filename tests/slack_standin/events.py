"""Events as Slack words them: a person's message, a mention, edits, deletions, joins and the rest."""

from __future__ import annotations

import uuid
from typing import Any

from slack_standin.workspace import Message, User, Workspace

Event = dict[str, Any]


def callback(workspace: Workspace, event: Event) -> Event:
    """The outer payload around an event, with an id of its own."""
    return {
        "token": "legacy-verification",
        "team_id": workspace.team,
        "context_team_id": workspace.team,
        "context_enterprise_id": None,
        "api_app_id": workspace.app_id,
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{workspace.number():08d}",
        "event_time": int(workspace.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-context",
    }


def _where(workspace: Workspace, channel: str) -> Event:
    return {"channel": channel, "channel_type": workspace.channels[channel].kind}


def message(workspace: Workspace, said: Message, **more: Any) -> Event:
    """``message``, of a person or of a bot."""
    event: Event = {
        **said.shown(),
        "team": workspace.team,
        "event_ts": said.ts,
        **_where(workspace, said.channel),
    }
    if said.bot_id is None and said.subtype is None:
        event["client_msg_id"] = str(uuid.uuid4())
    if said.bot_id == workspace.bot_id:
        event["app_id"] = workspace.app_id
    if said.thread_ts:
        root = workspace.find(said.channel, said.thread_ts)
        event["parent_user_id"] = root.user if root else None
    return event | more


# A mention in these is told as app_mention too; one in a join or a topic is not.
MENTIONING = (None, "file_share", "thread_broadcast", "bot_message")


def app_mention(workspace: Workspace, said: Message, **more: Any) -> Event:
    """``app_mention``, which comes beside the ``message`` of the same words."""
    left_out = {"channel_type"} if said.subtype == "bot_message" else {"channel_type", "subtype"}
    event = {name: value for name, value in message(workspace, said).items() if name not in left_out}
    return event | {"type": "app_mention"} | more


def message_changed(workspace: Workspace, before: Message, after: Message) -> Event:
    """``message`` of subtype message_changed; unfurled links come this way too."""
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": {**after.shown(), "edited": {"user": after.user, "ts": workspace.timestamp()}},
        "previous_message": before.shown(),
        "hidden": True,
        "ts": workspace.timestamp(),
        "event_ts": workspace.timestamp(),
        **_where(workspace, after.channel),
    }


def message_deleted(workspace: Workspace, gone: Message) -> Event:
    """``message`` of subtype message_deleted."""
    return {
        "type": "message",
        "subtype": "message_deleted",
        "deleted_ts": gone.ts,
        "previous_message": gone.shown(),
        "hidden": True,
        "ts": workspace.timestamp(),
        "event_ts": workspace.timestamp(),
        **_where(workspace, gone.channel),
    }


def app_home_opened(workspace: Workspace, user: User, channel: str, tab: str) -> Event:
    """``app_home_opened``, of the ``home`` or the ``messages`` tab."""
    return {
        "type": "app_home_opened",
        "user": user.id,
        "channel": channel,
        "tab": tab,
        "event_ts": workspace.timestamp(),
    }


def assistant_thread(workspace: Workspace, kind: str, user: User, root: Message) -> Event:
    """``assistant_thread_started`` or ``assistant_thread_context_changed``, as apps with ``assistant_view`` hear them."""
    return {
        "type": kind,
        "assistant_thread": {
            "user_id": user.id,
            "context": {"channel_id": "C0LOOKEDAT", "team_id": workspace.team, "enterprise_id": None},
            "channel_id": root.channel,
            "thread_ts": root.ts,
        },
        "event_ts": workspace.timestamp(),
    }


def app_uninstalled(workspace: Workspace) -> Event:
    return {"type": "app_uninstalled", "event_ts": workspace.timestamp()}


def tokens_revoked(workspace: Workspace) -> Event:
    """``tokens_revoked``, of the bot's token; no person has given the app one."""
    return {
        "type": "tokens_revoked",
        "tokens": {"oauth": [], "bot": [workspace.bot.id]},
        "event_ts": workspace.timestamp(),
    }
