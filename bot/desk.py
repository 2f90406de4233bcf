"""What every listener works with: the archive, what the bot remembers, and the lanes that answer.

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
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from bot import wording
from bot.admins import Groups
from bot.answers import Answers, Kept, Place
from bot.blocks import Message, plain
from bot.channels import Channels
from bot.claims import Claim, Claims
from bot.database_engine import reason
from bot.feedback import Feedback
from bot.lanes import Lanes
from bot.patience import UNREACHABLE
from bot.settings import SlackSettings
from bot.workspaces import Workspaces
from index.conversation import Conversation
from index.errors import ArticleError
from index.records import Answer, Summary

if TYPE_CHECKING:
    from index.archive import Archive

Job = Callable[[], None]
Tell = Callable[[Message], None]


class Shown(NamedTuple):
    """An answer, and the id under which it is kept; None where nothing was asked or it could not be kept."""

    answer: Answer
    id: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """Made once for the app by ``create_app``. Everything in it is safe to use from several threads."""

    archive: Archive
    settings: SlackSettings
    workspaces: Workspaces
    answers: Answers
    feedback: Feedback
    channels: Channels
    claims: Claims
    lanes: Lanes
    log: logging.Logger
    groups: Groups = field(default_factory=Groups)
    model: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(os.cpu_count() or 1))

    def handle(self, names: Iterable[Hashable], lane: Hashable, job: Job, tell: Tell) -> None:
        """Run ``job`` once for all deliveries that share one of ``names``; ``tell`` reaches the person.

        Returns at once. Jobs of one lane run one after another.
        """
        claim = self.claims.take_here(names)
        if claim is not None and not self.lanes.put(lane, lambda: self._run(claim, job, tell)):
            self.claims.release(claim)
            self.log.warning("A question was turned away: too many are waiting, or the bot is stopping")

    def ask(self, question: str, place: Place, user: str) -> Shown:
        """The archive's answer, in the conversation of the place's thread where it has one; kept under an id."""
        before = self._conversation(place) if place.thread else Conversation()
        with self.model:
            found = self.archive.ask(question, before)
        return Shown(found, self.keep(found, place, user) if found.is_question else None)

    def keep(self, shown: Answer | Summary, place: Place, user: str) -> str | None:
        """Remember what is shown; None where that fails: better an answer without buttons than none."""
        try:
            return self.answers.keep(shown, place, user)
        except SQLAlchemyError as error:
            self._lost("An answer could not be kept, it goes without buttons", error)
            return None

    def kept(self, team: str, id_: str) -> Kept | None:
        """What is kept under the id that a button carries, for this workspace alone."""
        return self.answers.find(team, id_)

    def report(self, error: BaseException) -> str:
        """Write an error to the log with its traceback; the reference that it has there."""
        reference = secrets.token_hex(4)
        self.log.error("Reference %s: %s", reference, error, exc_info=error)
        return reference

    def _conversation(self, place: Place) -> Conversation:
        try:
            return self.answers.conversation(place)
        except SQLAlchemyError as error:
            self._lost("What was asked before in a thread is out of reach", error)
            return Conversation()

    def _lost(self, what: str, error: SQLAlchemyError) -> None:
        """One line in the log while the database is away; anything else it says is a defect, with its traceback."""
        traceback = None if isinstance(error, UNREACHABLE) else error
        self.log.warning("%s: %s", what, reason(error), exc_info=traceback)

    def _run(self, claim: Claim, job: Job, tell: Tell) -> None:
        """Do the job or apologise. If not even that got out, the next delivery gets its chance."""
        if not self.claims.share(claim):
            return
        while True:
            try:
                job()
            except ArticleError as error:
                done = self._tell(tell, plain(str(error)))
            except UNREACHABLE as error:
                self._lost("What was asked for needs the database", error)
                done = self._tell(tell, plain(wording.OUT_OF_REACH))
            except Exception as error:  # noqa: BLE001 - whatever it was, the person hears of it and the log has it
                done = self._tell(tell, plain(wording.apology(self.report(error))))
            else:
                done = True
            if done:
                self.claims.done(claim)
                return
            if not self.claims.release(claim):
                return

    def _tell(self, tell: Tell, message: Message) -> bool:
        try:
            tell(message)
        except Exception as error:  # noqa: BLE001 - Slack refuses or is away; there is nobody left to tell
            self.report(error)
            return False
        return True
