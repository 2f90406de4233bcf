"""Settings of the Slack side: tokens, where Slack is, what is logged and kept, who administers. Read once, checked at once."""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from index.errors import SettingsError

SLACK_API_URL = "https://slack.com/api/"
PORT = 3000
RETENTION_DAYS = 30
LOG_LEVELS = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
YES_NO = {"yes": True, "true": True, "1": True, "on": True, "no": False, "false": False, "0": False, "off": False}
WHERE = {
    "SLACK_BOT_TOKEN": "the Bot User OAuth Token (xoxb-…), on the app's page under OAuth & Permissions",
    "SLACK_APP_TOKEN": "an App-Level Token (xapp-…) with connections:write, under Basic Information",
    "SLACK_SIGNING_SECRET": "the Signing Secret, under Basic Information",
    "SLACK_CLIENT_ID": "the Client ID, under Basic Information",
    "SLACK_CLIENT_SECRET": "the Client Secret, under Basic Information",
}


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """What the Slack app needs to run. ``repr`` shows no token and no secret.

    ``app_token`` set means Socket Mode; otherwise ``signing_secret`` is set and the app is served by HTTP
    on ``port``. In Socket Mode ``port`` is listened on only if ``port_is_given``, for health and metrics, or where the
    app is installed there. ``client_id`` and ``client_secret`` are set together: then workspaces install the app
    themselves, and ``bot_token`` may be None. ``api_url`` ends in a slash. ``log_level`` is a number of ``logging``.
    ``database`` is the address of what several bots share; None: SQLite beside the index. Questions and votes are kept
    for ``retention_days``. ``admins`` are ids of users and of user groups who may change articles and channels.
    """

    bot_token: str | None = field(default=None, repr=False)
    app_token: str | None = field(default=None, repr=False)
    signing_secret: str | None = field(default=None, repr=False)
    api_url: str = SLACK_API_URL
    port: int = PORT
    port_is_given: bool = False
    log_level: int = logging.INFO
    log_questions: bool = False
    database: str | None = field(default=None, repr=False)
    retention_days: int = RETENTION_DAYS
    admins: frozenset[str] = frozenset()
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)

    @property
    def socket_mode(self) -> bool:
        return self.app_token is not None

    @property
    def installable(self) -> bool:
        """Whether workspaces install the app themselves, instead of there being one with a token in the settings."""
        return self.client_id is not None and self.client_secret is not None

    @property
    def listens(self) -> bool:
        """Whether a port is opened at all."""
        return self.port_is_given or self.installable or not self.socket_mode

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that no log may show; the client's secret also as it travels, in base64."""
        travelling = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        found = (self.bot_token, self.app_token, self.signing_secret, self.client_secret)
        return tuple(value for value in (*found, travelling if self.client_secret else None) if value)

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> SlackSettings:
        """Read the settings; an empty value counts as unset.

        Raises:
            SettingsError: something is missing or makes no sense. One message names all of it and the remedy,
                and never a token.
        """

        def value(name: str) -> str:
            return environ.get(name, "").strip()

        bot, app, secret, client_id, client_secret = (value(name) for name in WHERE)
        problems = [*_wrong_tokens(bot, app, secret, client_id, client_secret)]
        api_url, port, level = value("SLACK_API_URL") or SLACK_API_URL, value("PORT") or str(PORT), None
        if not _is_url(api_url):
            problems.append(f"SLACK_API_URL is {api_url!r}, it takes an address such as {SLACK_API_URL}")
        if not (port.isascii() and port.isdigit() and 1 <= int(port[:9]) <= 65535):
            problems.append(f"PORT is {port!r}, it takes a number from 1 to 65535")
        level = LOG_LEVELS.get((value("VERBATIM_LOG_LEVEL") or "info").lower())
        if level is None:
            problems.append(
                f"VERBATIM_LOG_LEVEL is {value('VERBATIM_LOG_LEVEL')!r}, it takes one of {', '.join(LOG_LEVELS)}"
            )
        yes_no, days = value("VERBATIM_LOG_QUESTIONS").lower() or "no", value("VERBATIM_RETENTION_DAYS")
        if yes_no not in YES_NO:
            problems.append(f"VERBATIM_LOG_QUESTIONS is {yes_no!r}, it takes yes or no")
        if days and not (days.isascii() and days.isdigit() and 1 <= int(days[:6]) <= 36_500):
            problems.append(f"VERBATIM_RETENTION_DAYS is {days!r}, it takes a number of days from 1 to 36500")
        admins = frozenset(filter(None, re.split(r"[\s,;]+", value("VERBATIM_ADMINS"))))
        if wrong := sorted(admin for admin in admins if not re.fullmatch(r"[UWS][A-Z0-9]+", admin)):
            problems.append(
                f"VERBATIM_ADMINS names {', '.join(wrong)}, it takes ids of users (U…) and of user groups (S…), "
                "as their profiles in Slack show them"
            )
        if problems or level is None:
            raise SettingsError("Slack settings (environment or .env): " + "; ".join(problems) + ".")
        return cls(
            bot_token=bot or None,
            app_token=app or None,
            signing_secret=secret or None,
            api_url=api_url.rstrip("/") + "/",
            port=int(port),
            port_is_given=bool(value("PORT")),
            log_level=level,
            log_questions=YES_NO[yes_no],
            database=database_address(environ),
            retention_days=int(days or RETENTION_DAYS),
            admins=admins,
            client_id=client_id or None,
            client_secret=client_secret or None,
        )


