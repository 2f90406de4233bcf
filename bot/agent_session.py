"""What a direct message shows while a question in it is worked on, and what its thread is called.

Both are courtesies. They go out beside the answer, on threads of their own, with little patience and no second try, so
that they can neither delay an answer nor cost one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock, Thread
from typing import TYPE_CHECKING

from slack_sdk import WebClient
from sqlalchemy.exc import SQLAlchemyError

from bot import wording
from bot.answers import Place
from bot.mrkdwn import one_line
from index.questions import is_small_talk

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.incoming import Asked
    from bot.workspaces import Workspace

PATIENCE = 3  # seconds
LONGEST_TITLE = 80
_AT_ONCE = BoundedSemaphore(16)  # while Slack hangs, further questions go without the courtesies

log = logging.getLogger("verbatim.slack")


@contextmanager
def at_work(desk: Desk, workspace: Workspace, asked: Asked) -> Iterator[None]:
    """While the block runs, the thread of a direct message says that the bot is at work.

    Leave it before the answer is posted: that clears the status, and no status is set after it. The first question of
    a thread becomes its title.
    """
    if not asked.channel.startswith("D"):
        yield
        return
    title = _title(desk, workspace, asked)
    client = _brisk(workspace.outbox.client)
    status = _Status(client, asked.channel, asked.thread)

    def entitle() -> None:
        # Not given back if it fails: there is no second try.
        if title and desk.claims.take([("title", workspace.team, asked.channel, asked.thread)]):
            client.assistant_threads_setTitle(channel_id=asked.channel, thread_ts=asked.thread, title=title)

    _beside(status.show, entitle)
    try:
        yield
    finally:
        status.over()


class _Status:
    """The status of a thread. Slack clears it when the answer is posted; one that would come after that is taken back."""

    def __init__(self, client: WebClient, channel: str, thread: str) -> None:
        self._client = client
        self._channel = channel
        self._thread = thread
        self._lock = Lock()
        self._over = False

    def show(self) -> None:
        if self._is_over():
            return
        self._set(wording.WORKING)
        # Slack has it by now. Unless the answer was already on its way, the answer will clear it.
        if self._is_over():
            self._set("")

    def over(self) -> None:
        """The answer is about to be posted."""
        with self._lock:
            self._over = True

    def _is_over(self) -> bool:
        with self._lock:
            return self._over

    def _set(self, status: str) -> None:
        self._client.assistant_threads_setStatus(channel_id=self._channel, thread_ts=self._thread, status=status)


def _title(desk: Desk, workspace: Workspace, asked: Asked) -> str:
    """The title that this question gives its thread; "" where it is not the first, or no question."""
    if len(asked.text) > wording.LONGEST_QUESTION or is_small_talk(asked.text):
        return ""
    try:
        if desk.answers.answered_in(Place(workspace.team, asked.channel, asked.thread)):
            return ""
    except SQLAlchemyError as error:
        desk.report(error)
        return ""
    # Slack does not say whether it parses titles: without angle brackets they ping and link nothing either way.
    return one_line(asked.text.replace("<", "‹").replace(">", "›"), LONGEST_TITLE)


def _brisk(client: WebClient) -> WebClient:
    return WebClient(token=client.token, base_url=client.base_url, timeout=PATIENCE, logger=log, retry_handlers=[])


def _beside(*courtesies: Callable[[], None]) -> None:
    """Do them one after another on a thread of their own; whatever fails is a line in the log."""
    if not _AT_ONCE.acquire(blocking=False):
        return

    def run() -> None:
        try:
            for courtesy in courtesies:
                try:
                    courtesy()
                except Exception as error:  # noqa: BLE001 - nothing that goes wrong here is worth a word to anybody
                    log.warning("A status or title could not be set: %s", error)
        finally:
            _AT_ONCE.release()

    try:
        Thread(target=run, name="courtesy", daemon=True).start()
    except RuntimeError as error:  # no thread to be had
        _AT_ONCE.release()
        log.warning("A status or title could not be set: %s", error)
