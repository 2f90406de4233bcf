"""Serving: Socket Mode where an app token is set, else HTTP under waitress; installations over HTTP in either case.

Signals belong to ``run`` alone.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from bot.log_lines import LineFormatter
from bot.redaction import Redaction
from bot.settings import SlackSettings
from index.errors import VerbatimError

if TYPE_CHECKING:
    from slack_bolt import App

    from bot.database import Database
    from bot.housekeeping import Housekeeping
    from bot.lanes import Lanes
    from bot.metrics import Metrics
    from bot.sockets import SocketClient
    from bot.website import Website
    from index.archive import Archive

log = logging.getLogger(__name__)

GRACE = 8.0  # seconds; process managers commonly kill after 10
HTTP_THREADS = 8  # a request is acknowledged within milliseconds
SECONDS_TO_CONNECT = 15.0


class Server:
    """The running bot. Works off the main thread; installs no signal handler.

    server = Server(settings, lambda: archive, lambda: database, host="127.0.0.1")
    server.start()      # returns once it answers; HTTP listens before the archive is opened
    server.port         # the port listened on (settings.port 0: a free one); None where there is none (``listens``)
    server.stop(5.0)    # takes nothing new, finishes what is in flight, at most so many seconds

    Archive and database are left open: they belong to whoever opened them.
    """

    def __init__(
        self,
        settings: SlackSettings,
        open_archive: Callable[[], Archive],
        open_database: Callable[[], Database],
        *,
        host: str = "0.0.0.0",
    ) -> None:
        self._settings = settings
        self._open_archive = open_archive
        self._open_database = open_database
        self._host = host
        self._app: App | None = None
        self._lanes: Lanes | None = None
        self._web: _Web | None = None
        self._socket: SocketClient | None = None
        self._housekeeping: Housekeeping | None = None
        self._failure: VerbatimError | None = None
        self._ready = Event()
        self._ended = Event()
        self._stopping = Lock()

    @property
    def port(self) -> int | None:
        return self._web.port if self._web else None

    @property
    def ready(self) -> bool:
        """Whether index and models are loaded and Slack has been reached."""
        return self._ready.is_set()

    def start(self) -> None:
        """Start, and return once the bot answers. After an error nothing is left running.

        Raises:
            SettingsError: Slack refuses a token, or the database cannot be used.
            VerbatimError: Slack cannot be reached, the port is taken, or the archive cannot be opened.
        """
        try:
            self._start()
        except BaseException:
            self.stop(0.0)
            raise

    def _start(self) -> None:
        from bot.app import create_app
        from bot.housekeeping import Housekeeping
        from bot.lanes import Lanes
        from bot.metrics import Metrics

        metrics = Metrics()
        over_http, installable = not self._settings.socket_mode, self._settings.installable
        if self._settings.listens:
            self._web = _Web(self._host, self._settings.port, metrics, events=over_http, installs=installable)
        database = self._open_database()
        archive = self._open_archive()
        if self._ended.is_set():  # stopped meanwhile
            return
        self._lanes = Lanes()
        self._app = create_app(self._settings, archive, database, self._lanes, metrics)
        if not over_http:
            self._connect(self._app, metrics)
            log.info("Verbatim answers in Socket Mode")
        if self._web:
            self._web.site.serve(self._app)
            what = "answers" if over_http else "is installed" if installable else "shows health and metrics"
            log.info("Verbatim %s over HTTP on port %d", what, self._web.port)
        with self._stopping:
            if self._ended.is_set():
                return
            self._housekeeping = Housekeeping(database, self._settings.retention_days)
            self._housekeeping.start()
        self._ready.set()

    def _connect(self, app: App, metrics: Metrics) -> None:
        from slack_sdk.errors import SlackApiError, SlackClientError

        from bot.app import quiet, slack_logger, start_problem
        from bot.delivery import web_client
        from bot.sockets import SocketClient, connect

        settings, logger = self._settings, slack_logger(self._settings)

        def refused(error: SlackApiError) -> None:
            self._failure = start_problem(settings, "SLACK_APP_TOKEN", error)
            self._ended.set()

        client = web_client(settings, settings.app_token, logger, metrics)
        self._socket = SocketClient(settings.app_token or "", client, logger, refused)
        try:
            with quiet(logger):
                connect(app, self._socket, metrics.acknowledged)
        except (SlackClientError, OSError, ValueError) as error:
            raise start_problem(settings, "SLACK_APP_TOKEN", error) from error
        if not self._socket.wait_until_open(SECONDS_TO_CONNECT):
            late = TimeoutError("no WebSocket connection came about")
            raise start_problem(settings, "SLACK_APP_TOKEN", late)

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the server has ended; False after ``timeout`` seconds.

        Raises:
            SettingsError: it ended because Slack does not accept the app token any more.
        """
        ended = self._ended.wait(timeout)
        if ended and self._failure:
            raise self._failure
        return ended

    def stop(self, grace: float = GRACE) -> None:
        """Take nothing new, finish what is in flight for at most ``grace`` seconds, close. Twice does no harm."""
        with self._stopping:
            until = time.monotonic() + grace
            self._ready.clear()
            if self._housekeeping:
                self._housekeeping.stop(grace)
            if self._web:
                self._web.stop_taking()
            if self._socket:
                # While Slack cannot be reached, closing waits for a request that hangs.
                closing = Thread(target=self._socket.close, name="close", daemon=True)
                closing.start()
                closing.join(max(1.0, grace))
            if self._app:  # its listeners only queue: after this nothing comes any more
                self._app.listener_runner.listener_executor.shutdown(wait=True)
            if self._lanes and not self._lanes.close(max(0.0, until - time.monotonic())):
                log.warning("Stopped before everything was answered: the time for it was over")
            if self._web:
                self._web.close()
            self._socket = self._app = self._lanes = self._housekeeping = None
            self._ended.set()


