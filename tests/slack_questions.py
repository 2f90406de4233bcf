"""What the end-to-end tests ask, and what they call the fixture that starts a bot."""

from __future__ import annotations

from collections.abc import Callable

from slack_standin.scopes import Grants

from bot.serve import Server

# What the project's own articles answer, what no article does, and how the bot says so.
QUESTION = "Which countries sent troops?"
NO_ANSWER = "Who won the chess championship of Atlantis in 1998?"
REFUSAL = "The articles do not say."

# Everything that a bot of this kind could ever be granted.
ALL = Grants(
    scopes=frozenset(
        {"app_mentions:read", "assistant:write", "channels:history", "chat:write", "commands"}
        | {"groups:history", "im:history", "mpim:history", "reactions:write", "usergroups:read", "users:read"}
    ),
    events=frozenset(
        {"app_home_opened", "app_mention", "message.channels", "message.groups"} | {"message.im", "message.mpim"}
    ),
    commands=frozenset({"/ask", "/summary", "/articles"}),
)

Serve = Callable[..., Server]
