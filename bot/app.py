"""The Slack app: built by a function, so that importing this module needs no token and does nothing."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import listeners, wording
from bot.answers import Answers
from bot.authorization import FromStore, only_installed
from bot.blocks import plain
from bot.channels import Channels
from bot.claims import Claims
from bot.database import Database
from bot.delivery import DeliveryError, Outbox, web_client
from bot.desk import Desk
from bot.feedback import Feedback
from bot.installations import Installations, States
from bot.installing import INSTALL_PATH, InstallFlow
from bot.lanes import Lanes
from bot.listeners import departures
from bot.metrics import Metrics
from bot.redaction import Redaction
from bot.settings import WHERE, SlackSettings
from bot.shared_claims import SharedClaims
from bot.workspaces import Workspaces
from index.errors import SettingsError, VerbatimError

if TYPE_CHECKING:
    from index.archive import Archive

# What the bot does in Slack needs these and no others; manifest.json asks for them.
SCOPES = frozenset(
    {
        "app_mentions:read",
        "assistant:write",
        "channels:history",
        "chat:write",
        "commands",
        "groups:history",
        "im:history",
        "usergroups:read",
    }
)
# What Slack says of a token that no waiting will mend.
BAD_TOKEN = {
    "account_inactive",
    "app_token_required",
    "invalid_auth",
    "missing_scope",
    "no_permission",
    "not_allowed_token_type",
    "not_authed",
    "token_expired",
    "token_revoked",
}

# What Slack says of a client that is none, and the setting at fault.
BAD_CLIENT = {
    "bad_client_secret": "SLACK_CLIENT_SECRET",
    "invalid_client": "SLACK_CLIENT_ID",
    "invalid_client_id": "SLACK_CLIENT_ID",
}


def create_app(
    settings: SlackSettings,
    archive: Archive,
    database: Database,
    lanes: Lanes | None = None,
    metrics: Metrics | None = None,
) -> App:
    """Build the Bolt app with every listener registered; asks Slack once (``auth.test``) who the bot is.

    Where workspaces install the app themselves nothing is asked, and its ``oauth_flow`` is an `InstallFlow`.

    ``database`` is what bots share; ``lanes`` are the threads that answer. Whoever gives them closes them. Without
    lanes the app has its own. ``metrics`` count what happens; each app has its own.

    Raises:
        SettingsError: Slack refuses the bot token.
        VerbatimError: Slack cannot be reached.
    """
    logger = slack_logger(settings)
    lanes, metrics = lanes or Lanes(), metrics or Metrics()
    metrics.watch(lanes, archive)
    installations = Installations(settings.client_id or "", database, logger) if settings.installable else None
    client = web_client(settings, None if installations else settings.bot_token, logger, metrics)
    identity = (
        _installed(settings, installations, database, logger) if installations else _single(settings, client, logger)
    )

    # Bolt warns at every start that an explicit client is preferred to the token that it reads from the
    # environment on its own, and that an explicit authorize is preferred to both. Both are meant.
    with quiet(logger):
        app = App(
            name="verbatim",
            logger=logger,
            client=client,
            signing_secret=settings.signing_secret or "",
            **identity,
            # Bolt would keep from us that the bot has joined a channel; what it says itself is told by `bot.incoming`.
            ignoring_self_events_enabled=False,
            # Listeners only read a payload and queue a job. One thread keeps them in the order they came.
            listener_executor=ThreadPoolExecutor(1, thread_name_prefix="bolt"),
            # Helpers for assistant threads that nobody here uses, and that fail on payloads without a thread.
            attaching_conversation_kwargs_enabled=False,
        )

    desk = Desk(
        archive,
        settings,
        Workspaces(settings, logger, metrics),
        Answers(database, archive),
        Feedback(database, counted=metrics.voted),
        Channels(database),
        Claims(SharedClaims(database)),
        lanes,
        logger,
        metrics=metrics,
    )
    if installations:
        departures.register(app, desk, database, installations)
    listeners.register(app, desk)
    outbox = Outbox(client, logger, metrics=metrics)

    @app.error
    def failed(error: Exception, body: Mapping[str, Any]) -> None:
        reference = desk.report(error)
        if isinstance(response_url := body.get("response_url"), str) and response_url:
            try:
                outbox.respond(response_url, plain(wording.apology(reference)))
            except (DeliveryError, OSError) as undelivered:
                desk.report(undelivered)

    return app


def _single(settings: SlackSettings, client: WebClient, logger: logging.Logger) -> dict[str, Any]:
    """One workspace, by the token of the settings."""
    me, scopes = _who_am_i(client, settings, logger)
    if lacking := _lacking(scopes):
        logger.warning(lacking)
    return {"authorize": lambda: me}  # asked for each request; also keeps SLACK_CLIENT_ID from switching OAuth on


def _installed(
    settings: SlackSettings, installations: Installations, database: Database, logger: logging.Logger
) -> dict[str, Any]:
    """The workspaces that have installed the app, and the way for others to do so."""
    if settings.bot_token:
        logger.warning("SLACK_BOT_TOKEN is not used, since SLACK_CLIENT_ID is set: install the app at %s", INSTALL_PATH)
    for bot in installations.all():
        if lacking := _lacking(",".join(bot.bot_scopes), f"The token of the workspace {bot.team_id}"):
            logger.warning(lacking)
    return {
        "before_authorize": only_installed(installations, logger),
        "authorize": FromStore(),
        "oauth_flow": InstallFlow(settings, installations, States(database, logger), logger),
    }


def check_tokens(settings: SlackSettings) -> list[str]:
    """Try the tokens on Slack; a line for each that works, and one for scopes that are missing.

    Raises:
        SettingsError: Slack refuses a token.
        VerbatimError: Slack cannot be reached.
    """
    logger = slack_logger(settings)
    lines = _check_client(settings, logger) if settings.installable else _check_bot_token(settings, logger)
    if settings.app_token is None:
        return [*lines, "SLACK_SIGNING_SECRET is set; only a request from Slack can show that it is right"]
    try:
        with quiet(logger):
            web_client(settings, settings.app_token, logger).apps_connections_open(app_token=settings.app_token)
    except (SlackClientError, OSError, ValueError) as error:
        raise start_problem(settings, "SLACK_APP_TOKEN", error) from error
    return [*lines, "SLACK_APP_TOKEN is good for Socket Mode"]


def _check_bot_token(settings: SlackSettings, logger: logging.Logger) -> list[str]:
    me, scopes = _who_am_i(web_client(settings, settings.bot_token, logger), settings, logger)
    lacking = _lacking(scopes)
    return [f"SLACK_BOT_TOKEN is good for the workspace {me.team}", *([lacking] if lacking else [])]


def _check_client(settings: SlackSettings, logger: logging.Logger) -> list[str]:
    """Try client id and secret with a code that Slack never gave out: what it objects to first is the client."""
    unused = ["SLACK_BOT_TOKEN is not used, since SLACK_CLIENT_ID is set"] if settings.bot_token else []
    try:
        with quiet(logger):
            web_client(settings, None, logger).oauth_v2_access(
                client_id=settings.client_id or "", client_secret=settings.client_secret or "", code="verbatim-doctor"
            )
    except (SlackClientError, OSError, ValueError) as error:
        code = error.response.get("error") if isinstance(error, SlackApiError) else None
        if code in BAD_CLIENT:
            raise start_problem(settings, BAD_CLIENT[code], error) from error
        if code != "invalid_code":
            raise start_problem(settings, "SLACK_CLIENT_ID", error) from error
    return [
        f"Slack knows SLACK_CLIENT_ID and SLACK_CLIENT_SECRET; workspaces install the app at {INSTALL_PATH}",
        *unused,
    ]


def slack_logger(settings: SlackSettings) -> logging.Logger:
    """The logger of everything that talks to Slack, Bolt and slack_sdk too; it hides every secret at any level."""
    logger = logging.getLogger("verbatim.slack")
    for old in [known for known in logger.filters if isinstance(known, Redaction)]:
        logger.removeFilter(old)
    logger.addFilter(Redaction(settings.secrets))
    logger.setLevel(settings.log_level)
    return logger


@contextmanager
def quiet(logger: logging.Logger) -> Iterator[None]:
    """Let a library say nothing of what is said in one clear line instead."""
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def start_problem(settings: SlackSettings, name: str, error: Exception) -> VerbatimError:
    """The one line for a call with the token ``name`` that failed: a bad token, or a Slack out of reach."""
    if isinstance(error, SlackApiError) and error.response.get("error") in {*BAD_TOKEN, *BAD_CLIENT}:
        code = error.response.get("error")
        return SettingsError(f"Slack does not accept {name} ({code}): set it to {WHERE[name]}.")
    lines = str(getattr(error, "reason", error)).splitlines() or [type(error).__name__]
    reason = Redaction(settings.secrets).text(lines[0][:200])
    return VerbatimError(
        f"Slack cannot be reached at {settings.api_url} ({reason}): check the network, the proxy and SLACK_API_URL."
    )


def _who_am_i(client: WebClient, settings: SlackSettings, logger: logging.Logger) -> tuple[AuthorizeResult, str]:
    """Who the bot token belongs to, and the scopes that Slack says it has (comma-separated, "" where unsaid)."""
    try:
        with quiet(logger):
            me = client.auth_test()
    except (SlackClientError, OSError, ValueError) as error:
        raise start_problem(settings, "SLACK_BOT_TOKEN", error) from error
    scopes = next((value for key, value in me.headers.items() if key.lower() == "x-oauth-scopes"), "")
    return AuthorizeResult(
        enterprise_id=me.get("enterprise_id"),
        team_id=me.get("team_id"),
        team=me.get("team"),
        url=me.get("url"),
        bot_user_id=me.get("user_id"),
        bot_id=me.get("bot_id"),
        bot_token=settings.bot_token,
    ), scopes


def _lacking(scopes: str, token: str = "The bot token") -> str:
    """A line that names the scopes the token lacks; empty where it has all, or Slack did not say."""
    granted = {scope.strip() for scope in scopes.split(",") if scope.strip()}
    lacking = sorted(SCOPES - granted) if granted else []
    if not lacking:
        return ""
    return f"{token} lacks {', '.join(lacking)}: reinstall the app with the scopes of manifest.json"
