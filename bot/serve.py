"""Serving: Socket Mode where an app token is set, else HTTP under waitress. Signals belong to ``run`` alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.settings import SlackSettings

if TYPE_CHECKING:
    from index.archive import Archive


class Server:
    """The running bot. Works off the main thread; installs no signal handler.

        server = Server(settings, lambda: archive, host="127.0.0.1")
        server.start()      # returns once it answers; HTTP listens before the archive is opened
        server.port         # HTTP: the port listened on (settings.port 0: a free one), Socket Mode: None
        server.stop(5.0)    # takes nothing new, finishes what is in flight, at most so many seconds
    """

    def __init__(
        self, settings: SlackSettings, open_archive: Callable[[], Archive], *, host: str = "0.0.0.0"
    ) -> None: ...

    @property
    def port(self) -> int | None:
        raise NotImplementedError

    @property
    def ready(self) -> bool:
        """Whether index and models are loaded and Slack has been reached."""
        raise NotImplementedError

    def start(self) -> None:
        """Start, and return once the bot answers.

        Raises:
            SettingsError: Slack refuses a token.
            VerbatimError: Slack cannot be reached, the port is taken, or the archive cannot be opened.
        """
        raise NotImplementedError

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until the server has ended; False after ``timeout`` seconds.

        Raises:
            SettingsError: it ended because Slack does not accept the app token any more.
        """
        raise NotImplementedError

    def stop(self, grace: float = 8.0) -> None:
        """Take nothing new, finish what is in flight for at most ``grace`` seconds, close. Twice does no harm."""
        raise NotImplementedError


def run(settings: SlackSettings, open_archive: Callable[[], Archive]) -> int:
    """Serve until SIGTERM or SIGINT, then finish what is in flight and return 0. A second signal exits at once.

    Call it from the main thread; it sets up logging to standard error.

    Raises:
        VerbatimError: as ``Server.start`` and ``Server.wait``.
    """
    raise NotImplementedError