def database_address(environ: Mapping[str, str]) -> str | None:
    """Where what bots share lies, for those who need no token; None: SQLite beside the index."""
    return environ.get("VERBATIM_DATABASE", "").strip() or None


def _wrong_tokens(bot: str, app: str, secret: str, client_id: str, client_secret: str) -> list[str]:
    """What is wrong with tokens and secrets, in words that do not show them."""
    problems = []
    if bool(client_id) != bool(client_secret):
        there, lacking = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")[:: 1 if client_id else -1]
        problems.append(
            f"{there} is set and {lacking} is not: for several workspaces set it to {WHERE[lacking]}; "
            f"for one workspace empty {there} and set SLACK_BOT_TOKEN"
        )
    elif not bot and not client_id:
        problems.append(f"SLACK_BOT_TOKEN is not set, it takes {WHERE['SLACK_BOT_TOKEN']}")
    if bot and not bot.startswith("xoxb-"):
        problems.append(f"SLACK_BOT_TOKEN {_looks_like(bot)}, it takes {WHERE['SLACK_BOT_TOKEN']}")
    if app and not app.startswith("xapp-"):
        problems.append(f"SLACK_APP_TOKEN {_looks_like(app)}, it takes {WHERE['SLACK_APP_TOKEN']}")
    secrets = {"SLACK_SIGNING_SECRET": secret, "SLACK_CLIENT_ID": client_id, "SLACK_CLIENT_SECRET": client_secret}
    for name, value in secrets.items():
        if value.startswith(("xox", "xapp-")):
            problems.append(f"{name} is a token, it takes {WHERE[name]}")
    if not app and not secret:
        problems.append(
            f"neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: for Socket Mode set SLACK_APP_TOKEN to "
            f"{WHERE['SLACK_APP_TOKEN']}; for HTTP set SLACK_SIGNING_SECRET to {WHERE['SLACK_SIGNING_SECRET']}"
        )
    if any(not _is_header_safe(token) for token in (bot, app, *secrets.values())):
        problems.append("a token holds a space or a character that no token has: copy it again")
    return problems


def _looks_like(token: str) -> str:
    kinds = {"xoxb-": "a bot token", "xapp-": "an app-level token", "xoxp-": "a user token"}
    for prefix, kind in kinds.items():
        if token.startswith(prefix):
            return f"is {kind}"
    return "is no token of Slack's (they begin with xoxb- or xapp-)"


def _is_header_safe(token: str) -> bool:
    return token.isascii() and token.isprintable() and " " not in token


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
