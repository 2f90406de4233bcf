"""The Web API's methods: who may call them, with which scopes, and what they answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from slack_standin import blocks, posting, scopes
from slack_standin.refusal import Refused

if TYPE_CHECKING:
    from slack_standin.standin import Slack

Args = dict[str, Any]


def auth_test(slack: Slack, args: Args) -> Args:
    home = slack.workspace
    return {
        "url": f"https://{home.domain}.slack.com/",
        "team": home.domain,
        "team_id": home.team,
        "user": home.bot.name,
        "user_id": home.bot.id,
        "bot_id": home.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(slack: Slack, args: Args) -> Args:
    return {"url": slack.sockets.ticket()}


def replies(slack: Slack, args: Args) -> Args:
    channel = posting.reach(slack, args)
    needed = scopes.EVENTS[scopes.KIND_OF_MESSAGE[channel.kind]]
    if needed not in slack.grants.scopes:
        raise Refused("missing_scope", needed=needed)
    root = slack.workspace.find(channel.id, str(args.get("ts")))
    if root is None or root.to:
        raise Refused("thread_not_found")
    with slack.workspace.changed:
        found = [
            message.shown()
            for message in slack.workspace.messages
            if message.channel == channel.id and root.ts in (message.ts, message.thread_ts)
            if not message.deleted and message.to is None
        ]
    return {"messages": found[: int(args.get("limit") or 1000)], "has_more": False}


def users_info(slack: Slack, args: Args) -> Args:
    person = slack.workspace.users.get(str(args.get("user")))
    if person is None:
        raise Refused("user_not_found")
    return {
        "user": {
            "id": person.id,
            "name": person.name,
            "real_name": person.name.title(),
            "is_bot": person.is_bot,
            "team_id": slack.workspace.team,
            "profile": {"display_name": person.name, "real_name": person.name.title()},
        }
    }


def _view(args: Args, kind: str) -> Args:
    view = posting.structured(args.get("view"), "invalid_arguments")
    wrong = blocks.view_problems(view)
    if not wrong and view["type"] != kind:
        wrong = [f"[ERROR] must be a {kind} view [json-pointer:/view/type]"]
    if wrong:
        raise Refused("invalid_arguments", response_metadata={"messages": wrong})
    if blocks.view_too_large(view):
        raise Refused("view_too_large")
    return dict(view)


def views_open(slack: Slack, args: Args) -> Args:
    view = _view(args, "modal")
    slack.responses.exchange(args.get("trigger_id"))
    opened = {**view, "id": f"V{slack.workspace.number():08d}"}
    slack.views.append(opened)
    return {"view": _shown(slack, opened["id"], view)}


def views_update(slack: Slack, args: Args) -> Args:
    """A window that is still open; a ``hash`` has to be that of what it shows now."""
    view, id_ = _view(args, "modal"), str(args.get("view_id"))
    now = slack.windows.get(id_)
    if now is None:
        raise Refused("not_found")
    if args.get("hash") not in (None, now["hash"]):
        raise Refused("hash_conflict")
    return {"view": _shown(slack, id_, view)}


def _shown(slack: Slack, id_: str, view: Args) -> Args:
    slack.windows[id_] = {**view, "id": id_, "hash": f"{slack.workspace.number()}.hash"}
    return slack.windows[id_]


def views_publish(slack: Slack, args: Args) -> Args:
    if not slack.grants.home_tab:
        raise Refused("not_enabled")
    view = _view(args, "home")
    if args.get("user_id") not in slack.workspace.users:
        raise Refused("user_not_found")
    published = {**view, "id": f"V{slack.workspace.number():08d}"}
    slack.homes.setdefault(str(args["user_id"]), []).append(published)
    return {"view": published}


def group_members(slack: Slack, args: Args) -> Args:
    if args.get("usergroup") not in slack.groups:
        raise Refused("no_such_subteam")
    return {"users": list(slack.groups[str(args["usergroup"])])}


def set_status(slack: Slack, args: Args) -> Args:
    """Shown until the app posts in the thread; an empty one takes it back."""
    place = _assistant_thread(slack, args)
    if not isinstance(args.get("status"), str):
        raise Refused("invalid_arguments")
    slack.statuses.pop(place, None)
    if args["status"]:
        slack.statuses[place] = args["status"]
    return {}


def set_title(slack: Slack, args: Args) -> Args:
    place = _assistant_thread(slack, args)
    if not args.get("title"):
        raise Refused("invalid_arguments")
    slack.titles[place] = str(args["title"])
    return {}


def set_prompts(slack: Slack, args: Args) -> Args:
    """An agent app gives no thread: with one, Slack answers yes and shows nothing. An assistant app has to."""
    channel = slack.workspace.channels.get(str(args.get("channel_id")))
    if channel is None or channel.kind != "im" or slack.workspace.bot.id not in channel.members:
        raise Refused("channel_not_found")
    prompts = posting.structured(args.get("prompts"), "invalid_arguments")
    if not isinstance(prompts, list) or not 1 <= len(prompts) <= 4:
        raise Refused("invalid_arguments")
    for prompt in prompts:
        if not isinstance(prompt, dict) or prompt.keys() != {"title", "message"}:
            raise Refused("invalid_arguments")
        if not all(isinstance(text, str) and text.strip() for text in prompt.values()):
            raise Refused("invalid_arguments")
    if slack.is_assistant:
        slack.prompts[_assistant_thread(slack, args)] = prompts
    elif not args.get("thread_ts"):
        slack.prompts[channel.id, ""] = prompts
    return {}


def _assistant_thread(slack: Slack, args: Args) -> tuple[str, str]:
    channel = slack.workspace.channels.get(str(args.get("channel_id")))
    if channel is None:
        raise Refused("channel_not_found")
    if slack.workspace.find(channel.id, str(args.get("thread_ts"))) is None:
        raise Refused("thread_not_found")
    return channel.id, str(args["thread_ts"])


def add_reaction(slack: Slack, args: Args) -> Args:
    if slack.workspace.find(str(args.get("channel")), str(args.get("timestamp"))) is None:
        raise Refused("message_not_found")
    return {}


METHODS: dict[str, Callable[[Slack, Args], Args]] = {
    "apps.connections.open": connections_open,
    "assistant.threads.setStatus": set_status,
    "assistant.threads.setSuggestedPrompts": set_prompts,
    "assistant.threads.setTitle": set_title,
    "auth.test": auth_test,
    "chat.delete": posting.delete,
    "chat.postEphemeral": posting.post_ephemeral,
    "chat.postMessage": posting.post_message,
    "chat.update": posting.update,
    "conversations.replies": replies,
    "reactions.add": add_reaction,
    "usergroups.users.list": group_members,
    "users.info": users_info,
    "views.open": views_open,
    "views.publish": views_publish,
    "views.update": views_update,
}

APP_LEVEL = frozenset({"apps.connections.open"})


def team_of(slack: Slack, token: str) -> Slack:
    """The workspace whose token it is."""
    for team in slack.teams:
        if token in (team.bot_token, team.app_token):
            if token == team.bot_token and not team.installed:
                raise Refused("account_inactive")
            return team
    raise Refused("invalid_auth")


def call(slack: Slack, method: str, token: str | None, args: Args) -> Args:
    """Answer a call as Slack would.

    Raises:
        Refused: the token, a scope or an argument is wrong.
    """
    if method == "oauth.v2.access":
        return slack.oauth.exchange(slack, args)
    if method not in METHODS:
        raise Refused("unknown_method", req_method=method)
    if not token:
        raise Refused("not_authed")
    slack = team_of(slack, token)
    if (token == slack.app_token) != (method in APP_LEVEL) and method != "auth.test":
        raise Refused("not_allowed_token_type")
    needed = scopes.METHODS.get(method, ())
    if needed and not slack.grants.scopes.intersection(needed):
        provided = ",".join(sorted(slack.grants.scopes))
        raise Refused("missing_scope", needed=needed[0], provided=provided)
    with slack.workspace.changed:
        return {"ok": True, **METHODS[method](slack, args)}
