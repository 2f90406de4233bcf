"""Fixtures of the stand-in for Slack."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_standin.scopes import Grants
from slack_standin.standin import Slack

ALL = Grants(
    scopes=frozenset(
        {"app_mentions:read", "assistant:write", "channels:history", "chat:write", "commands"}
        | {"groups:history", "im:history", "mpim:history", "reactions:write", "users:read"}
    ),
    events=frozenset(
        {"app_home_opened", "app_mention", "message.channels", "message.groups"} | {"message.im", "message.mpim"}
    ),
    commands=frozenset({"/ask", "/summary", "/articles"}),
)


@pytest.fixture
def open_slack() -> Iterator[Slack]:
    """A stand-in that grants everything, for its own tests."""
    with Slack(ALL, again=(0.0, 0.1, 0.1), ack_within=0.3) as slack:
        yield slack


@pytest.fixture
def client(open_slack: Slack) -> WebClient:
    """slack_sdk's own client with the bot's token, pointed at the stand-in."""
    return WebClient(token=open_slack.bot_token, base_url=open_slack.base_url, retry_handlers=[])
