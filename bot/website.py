"""What the bot serves by HTTP: Slack's requests, installations, the health check and the metrics, as one WSGI application.

``POST /slack/events`` takes events, commands and interactivity, in HTTP mode alone. ``GET /healthz`` answers 200 once
index and models are ready, 503 before; so does Slack's address, and Slack sends again. ``GET /metrics`` is for
Prometheus. ``GET /slack/install`` and ``GET /slack/oauth_redirect`` exist where workspaces install the app themselves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from slack_bolt import BoltRequest
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from slack_bolt.adapter.wsgi.http_response import WsgiHttpResponse

from bot.installing import INSTALL_PATH, REDIRECT_PATH, InstallFlow

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.metrics import Metrics

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"
METRICS_PATH = "/metrics"
LARGEST_BODY = 1_000_000  # bytes; Slack's own payloads stay far below
OLDEST = 300  # seconds

Environ = dict[str, Any]
StartResponse = Callable[..., Any]

_REASONS = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    405: "Method Not Allowed",
    411: "Length Required",
    413: "Content Too Large",
    503: "Service Unavailable",
}


class Website:
    """The WSGI application. Serves before the app exists: ``serve`` when it does.

    ``events``: whether Slack's requests come this way; ``installs``: whether the app is installed here.
    """

    def __init__(self, metrics: Metrics, *, events: bool = True, installs: bool = False) -> None:
        self._metrics = metrics
        self._paths = {EVENTS_PATH: "POST"} if events else {}
        if installs:
            self._paths |= {INSTALL_PATH: "GET", REDIRECT_PATH: "GET"}
        self._handler: SlackRequestHandler | None = None
        self._flow: InstallFlow | None = None
        self._ready = False
        self.closing = False

    def serve(self, app: App) -> None:
        if self._paths:
            self._flow = app.oauth_flow if isinstance(app.oauth_flow, InstallFlow) else None
            self._handler = SlackRequestHandler(app, path=EVENTS_PATH)
        self._ready = True

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "")
        ready = self._ready and not self.closing
        if path in {HEALTH_PATH, METRICS_PATH} and method not in {"GET", "HEAD"}:
            return _answer(start_response, 405, "Use GET.", ("Allow", "GET, HEAD"))
        if path == HEALTH_PATH:
            return _answer(start_response, 200 if ready else 503, "ready" if ready else "not ready")
        if path == METRICS_PATH:
            shown, content_type = self._metrics.shown(environ.get("HTTP_ACCEPT") or "")
            return _body(start_response, 200, shown, content_type)
        taken = self._paths.get(path)
        if taken is None:
            return _answer(start_response, 404, "Not found.")
        if method != taken:
            return _answer(start_response, 405, f"Use {taken}.", ("Allow", taken))
        if self._handler is None or self.closing:
            return _answer(start_response, 503, "Not ready.", ("Retry-After", "5"))
        if path != EVENTS_PATH and self._flow is not None:
            return _page(self._flow, path, environ, start_response)
        if problem := _problem(environ):
            return _answer(start_response, *problem)
        started = time.perf_counter()

        def acknowledge(status: str, *given: Any) -> Any:
            if status.startswith("200"):
                self._metrics.acknowledged(time.perf_counter() - started)
            return start_response(status, *given)

        try:
            return self._handler(environ, acknowledge)
        except (ValueError, TypeError, AttributeError):  # Bolt reads the body before it looks at the signature
            return _answer(start_response, 400, "The body is not what Slack sends.")


def _page(flow: InstallFlow, path: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    headers = WsgiHttpRequest(environ).get_headers()
    page = flow.answer(path, BoltRequest(body="", query=environ.get("QUERY_STRING", ""), headers=headers))
    response = WsgiHttpResponse(status=page.status, headers=page.headers, body=page.body)
    start_response(response.status, response.get_headers())
    return response.get_body()


def _problem(environ: Environ) -> tuple[int, str] | None:
    """What is wrong with a request before its signature is looked at. Bolt answers 500 to what is not ASCII or no number."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isascii() or not length.isdigit():
        return 411, "A Content-Length is needed."
    if int(length) > LARGEST_BODY:
        return 413, "Too large."
    sent = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP") or ""
    if not sent.isascii() or not sent.isdigit() or abs(time.time() - int(sent[:20])) > OLDEST:
        return 401, "The timestamp is missing, wrong or old."
    if not (environ.get("HTTP_X_SLACK_SIGNATURE") or "").isascii():
        return 401, "The signature is wrong."
    return None


def _answer(start_response: StartResponse, status: int, text: str, *headers: tuple[str, str]) -> Iterable[bytes]:
    return _body(start_response, status, text.encode(), "text/plain; charset=utf-8", *headers)


def _body(
    start_response: StartResponse, status: int, body: bytes, content_type: str, *headers: tuple[str, str]
) -> Iterable[bytes]:
    start_response(
        f"{status} {_REASONS[status]}",
        [("Content-Type", content_type), ("Content-Length", str(len(body))), *headers],
    )
    return [body]
