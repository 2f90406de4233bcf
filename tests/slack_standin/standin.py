"""A Slack for tests: a workspace on 127.0.0.1 in which people speak, and which holds the bot to Slack's rules.

    with Slack(grants) as slack:
        ada = slack.workspace.user("ada")
        news = slack.workspace.channel("news", ada)
        asked = slack.mention(ada, news, "Which countries sent troops?")
        reply = slack.reply_to(asked)

The bot's clients reach it at ``slack.base_url``; payloads come to the bot over Socket Mode, or, after
``slack.use_http(port)``, as signed requests. ``slack.another("morning")`` is a second workspace with the same app.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any

from slack_standin import events, parsing
from slack_standin.courier import Courier, Delivery
from slack_standin.faults import Faults
from slack_standin.oauth import OAuth
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
        self.views: list[dict[str, Any]] = []
        self.homes: dict[str, list[dict[str, Any]]] = {}  # by user, every one that was published
        # By channel and thread; the prompts of an agent app stand above the threads: "".
        self.prompts: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.statuses: dict[tuple[str, str], str] = {}
        self.titles: dict[tuple[str, str], str] = {}
        self.groups: dict[str, list[str]] = {}
        self.is_assistant = False  # the older kind of app, with assistant_view
        self.forgiven: set[str] = set()  # pings and refusals that a test means to happen
        self.oauth = OAuth()
        self.installed = True
        self.teams: list[Slack] = [self]

    def another(self, name: str) -> Slack:
        """A second workspace with people, channels, a bot user and a token of its own; the app is not installed yet.

        The Web API, sockets, requests and the courier are the same.
        """
        other = copy.copy(self)
        other.workspace = Workspace(self.workspace.now, self.workspace, name)
        other.bot_token = f"xoxb-2222-3333-tokenof{name}"
        other.responses = Responses(other)
        other.views, other.homes, other.prompts = [], {}, {}
        other.installed = False
        self.teams.append(other)
        return other

    def uninstall(self) -> list[Delivery]:
        """An administrator removes the app: its token is dead, and the bot hears of it in two events."""
        self.installed = False
        news = [events.tokens_revoked(self.workspace), events.app_uninstalled(self.workspace)]
        return [sent for event in news if (sent := self.send_event(event, event["type"])) is not None]

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

    def open_tab(self, user: User, tab: str) -> Delivery | None:
        """A person opens the ``home`` or the ``messages`` tab of the app."""
        event = events.app_home_opened(self.workspace, user, self.dm_of(user.id).id, tab)
        if tab == "home" and self.homes.get(user.id):
            event["view"] = self.homes[user.id][-1]
        return self.send_event(event, "app_home_opened")

    def start_thread(self, user: User) -> Message:
        """A person opens the pane of an assistant app: Slack starts a thread, and tells of it."""
        dm, bot = self.dm_of(user.id), self.workspace
        root = Message(
            dm.id, bot.timestamp(), bot.bot.id, "New thread", bot_id=bot.bot_id, subtype="assistant_app_thread"
        )
        self.workspace.add(root)
        event = events.assistant_thread(self.workspace, "assistant_thread_started", user, root)
        self.courier.send("events_api", events.callback(self.workspace, event))
        return root

    def press_in_view(self, user: User, view: dict[str, Any], button: dict[str, Any]) -> Delivery:
        """A person presses a button of a home tab or a modal: there is no channel and no response_url."""
        action = {name: button[name] for name in ("action_id", "block_id", "text", "value") if name in button}
        return self.courier.send(
            "interactive",
            self._interaction(user)
            | {
                "type": "block_actions",
                "container": {"type": "view", "view_id": view["id"]},
                "trigger_id": self.responses.trigger(),
                "view": view | {"team_id": self.workspace.team, "state": {"values": {}}},
                "actions": [{**action, "type": "button", "action_ts": self.workspace.timestamp()}],
            },
        )

    def submit(self, user: User, view: dict[str, Any], values: dict[str, Any]) -> Delivery:
        """A person sends a modal off; ``values`` by block id and action id, as in ``view.state.values``."""
        return self.courier.send(
            "interactive",
            self._interaction(user)
            | {
                "type": "view_submission",
                "trigger_id": self.responses.trigger(),
                "view": view | {"team_id": self.workspace.team, "state": {"values": values}},
                "response_urls": [],
            },
        )

    def _interaction(self, user: User) -> dict[str, Any]:
        team = self.workspace.team
        return {
            "user": {"id": user.id, "username": user.name, "name": user.name, "team_id": team},
            "api_app_id": self.workspace.app_id,
            "token": "legacy-verification",
            "team": {"id": team, "domain": self.workspace.domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

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
            home = next(team for team in self.teams if team.workspace.team == given["team_id"])
            home.responses.respond(permission, answer)

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

    def home_of(self, user: User, number: int = 1, timeout: float = 10.0) -> dict[str, Any]:
        """Wait for the ``number``-th home tab that is published for a person."""
        what = f"home tab {number} of {user.name}"
        return self.workspace.wait_for(lambda: self.homes.get(user.id, [])[number - 1 : number], what, timeout)[0]

    def modal(self, number: int = 1, timeout: float = 10.0) -> dict[str, Any]:
        """Wait for the ``number``-th modal that is opened."""
        return self.workspace.wait_for(lambda: self.views[number - 1 : number], f"modal {number}", timeout)[0]

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
        said = sum(len(team.workspace.messages) for team in self.teams)
        return len(self.web.calls), said, len(self.courier.deliveries)
