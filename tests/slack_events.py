"""Events as Slack sends them, each with what the bot has to do: how many messages it says in the channel.

Every case has a channel of its own: ``CHANNEL`` and ``DIRECT`` are replaced by its id. ``ASKED`` is answered by the
project's articles, ``UNSAID`` is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Event = Mapping[str, Any]

ME, MY_BOT = "U0VERBATIM", "B0VERBATIM"
ADA, BOB = "U00000ADA", "U00000BOB"
CHANNEL, DIRECT = "C0000000000", "D0000000000"
ROOT, FIRST, SECOND, THIRD = (f"17199{n}0000.000{n}19" for n in (1, 2, 3, 4))
ASKED = "Which countries sent troops?"
OTHER = "How many passengers does the Marigold carry?"
UNSAID = "Who won the chess championship of Atlantis in 1998?"


@dataclass(frozen=True)
class Case:
    """``events`` come in this order; ``says`` is how many messages the bot posts; ``kind`` is the channel's."""

    says: int
    events: tuple[Event, ...]
    kind: str = "channel"


def said(text: str = ASKED, ts: str = FIRST, **more: Any) -> dict[str, Any]:
    """``message`` of a person in a public channel."""
    return {
        "user": ADA,
        "type": "message",
        "ts": ts,
        "client_msg_id": "8cca5b8c-2dbe-4b3d-9f9f-7a2f4b7ac7b1",
        "text": text,
        "team": "T0WORKPAPER",
        "blocks": [
            {
                "type": "rich_text",
                "block_id": "xY1z",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}],
            }
        ],
        "channel": CHANNEL,
        "event_ts": ts,
        "channel_type": "channel",
    } | more


def mention(text: str = f"<@{ME}> {ASKED}", ts: str = FIRST, **more: Any) -> dict[str, Any]:
    """``app_mention``, which knows no ``channel_type``."""
    event = said(text, ts) | {"type": "app_mention"}
    del event["channel_type"]
    return event | more


def heard(text: str = f"<@{ME}> {ASKED}", ts: str = FIRST, **more: Any) -> dict[str, Any]:
    """The ``message`` that comes beside an ``app_mention``."""
    return said(text, ts, **more)


def under(root: str = ROOT, by: str = BOB) -> dict[str, Any]:
    """What a message in a thread has more."""
    return {"thread_ts": root, "parent_user_id": by}


def told(text: str = ASKED, ts: str = FIRST, **more: Any) -> dict[str, Any]:
    """``message`` in a direct message."""
    return said(text, ts, channel=DIRECT, channel_type="im") | more


def changed(event: Event, **more: Any) -> dict[str, Any]:
    """``message_changed`` around a message; previews of links and the first reply of a thread bring it, too."""
    inner = {name: value for name, value in event.items() if name not in ("channel", "event_ts", "channel_type")}
    return {
        "type": "message",
        "subtype": "message_changed",
        "message": inner | {"edited": {"user": ADA, "ts": SECOND}},
        "previous_message": inner,
        "channel": event["channel"],
        "hidden": True,
        "ts": SECOND,
        "event_ts": SECOND,
        "channel_type": event["channel_type"],
    } | more


def deleted(event: Event) -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": "message_deleted",
        "previous_message": dict(event),
        "channel": event["channel"],
        "hidden": True,
        "deleted_ts": event["ts"],
        "ts": SECOND,
        "event_ts": SECOND,
        "channel_type": event["channel_type"],
    }


def joins(user: str, subtype: str = "channel_join") -> dict[str, Any]:
    return {
        "type": "message",
        "subtype": subtype,
        "user": user,
        "text": f"<@{user}> has joined the channel",
        "inviter": BOB,
        "channel": CHANNEL,
        "ts": FIRST,
        "event_ts": FIRST,
        "channel_type": "channel",
    }


BOT = {"id": "B0000OTHER", "name": "feed", "app_id": "A0000OTHER", "team_id": "T0WORKPAPER", "deleted": False}
FILE = {"id": "F00000001", "name": "page.png", "mimetype": "image/png", "user": ADA, "file_access": "visible"}
FILES = {"files": [FILE], "upload": False, "display_as_bot": False}
ROOM = {"id": "R00000001", "created_by": ADA, "call_family": "huddle", "participants": [ADA], "has_ended": False}
WORKFLOW = {"bot_id": "B0000FLOW", "app_id": "A0000FLOW", "workflow_id": "Wf00000001", "username": "Standup"}
NOBODY = {"subtype": None, "bot_id": None, "bot_profile": None, "thread_ts": None, "edited": None, "hidden": None}
EMPTY = {"subtype": "", "bot_id": "", "thread_ts": "", "client_msg_id": "", "parent_user_id": ""}

