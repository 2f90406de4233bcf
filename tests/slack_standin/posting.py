"""The chat.* methods: what a bot may post where, and what Slack refuses.

Called with the stand-in and the arguments of the call; they return the answer or raise ``Refused``.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from slack_standin import blocks as kit
from slack_standin import events, parsing
from slack_standin.refusal import Refused
from slack_standin.workspace import Channel, Message

if TYPE_CHECKING:
    from slack_standin.standin import Slack

Args = dict[str, Any]


def structured(value: Any, error: str) -> Any:
    """A JSON argument, which form-encoded calls carry as a string."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refused(error) from None


def truthy(value: Any) -> bool:
    return value in (True, 1, "1", "true", "True")


def compose(slack: Slack, args: Args) -> tuple[str, list[dict[str, Any]]]:
    """The text and blocks of a message, checked as Slack checks them, with the ids it would fill in."""
    text = args.get("text") or ""
    blocks = structured(args.get("blocks"), "invalid_blocks_format") or []
    if not isinstance(text, str) or not isinstance(blocks, list):
        raise Refused("invalid_arguments")
    if not text.strip() and not blocks:
        raise Refused("no_text")
    if len(text) > 40_000:
        raise Refused("msg_too_long")
    if wrong := kit.problems(blocks):
        raise Refused("invalid_blocks", errors=wrong, response_metadata={"messages": wrong})
    if kit.too_long(blocks):
        raise Refused("msg_blocks_too_long")
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", f"b{slack.workspace.number()}")
        for element in parsing.nodes(block.get("elements", [])):
            if element.get("type") == "button":
                element.setdefault("action_id", f"a{slack.workspace.number()}")
    return text, blocks


def reach(slack: Slack, args: Args) -> Channel:
    """The channel of a call, if the bot may speak there; a user's id means the direct message with them."""
    name = str(args.get("channel") or "")
    if not name:
        raise Refused("invalid_arguments")
    channel = slack.dm_of(name) if name in slack.workspace.users else slack.workspace.channels.get(name)
    member = channel is not None and slack.workspace.bot.id in channel.members
    if channel is None or (channel.kind != "channel" and not member):
        raise Refused("channel_not_found")
    if not member and "chat:write.public" not in slack.grants.scopes:
        raise Refused("not_in_channel")
    return channel


def in_thread(slack: Slack, channel: Channel, args: Args) -> str | None:
    """The root of the thread that the call names; a reply's ts leads to its root."""
    ts = args.get("thread_ts")
    if ts in (None, ""):
        return None
    parent = slack.workspace.find(channel.id, str(ts))
    if parent is None or parent.to is not None:
        raise Refused("thread_not_found")
    return parent.thread_ts or parent.ts


def as_bot(slack: Slack, channel: Channel, args: Args, *, to: str | None = None) -> Message:
    """Put the bot's message into the channel; ``to`` makes it ephemeral."""
    text, blocks = compose(slack, args)
    linking = truthy(args.get("link_names")) or args.get("parse") == "full"
    return slack.workspace.add(
        Message(
            channel=channel.id,
            ts=slack.workspace.timestamp(),
            user=slack.workspace.bot.id,
            text=text,
            blocks=blocks,
            thread_ts=in_thread(slack, channel, args),
            bot_id=slack.workspace.bot_id,
            to=to,
            pings=parsing.pings(text, blocks, link_names=linking),
            links=parsing.links(text, blocks),
            sent={name: value for name, value in args.items() if name != "token"},
        )
    )


def post_message(slack: Slack, args: Args) -> Args:
    channel = reach(slack, args)
    slack.pace.take(channel.id)
    message = as_bot(slack, channel, args)
    slack.statuses.pop((channel.id, message.thread_ts or ""), None)
    slack.tell_of(message, events.message(slack.workspace, message))
    return {"channel": channel.id, "ts": message.ts, "message": message.shown()}


def post_ephemeral(slack: Slack, args: Args) -> Args:
    channel = reach(slack, args)
    user = str(args.get("user") or "")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    root = in_thread(slack, channel, args)
    if root and not any(m.channel == channel.id and m.thread_ts == root for m in slack.workspace.messages):
        # Slack says yes and shows nothing: "only shown if there is already an active thread".
        compose(slack, args)
        return {"message_ts": slack.workspace.timestamp()}
    message = as_bot(slack, channel, args, to=user)
    return {"message_ts": message.ts}


def _own(slack: Slack, args: Args, error: str) -> Message:
    channel = reach(slack, args)
    message = slack.workspace.find(channel.id, str(args.get("ts")))
    if message is None or message.to is not None:
        raise Refused("message_not_found")
    if message.bot_id != slack.workspace.bot_id:
        raise Refused(error)
    return message


def update(slack: Slack, args: Args) -> Args:
    message = _own(slack, args, "cant_update_message")
    before = copy.copy(message)
    message.text, message.blocks = compose(slack, args)
    message.pings += parsing.pings(message.text, message.blocks)
    message.edited = True
    slack.tell_of(message, events.message_changed(slack.workspace, before, message))
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": message.shown()}


def delete(slack: Slack, args: Args) -> Args:
    message = _own(slack, args, "cant_delete_message")
    message.deleted = True
    slack.tell_of(message, events.message_deleted(slack.workspace, message))
    return {"channel": message.channel, "ts": message.ts}
