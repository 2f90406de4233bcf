"""Installing the app in a workspace: to Slack's page and back, by Bolt's own flow with plain pages of our own.

``GET /slack/install`` sends the browser to Slack with a ``state`` and a cookie; ``GET /slack/oauth_redirect`` takes
it back, if both fit, and exchanges the code for the bot's token. No page shows a token or what an error said.
"""

from __future__ import annotations

import html
import logging
import re
from threading import BoundedSemaphore
from urllib.parse import urlencode

from slack_bolt import BoltRequest, BoltResponse
from slack_bolt.oauth import OAuthFlow
from slack_bolt.oauth.callback_options import CallbackOptions, FailureArgs, SuccessArgs
from slack_bolt.oauth.oauth_settings import OAuthSettings
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.oauth.installation_store import Installation
from sqlalchemy.exc import SQLAlchemyError

from bot import manifest, wording
from bot.delivery import TIMEOUT
from bot.installations import STATE_SECONDS, Installations, States
from bot.settings import SlackSettings

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
AT_ONCE = 2  # each may wait for Slack for a while; the threads that acknowledge events must not all do so

_TEAM = re.compile(r"[A-Z0-9]{1,32}")
_CODE = re.compile(r"[\w.-]{1,255}", re.ASCII)
_STATUS = {"unreachable": 502, "storage_error": 503, "busy": 503, "org_wide": 400, "rotating": 400, "failed": 500}


class NotInstalled(Exception):
    """An installation came to nothing; ``reason`` is one of `wording.NOT_INSTALLED`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InstallFlow(OAuthFlow):
    """Bolt's flow over our stores. Whatever happens, there is a page to show."""

    def __init__(
        self, settings: SlackSettings, installations: Installations, states: States, logger: logging.Logger
    ) -> None:
        # Bolt looks into the environment for whatever it is not told.
        super().__init__(
            # With the SDK's own, fewer retries: a person waits for the page, and can begin again.
            client=WebClient(base_url=settings.api_url, timeout=TIMEOUT, logger=logger),
            logger=logger,
            settings=OAuthSettings(
                client_id=settings.client_id,
                client_secret=settings.client_secret,
                scopes=manifest.bot_scopes(),
                user_scopes=[],
                install_path=INSTALL_PATH,
                redirect_uri_path=REDIRECT_PATH,
                install_page_rendering_enabled=False,
                installation_store=installations,
                state_store=states,
                state_expiration_seconds=STATE_SECONDS,
                callback_options=CallbackOptions(success=self._succeeded, failure=self._failed),
                logger=logger,
            ),
        )
        self._free = BoundedSemaphore(AT_ONCE)

    def answer(self, path: str, request: BoltRequest) -> BoltResponse:
        """The page at one of the two addresses."""
        try:
            if path == INSTALL_PATH:
                return self.handle_installation(request)
            if not self._free.acquire(blocking=False):
                raise NotInstalled("busy")
            try:
                return self.handle_callback(request)
            finally:
                self._free.release()
        except NotInstalled as error:
            reason = error.reason
        except SQLAlchemyError as error:
            reason = "storage_error"
            self.logger.error("The database failed an installation: %s", _first_line(getattr(error, "orig", error)))
        except Exception as error:  # whatever it was, there is a page to show and the log has it
            reason = "failed"
            self.logger.error("An installation failed: %s", _first_line(error), exc_info=error)
        self.logger.info("An installation came to nothing: %s", reason)
        return _page(_STATUS[reason], wording.NOT_INSTALLED[reason], link=_AGAIN)

    def build_authorize_url(self, state: str, request: BoltRequest) -> str:
        """As in Bolt, but what is no workspace's id is not put into the address."""
        team = request.query.get("team", [""])[0]
        return self.settings.authorize_url_generator.generate(state, team if _TEAM.fullmatch(team) else None)

    def run_installation(self, code: str) -> Installation | None:
        """Exchange the code; None where Slack refuses it. Unlike Bolt, the code is not logged.

        Raises:
            NotInstalled: Slack cannot be reached, or what it grants is not what Verbatim works with.
        """
        if not _CODE.fullmatch(code):
            return None
        try:
            return self._exchanged(code)
        except SlackApiError as error:
            self.logger.warning("Slack refuses an installation: %.80r", error.response.get("error"))
            if error.response.status_code != 200:
                raise NotInstalled("unreachable") from error
            return None
        except (SlackClientError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            # The last four: whatever answers at the address of the settings, it does not answer as Slack does.
            self.logger.warning("Slack cannot be reached for an installation: %s", _first_line(error))
            raise NotInstalled("unreachable") from error

    def _exchanged(self, code: str) -> Installation:
        settings = self.settings
        client: WebClient = self.client
        given = client.oauth_v2_access(
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            code=code,
            redirect_uri=settings.redirect_uri,
        )
        team, enterprise, installer = (given.get(name) or {} for name in ("team", "enterprise", "authed_user"))
        if given.get("is_enterprise_install") or not team.get("id"):
            raise NotInstalled("org_wide")
        if given.get("refresh_token"):
            raise NotInstalled("rotating")
        token = given["access_token"]
        return Installation(
            app_id=given.get("app_id") or "",
            enterprise_id=enterprise.get("id"),
            enterprise_name=enterprise.get("name"),
            team_id=team["id"],
            team_name=team.get("name"),
            bot_token=token,
            bot_id=client.auth_test(token=token)["bot_id"],  # the exchange does not say it
            bot_user_id=given["bot_user_id"],
            bot_scopes=given.get("scope") or "",
            user_id=installer["id"],
            token_type=given.get("token_type"),
        )

    def _succeeded(self, args: SuccessArgs) -> BoltResponse:
        made = args.installation
        self.logger.info("Installed in the workspace %s (%r) by %s", made.team_id, made.team_name, made.user_id)
        to_slack = "https://slack.com/app_redirect?" + urlencode({"app": made.app_id, "team": made.team_id})
        page = _page(
            200,
            wording.INSTALLED.format(team=made.team_name or made.team_id),
            wording.WHAT_NOW,
            link=(to_slack, wording.OPEN_SLACK),
        )
        page.headers["set-cookie"] = [self.settings.state_utils.build_set_cookie_for_deletion()]
        return page

    def _failed(self, args: FailureArgs) -> BoltResponse:
        known = args.reason in wording.NOT_INSTALLED
        self.logger.info("An installation came to nothing: %s", args.reason if known else "an error of Slack's")
        return _page(args.suggested_status_code, wording.NOT_INSTALLED.get(args.reason, wording.REFUSED), link=_AGAIN)


_AGAIN = (INSTALL_PATH, wording.BEGIN_AGAIN)


def _page(status: int, *lines: str, link: tuple[str, str]) -> BoltResponse:
    shown = "".join(f"<p>{html.escape(line)}</p>\n" for line in lines)
    address, label = map(html.escape, link)
    return BoltResponse(
        status=status,
        body=(
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>Verbatim</title>\n'
            f'{shown}<p><a href="{address}">{label}</a></p>\n</html>\n'
        ),
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",  # the page's own address holds the code and the state
            "X-Content-Type-Options": "nosniff",
        },
    )


def _first_line(error: object) -> str:
    return (str(getattr(error, "reason", error)).strip().splitlines() or [type(error).__name__])[0][:200]