MENTIONS = {
    "a mention": Case(1, (mention(),)),
    "a mention, and its message": Case(1, (mention(), heard())),
    "a message, and its mention": Case(1, (heard(), mention())),
    "a mention of which only the message comes": Case(1, (heard(),)),
    "both, again and again": Case(1, (heard(), mention(), heard(), mention(), mention(), heard())),
    "both, without an answer": Case(1, (heard(f"<@{ME}> {UNSAID}"), mention(f"<@{ME}> {UNSAID}"))),
    "two mentions": Case(2, (mention(), mention(ts=SECOND))),
    "a mention with a label": Case(1, (mention(f"<@{ME}|verbatim> {ASKED}"), heard(f"<@{ME}|verbatim> {ASKED}"))),
    "a mention behind": Case(1, (heard(f"{ASKED} <@{ME}>"), mention(f"{ASKED} <@{ME}>"))),
    "a mention after a person's": Case(1, (heard(f"<@{BOB}> <@{ME}> {ASKED}"), mention(f"<@{BOB}> <@{ME}> {ASKED}"))),
    "a mention with a file": Case(1, (heard(subtype="file_share", **FILES), mention(**FILES))),
    "a mention with null in all places": Case(1, (heard(**NOBODY, files=None, blocks=None), mention(**NOBODY))),
    "a mention with nothing in all places": Case(1, (heard(**EMPTY), mention(**EMPTY))),
    "a mention alone": Case(1, (heard(f"<@{ME}>"), mention(f"<@{ME}>"))),
    "a mention without text": Case(1, (mention(None),)),  # type: ignore[arg-type]
    "a mention of a guest from another workspace": Case(
        1, (mention(user_team="T0ELSEWHERE", source_team="T0ELSEWHERE", team="T0ELSEWHERE"),)
    ),
    "a mention in a private channel": Case(1, (heard(channel_type="group"), mention()), "group"),
    "a mention in a group message": Case(1, (mention(),), "mpim"),
    "a mention in a group message, told twice": Case(1, (heard(channel_type="mpim"), mention()), "mpim"),
    "an edited mention": Case(0, (mention(edited={"user": ADA, "ts": SECOND}),)),
    "a mention that an edit brings": Case(0, (said(), changed(heard()), mention(edited={"user": ADA, "ts": SECOND}))),
    "a hidden mention": Case(0, (mention(hidden=True), heard(hidden=True))),
    "a mention by a bot": Case(0, (mention(bot_id="B0000OTHER"), heard(bot_id="B0000OTHER"))),
    "a mention by a bot with a profile": Case(0, (mention(bot_profile=BOT), heard(bot_profile=BOT))),
    "a mention by a bot of the old kind": Case(
        0, (mention(subtype="bot_message", bot_id="B0000OTHER"), heard(subtype="bot_message", bot_id="B0000OTHER"))
    ),
    "a mention by a workflow": Case(0, (mention(**WORKFLOW), heard(**WORKFLOW))),
    "a mention by itself": Case(0, (mention(user=ME, bot_id=MY_BOT), heard(user=ME, bot_id=MY_BOT))),
    "a mention by itself, without its bot's id": Case(0, (mention(user=ME), heard(user=ME))),
    "a mention by Slackbot": Case(0, (mention(user="USLACKBOT"), heard(user="USLACKBOT"))),
    "a mention by Slack": Case(0, (mention(user="USLACK"), heard(user="USLACK"))),
    "a mention by nobody": Case(0, (mention(user=None), heard(user=""))),
    "a mention nowhere": Case(0, (mention(channel=None), heard(channel=""))),
    "a mention at no time": Case(0, (mention(ts=None), heard(ts=""))),
}

TALK = {
    "talk": Case(0, (said(),)),
    "talk in a private channel": Case(0, (said(channel_type="group"),), "group"),
    "talk in a group message": Case(0, (said(channel_type="mpim"),), "mpim"),
    "talk to somebody": Case(0, (said(f"<@{BOB}> {ASKED}"),)),
    "talk to all": Case(0, (said(f"<!channel> {ASKED}"),)),
    "talk with a file": Case(0, (said(subtype="file_share", **FILES),)),
    "talk that shares a message": Case(0, (said(attachments=[{"is_share": True, "text": f"<@{ME}> {ASKED}"}]),)),
    "talk that quotes a mention in code": Case(0, (said(f"`&lt;@{ME}&gt; {ASKED}`"),)),
    "talk that unfurls": Case(0, (said("https://example.org"), changed(said("https://example.org")))),
    "talk that is edited": Case(0, (said(), changed(said()))),
    "talk that is deleted": Case(0, (said(), deleted(said()))),
    "a bot's message": Case(0, (said(bot_id="B0000OTHER", bot_profile=BOT, app_id="A0000OTHER"),)),
    "its own message": Case(0, (said(user=ME, bot_id=MY_BOT, app_id="A0VERBATIM"),)),
}

