"""The Web API and the response URLs over HTTP, on a port of 127.0.0.1 that the system picks."""

from __future__ import annotations

import base64
import json
import socket
import threading
import time
from dataclasses import dataclass, field
from email.message import Message as Headers
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from slack_standin import methods
from slack_standin.refusal import Refused

if TYPE_CHECKING:
    from slack_standin.standin import Slack


@dataclass(frozen=True, slots=True)
class Call:
    """A call that came in, and how it was answered; ``error`` None means it went well."""

    method: str
    args: dict[str, Any]
    status: int
    error: str | None
    headers: dict[str, str] = field(default_factory=dict)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    slack: Slack

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up, or that we cut, is no news."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read ``Web.calls`` instead."""

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind, _, name = self.path.split("?")[0].lstrip("/").partition("/")
        web = self.server.slack.web
        if kind == "api":
            web.api(self, name, body)
        elif kind == "response":
            web.response(self, name, body)
        else:
            self.answer(404, b"not found")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def cut(self) -> None:
        """Break the connection off without a word."""
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)


def arguments(headers: Headers, body: bytes) -> dict[str, Any]:
    """The arguments of a call, from a JSON or a form body."""
    if "json" in (headers.get("Content-Type") or ""):
        value = json.loads(body or b"{}")
        return value if isinstance(value, dict) else {}
    return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True))


class Web:
    """The HTTP side of the stand-in. ``calls`` are all calls, in the order of their answers."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.slack = slack
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self.calls: list[Call] = []
        self.delay = 0.0  # seconds that every call takes on its way
        self.root = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.base_url = f"{self.root}/api/"

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def called(self, method: str) -> list[Call]:
        with self._slack.workspace.changed:
            return [call for call in self.calls if call.method == method]

    def _note(self, call: Call) -> None:
        with self._slack.workspace.changed:
            self.calls.append(call)
            self._slack.workspace.changed.notify_all()

    def api(self, http: _Handler, method: str, body: bytes) -> None:
        slack = self._slack
        args = arguments(http.headers, body)
        scheme, _, bearer = (http.headers.get("Authorization") or "").partition(" ")
        token = bearer if scheme.lower() == "bearer" else args.get("token")
        if scheme.lower() == "basic":
            args["client_id"], _, args["client_secret"] = base64.b64decode(bearer).decode().partition(":")
        status, answer, headers = 200, {}, {"Content_Type": "application/json; charset=utf-8"}
        fault = slack.faults.take(method)
        if fault and fault.held:
            fault.held.wait()
        if self.delay:
            time.sleep(self.delay)
        if fault and fault.status == 0:
            self._note(Call(method, args, 0, "cut"))
            http.cut()
            return
        try:
            if fault and fault.error:
                raise Refused(fault.error)
            if fault and fault.status != 200:
                raise Refused("scripted", fault.status, fault.retry_after)
            answer = methods.call(slack, method, token, args)
        except Refused as refused:
            status, answer = refused.status, refused.body()
            if refused.retry_after is not None:
                headers["Retry_After"] = str(refused.retry_after)
        if any(token == team.bot_token for team in slack.teams):
            headers["X_OAuth_Scopes"] = ",".join(sorted(slack.grants.scopes))
        shown = {name: value for name, value in args.items() if name != "token"}
        self._note(Call(method, shown, status, answer.get("error"), dict(http.headers.items())))
        http.answer(status, json.dumps(answer).encode(), **headers)

    def response(self, http: _Handler, name: str, body: bytes) -> None:
        args = arguments(http.headers, body)
        fault = self._slack.faults.take("response_url")
        try:
            if fault and fault.status != 200:
                raise Refused("scripted", fault.status, fault.retry_after)
            home = next((team for team in self._slack.teams if team.responses.made(name)), self._slack)
            home.responses.use(name, args)
        except Refused as refused:
            self._note(Call("response_url", args, refused.status, refused.error))
            more = {} if refused.retry_after is None else {"Retry_After": str(refused.retry_after)}
            status = 400 if refused.status == 200 else refused.status
            http.answer(status, refused.error.encode(), **more)
            return
        self._note(Call("response_url", args, 200, None))
        http.answer(200, b"ok", Content_Type="text/html")
