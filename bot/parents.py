"""The messages that threads began with: what a question leans on that is asked under one ("@verbatim why?").

Each is asked of Slack at most once a thread, and only where a question leans back and nothing was asked there before.
It serves to understand the question; nothing of it is ever quoted.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.memory import Recent
from bot.mrkdwn import readable
from index.sentences import split_sentences
from index.terms import terms

if TYPE_CHECKING:
    from bot.workspaces import Workspace

log = logging.getLogger("verbatim.slack")

MOST_KNOWN = 2_000
LONGEST = 200
"""Characters. A statement longer than a question leaves the reader no room for the question."""


class Parents:
    """What threads began with, by workspace. Safe to use from several threads."""

    def __init__(self) -> None:
        self._known: Recent[tuple[str, str, str], str] = Recent(MOST_KNOWN)
        self._without_scope: Recent[str, bool] = Recent(MOST_KNOWN)

    def of(self, workspace: Workspace, channel: str, thread: str) -> str:
        """What the first message of a thread says, in a sentence; "" where it says nothing, or cannot be read."""
        place = (workspace.team, channel, thread)
        known = self._known.get(place)
        if known is None:
            known = self._read(workspace, channel, thread)
            self._known.put(place, known)
        return known

    def _read(self, workspace: Workspace, channel: str, thread: str) -> str:
        try:
            return gist(workspace.outbox.parent(channel, thread), workspace.bot_user)
        except SlackApiError as error:
            code = str(error.response.get("error"))
            # A scope that was not granted is missing in every thread: said once.
            if code != "missing_scope" or not self._without_scope.get(workspace.team):
                log.warning("What a thread in %s began with cannot be read: %s", channel, code)
            if code == "missing_scope":
                self._without_scope.put(workspace.team, True)
        except (SlackClientError, OSError) as error:
            log.warning("What a thread in %s began with cannot be read: %s", channel, type(error).__name__)
        return ""


def gist(message: Mapping[str, Any], bot_user: str) -> str:
    """The first sentence of a message that says something; "" where none does."""
    text = message.get("text")
    if not isinstance(text, str) or message.get("subtype") == "tombstone":
        return ""
    for line in readable(text, without_user=bot_user).splitlines():
        for span in split_sentences(line):
            sentence = line[span.start : span.end]
            if len(terms(sentence)) > 1:
                return sentence if len(sentence) <= LONGEST else sentence[:LONGEST].rpartition(" ")[0]
    return ""
