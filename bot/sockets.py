"""Socket Mode: slack_sdk's client over websocket-client, configured to mend a connection within seconds.

Of the SDK's clients the built-in one spins and notices a cut only after five failed pings, and the aiohttp one
retries a bad token for ever. This one notices a cut at once; what it lacks is added here: pings that must be
answered, a pause between attempts, one connection instead of two when Slack asks for a new one, and an end
where Slack does not accept the token any more.
"""

from __future__ import annotations

import json
import logging
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock
from typing import TYPE_CHECKING, Any

import websocket
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientNotConnectedError
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.interval_runner import IntervalRunner
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.websocket_client import SocketModeClient

from bot.app import BAD_TOKEN

if TYPE_CHECKING:
    from slack_bolt import App

PING_SECONDS = 5.0  # a ping that is not answered for as long ends the connection
HANDSHAKE_SECONDS = 10.0
LONGEST_PAUSE = 30.0
GOODBYE = 0.5
REOPENING = 3.0  # how long an ack waits for the next connection; Slack waits as long


class SocketClient(SocketModeClient):
    """Keeps one connection up. ``on_refused`` hears of the error when Slack does not accept the token."""

    def __init__(
        self,
        app_token: str,
        web_client: WebClient,
        logger: logging.Logger,
        on_refused: Callable[[SlackApiError], None],
    ) -> None:
        self._on_refused = on_refused
        self._opened = Event()
        self._closed = Event()
        self._connecting = Lock()
        self._ending = Event()
        self._attempts = 0
        # A handshake that hangs would never end otherwise; the library takes it only as its default.
        websocket.setdefaulttimeout(HANDSHAKE_SECONDS)
        self._run: websocket.WebSocketApp | None = None
        super().__init__(
            app_token=app_token,
            web_client=web_client,
            logger=logger,
            ping_interval=PING_SECONDS,
            concurrency=1,  # envelopes are only read and queued: one worker keeps them in order
            on_message_listeners=[self._on_hello],
            on_close_listeners=[lambda _: self._closed.set()],
        )
        self.message_listeners.append(self._on_taken_up)
        self.arrived = time.perf_counter()
        # How soon a new connection is opened. The runner that the SDK started is half a second into its first wait.
        self.current_session_runner.shutdown()  # type: ignore[no-untyped-call]
        self.current_session_runner = IntervalRunner(self._run_current_session, 0.05).start()
        self.current_app_monitor.interval_seconds = 1.0  # how soon a failed attempt is followed by the next

    def wait_until_open(self, timeout: float) -> bool:
        return self._opened.wait(timeout)

    def issue_new_wss_url(self) -> str:
        """A new address to connect to, after a pause that grows while no connection comes about."""
        pause = min(LONGEST_PAUSE, 0.5 * 2 ** min(self._attempts - 1, 10)) if self._attempts else 0.0
        if self._ending.wait(pause):
            raise SlackClientNotConnectedError("the bot is stopping")
        self._attempts += 1
        try:
            return str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])
        except SlackApiError as error:
            if error.response.get("error") in BAD_TOKEN:
                self.auto_reconnect_enabled = False
                self._on_refused(error)
            raise

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """As in the SDK, but the end of a connection that was replaced is no reason for a third one."""
        with self._connecting:
            if self._ending.is_set() or (self._waits_to_run() and not force):
                return
            self._opened.clear()
            super().connect_to_new_endpoint(force)

    def connect(self) -> None:
        """Open a connection in place of the one before; that one's end is not to be mended."""
        self.auto_reconnect_enabled = False  # the SDK sets it again
        self.disconnect()
        super().connect()

    def disconnect(self) -> None:
        """Say goodbye and wake the reading thread, which closes; the SDK's way takes seconds and may leave it open."""
        session = self.current_session
        connection = session.sock if session else None
        if session is None or connection is None:
            return
        self._closed.clear()
        session.keep_running = False
        with suppress(websocket.WebSocketException, OSError):
            connection.send_close()
        if connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)
        self._closed.wait(GOODBYE)
        connection.shutdown()  # type: ignore[no-untyped-call] # after a goodbye the library's close() does nothing

    def send_message(self, message: str) -> None:
        self._opened.wait(REOPENING)
        super().send_message(message)

    def enqueue_message(self, message: str) -> None:
        super().enqueue_message(_Arrived(message))

    def session_id(self) -> str:
        """The SDK's own warning about a connection that is gone asks for this, and does not have it."""
        return hex(id(self.current_session))

    def close(self) -> None:
        """Disconnect and end all threads. What was received and not acknowledged comes again elsewhere."""
        self._ending.set()
        self.closed = True
        self.message_queue.put(None)  # wakes the thread that waits for messages
        super().close()

    def _waits_to_run(self) -> bool:
        return self.current_session is not None and self.current_session is not self._run

    def _monitor_current_session(self) -> None:
        if not self._waits_to_run():
            super()._monitor_current_session()  # type: ignore[no-untyped-call]

    def _on_hello(self, _: Any, message: str) -> None:
        """Slack sends payloads down a connection from its ``hello`` on, which is later than its opening."""
        if not self._opened.is_set() and json.loads(message).get("type") == "hello":
            self._attempts = 0
            self._opened.set()

    def _on_taken_up(self, _: BaseSocketModeClient, __: dict[str, Any], message: str | None) -> None:
        """``arrived`` is when the envelope came that is worked on now: there is one worker, one envelope at a time."""
        if isinstance(message, _Arrived):
            self.arrived = message.at

    def _run_current_session(self) -> None:
        session = self.current_session
        if session is None or session is self._run or self._ending.is_set():
            return  # each address is good for one connection
        self._run = session
        try:
            session.run_forever(ping_interval=PING_SECONDS, ping_timeout=PING_SECONDS - 0.5)
        except Exception as error:  # noqa: BLE001 - the monitor reconnects; the thread must live on
            self.logger.warning("The connection to Slack ended: %s", error)
            session.close()


class _Arrived(str):
    """A frame that knows when it arrived: it may wait for the frames before it."""

    at: float

    def __new__(cls, text: str) -> _Arrived:
        frame = super().__new__(cls, text)
        frame.at = time.perf_counter()
        return frame


def connect(app: App, client: SocketClient, acknowledged: Callable[[float], None] = lambda _: None) -> None:
    """Let ``app`` handle what arrives, and connect. ``acknowledged`` hears how many seconds each envelope took.

    Raises:
        SlackApiError: Slack refuses, for example the token.
        OSError, SlackClientError: Slack cannot be reached.
    """

    def handle(connection: BaseSocketModeClient, request: SocketModeRequest) -> None:
        started = time.time()
        response = run_bolt_app(app, request)
        send_response(connection, request, response, started)
        if response.status == 200:
            acknowledged(time.perf_counter() - client.arrived)

    client.socket_mode_request_listeners.append(handle)
    client.connect()
