"""What every listener works with: the archive, what the bot remembers, and the lanes that answer.

A listener reads a payload and hands a job to :meth:`Desk.handle`; the job runs on the bot's own threads,
once, in its channel's order, and whatever goes wrong in it ends in an apology with a reference.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import SQLAlchemyError

from bot import flood, wording
from bot.answers import Answers, Kept, Place
from bot.blocks import Message, plain
from bot.channels import Channels
from bot.claims import Claim, Claims
from bot.course import Asker, Course, Outcome, current, on_its_way
from bot.feedback import Feedback
from bot.flood import Flood, Flow
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.settings import SlackSettings
from bot.workspaces import Workspaces
from index.conversation import Conversation
from index.errors import ArticleError
from index.records import Answer, Summary
from index.settings import cores

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
    # Twice as many as there are cores: while half of them wait for the reader's threads, the others look things up.
    model: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(2 * cores()))
    flood: Flood = field(default_factory=Flood)
    metrics: Metrics = field(default_factory=Metrics)

    def handle(
        self,
        names: Iterable[Hashable],
        lane: Hashable,
        job: Job,
        tell: Tell,
        *,
        asker: Asker | None = None,
        aside: Tell | None = None,
    ) -> None:
        """Run ``job`` once for all deliveries that share one of ``names``; ``tell`` reaches the person.

        Returns at once. Jobs of one lane run one after another. ``asker`` is whose questions are counted: one who asks
        too many in a row hears so once, and these are left. ``aside`` says to a person that a question was not taken
        up; without it ``tell`` does.
        """
        claim = self.claims.take(names)
        if claim is None:
            return
        course = Course(asker)
        flow = self.flood.take(asker.team, asker.user) if asker else Flow.ANSWER
        if flow is Flow.ANSWER:
            if not self.lanes.put(lane, lambda: self._run(claim, job, tell, course)):
                self.log.warning("A question was turned away: too many are waiting, or the bot is stopping")
                self._turn_away(claim, lane, aside or tell, wording.TOO_MANY_WAITING)
                self._note(course, Outcome.TURNED_AWAY)
            return
        if flow is Flow.TELL:
            self._turn_away(claim, lane, aside or tell, wording.flooded(flood.BURST, flood.SECONDS_EACH))
        else:
            self.claims.done(claim)
        self._note(course, Outcome.FLOODED)

    def ask(self, question: str, place: Place, user: str) -> Shown:
        """The archive's answer, in the conversation of the place's thread where it has one; kept under an id."""
        before = self._conversation(place) if place.thread else Conversation()
        course = current() or Course()
        with self.model:
            course.begin()
            found = self.archive.ask(question, before)
            course.found(found)
        course.id = self.keep(found, place, user) if found.is_question else None
        return Shown(found, course.id)

    def keep(self, shown: Answer | Summary, place: Place, user: str) -> str | None:
        """Remember what is shown; None where that fails: better an answer without buttons than none."""
        try:
            return self.answers.keep(shown, place, user)
        except SQLAlchemyError as error:
            self.report(error)
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
            self.report(error)
            return Conversation()

    def _run(self, claim: Claim, job: Job, tell: Tell, course: Course) -> None:
        course.begin()
        with on_its_way(course):
            self._finish(claim, job, tell, course)
        if course.asker or course.answer:
            self._note(course)

    def _finish(self, claim: Claim, job: Job, tell: Tell, course: Course) -> None:
        """Do the job or apologise. If not even that got out, the next delivery gets its chance."""
        while True:
            course.outcome = Outcome.REPLIED
            try:
                job()
            except ArticleError as error:
                done = self._tell(tell, plain(str(error)))
            except Exception as error:  # noqa: BLE001 - whatever it was, the person hears of it and the log has it
                course.failed(self.report(error))
                done = self._tell(tell, plain(wording.apology(course.reference or "")))
            else:
                done = True
            course.end(None if done else Outcome.UNDELIVERED)
            if done:
                self.claims.done(claim)
                return
            if not self.claims.release(claim):
                return

    def _turn_away(self, claim: Claim, lane: Hashable, tell: Tell, words: str) -> None:
        """Say why a question is not answered, past all that wait; if that cannot be said, a later delivery may do better."""

        def job() -> None:
            self._tell(tell, plain(words))
            self.claims.done(claim)

        if not self.lanes.aside(lane, job):
            self.claims.release(claim)

    def _note(self, course: Course, outcome: Outcome | None = None) -> None:
        """One line in the log, and the counters."""
        if outcome:
            course.end(outcome)
        self.metrics.question(course)
        self.log.info("question", extra={"fields": course.fields(text=self.settings.log_questions)})

    def _tell(self, tell: Tell, message: Message) -> bool:
        try:
            tell(message)
        except Exception as error:  # noqa: BLE001 - Slack refuses or is away; there is nobody left to tell
            self.report(error)
            return False
        return True
