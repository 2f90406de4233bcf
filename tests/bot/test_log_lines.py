"""The log: lines for people, a line of JSON for each question, and in neither a token or what somebody asked."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime

import pytest
from clocks import Clock

from bot.course import Asker, Course, Outcome, current, on_its_way
from bot.log_lines import LineFormatter
from bot.redaction import HIDDEN, Redaction
from index.records import Answer

log = logging.getLogger("tests.lines")
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What `verbatim serve` would write to standard error."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter())
    handler.addFilter(Redaction([SECRET]))
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield written
    log.removeHandler(handler)


def answered(question: str = "Which countries sent troops?") -> Course:
    """A question that waited 2 s, was answered in 80 ms and posted in 1.5 s."""
    clock = Clock(50.0)
    course = Course(Asker("T1", "U1", "mention"), clock=clock)
    clock.now += 2.0
    course.begin()
    clock.now += 0.08
    course.found(Answer(question, (), True, 0.93456, 80.0))
    course.id = "abc"
    clock.now += 1.5
    course.end()
    return course


def test_lines_for_people_stay_as_they_were(out: io.StringIO) -> None:
    """Date, level, name, words."""
    log.info("Verbatim answers in %s", "Socket Mode")
    assert out.getvalue().endswith(" INFO tests.lines: Verbatim answers in Socket Mode\n")
    assert not out.getvalue().startswith("{")


def test_errors_keep_their_reference_and_traceback(out: io.StringIO) -> None:
    """As before there were fields."""
    try:
        raise ValueError("torn page")
    except ValueError as error:
        log.error("Reference %s: %s", "1a2b", error, exc_info=error)
    assert "Reference 1a2b: torn page" in out.getvalue()
    assert "Traceback" in out.getvalue()


def test_a_question_is_one_line_of_json(out: io.StringIO) -> None:
    """What became of it and how long each part took; nothing of who asked, and not what."""
    log.info("question", extra={"fields": answered().fields()})
    (line,) = out.getvalue().splitlines()
    said = json.loads(line)
    assert datetime.fromisoformat(said.pop("time")).tzinfo is not None
    assert said == {
        "level": "info",
        "event": "question",
        "id": "abc",
        "team": "T1",
        "surface": "mention",
        "outcome": "answered",
        "answerable": True,
        "confidence": 0.9346,
        "waiting_ms": 2000.0,
        "answering_ms": 80.0,
        "posting_ms": 1500.0,
    }


@pytest.mark.parametrize(
    "question", ['a "quoted"\nline\r\n{"event": 1}', "line\u2028separator\u0085next", "\x00\x1b[31m"]
)
def test_the_text_stands_there_where_it_may_and_stays_one_line(out: io.StringIO, question: str) -> None:
    """Whatever people type, nobody writes a second line into the log."""
    course = answered(question)
    assert "question" not in course.fields()
    log.info("question", extra={"fields": course.fields(text=True)})
    assert len(out.getvalue().splitlines()) == 1
    assert out.getvalue().isascii()
    assert json.loads(out.getvalue())["question"] == question


@pytest.mark.parametrize("token", ["xoxb-1-2-abc", SECRET, "https://hooks.slack.com/commands/T1/2/zzz"])
def test_a_token_in_a_question_is_hidden(out: io.StringIO, token: str) -> None:
    """People do paste them."""
    log.info("question", extra={"fields": answered(f"What is {token}?").fields(text=True)})
    assert token not in out.getvalue()
    assert HIDDEN in json.loads(out.getvalue())["question"]


def test_a_question_that_was_never_answered_has_an_id_too() -> None:
    """And says of what did not happen nothing."""
    course = Course(Asker("T1", "U1", "command"))
    course.end(Outcome.TURNED_AWAY)
    said = course.fields()
    assert len(said["id"]) >= 12
    assert (said["outcome"], said["answerable"], said["waiting_ms"], said["posting_ms"]) == (
        "turned_away", None, None, None,
    )  # fmt: skip


def test_outcomes_follow_the_answer() -> None:
    """Answered, not said, or no question at all; a failure names its reference."""
    for answer, outcome in (
        (Answer("q", (), True, 0.9, 1.0), Outcome.ANSWERED),
        (Answer("q", (), False, 0.1, 1.0), Outcome.NOT_SAID),
        (Answer("hi", (), False, 0.0, 0.0, is_question=False), Outcome.NO_QUESTION),
    ):
        course = Course()
        course.found(answer)
        assert course.outcome is outcome
    course.failed()
    assert course.fields()["outcome"] == "failed"
    assert "reference" not in course.fields()
    course.failed("1a2b")
    assert course.fields()["outcome"] == "failed"
    assert course.fields()["reference"] == "1a2b"


def test_what_nobody_asked_and_nobody_was_told_is_not_written_down() -> None:
    """Not even where questions are: other people's talk is theirs."""
    course = answered("Did you see the match?")
    course.outcome = Outcome.SILENT
    said = course.fields(text=True)
    assert said["outcome"] == "silent"
    assert "question" not in said


def test_the_course_is_known_where_its_work_is_done() -> None:
    """Within the block alone, and the one before comes back."""
    outer, inner = Course(), Course()
    assert current() is None
    with on_its_way(outer):
        with on_its_way(inner):
            assert current() is inner
        assert current() is outer
    assert current() is None
