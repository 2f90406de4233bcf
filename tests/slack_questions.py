"""What the end-to-end tests ask, and what they call the fixture that starts a bot."""

from __future__ import annotations

from collections.abc import Callable

from bot.serve import Server

# What the project's own articles answer, what no article does, and how the bot says so.
QUESTION = "Which countries sent troops?"
NO_ANSWER = "Who won the chess championship of Atlantis in 1998?"
REFUSAL = "The articles do not say."

Serve = Callable[..., Server]