_ANSWERED = (heard(), mention())  # FIRST is then the root of a thread of the bot's
_HERE = under(FIRST, ADA)

THREADS = {
    "a thread of others": Case(0, (said(ts=ROOT), said(OTHER, **under()))),
    "a mention in a thread of others": Case(1, (heard(**under()), mention(**under()))),
    "a mention in a thread of others, and a follow-up": Case(2, (mention(**under()), said(OTHER, SECOND, **under()))),
    "a mention sent to the channel, too": Case(
        1, (heard(subtype="thread_broadcast", root=said("Look.", ROOT), **under()), mention(**under()))
    ),
    "a follow-up": Case(2, (*_ANSWERED, said(OTHER, SECOND, **_HERE))),
    "a follow-up that comes again": Case(2, (*_ANSWERED, *([said(OTHER, SECOND, **_HERE)] * 3))),
    "a follow-up sent to the channel, too": Case(
        2, (*_ANSWERED, said(OTHER, SECOND, subtype="thread_broadcast", root=heard(), **_HERE))
    ),
    "a follow-up in a private channel": Case(
        2,
        (heard(channel_type="group"), mention(), said(OTHER, SECOND, channel_type="group", **_HERE)),
        "group",
    ),
    "a follow-up with a mention": Case(
        2, (*_ANSWERED, heard(f"<@{ME}> {OTHER}", SECOND, **_HERE), mention(f"<@{ME}> {OTHER}", SECOND, **_HERE))
    ),
    "a follow-up with a mention, and no answer": Case(
        2, (*_ANSWERED, heard(f"<@{ME}> {UNSAID}", SECOND, **_HERE), mention(f"<@{ME}> {UNSAID}", SECOND, **_HERE))
    ),
    "a follow-up that the articles do not answer": Case(1, (*_ANSWERED, said(UNSAID, SECOND, **_HERE))),
    "thanks": Case(1, (*_ANSWERED, said("Thanks!", SECOND, **_HERE))),
    "a remark": Case(1, (*_ANSWERED, said("The first wave consists of 2,500 soldiers.", SECOND, **_HERE))),
    "a question among people": Case(1, (*_ANSWERED, said("What do you think?", SECOND, **_HERE))),
    "a question to somebody": Case(1, (*_ANSWERED, said(f"<@{BOB}> {OTHER}", SECOND, **_HERE))),
    "a question about a file": Case(1, (*_ANSWERED, said(OTHER, SECOND, subtype="file_share", **FILES, **_HERE))),
    "a bot's follow-up": Case(1, (*_ANSWERED, said(OTHER, SECOND, bot_id="B0000OTHER", **_HERE))),
    "an edited follow-up": Case(1, (*_ANSWERED, changed(said(OTHER, SECOND, **_HERE)))),
    "a deleted question": Case(1, (*_ANSWERED, deleted(heard()))),
    "the thread's own news": Case(
        1, (*_ANSWERED, changed(heard(reply_count=1, reply_users=[ME], latest_reply=SECOND, thread_ts=FIRST)))
    ),
    "the thread's own news, of the old kind": Case(
        1, (*_ANSWERED, {**changed(heard(thread_ts=FIRST)), "subtype": "message_replied"})
    ),
}

DIRECTLY = {
    "a direct message": Case(1, (told(),), "im"),
    "a direct message that comes again": Case(1, (told(), told(), told()), "im"),
    "a direct message without an answer": Case(1, (told(UNSAID),), "im"),
    "a direct message with a mention": Case(1, (told(f"<@{ME}> {ASKED}"),), "im"),
    "a direct message with a file": Case(1, (told(subtype="file_share", **FILES),), "im"),
    "a direct message in a thread": Case(2, (told(), told(OTHER, SECOND, thread_ts=FIRST, parent_user_id=ADA)), "im"),
    "a direct message of the older kind of app": Case(
        1, (told(thread_ts=ROOT, assistant_thread={"action_token": "x"}),), "im"
    ),
    "the root of an assistant's thread": Case(
        0, (told("New chat", user=ME, bot_id=MY_BOT, subtype="assistant_app_thread", assistant_app_thread={}),), "im"
    ),
    "news of an assistant's thread": Case(0, (changed(told("New chat", subtype="assistant_app_thread")),), "im"),
    "its own direct message": Case(0, (told(user=ME, bot_id=MY_BOT),), "im"),
    "a bot's direct message": Case(0, (told(bot_id="B0000OTHER", bot_profile=BOT),), "im"),
    "Slackbot's direct message": Case(0, (told(user="USLACKBOT", subtype="slackbot_response"),), "im"),
    "Slack's direct message": Case(0, (told("archived the channel", user="USLACK"),), "im"),
    "an edited direct message": Case(0, (changed(told()),), "im"),
    "a deleted direct message": Case(0, (deleted(told()),), "im"),
}

