"""Installing an app as Slack does it: the page on which a person agrees, and ``oauth.v2.access``."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlencode, urlsplit

from slack_standin.refusal import Refused
from slack_standin.workspace import User

if TYPE_CHECKING:
    from slack_standin.standin import Slack

Args = dict[str, Any]
CODE_SECONDS = 600


@dataclass(slots=True)
class Consent:
    """What a person agreed to; its code is good once, for ten minutes."""

    team: Slack
    user: User
    scopes: list[str]
    at: float
    used: bool = False


class OAuth:
    """The app's credentials, and who has agreed to install it where."""

    client_id = "1111111111.2222222222"
    client_secret = "0c11en75ecre7000000000000000000f"

    def __init__(self) -> None:
        self._consents: dict[str, Consent] = {}
        self.extra: Args = {}  # joins the answers of oauth.v2.access

    def agree(self, team: Slack, user: User, address: str) -> str:
        """A person arrives at Slack's page, picks a workspace and agrees; the query with which they come back."""
        split = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(split.query).items()}
        if (split.scheme, split.hostname, split.path) != ("https", "slack.com", "/oauth/v2/authorize"):
            raise AssertionError(f"{address} is not Slack's page")
        if asked.get("client_id") != self.client_id:
            raise AssertionError("Slack shows: invalid client_id parameter")
        scopes = asked.get("scope", "").split(",")
        if not set(scopes) <= team.grants.scopes:
            raise AssertionError(f"Slack shows: invalid scope {set(scopes) - team.grants.scopes}")
        code = f"{team.workspace.number():012d}.{team.workspace.number():012d}.{secrets.token_hex(32)}"
        self._consents[code] = Consent(team, user, scopes, team.workspace.now())
        return urlencode({"code": code, "state": asked.get("state", "")})

    def exchange(self, slack: Slack, args: Args) -> Args:
        """``oauth.v2.access``: the token for a code."""
        if args.get("client_id") != self.client_id:
            raise Refused("invalid_client_id")
        if args.get("client_secret") != self.client_secret:
            raise Refused("bad_client_secret")
        consent = self._consents.get(str(args.get("code")))
        if consent is None:
            raise Refused("invalid_code")
        if consent.used:
            raise Refused("code_already_used")
        if slack.workspace.now() - consent.at > CODE_SECONDS:
            raise Refused("invalid_code")
        consent.used = True
        team, home = consent.team, consent.team.workspace
        with home.changed:
            if not team.installed:
                team.installed = True
                team.bot_token = f"{team.bot_token}{home.number()}"  # never the same one twice
        return {
            "ok": True,
            "app_id": home.app_id,
            "authed_user": {"id": consent.user.id},
            "scope": ",".join(consent.scopes),
            "token_type": "bot",
            "access_token": team.bot_token,
            "bot_user_id": home.bot.id,
            "team": {"id": home.team, "name": f"The {home.domain} & <Co>"},
            "enterprise": None,
            "is_enterprise_install": False,
            **self.extra,
        }
