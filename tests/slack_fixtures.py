"""Fixtures of the stand-in for Slack, and of the real bot running against it.

Whatever a test does, at its end every message of the bot must have been fit to be seen: `check_manners`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from slack_questions import ALL, Serve
from slack_sdk import WebClient
from slack_standin.scopes import Grants
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from bot.database import Database
from bot.serve import Server
from bot.settings import SlackSettings
from index.archive import Archive
from index.settings import IndexSettings

MANIFEST = Path(__file__).parent.parent / "manifest.json"

# Refusals that a test may bring about; every other one means that the bot asked for what Slack does not allow.
EXPECTED = frozenset({None, "scripted", "cut", "ratelimited"})


@pytest.fixture
def open_slack() -> Iterator[Slack]:
    """A stand-in that grants everything, for its own tests."""
    with Slack(ALL, again=(0.0, 0.1, 0.1), ack_within=0.3) as slack:
        yield slack


@pytest.fixture
def client(open_slack: Slack) -> WebClient:
    """slack_sdk's own client with the bot's token, pointed at the stand-in."""
    return WebClient(token=open_slack.bot_token, base_url=open_slack.base_url, retry_handlers=[])


def check_manners(slack: Slack) -> None:
    """Nothing that the bot posted pings anybody or lacks a fallback text, and Slack took every call."""
    for message in [said for team in slack.teams for said in team.workspace.from_bot()]:
        assert [ping for ping in message.pings if ping not in slack.forgiven] == []
        assert message.text.strip()
        assert len(message.text) <= 4000
    fine = EXPECTED | slack.forgiven
    refused = [(call.method, call.error) for call in slack.web.calls if call.error not in fine]
    assert refused == []


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A stand-in with what the bot's manifest grants, and no more."""
    with Slack(Grants.read(MANIFEST)) as slack:
        yield slack
        check_manners(slack)


@pytest.fixture
def ada(slack: Slack) -> User:
    return slack.workspace.user("ada")


@pytest.fixture
def bob(slack: Slack) -> User:
    return slack.workspace.user("bob")


@pytest.fixture
def news(slack: Slack, ada: User, bob: User) -> Channel:
    """A public channel with ada, bob and the bot in it."""
    return slack.workspace.channel("news", ada, bob)


@pytest.fixture
def morning(slack: Slack) -> Slack:
    """Another workspace."""
    return slack.another("morning")


@pytest.fixture
def eve(morning: Slack) -> User:
    return morning.workspace.user("eve")


@pytest.fixture
def desk(morning: Slack, eve: User) -> Channel:
    """A channel of that workspace."""
    return morning.workspace.channel("desk", eve)


@pytest.fixture
def settings(slack: Slack) -> SlackSettings:
    """Socket Mode, with every secret, logging everything."""
    return SlackSettings(
        bot_token=slack.bot_token,
        app_token=slack.app_token,
        signing_secret=slack.signing_secret,
        api_url=slack.base_url,
        port=0,
        log_level=logging.DEBUG,
    )


@pytest.fixture
def http_settings(settings: SlackSettings) -> SlackSettings:
    """HTTP mode, on a free port."""
    return replace(settings, app_token=None)


@pytest.fixture
def installable(http_settings: SlackSettings, slack: Slack) -> SlackSettings:
    """HTTP mode without a bot token: workspaces install the app."""
    return replace(
        http_settings, bot_token=None, client_id=slack.oauth.client_id, client_secret=slack.oauth.client_secret
    )


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """What the bots of a test share."""
    opened = Database.open(None, tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def serve(settings: SlackSettings, built_index: IndexSettings, database: Database) -> Iterator[Serve]:
    """Starts bots: ``serve()``, or with other settings or another index. They are stopped at the end."""
    with ExitStack() as running:

        def start(chosen: SlackSettings = settings, index: IndexSettings = built_index) -> Server:
            server = Server(chosen, lambda: Archive.open(index), lambda: database, host="127.0.0.1")
            running.callback(server.stop)
            server.start()
            return server

        yield start


@pytest.fixture
def bot(slack: Slack, serve: Serve) -> Server:
    """The real bot in Socket Mode over the index of the project's own articles."""
    server = serve()
    slack.sockets.wait_for(1)
    return server
