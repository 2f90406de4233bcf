"""What every listener works with: the archive, the way out, and what the bot remembers.

A listener reads a payload and hands a job to :meth:`Desk.handle`; the job runs on the bot's own threads,
once, in its channel's order, and whatever goes wrong in it ends in an apology with a reference.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from bot import wording
from bot.blocks import Message, plain
from bot.claims import Claim, Claims
from bot.lanes import Lanes
from bot.memory import Recent
from index.conversation import Conversation
from index.errors import ArticleError
from index.records import Answer

if TYPE_CHECKING:
    from bot.delivery import Outbox
    from index.archive import Archive

Job = Callable[[], None]
Tell = Callable[[Message], None]


@dataclass(frozen=True, slots=True)
class Desk:
    """Made once for the app by ``create_app``. Everything in it is safe to use from several threads.

    ``conversations`` are kept by channel and thread, ``shareable`` are private answers by the id that their
    button carries; both forget the oldest.
    """

    archive: Archive
    outbox: Outbox
    bot_user: str
    log: logging.Logger
    lanes: Lanes = field(default_factory=Lanes)
    claims: Claims = field(default_factory=Claims)
    conversations: Recent[tuple[str, str], Conversation] = field(default_factory=lambda: Recent(2_000))
    shareable: Recent[str, Message] = field(default_factory=lambda: Recent(500))
    model: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(os.cpu_count() or 1))

    def handle(self, names: Iterable[Hashable], lane: Hashable, job: Job, tell: Tell) -> None:
        """Run ``job`` once for all deliveries that share one of ``names``; ``tell`` reaches the person.

        Returns at once. Jobs of one lane run one after another.
        """
        claim = self.claims.take(names)
        if claim is not None and not self.lanes.put(lane, lambda: self._run(claim, job, tell)):
            self.claims.release(claim)
            self.log.warning("A question was turned away: too many are waiting, or the bot is stopping")

    def ask(self, question: str, thread: tuple[str, str] | None = None) -> Answer:
        """The archive's answer, in the conversation of ``thread`` where there is one."""
        before = Conversation() if thread is None else self.conversations.get(thread) or Conversation()
        with self.model:
            found = self.archive.ask(question, before)
        if thread is not None:
            self.conversations.put(thread, before.after(question, found))
        return found

    def keep(self, message: Message) -> str:
        """Remember a private message for its share button; the id to ask for it with."""
        share_id = secrets.token_urlsafe(12)
        self.shareable.put(share_id, message)
        return share_id

    def report(self, error: BaseException) -> str:
        """Write an error to the log with its traceback; the reference that it has there."""
        reference = secrets.token_hex(4)
        self.log.error("Reference %s: %s", reference, error, exc_info=error)
        return reference

    def _run(self, claim: Claim, job: Job, tell: Tell) -> None:
        """Do the job or apologise. If not even that got out, the next delivery gets its chance."""
        while True:
            try:
                job()
            except ArticleError as error:
                done = self._tell(tell, plain(str(error)))
            except Exception as error:  # noqa: BLE001 - whatever it was, the person hears of it and the log has it
                done = self._tell(tell, plain(wording.apology(self.report(error))))
            else:
                done = True
            if done or not self.claims.release(claim):
                return

    def _tell(self, tell: Tell, message: Message) -> bool:
        try:
            tell(message)
        except Exception as error:  # noqa: BLE001 - Slack refuses or is away; there is nobody left to tell
            self.report(error)
            return False
        return True
