"""Settings of the Slack side: checked all at once, and never shown."""

from __future__ import annotations

import base64
import logging

import pytest

from bot.settings import SlackSettings
from index.errors import SettingsError

BOT, APP, SECRET = "xoxb-1-abc", "xapp-1-A-def", "0123456789abcdef"
GOOD = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}
CLIENT = "5ec7e7c11e"
INSTALLABLE = {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": CLIENT, "SLACK_SIGNING_SECRET": SECRET}


def test_socket_mode_where_an_app_token_is_set() -> None:
    """Both set: Socket Mode. Only the secret: HTTP. Blanks around a value do not count."""
    both = SlackSettings.from_env({**GOOD, "SLACK_SIGNING_SECRET": f" {SECRET} "})
    assert both.socket_mode
    assert both.signing_secret == SECRET
    assert not SlackSettings.from_env({"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SECRET}).socket_mode


def test_workspaces_install_the_app_where_the_client_is_set() -> None:
    """Both set: no bot token is needed, in either mode. None: one workspace, by its token."""
    settings = SlackSettings.from_env(INSTALLABLE)
    assert (settings.installable, settings.socket_mode, settings.bot_token) == (True, False, None)
    assert SlackSettings.from_env({**INSTALLABLE, **GOOD}).installable
    assert not SlackSettings.from_env({**GOOD, "SLACK_CLIENT_ID": "", "SLACK_CLIENT_SECRET": " "}).installable


def test_a_port_is_opened_where_it_is_needed_or_wanted() -> None:
    """HTTP mode and installations always have one; Socket Mode alone only where PORT is set, to whatever it is."""
    http = {"SLACK_BOT_TOKEN": BOT, "SLACK_SIGNING_SECRET": SECRET}
    assert SlackSettings.from_env(http).listens
    assert SlackSettings.from_env({**INSTALLABLE, **GOOD}).listens
    assert not SlackSettings.from_env(GOOD).listens
    assert not SlackSettings.from_env({**GOOD, "PORT": " "}).listens
    wanted = SlackSettings.from_env({**GOOD, "PORT": "3000"})
    assert (wanted.listens, wanted.port, wanted.socket_mode) == (True, 3000, True)


def test_defaults() -> None:
    """Unset and empty settings have the documented defaults, and an address always ends in a slash."""
    settings = SlackSettings.from_env({**GOOD, "PORT": "", "SLACK_API_URL": "http://127.0.0.1:1/api"})
    assert (settings.port, settings.log_level) == (3000, logging.INFO)
    assert settings.api_url == "http://127.0.0.1:1/api/"


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "SLACK_BOT_TOKEN is not set"),
        ({}, "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET"),
        ({"SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": BOT}, "SLACK_BOT_TOKEN is an app-level token"),
        ({"SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": BOT}, "SLACK_APP_TOKEN is a bot token"),
        ({**GOOD, "SLACK_SIGNING_SECRET": BOT}, "SLACK_SIGNING_SECRET is a token"),
        ({**GOOD, "SLACK_BOT_TOKEN": "xoxb-1 2"}, "copy it again"),
        ({**INSTALLABLE, "SLACK_CLIENT_SECRET": ""}, "SLACK_CLIENT_ID is set and SLACK_CLIENT_SECRET is not"),
        ({**GOOD, "SLACK_CLIENT_SECRET": CLIENT}, "SLACK_CLIENT_SECRET is set and SLACK_CLIENT_ID is not"),
        ({**INSTALLABLE, "SLACK_CLIENT_SECRET": APP}, "SLACK_CLIENT_SECRET is a token"),
        ({**INSTALLABLE, "SLACK_CLIENT_ID": BOT}, "SLACK_CLIENT_ID is a token"),
        ({**INSTALLABLE, "SLACK_CLIENT_SECRET": "a b"}, "copy it again"),
        ({**INSTALLABLE, "SLACK_BOT_TOKEN": APP}, "SLACK_BOT_TOKEN is an app-level token"),
        ({**INSTALLABLE, "SLACK_SIGNING_SECRET": ""}, "neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET"),
        ({**GOOD, "PORT": "0"}, "PORT is '0'"),
        ({**GOOD, "PORT": "65536"}, "PORT is '65536'"),
        ({**GOOD, "PORT": "9" * 30}, "1 to 65535"),
        ({**GOOD, "PORT": "٣"}, "1 to 65535"),
        ({**GOOD, "VERBATIM_LOG_LEVEL": "loud"}, "debug, info, warning, error"),
        ({**GOOD, "SLACK_API_URL": "slack.com"}, "SLACK_API_URL"),
        ({**GOOD, "SLACK_API_URL": "http://[x/"}, "SLACK_API_URL"),
    ],
)
def test_what_is_wrong_is_said(environ: dict[str, str], said: str) -> None:
    """One line names what is wrong and shows no token."""
    with pytest.raises(SettingsError) as raised:
        SlackSettings.from_env(environ)
    message = str(raised.value)
    assert said in message
    assert len(message.splitlines()) == 1
    assert not any(secret in message for secret in (BOT, APP, SECRET, CLIENT, "xoxb-1 2"))


def test_everything_wrong_is_said_at_once() -> None:
    """Nobody mends settings one error at a time."""
    with pytest.raises(SettingsError, match=r"SLACK_BOT_TOKEN.*neither.*PORT.*VERBATIM_LOG_LEVEL"):
        SlackSettings.from_env({"PORT": "x", "VERBATIM_LOG_LEVEL": "x"})


def test_repr_shows_no_secret() -> None:
    """Settings end up in logs and tracebacks; their secrets do not."""
    shown = repr(SlackSettings.from_env({**GOOD, **INSTALLABLE}))
    assert not any(secret in shown for secret in (BOT, APP, SECRET, CLIENT))


def test_secrets_are_known_to_the_log() -> None:
    """All that could be shown, the client's secret also as it travels."""
    secrets = SlackSettings.from_env({**GOOD, **INSTALLABLE}).secrets
    assert set(secrets) == {BOT, APP, SECRET, CLIENT, base64.b64encode(f"1.2:{CLIENT}".encode()).decode()}
    assert SlackSettings.from_env(GOOD).secrets == (BOT, APP)
