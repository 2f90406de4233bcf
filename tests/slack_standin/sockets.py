"""Socket Mode: a real WebSocket server with tickets, hello, envelopes, acknowledgements and disconnects."""

from __future__ import annotations

import json
import secrets
import socket
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from slack_standin.courier import Delivery
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

if TYPE_CHECKING:
    from slack_standin.standin import Slack


class Sockets:
    """Every payload goes to one of the open sockets, in turn. ``greeted`` counts all hellos ever said."""

    def __init__(self, slack: Slack) -> None:
        self._slack = slack
        # No pings of our own: websockets would look for the end of a connection only between them.
        self._server = serve(self._serve, "127.0.0.1", 0, close_timeout=1, ping_interval=None)
        self._port = self._server.socket.getsockname()[1]
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._tickets: set[str] = set()
        self._turn = 0
        self.open: list[ServerConnection] = []
        self.greeted = 0
        self.deaf = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def ticket(self) -> str:
        """The URL of a new socket; it can be used once."""
        ticket = secrets.token_hex(8)
        self._tickets.add(ticket)
        return f"ws://127.0.0.1:{self._port}/link/?ticket={ticket}&app_id={self._slack.workspace.app_id}"

    def wait_for(self, number: int = 1, timeout: float = 15.0) -> None:
        """Wait until so many sockets are open."""
        self._slack.workspace.wait_for(lambda: len(self.open) >= number, f"{number} open sockets", timeout)

    def wait_for_hello(self, number: int, timeout: float = 15.0) -> None:
        """Wait until so many sockets have been greeted since the start."""
        self._slack.workspace.wait_for(lambda: self.greeted >= number, f"{number} hellos", timeout)

    def _serve(self, connection: ServerConnection) -> None:
        request = connection.request
        query = parse_qs(urlsplit(request.path).query) if request else {}
        ticket = query.get("ticket", [""])[0]
        if ticket not in self._tickets:
            connection.close(1008, "invalid_ticket")
            return
        self._tickets.discard(ticket)
        changed = self._slack.workspace.changed
        hello = {
            "type": "hello",
            "num_connections": len(self.open) + 1,
            "debug_info": {"host": "applink-1", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._slack.workspace.app_id},
        }
        try:
            connection.send(json.dumps(hello))
            with changed:
                self.open.append(connection)
                self.greeted += 1
            self._slack.courier.wake()
            for frame in connection:
                self._read(frame)
        except ConnectionClosed:
            pass
        finally:
            with changed:
                if connection in self.open:
                    self.open.remove(connection)
                changed.notify_all()
            self._slack.courier.lost(connection)

    def _read(self, frame: str | bytes) -> None:
        envelope = json.loads(frame)
        if self.deaf or not isinstance(envelope, dict):
            return
        courier = self._slack.courier
        for delivery in list(courier.deliveries):
            if delivery.id == envelope.get("envelope_id"):
                courier.acknowledge(delivery, envelope.get("payload"))
                self._slack.answered(delivery)

    def carry(self, delivery: Delivery) -> bool:
        """Send an envelope down the next socket in turn."""
        envelope: dict[str, Any] = {
            "envelope_id": delivery.id,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            envelope |= {"retry_attempt": delivery.attempt, "retry_reason": delivery.reason}
        for _ in range(len(self.open)):
            self._turn += 1
            connection = self.open[self._turn % len(self.open)]
            try:
                connection.send(json.dumps(envelope))
            except (ConnectionClosed, OSError):
                self.open.remove(connection)
                continue
            delivery.carrier = connection
            delivery.sent.append(time.monotonic())
            return True
        return False

    def cut(self) -> None:
        """Break every open connection off, without a close frame."""
        with self._slack.workspace.changed:
            gone, self.open = self.open, []
        for connection in gone:
            connection.socket.shutdown(socket.SHUT_RDWR)

    def disconnect(self, reason: str, *, grace: float | None = 0.5) -> None:
        """Ask every socket to go (``warning`` or ``refresh_requested``); after ``grace`` it is closed.

        Until then payloads may still come down it.
        """
        with self._slack.workspace.changed:
            leaving = list(self.open)
        for connection in leaving:
            connection.send(json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-1"}}))
            if grace is not None:
                timer = threading.Timer(grace, connection.close)
                timer.daemon = True
                timer.start()
