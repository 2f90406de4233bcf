"""A window that is opened while its work still goes on, and what becomes of it when it is late or closed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.blocks import Message
from bot.incoming import Interaction

if TYPE_CHECKING:
    from bot.delivery import OpenedView
    from bot.workspaces import Workspace

LATE = {"expired_trigger_id", "trigger_expired", "trigger_exchanged", "exchanged_trigger_id", "invalid_trigger_id"}
_CLOSED = "not_found"


class Modal:
    """A window for the person who acted. Slack opens it within three seconds or not at all: then the same is said in a
    private message."""

    def __init__(self, workspace: Workspace, acted: Interaction) -> None:
        self._outbox = workspace.outbox
        self._acted = acted
        self._view: OpenedView | None = None
        self._refused = False
        self._lock = Lock()  # opened by a timer's thread, filled by the one that works

    @contextmanager
    def waiting(self, view: dict[str, Any], patience: float) -> Iterator[None]:
        """While the block takes longer than ``patience`` seconds the window shows ``view``; a late one says nothing yet."""
        timer = Timer(patience, self._wait, [view])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def show(self, view: dict[str, Any], message: Message) -> None:
        """Show ``view`` in the window, or say ``message`` where there is none; nothing to one who has closed it.

        Raises:
            SlackApiError, SlackRequestError: the window cannot be opened, for another reason than its lateness.
            DeliveryError, OSError: the message did not get through either.
        """
        with self._lock:
            if self._view is None and not self._refused:
                self._open(view)
            elif self._view is not None:
                try:
                    self._outbox.update_view(self._view, view)
                except (SlackClientError, OSError) as error:
                    if _code(error) == _CLOSED:
                        return
                    self._refused = True
            if self._refused:
                self._outbox.respond(self._acted.response_url, message)

    def _wait(self, view: dict[str, Any]) -> None:
        with self._lock:
            if self._view is None and not self._refused:
                try:
                    self._open(view)
                except (SlackClientError, OSError):
                    return  # what is found is said in a message

    def _open(self, view: dict[str, Any]) -> None:
        try:
            self._view = self._outbox.open_view(self._acted.trigger_id, view)
        except (SlackClientError, OSError) as error:
            self._refused = True  # whatever is to be said from now on, an apology too, is said in a message
            if _code(error) not in LATE:
                raise


def _code(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else ""
