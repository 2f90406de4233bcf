"""A window that is opened while its work still goes on, and what becomes of it when it is late or closed."""

from __future__ import annotations

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
    private message. Used by one thread."""

    def __init__(self, workspace: Workspace, acted: Interaction) -> None:
        self._outbox = workspace.outbox
        self._acted = acted
        self._view: OpenedView | None = None
        self._late = False

    @property
    def pending(self) -> bool:
        """Whether nothing was shown so far, and it is not too late for a window."""
        return self._view is None and not self._late

    def wait(self, view: dict[str, Any]) -> None:
        """Open the window with ``view``, which says that there is more to come; a window that is late says nothing yet.

        Raises:
            SlackApiError, OSError, SlackRequestError: Slack refuses for another reason, or cannot be reached.
        """
        if self.pending:
            self._open(view)

    def show(self, view: dict[str, Any], message: Message) -> None:
        """Show ``view`` in the window, or say ``message`` where there is none; nothing to one who has closed it.

        Raises:
            SlackApiError, SlackRequestError: the window cannot be opened, for another reason than its lateness.
            DeliveryError, OSError: the message did not get through either.
        """
        if self.pending:
            self._open(view)
        elif self._view is not None:
            try:
                self._outbox.update_view(self._view, view)
            except (SlackClientError, OSError) as error:
                if _code(error) == _CLOSED:
                    return
                self._late = True
        if self._late:
            self._outbox.respond(self._acted.response_url, message)

    def _open(self, view: dict[str, Any]) -> None:
        try:
            self._view = self._outbox.open_view(self._acted.trigger_id, view)
        except (SlackClientError, OSError) as error:
            self._late = True  # whatever is to be said from now on, an apology too, is said in a message
            if _code(error) not in LATE:
                raise


def _code(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else ""
