"""response_url and trigger_id: short-lived permissions that come with a command or a pressed button."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_standin import events, posting
from slack_standin.refusal import Refused
from slack_standin.workspace import Message

if TYPE_CHECKING:
    from slack_standin.standin import Slack

USES, MINUTES, TRIGGER_SECONDS = 5, 30, 3.0


@dataclass(slots=True)
class Permission:
    """Whom a response_url speaks to, and the message (of a pressed button) that it may replace."""

    channel: str
    user: str
    made: float
    original: Message | None = None
    uses: int = 0


class Responses:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._urls: dict[str, Permission] = {}
        self._triggers: dict[str, float] = {}

    def url(self, channel: str, user: str, original: Message | None = None) -> str:
        name = f"R{self._slack.workspace.number():06d}"
        self._urls[name] = Permission(channel, user, self._slack.workspace.now(), original)
        return f"{self._slack.web.root}/response/{name}"

    def made(self, name: str) -> bool:
        return name in self._urls

    def trigger(self) -> str:
        name = f"{self._slack.workspace.number()}.trigger"
        self._triggers[name] = self._slack.workspace.now()
        return name

    def exchange(self, trigger: str | None) -> None:
        """A trigger_id opens one view, within three seconds."""
        made = self._triggers.get(trigger or "")
        if made is None:
            raise Refused("invalid_trigger_id")
        if made < 0:
            raise Refused("exchanged_trigger_id")
        self._triggers[trigger or ""] = -1.0
        if self._slack.workspace.now() - made > TRIGGER_SECONDS:
            raise Refused("expired_trigger_id")

    def use(self, name: str, args: dict[str, Any]) -> None:
        """A POST to a response_url."""
        permission = self._urls.get(name)
        if permission is None:
            raise Refused("no_such_url", 404)
        if self._slack.workspace.now() - permission.made > MINUTES * 60:
            raise Refused("expired_url", 404)
        if permission.uses >= USES:
            raise Refused("used_url", 404)
        permission.uses += 1
        self.respond(permission, args)

    def respond(self, permission: Permission, args: dict[str, Any]) -> Message | None:
        """Post, replace or delete: ephemeral to the one who acted, unless ``in_channel`` is asked for."""
        slack, original = self._slack, permission.original
        with slack.workspace.changed:
            if posting.truthy(args.get("delete_original")):
                if original is None or original.deleted:
                    raise Refused("message_not_found", 404)
                original.deleted = True
                if original.to is None:
                    slack.tell_of(original, events.message_deleted(slack.workspace, original))
                slack.workspace.changed.notify_all()
                return None
            if posting.truthy(args.get("replace_original")) and original is not None:
                original.text, original.blocks = posting.compose(slack, args)
                original.edited = True
                slack.workspace.changed.notify_all()
                return original
            public = args.get("response_type") == "in_channel"
            channel = slack.workspace.channels[permission.channel]
            message = posting.as_bot(slack, channel, args, to=None if public else permission.user)
            if public:
                slack.tell_of(message, events.message(slack.workspace, message))
            return message