# Every subtype that Slack lists, or was seen to send, apart from those in which a person says something.
SUBTYPES = (
    "app_conversation_join app_conversation_leave assistant_app_thread bot_add bot_disable bot_enable bot_message "
    "bot_remove canvas_updated channel_archive channel_canvas_updated channel_convert_to_private "
    "channel_convert_to_public channel_join channel_leave channel_name channel_posting_permissions channel_purpose "
    "channel_topic channel_unarchive document_comment_root document_mention ekm_access_denied file_comment file_created "
    "file_mention group_archive group_join group_leave group_name group_purpose group_topic group_unarchive huddle_thread "
    "joiner_notification joiner_notification_for_inviter list_record_comment me_message message_changed message_deleted "
    "message_replied pinned_item reminder_add reminder_delete reply_broadcast sh_room_created sh_room_shared "
    "share_shortcut slackbot_response tabbed_canvas_updated tombstone unpinned_item a_subtype_of_tomorrow"
).split()

SYSTEM = {
    **{f"{name} in a channel": Case(0, (heard(subtype=name),)) for name in SUBTYPES},
    "all of them in a thread of its own": Case(
        1, (*_ANSWERED, *(said(OTHER, f"1719950000.{n:06d}", subtype=name, **_HERE) for n, name in enumerate(SUBTYPES)))
    ),
    **{f"{name} in a direct message": Case(0, (told(subtype=name),), "im") for name in SUBTYPES},
    "a huddle": Case(0, (said("", user="USLACKBOT", subtype="huddle_thread", room=ROOM, no_notifications=True),)),
    "a huddle, directly": Case(0, (told("A huddle started", user=ADA, subtype="huddle_thread", room=ROOM),), "im"),
    "a topic that mentions it": Case(0, (said(f"set the topic: <@{ME}> {ASKED}", subtype="channel_topic"),)),
    "it joins": Case(1, (joins(ME),)),
    "it joins a private channel": Case(1, ({**joins(ME, "group_join"), "channel_type": "group"},), "group"),
    "it joins, told twice": Case(1, (joins(ME), joins(ME))),
    "a person joins": Case(0, (joins(ADA), joins(BOB, "group_join"))),
    "a person joins, told by the event": Case(
        0, ({"type": "member_joined_channel", "user": ADA, "channel": CHANNEL, "channel_type": "C"},)
    ),
}  # fmt: skip

ELSEWHERE = {
    f"the event {kind}": Case(0, ({"type": kind, "user": ADA, "channel": CHANNEL, "event_ts": FIRST, **more},))
    for kind, more in {
        "reaction_added": {"item": {"type": "message", "channel": CHANNEL, "ts": FIRST}, "reaction": "eyes"},
        "member_left_channel": {"channel_type": "C"},
        "channel_archive": {},
        "channel_rename": {"channel": {"id": CHANNEL, "name": "news", "created": 1}},
        "app_home_opened": {"tab": "messages"},
        "user_huddle_changed": {"user": {"id": ADA, "profile": {"huddle_state": "in_a_huddle"}}},
        "file_shared": {"file_id": "F00000001", "user_id": ADA},
        "link_shared": {"message_ts": FIRST, "links": [{"url": "https://example.org", "domain": "example.org"}]},
        "an_event_of_tomorrow": {},
    }.items()
}

BROKEN = {
    "a message without anything": Case(0, ({"type": "message"},)),
    "a mention without anything": Case(0, ({"type": "app_mention"},)),
    "a mention with a text that is none": Case(1, (mention(5),)),  # type: ignore[arg-type]
    "talk with a text that is none": Case(0, (said({"text": ASKED}),)),  # type: ignore[arg-type]
    "a direct message with blocks that are none": Case(1, (told(blocks="none", files={}, attachments=7),), "im"),
    "a mention by somebody who is none": Case(0, (mention(user={"id": ADA}), heard(user=[ADA]))),
    "a mention at a time that is none": Case(0, (mention(ts=17.1), heard(ts={"ts": FIRST}))),
    "a mention in a thread that is none": Case(1, (mention(thread_ts=17.1), heard(thread_ts=[FIRST]))),
    "a subtype that is none": Case(1, (mention(subtype=5), heard(subtype={}))),
    "a lone surrogate": Case(1, (mention(f"<@{ME}> {ASKED} \ud83d"),)),
    "a very long mention": Case(1, (mention(f"<@{ME}> " + ASKED * 2000),)),
    "talk that never ends": Case(0, (said("Who " * 9_000 + "?", **under()),)),
}

CASES: dict[str, Case] = {**MENTIONS, **TALK, **THREADS, **DIRECTLY, **SYSTEM, **ELSEWHERE, **BROKEN}
