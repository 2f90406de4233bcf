"""One question on its way: when it was taken up, read, answered and posted, and what became of it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

from index.records import Answer


class Outcome(str, Enum):
    """What became of a question, in a word for the log and the counters."""

    ANSWERED = "answered"
    NOT_SAID = "not_said"  # the articles do not say
    NO_QUESTION = "no_question"  # a greeting, thanks
    REPLIED = "replied"  # with words of the bot's own, or what is no answer: help, a summary, a list
    FAILED = "failed"  # with an apology
    UNDELIVERED = "undelivered"  # it could not be shown where it was asked, or not even the apology got out
    SILENT = "silent"  # nobody asked the bot, and the articles do not answer surely enough
    FLOODED = "flooded"  # one too many of a person's in a row
    TURNED_AWAY = "turned_away"  # too many were waiting


class Asker(NamedTuple):
    """Who asks; ``surface`` says how, in one of a few words for the log and the counters, and names nobody."""

    team: str
    user: str
    surface: str


@dataclass(slots=True)
class Course:
    """Made when a question is taken up; the times are those of ``clock``, in seconds."""

    asker: Asker | None = None
    clock: Callable[[], float] = time.perf_counter
    outcome: Outcome = Outcome.REPLIED
    answer: Answer | None = None
    id: str | None = None
    reference: str | None = None
    taken: float = field(init=False)
    begun: float | None = None
    answered: float | None = None
    ended: float | None = None

    def __post_init__(self) -> None:
        self.taken = self.clock()

    def begin(self) -> None:
        """It waits no longer. Called again where it then waited for the model."""
        self.begun = self.clock()

    def found(self, answer: Answer) -> None:
        self.answered = self.clock()
        self.answer = answer
        if not answer.is_question:
            self.outcome = Outcome.NO_QUESTION
        else:
            self.outcome = Outcome.ANSWERED if answer.answerable else Outcome.NOT_SAID

    def summarised(self) -> None:
        self.answered = self.clock()

    def failed(self, reference: str | None = None) -> None:
        self.reference = reference
        self.outcome = Outcome.FAILED

    def end(self, outcome: Outcome | None = None) -> None:
        self.ended = self.clock()
        self.outcome = outcome or self.outcome

    @property
    def surface(self) -> str:
        return self.asker.surface if self.asker else "other"

    @property
    def seconds_waiting(self) -> float | None:
        return None if self.begun is None else self.begun - self.taken

    @property
    def seconds_answering(self) -> float | None:
        return None if self.begun is None or self.answered is None else self.answered - self.begun

    @property
    def seconds_posting(self) -> float | None:
        """From the answer to its arrival at Slack: kept, paced, sent, tried again."""
        since = self.begun if self.answered is None else self.answered
        return None if since is None or self.ended is None else self.ended - since

    def fields(self, *, text: bool = False) -> dict[str, Any]:
        """What the log says of it; the question's ``text`` only where it may."""
        answer = self.answer
        said: dict[str, Any] = {
            "id": self.id or secrets.token_urlsafe(12),
            "team": self.asker.team if self.asker else "",
            "surface": self.surface,
            "outcome": self.outcome.value,
            "answerable": answer.answerable if answer else None,
            "confidence": round(answer.confidence, 4) if answer else None,
            "waiting_ms": _ms(self.seconds_waiting),
            "answering_ms": _ms(self.seconds_answering),
            "posting_ms": _ms(self.seconds_posting),
        }
        if self.reference:
            said["reference"] = self.reference
        if text and answer and self.outcome is not Outcome.SILENT:
            said["question"] = answer.question
        return said


_current: ContextVar[Course | None] = ContextVar("course", default=None)


@contextmanager
def on_its_way(course: Course) -> Iterator[None]:
    """Within, `current` gives ``course``: the work for a question is done on one thread from beginning to end."""
    token = _current.set(course)
    try:
        yield
    finally:
        _current.reset(token)


def current() -> Course | None:
    """The question that this thread works for; None outside such work."""
    return _current.get()


def undelivered() -> None:
    """What this thread works for cannot be shown where it was asked."""
    if course := current():
        course.outcome = Outcome.UNDELIVERED


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 1)
