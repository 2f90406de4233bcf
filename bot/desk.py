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
from bot.admins import Groups
from bot.answers import Answers, Kept, Place
from bot.blocks import Message, plain
from bot.channels import Channels
from bot.claims import Claim, Claims
from bot.course import Asker, Course, Outcome, current, on_its_way
from bot.database_engine import reason
from bot.feedback import Feedback
from bot.flood import Flood, Flow
from bot.lanes import Lanes
from bot.memory import Recent
from bot.metrics import Metrics
from bot.parents import Parents
from bot.patience import UNREACHABLE
from bot.settings import SlackSettings
from bot.workspaces import Workspaces
from index.conversation import Conversation, leans_back
from index.errors import ArticleError
from index.questions import is_small_talk
from index.records import Answer, Summary
from index.settings import cores

if TYPE_CHECKING:
    from index.archive import Archive, Covered

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
        claim = self.claims.take_here(names)
        if claim is None:
            return
        course = Course(asker)
        flow = self.flood.take(asker.team, asker.user) if asker else Flow.ANSWER
        if flow is Flow.TELL:
            words = wording.flooded(flood.BURST, flood.SECONDS_EACH)
            self._turn_away(claim, lane, aside or tell, words, course, Outcome.FLOODED)
        elif flow is Flow.LEAVE:
            self._turn_away(claim, lane, None, "", course, Outcome.FLOODED)
        elif not self.lanes.put(lane, lambda: self._run(claim, job, tell, course)):
            self.log.warning("A question was turned away: too many are waiting, or the bot is stopping")
            self._turn_away(claim, lane, aside or tell, wording.TOO_MANY_WAITING, course, Outcome.TURNED_AWAY)

    def overhear(
        self,
        names: Iterable[Hashable],
        lane: Hashable,
        wanted: Callable[[], bool],
        job: Job,
        asker: Asker | None = None,
    ) -> None:
        """Run ``job`` once for what nobody put to the bot, if ``wanted``; of trouble only the log hears.

        Returns at once. ``wanted`` is asked after all that came before in the lane is done, an answer in the same
        thread for example, and before anything is claimed: most of what people say to each other is not. ``asker`` is
        who said it; who asks nothing of the bot does not flood it.
        """
        course = Course(asker)

        def listen() -> None:
            if wanted() and (claim := self.claims.take_here(names)) is not None:
                self._run(claim, job, lambda message: None, course)

        if not self.lanes.put(lane, listen):
            self.log.debug("Something overheard was let go: too many are waiting, or the bot is stopping")

    def ask(self, question: str, place: Place, user: str, parent: Callable[[], str] = str) -> Shown:
        """The archive's answer, in the conversation of the place's thread where it has one; kept under an id.

        ``parent`` says what the thread began with, and is asked where a question leans back on nothing else.
        """
        conversation, before = self._before(question, place, parent)
        found = self._found(question, conversation)
        return Shown(found, self.keep(found, place, user, before) if found.is_question else None)

    def ask_quietly(self, question: str, place: Place, user: str, least: float = 0.0) -> Shown | None:
        """As `ask`, for what nobody asked the bot: None, and nothing is kept, where the articles do not answer with
        a confidence of ``least``."""
        found = self._found(question, self._conversation(place))
        if not (found.is_question and found.answerable and found.confidence >= least):
            if course := current():
                course.outcome = Outcome.SILENT
            return None
        return Shown(found, self.keep(found, place, user))

    def summarise(self, article: str | None) -> Summary:
        """The archive's summary of an article, an id or words of a title; None: of the only or newest one.

        Raises:
            ArticleError: no article of that name, or several.
        """
        course = current() or Course()
        with self.model:
            course.begin()
            made = self.archive.summarise(article)
            course.summarised()
        return made

    def keep(self, shown: Answer | Summary, place: Place, user: str, before: str = "") -> str | None:
        """Remember what is shown; None where that fails: better an answer without buttons than none."""
        try:
            kept = self.answers.keep(shown, place, user, before)
        except SQLAlchemyError as error:
            self._lost("An answer could not be kept, it goes without buttons", error)
            return None
        if course := current():
            course.id = kept
        return kept

    def covered(self, answer: Answer) -> Covered | None:
        """What was searched, for an answer that says no; None for others, which do not tell."""
        return None if answer.answerable else self.archive.covered()

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

    def _found(self, question: str, conversation: Conversation) -> Answer:
        course = current() or Course()
        with self.model:
            course.begin()
            found = self.archive.ask(question, conversation)
            course.found(found)
        return found

    def _lost(self, what: str, error: SQLAlchemyError) -> None:
        """One line in the log while the database is away; anything else it says is a defect, with its traceback."""
        traceback = None if isinstance(error, UNREACHABLE) else error
        self.log.warning("%s: %s", what, reason(error), exc_info=traceback)

    def _run(self, claim: Claim, job: Job, tell: Tell, course: Course) -> None:
        """Do what is claimed, unless another process has it."""
        if not self.claims.share(claim):
            return
        course.begin()
        with on_its_way(course):
            self._finish(claim, job, tell, course)
        self._note(course)

    def _finish(self, claim: Claim, job: Job, tell: Tell, course: Course) -> None:
        """Do the job or apologise. If not even that got out, the next delivery gets its chance."""
        while True:
            course.outcome = Outcome.REPLIED
            try:
                job()
            except ArticleError as error:
                done = self._tell(tell, plain(str(error)))
            except UNREACHABLE as error:
                self._lost("What was asked for needs the database", error)
                course.failed()
                done = self._tell(tell, plain(wording.OUT_OF_REACH))
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

    def _turn_away(
        self, claim: Claim, lane: Hashable, tell: Tell | None, words: str, course: Course, outcome: Outcome
    ) -> None:
        """Say why something is not taken up, past all that wait, or say nothing. Where too many of these wait as well it
        is given back: a later delivery may do better."""

        def job() -> None:
            if not self.claims.share(claim):
                return
            if tell:
                self._tell(tell, plain(words))
            self.claims.done(claim)
            self._note(course, outcome)

        if not self.lanes.aside(lane, job):
            if tell:
                self.claims.release(claim)
            self._note(course, outcome)

    def _note(self, course: Course, outcome: Outcome | None = None) -> None:
        """One line in the log, and the counters, for what a person asked."""
        if outcome:
            course.end(outcome)
        if not (course.asker or course.answer):  # a button, for example
            return
        self.metrics.question(course)
        self.log.info("question", extra={"fields": course.fields(text=self.settings.log_questions)})

    def _tell(self, tell: Tell, message: Message) -> bool:
        try:
            tell(message)
        except Exception as error:  # noqa: BLE001 - Slack refuses or is away; there is nobody left to tell
            self.report(error)
            return False
        return True
