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
from bot.blocks import plain
from bot.channels import Channels
from bot.claims import Claims
from bot.database import Database
from bot.delivery import DeliveryError, Outbox, web_client
from bot.desk import Desk
from bot.feedback import Feedback
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.redaction import Redaction
from bot.settings import WHERE, SlackSettings
from bot.shared_claims import SharedClaims
from bot.workspaces import Workspaces
from index.errors import SettingsError, VerbatimError

if TYPE_CHECKING:
    from index.archive import Archive

# What the bot does in Slack needs these and no others; manifest.json asks for them.
SCOPES = frozenset({"app_mentions:read", "assistant:write", "chat:write", "commands", "im:history"})
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


def create_app(
    settings: SlackSettings,
    archive: Archive,
    database: Database,
    lanes: Lanes | None = None,
    metrics: Metrics | None = None,
) -> App:
    """Build the Bolt app with every listener registered; asks Slack once (``auth.test``) who the bot is.

    ``database`` is what bots share; ``lanes`` are the threads that answer. Whoever gives them closes them. Without
    lanes the app has its own. ``metrics`` count what happens; each app has its own.

    Raises:
        SettingsError: Slack refuses the bot token.
        VerbatimError: Slack cannot be reached.
    """
    logger = slack_logger(settings)
    lanes, metrics = lanes or Lanes(), metrics or Metrics()
    metrics.watch(lanes, archive)
    client = web_client(settings, settings.bot_token, logger, metrics)
    me, scopes = _who_am_i(client, settings, logger)
    if lacking := _lacking(scopes):
        logger.warning(lacking)

    # Bolt warns at every start that an explicit client is preferred to the token that it reads from the
    # environment on its own, and that an explicit authorize is preferred to both. Both are meant.
    with quiet(logger):
        app = App(
            name="verbatim",
            logger=logger,
            client=client,
            signing_secret=settings.signing_secret or "",
            authorize=lambda: me,  # asked for each request; also keeps SLACK_CLIENT_ID from switching OAuth on
            # Listeners only read a payload and queue a job. One thread keeps them in the order they came.
            listener_executor=ThreadPoolExecutor(1, thread_name_prefix="bolt"),
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


def check_tokens(settings: SlackSettings) -> list[str]:
    """Try the tokens on Slack; a line for each that works, and one for scopes that are missing.

    Raises:
        SettingsError: Slack refuses a token.
        VerbatimError: Slack cannot be reached.
    """
    logger = slack_logger(settings)
    me, scopes = _who_am_i(web_client(settings, settings.bot_token, logger), settings, logger)
    lines = [f"SLACK_BOT_TOKEN is good for the workspace {me.team}"]
    if lacking := _lacking(scopes):
        lines.append(lacking)
    if settings.app_token is None:
        return [*lines, "SLACK_SIGNING_SECRET is set; only a request from Slack can show that it is right"]
    try:
        with quiet(logger):
            web_client(settings, settings.app_token, logger).apps_connections_open(app_token=settings.app_token)
    except (SlackClientError, OSError, ValueError) as error:
        raise start_problem(settings, "SLACK_APP_TOKEN", error) from error
    return [*lines, "SLACK_APP_TOKEN is good for Socket Mode"]


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
    if isinstance(error, SlackApiError) and error.response.get("error") in BAD_TOKEN:
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


def _lacking(scopes: str) -> str:
    """A line that names the scopes the token lacks; empty where it has all, or Slack did not say."""
    granted = {scope.strip() for scope in scopes.split(",") if scope.strip()}
    lacking = sorted(SCOPES - granted) if granted else []
    if not lacking:
        return ""
    return f"The bot token lacks {', '.join(lacking)}: reinstall the app with the scopes of manifest.json"
