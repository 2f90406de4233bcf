"""Which workspace a payload is of, where several have installed the app: by the store, and without asking Slack.

Bolt's own way asks ``auth.test`` before it acknowledges. The store knows all that is needed, and a payload of a
workspace that it does not know is acknowledged and left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from slack_bolt import BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.authorize import Authorize
from slack_sdk.oauth.installation_store import Bot

from bot.installations import Installations

# They come when the installation is gone, and Bolt lets them pass without one.
_AFTERWARDS = frozenset({"app_uninstalled", "tokens_revoked"})
_CHECKS = frozenset({"ssl_check", "url_verification"})  # Slack's of the address; of no workspace
_KEY = "verbatim_installation"

Middleware = Callable[..., BoltResponse | None]


def only_installed(installations: Installations, logger: logging.Logger) -> Middleware:
    """A middleware that looks the workspace up and ends the payloads of those that have not installed the app."""

    def look_up(request: BoltRequest, context: BoltContext, next_: Callable[[], BoltResponse]) -> BoltResponse | None:
        body = request.body
        event, kind = _text(body.get("event"), "type"), _text(body, "type")
        if event in _AFTERWARDS or kind in _CHECKS:
            return next_()
        found = installations.of(context.enterprise_id, context.team_id)
        if found is None:
            what = event or kind or _text(body, "command")
            logger.warning("Left alone: %.40r of %.40r, which has not installed the app", what, context.team_id)
            return BoltResponse(status=200)
        context[_KEY] = found
        return next_()

    return look_up


class FromStore(Authorize):
    """Gives Bolt what ``only_installed`` has found."""

    def __init__(self) -> None:
        """Bolt's own does nothing, and says so to no type checker."""

    def __call__(self, *, context: BoltContext, user_id: str | None, **_: object) -> AuthorizeResult:
        found: Bot = context[_KEY]
        return AuthorizeResult(
            enterprise_id=found.enterprise_id,
            team_id=found.team_id,
            team=found.team_name,
            bot_user_id=found.bot_user_id,
            bot_id=found.bot_id,
            bot_token=found.bot_token,
            bot_scopes=found.bot_scopes,
        )


def _text(mapping: object, key: str) -> str:
    value = mapping.get(key) if isinstance(mapping, dict) else None
    return value if isinstance(value, str) else ""
