"""A person's browser on the way through an installation: it keeps cookies and goes where it is sent."""

from __future__ import annotations

from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

from slack_standin.signed_requests import Reply
from slack_standin.workspace import User

if TYPE_CHECKING:
    from slack_standin.standin import Slack


class Browser:
    """Reaches the bot at the port that ``slack.http`` knows."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> Reply:
        """A page of the bot."""
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        reply = self._slack.http.get(path, {"Cookie": sent} if sent else {})
        for name, cookie in SimpleCookie(reply.headers.get("Set-Cookie", "")).items():
            if cookie["expires"]:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = cookie.value
        return reply

    def begin(self) -> str:
        """Open the page of the installation; the address at Slack to which it leads."""
        reply = self.get("/slack/install")
        if reply.status != 302:
            raise AssertionError(f"no way to Slack: {reply}")
        return reply.headers["Location"]

    def come_back(self, query: str) -> Reply:
        """Slack sends the person back."""
        return self.get(f"/slack/oauth_redirect?{query}")

    def install(self, team: Slack, user: User) -> Reply:
        """The whole way; the last page."""
        return self.come_back(self._slack.oauth.agree(team, user, self.begin()))