class _Web:
    """Waitress on a thread of its own, listening from the start."""

    def __init__(self, host: str, port: int, metrics: Metrics, *, events: bool, installs: bool) -> None:
        import waitress

        from bot.website import LARGEST_BODY, Website

        self.site: Website = Website(metrics, events=events, installs=installs)
        try:
            self._server: Any = waitress.create_server(
                self.site,
                host=host,
                port=port,
                threads=HTTP_THREADS,
                max_request_body_size=LARGEST_BODY,
                ident=None,
                clear_untrusted_proxy_headers=True,
            )
        except (OSError, OverflowError) as error:
            raise VerbatimError(
                f"Port {port} cannot be listened on ({error}): stop what uses it, or set PORT to another."
            ) from error
        self.port: int = int(self._server.effective_port)
        self._thread = Thread(target=self._server.run, name="http", daemon=True)
        self._thread.start()

    def stop_taking(self) -> None:
        """Answer 503 from now on, so that Slack sends again elsewhere or later."""
        self.site.closing = True

    def close(self) -> None:
        if not self._thread.is_alive():
            return
        self._server.task_dispatcher.shutdown()  # waits for the requests that are being answered
        # waitress stops when its loop has nothing left to watch; only the loop's own thread may close that.
        # A request's end may have woken the loop just now: then it has closed all, the trigger too, before it is pulled.
        with suppress(OSError):
            self._server.trigger.pull_trigger(lambda: self._server.asyncore.close_all(self._server._map))
        self._thread.join(5.0)


def run(settings: SlackSettings, open_archive: Callable[[], Archive], open_database: Callable[[], Database]) -> int:
    """Serve until SIGTERM or SIGINT, then finish what is in flight and return 0. A second signal exits at once.

    Call it from the main thread; it sets up logging to standard error.

    Raises:
        VerbatimError: as ``Server.start`` and ``Server.wait``.
    """
    _log_to_stderr(settings)
    asked_to_stop = Event()
    server = Server(settings, open_archive, open_database)

    def on_signal(number: int, _: object) -> None:
        if asked_to_stop.is_set():
            os._exit(128 + number)  # the second one: somebody is in a hurry
        asked_to_stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        return _serve(server, asked_to_stop)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _serve(server: Server, asked_to_stop: Event) -> int:
    """Start beside the main thread, so that a signal is heard while models are loading, too."""
    failures: list[BaseException] = []

    def start() -> None:
        try:
            server.start()
            server.wait()
        except BaseException as error:  # noqa: BLE001 - it is raised again on the main thread
            failures.append(error)
        asked_to_stop.set()

    starter = Thread(target=start, name="start", daemon=True)
    starter.start()
    while not asked_to_stop.wait(1.0):  # with a timeout: signal handlers run between waits on every platform
        pass
    if not failures:
        log.info("Stopping: finishing what is being answered")
    server.stop(GRACE)
    if failures:
        raise failures[0]
    log.info("Stopped")
    return 0


def _log_to_stderr(settings: SlackSettings) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(LineFormatter())
    handler.addFilter(Redaction(settings.secrets))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(settings.log_level)
