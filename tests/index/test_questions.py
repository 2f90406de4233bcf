"""What a question asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.questions import MAX_LENGTH, AnswerType, is_small_talk, read_question


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("How many soldiers were sent?", AnswerType.NUMBER),
        ("what percentage of readers", AnswerType.NUMBER),
        ("troop numbers", AnswerType.NUMBER),
        ("When did it begin?", AnswerType.TIME),
        ("In what year was it built?", AnswerType.TIME),
        ("Which countries sent troops?", AnswerType.PLACE),
        ("where is the ferry", AnswerType.PLACE),
        ("Who voted against it?", AnswerType.PERSON),
        ("Whose idea was it?", AnswerType.PERSON),
        ("Why was it closed?", AnswerType.REASON),
        ("Did the mayor resign?", AnswerType.YES_NO),
        ("What did she say?", AnswerType.OTHER),
    ],
)
def test_the_form_of_a_question_tells_what_would_answer(text: str, kind: AnswerType) -> None:
    """Question words decide, terse or whole."""
    assert read_question(text).answer_type is kind


@pytest.mark.parametrize(
    "text",
    ["hi", "Hello there!", "thanks a lot", "good morning", "who are you?", "help", "ok", "", " ", "?!", "🎉"],
)
def test_small_talk_is_told(text: str) -> None:
    """Greetings, thanks and questions about the bot itself ask nothing of the articles."""
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    [
        "who won",
        "What did the mayor say?",
        "ok so who paid",
        "help for refugees",
        "thank you notes cost",
        "troops",
        "7",
    ],
)
def test_a_terse_question_is_not_small_talk(text: str) -> None:
    """A single word of substance is a question."""
    assert not is_small_talk(text)


@given(st.text())
def test_any_text_can_be_read_as_a_question(text: str) -> None:
    """No input fails, and what is read is bounded."""
    question = read_question(text)
    assert len(question.text) <= MAX_LENGTH
    assert len(set(question.terms)) == len(question.terms)
