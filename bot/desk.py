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
from bot.memory import Recent
from bot.parents import Parents
from bot.patience import UNREACHABLE
from bot.settings import SlackSettings
from bot.workspaces import Workspaces
from index.conversation import Conversation, leans_back
from index.errors import ArticleError
from index.questions import is_small_talk
from index.records import Answer, Summary

if TYPE_CHECKING:
    from index.archive import Archive

MOST_CHANGES = 5
"""Changes of the index that may wait for each other, the one under way among them."""

Job = Callable[[], None]
Tell = Callable[[Message], None]

MOST_KEPT_QUIET = 2_000


class Shown(NamedTuple):
    """An answer, and the id under which it is kept; None where nothing was asked or it could not be kept."""

    answer: Answer
    id: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """Made once for the app by ``create_app``. Everything in it is safe to use from several threads.

    ``changes`` is where the index is changed, one change after another, out of the way of those who ask.
    """

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
    changes: Lanes = field(default_factory=lambda: Lanes(threads=1, most_waiting=MOST_CHANGES))
    parents: Parents = field(default_factory=Parents)
    # Channels in which the bot may not post, and until when it does not try again unasked.
    quiet: Recent[tuple[str, str], float] = field(default_factory=lambda: Recent(MOST_KEPT_QUIET))
    model: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(os.cpu_count() or 1))

    def handle(self, names: Iterable[Hashable], lane: Hashable, job: Job, tell: Tell) -> None:
        """Run ``job`` once for all deliveries that share one of ``names``; ``tell`` reaches the person.

        Returns at once. Jobs of one lane run one after another.
        """
        claim = self.claims.take_here(names)
        if claim is not None and not self.lanes.put(lane, lambda: self._run(claim, job, tell)):
            self.claims.release(claim)
            self.log.warning("A question was turned away: too many are waiting, or the bot is stopping")

    def overhear(self, names: Iterable[Hashable], lane: Hashable, wanted: Callable[[], bool], job: Job) -> None:
        """Run ``job`` once for what nobody put to the bot, if ``wanted``; of trouble only the log hears.

        Returns at once. ``wanted`` is asked after all that came before in the lane is done, an answer in the same
        thread for example, and before anything is claimed: most of what people say to each other is not.
        """

        def listen() -> None:
            if wanted() and (claim := self.claims.take(names)) is not None:
                self._run(claim, job, lambda message: None)

        if not self.lanes.put(lane, listen):
            self.log.debug("Something overheard was let go: too many are waiting, or the bot is stopping")

    def ask(self, question: str, place: Place, user: str, parent: Callable[[], str] = str) -> Shown:
        """The archive's answer, in the conversation of the place's thread where it has one; kept under an id.

        ``parent`` says what the thread began with, and is asked where a question leans back on nothing else.
        """
        conversation, before = self._before(question, place, parent)
        with self.model:
            found = self.archive.ask(question, conversation)
        return Shown(found, self.keep(found, place, user, before) if found.is_question else None)

    def ask_quietly(self, question: str, place: Place, user: str, least: float = 0.0) -> Shown | None:
        """As `ask`, for what nobody asked the bot: None, and nothing is kept, where the articles do not answer with
        a confidence of ``least``."""
        conversation = self._conversation(place)
        with self.model:
            found = self.archive.ask(question, conversation)
        if not (found.is_question and found.answerable and found.confidence >= least):
            return None
        return Shown(found, self.keep(found, place, user))

    def keep(self, shown: Answer | Summary, place: Place, user: str, before: str = "") -> str | None:
        """Remember what is shown; None where that fails: better an answer without buttons than none."""
        try:
            return self.answers.keep(shown, place, user, before)
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

    def _before(self, question: str, place: Place, parent: Callable[[], str]) -> tuple[Conversation, str]:
        """What was asked before, and what was said where nothing was asked."""
        conversation = self._conversation(place) if place.thread else Conversation()
        leans = not conversation.questions and leans_back(question) and not is_small_talk(question)
        before = parent() if leans else ""
        return (Conversation((before,)) if before else conversation), before

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
