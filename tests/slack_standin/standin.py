"""A Slack for tests: a workspace on 127.0.0.1 in which people speak, and which holds the bot to Slack's rules.

    with Slack(grants) as slack:
        ada = slack.workspace.user("ada")
        news = slack.workspace.channel("news", ada)
        asked = slack.mention(ada, news, "Which countries sent troops?")
        reply = slack.reply_to(asked)

The bot's clients reach it at ``slack.base_url``; payloads come to the bot over Socket Mode, or, after
``slack.use_http(port)``, as signed requests.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from slack_standin import events, parsing
from slack_standin.courier import Courier, Delivery
from slack_standin.faults import Faults
from slack_standin.pace import Pace
from slack_standin.responses import Permission, Responses
from slack_standin.scopes import KIND_OF_MESSAGE, Grants
from slack_standin.signed_requests import SignedRequests
from slack_standin.sockets import Sockets
from slack_standin.web import Web
from slack_standin.workspace import Channel, Message, User, Workspace


class Slack:
    """The parts: ``workspace``, ``web``, ``sockets``, ``http``, ``courier``, ``faults``, ``pace``, ``responses``."""

    bot_token = "xoxb-0000-1111-standinbottoken"
    app_token = "xapp-1-A0VERBATIM-0000-standinapptoken"
    signing_secret = "5ta9d19ns1gn1ng5ecret0000000000"

    def __init__(
        self,
        grants: Grants,
        *,
        pace: Pace | None = None,
        now: Callable[[], float] = time.time,
        ack_within: float = 3.0,
        again: Sequence[float] = (0.0, 0.5, 1.0),
    ) -> None:
        self.grants = grants
        self.workspace = Workspace(now)
        self.pace = pace or Pace()
        self.faults = Faults()
        self.courier = Courier(self.workspace.changed, ack_within, again)
        self.responses = Responses(self)
        self.web = Web(self)
        self.sockets = Sockets(self)
        self.http = SignedRequests(self)
        self.views: list[dict[str, Any]] = []  # every window as it was opened
        self.windows: dict[str, dict[str, Any]] = {}  # those that are open, by id, as they show now
        self.usergroups: dict[str, list[User]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.prompts: dict[str, list[dict[str, str]]] = {}
        self.forgiven: set[str] = set()  # pings and refusals that a test means to happen

    @property
    def base_url(self) -> str:
        return self.web.base_url

    def __enter__(self) -> Slack:
        self.web.start()
        self.sockets.start()
        self.courier.start(self.sockets)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.faults.release()
        self.courier.stop()
        self.sockets.stop()
        self.http.stop()
        self.web.stop()

    def use_http(self, port: int) -> None:
        """From now on payloads go as signed requests to this port."""
        self.courier.transport = self.http
        self.http.port = port

    # what people do

    def dm_of(self, user: str) -> Channel:
        """The direct message channel of a person with the bot."""
        for channel in self.workspace.channels.values():
            if channel.kind == "im" and user in channel.members:
                return channel
        return self.workspace.channel("directmessage", self.workspace.users[user], kind="im")

    def say(self, user: User, channel: Channel, text: str, *, thread: Message | None = None, **more: Any) -> Message:
        """A person says something; ``text`` as Slack puts it on the wire, ``more`` joins the events."""
        said = Message(
            channel.id,
            self.workspace.timestamp(),
            user.id,
            text,
            thread_ts=(thread.thread_ts or thread.ts) if thread else None,
            subtype=more.pop("subtype", None),
            bot_id=more.pop("bot_id", None),
        )
        with self.workspace.changed:
            self.workspace.add(said)
            self.tell_of(said, events.message(self.workspace, said, **more))
            mentioned = f"<@{self.workspace.bot.id}>" in text and channel.kind != "im"
            if mentioned and said.subtype in events.MENTIONING:
                self.tell_of(said, events.app_mention(self.workspace, said, **more), kind="app_mention")
        return said

    def mention(
        self, user: User, channel: Channel, question: str, *, thread: Message | None = None, **more: Any
    ) -> Message:
        """A person types ``@verbatim`` and a question."""
        text = f"<@{self.workspace.bot.id}> {parsing.escape(question)}"
        return self.say(user, channel, text, thread=thread, **more)

    def tell(self, user: User, question: str, *, thread: Message | None = None, **more: Any) -> Message:
        """A person writes to the bot directly."""
        return self.say(user, self.dm_of(user.id), parsing.escape(question), thread=thread, **more)

    def edit(self, message: Message, text: str) -> None:
        """A person edits a message; a mention in it is told again, as Slack does."""
        with self.workspace.changed:
            before = Message(message.channel, message.ts, message.user, message.text)
            message.text, message.edited = text, True
            self.tell_of(message, events.message_changed(self.workspace, before, message))
            if f"<@{self.workspace.bot.id}>" in text:
                event = events.app_mention(self.workspace, message)
                self.tell_of(message, event, kind="app_mention")

    def remove(self, message: Message) -> None:
        """A person deletes a message."""
        with self.workspace.changed:
            message.deleted = True
            self.tell_of(message, events.message_deleted(self.workspace, message))

    def command(self, user: User, channel: Channel, command: str, text: str = "") -> Delivery:
        """A person types a slash command."""
        if command not in self.grants.commands:
            raise AssertionError(f"{command} is not in the manifest: Slack would not know it")
        channel.members.add(user.id)
        return self.courier.send(
            "slash_commands",
            {
                "token": "legacy-verification",
                "team_id": self.workspace.team,
                "team_domain": self.workspace.domain,
                "channel_id": channel.id,
                "channel_name": channel.name,
                "user_id": user.id,
                "user_name": user.name,
                "command": command,
                "text": parsing.escape(text),
                "api_app_id": self.workspace.app_id,
                "is_enterprise_install": "false",
                "response_url": self.responses.url(channel.id, user.id),
                "trigger_id": self.responses.trigger(),
            },
        )

    def press(self, user: User, message: Message, button: dict[str, Any]) -> Delivery:
        """A person presses a button of a message (one of ``parsing.buttons``)."""
        channel = self.workspace.channels[message.channel]
        action = {name: button[name] for name in ("action_id", "block_id", "text", "value") if name in button}
        kind = button.get("type", "button")
        payload: dict[str, Any] = {
            "type": "block_actions",
            "user": {
                "id": user.id,
                "username": user.name,
                "name": user.name,
                "team_id": self.workspace.team,
            },
            "api_app_id": self.workspace.app_id,
            "token": "legacy-verification",
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": message.to is not None,
            },
            "trigger_id": self.responses.trigger(),
            "team": {"id": self.workspace.team, "domain": self.workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": {}},
            "response_url": self.responses.url(message.channel, user.id, message),
            "actions": [{**action, "type": kind, "action_ts": self.workspace.timestamp()}],
        }
        if message.to is None:
            payload["message"] = message.shown()
        elif message.thread_ts:
            payload["container"]["thread_ts"] = message.thread_ts
        return self.courier.send("interactive", payload)

    def shortcut(self, user: User, message: Message, callback_id: str = "check_message", **more: Any) -> Delivery:
        """A person picks a shortcut from the menu of a message; ``more`` joins the message in the payload."""
        if callback_id not in self.grants.shortcuts:
            raise AssertionError(f"{callback_id} is not in the manifest: Slack would not show it")
        channel = self.workspace.channels[message.channel]
        return self.courier.send(
            "interactive",
            {
                "type": "message_action",
                "callback_id": callback_id,
                "token": "legacy-verification",
                "action_ts": self.workspace.timestamp(),
                "trigger_id": self.responses.trigger(),
                "response_url": self.responses.url(channel.id, user.id),
                "team": {"id": self.workspace.team, "domain": self.workspace.domain},
                "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": self.workspace.team},
                "channel": {"id": channel.id, "name": channel.name},
                "enterprise": None,
                "is_enterprise_install": False,
                "message_ts": message.ts,
                "message": {**message.shown(), "team": self.workspace.team, **more},
            },
        )

    def close(self, window: str) -> None:
        """A person closes a window."""
        with self.workspace.changed:
            del self.windows[window]

    # what the bot hears

    def tell_of(self, message: Message, event: dict[str, Any], kind: str | None = None) -> Delivery | None:
        """Send an event, if the bot is in the channel and the manifest subscribes to it."""
        channel = self.workspace.channels[message.channel]
        if self.workspace.bot.id not in channel.members:
            return None
        return self.send_event(event, kind or KIND_OF_MESSAGE[channel.kind])

    def send_event(self, event: dict[str, Any], kind: str) -> Delivery | None:
        """Send an event of any kind that the manifest subscribes to."""
        if kind not in self.grants.events:
            return None
        return self.courier.send("events_api", events.callback(self.workspace, event))

    def send_again(self, delivery: Delivery, *, attempt: int = 1, reason: str = "timeout") -> Delivery:
        """The same event (the same event_id) in a new envelope, as Slack does that saw no acknowledgement."""
        return self.courier.send(delivery.kind, delivery.payload, attempt=attempt, reason=reason)

    def answered(self, delivery: Delivery) -> None:
        """What comes back with the acknowledgement of a command is shown as its response."""
        answer = delivery.answer
        if delivery.kind == "slash_commands" and isinstance(answer, dict) and (answer.keys() & {"text", "blocks"}):
            given = delivery.payload
            permission = Permission(given["channel_id"], given["user_id"], self.workspace.now())
            self.responses.respond(permission, answer)

    # what tests ask

    def deliveries_of(self, message: Message) -> list[Delivery]:
        """Every delivery of the events about a message."""
        with self.workspace.changed:
            return [
                delivery
                for delivery in self.courier.deliveries
                if delivery.payload.get("event", {}).get("ts") == message.ts
            ]

    def reply_to(self, message: Message, timeout: float = 10.0) -> Message:
        """Wait for the bot's first reply in the message's thread."""
        channel = self.workspace.channels[message.channel]
        found = self.workspace.wait_for(
            lambda: self.workspace.from_bot(channel, message), f"a reply to {message.text!r}", timeout
        )
        return found[0]

    def whisper_to(self, user: User, number: int = 1, timeout: float = 10.0) -> Message:
        """Wait for the bot's ``number``-th ephemeral message to a person."""
        found = self.workspace.wait_for(
            lambda: (got := [m for m in self.workspace.from_bot() if m.to == user.id])[number - 1 :] and got,
            f"ephemeral message {number} to {user.name}",
            timeout,
        )
        return found[number - 1]

    def wait_acked(self, delivery: Delivery, timeout: float = 5.0) -> Delivery:
        """Wait until a delivery is acknowledged."""
        self.workspace.wait_for(lambda: delivery.acked, f"the ack of a {delivery.kind}", timeout)
        return delivery

    def quiet(self, seconds: float = 0.15, timeout: float = 10.0) -> None:
        """Wait until every payload is settled and nothing has been called or said for a while."""
        deadline = time.monotonic() + timeout
        changed = self.workspace.changed
        with changed:
            while True:
                before = self._activity()
                busy = any(not delivery.over for delivery in self.courier.deliveries)
                changed.wait(seconds)
                if not busy and before == self._activity() and not changed.wait(seconds):
                    return
                if time.monotonic() > deadline:
                    raise AssertionError(f"not quiet after {timeout} s:\n{self.workspace.transcript()}")

    def _activity(self) -> tuple[int, int, int]:
        return len(self.web.calls), len(self.workspace.messages), len(self.courier.deliveries)
