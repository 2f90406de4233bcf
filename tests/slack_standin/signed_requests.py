"""HTTP delivery: signed POSTs to the bot's own address, with the headers of retries."""

from __future__ import annotations

import http.client
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from slack_standin.courier import Delivery
from slack_standin.signing import signature

if TYPE_CHECKING:
    from slack_standin.standin import Slack

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


class SignedRequests:
    """``port`` is where the bot listens; payloads wait until it is set."""

    def __init__(self, slack: Slack, path: str = "/slack/events") -> None:
        self._slack = slack
        self._path = path
        self._pool = ThreadPoolExecutor(8, thread_name_prefix="requests")
        self._lock = threading.Lock()
        self._port: int | None = None

    @property
    def port(self) -> int | None:
        return self._port

    @port.setter
    def port(self, port: int | None) -> None:
        self._port = port
        if port is not None:
            self._slack.courier.wake()

    def stop(self) -> None:
        self._pool.shutdown(cancel_futures=True)

    def get(self, path: str, headers: dict[str, str] | None = None) -> Reply:
        """GET from the bot."""
        return self._exchange("GET", path, b"", headers or {})

    def post(
        self,
        body: bytes,
        content_type: str = JSON,
        *,
        timestamp: str | None = None,
        signed: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        """POST to the bot as Slack does; ``timestamp`` and ``signed`` forge a request."""
        stamp = str(int(self._slack.workspace.now())) if timestamp is None else timestamp
        sign = signature(self._slack.signing_secret, stamp, body) if signed is None else signed
        return self._exchange(
            "POST",
            self._path,
            body,
            {
                "Content-Type": content_type,
                "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": sign,
                **(headers or {}),
            },
        )

    def post_unsigned(self, body: bytes) -> Reply:
        """POST to the bot as somebody who knows no secret."""
        return self._exchange("POST", self._path, body, {"Content-Type": JSON})

    def _exchange(self, verb: str, path: str, body: bytes, headers: dict[str, str]) -> Reply:
        if self._port is None:
            raise ConnectionRefusedError
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request(verb, path, body, headers)
            response = connection.getresponse()
            return Reply(response.status, response.read().decode("utf-8", "replace"), dict(response.getheaders()))
        finally:
            connection.close()

    def carry(self, delivery: Delivery) -> bool:
        if self._port is None:
            return False
        delivery.carrier = self
        delivery.sent.append(time.monotonic())
        self._pool.submit(self._carry, delivery, delivery.attempt, delivery.reason)
        return True

    def _carry(self, delivery: Delivery, attempt: int, reason: str) -> None:
        headers = {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason} if attempt else {}
        if delivery.kind == "events_api":
            body, kind = json.dumps(delivery.payload).encode(), JSON
        elif delivery.kind == "slash_commands":
            body, kind = urlencode(delivery.payload).encode(), FORM
        else:
            body, kind = urlencode({"payload": json.dumps(delivery.payload)}).encode(), FORM
        courier = self._slack.courier
        try:
            reply = self.post(body, kind, headers=headers)
        except (OSError, http.client.HTTPException):
            courier.fail(delivery, "connection_failed")
            return
        delivery.statuses.append(reply.status)
        if not 200 <= reply.status < 300:
            courier.fail(delivery, "http_error")
            return
        try:
            answer = json.loads(reply.body) if reply.body else None
        except ValueError:
            answer = {"text": reply.body}
        courier.acknowledge(delivery, answer)
        self._slack.answered(delivery)
