"""Suggested prompts: every one is answered, and rightly."""

from __future__ import annotations

import time
from threading import BoundedSemaphore
from typing import Any

import pytest

from bot.prompts import LONGEST, MOST, MOST_ASKED, Candidate, Prompt, Prompts, candidates, is_right, read_summary
from bot.wording import HELP_WORD, HOW_DO_I_ASK
from index.archive import Archive, ArticleEntry
from index.conversation import Conversation
from index.questions import is_small_talk
from index.records import Answer, Article, Quote, Summary

STORY = """A bridge for Vellmar

Ida Voss, who led the inquiry into the fire, resigned on Monday. “Nobody had looked at the pump for years,” said Amos
Pell. The Marigold, built in 1987, was lost. Hans Orben, a retired postman, saw it burn.

In Sambava, a fisherman saw nothing. Old Tom, who gave it back to them at last, slept."""


class Oracle:
    """An archive that answers as it is told, and counts what it is asked."""

    def __init__(self, *articles: Article, confidence: float = 0.9) -> None:
        self.listed = articles
        self.confidence = confidence
        self.asked: list[str] = []
        self.generation = "g1"

    def stats(self) -> dict[str, object]:
        return {"generation": self.generation}

    def articles(self) -> list[ArticleEntry]:
        return [ArticleEntry(article, 3) for article in self.listed]

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        self.asked.append(question)
        for article in self.listed:
            for candidate in candidates(article):
                if candidate.question == question:
                    quote = Quote(article, 0, len(article.text), 1, (candidate.start, candidate.end), self.confidence)
                    return Answer(question, (quote,), True, self.confidence, 1.0)
        raise AssertionError(question)

    def summarise(self, title: str) -> Summary:
        (article,) = [article for article in self.listed if article.title == title]
        return Summary(article, None, (Quote(article, 0, 10, 1, None, 1.0),))


def story(number: int = 0, text: str = STORY, title: str = "A bridge for Vellmar") -> Article:
    return Article(f"story-{number}", title, f"articles/{number}.txt", "2024-01-01", text)


def prompts(archive: Any) -> Prompts:
    return Prompts(archive, BoundedSemaphore(1))


def test_what_articles_are_asked() -> None:
    """Questions come from sentences that hold the answer, and the place of the answer is known."""
    found = {candidate.question: STORY[candidate.start : candidate.end] for candidate in candidates(story())}
    assert found == {
        "Who led the inquiry into the fire?": "Ida Voss",
        "Who said “Nobody had looked at the pump for years”?": "Amos\nPell",
        "When was the Marigold built?": "in 1987",
        "Who is Hans Orben?": "a retired postman",
    }


def test_every_prompt_of_the_real_archive_is_answered(archive: Archive) -> None:
    """The questions are answered, the summary can be made, and there are four, each from another article."""
    found = prompts(archive).current()
    assert len(found) == MOST
    questions = [prompt.message for prompt in found if read_summary(prompt.message) is None]
    assert len(questions) == 3
    answers = [archive.ask(question) for question in questions]
    assert all(answer.answerable and answer.confidence >= 0.5 for answer in answers)
    assert len({answer.quotes[0].article.id for answer in answers}) == 3
    (title,) = [title for prompt in found if (title := read_summary(prompt.message))]
    assert archive.summarise(title).article == archive.articles()[0].article


def test_an_unsure_answer_makes_no_prompt() -> None:
    """What the archive would answer with doubts, or wrongly, is not suggested; how to ask always is."""
    assert prompts(Oracle(story(), confidence=0.49)).current()[1:] == (Prompt(HOW_DO_I_ASK, HELP_WORD),)
    candidate = Candidate("who", "Who?", 10, 20)
    article = story()

    def answer(quote: Quote, answerable: bool = True) -> Answer:
        return Answer("Who?", (quote,), answerable, 0.9, 1.0)

    assert is_right(answer(Quote(article, 5, 100, 1, (6, 12), 0.9)), article, candidate)
    assert not is_right(answer(Quote(article, 5, 100, 1, (6, 12), 0.9), answerable=False), article, candidate)
    assert not is_right(answer(Quote(article, 5, 100, 1, (15, 22), 0.9)), article, candidate)
    assert not is_right(answer(Quote(article, 5, 100, 1, None, 0.9)), article, candidate)
    assert not is_right(answer(Quote(story(1), 5, 100, 1, (6, 12), 0.9)), article, candidate)
    assert not is_right(Answer("Who?", (), True, 0.9, 1.0), article, candidate)


def test_how_to_ask_is_answered() -> None:
    """``help`` asks nothing of the articles, so that no archive can refuse it."""
    assert is_small_talk(HELP_WORD)
    assert prompts(Oracle()).current() == (Prompt(HOW_DO_I_ASK, HELP_WORD),)


def test_prompts_are_looked_for_once_a_generation() -> None:
    """Opening the pane again costs nothing; a rebuilt index is looked into again."""
    archive = Oracle(story())
    of = prompts(archive)
    first = of.current()
    asked = len(archive.asked)
    assert asked
    assert of.current() is first
    assert len(archive.asked) == asked
    archive.generation = "g2"
    of.current()
    assert len(archive.asked) > asked


def test_three_hundred_articles_with_one_title() -> None:
    """No summary is offered where a title names several; and the archive is asked a bounded number of questions."""

    class Several(Oracle):
        def summarise(self, title: str) -> Summary:
            from index.errors import ArticleError

            raise ArticleError("Several articles fit")

    archive = Several(*(story(number) for number in range(300)), confidence=0.1)
    assert prompts(archive).current() == (Prompt(HOW_DO_I_ASK, HELP_WORD),)
    assert len(archive.asked) <= MOST_ASKED


@pytest.mark.parametrize(
    "title", ["<!channel> fire", "x" * 5000, "\u202egnihtemos", "*bold* `code`", "He said “no”", "a & b", ""]
)
def test_an_odd_title_makes_no_prompt(title: str) -> None:
    """A prompt is sent in the person's name: nothing in it may mean something to Slack, or be too long for a button."""
    found = prompts(Oracle(story(title=title))).current()
    assert len(found) == MOST
    assert all(read_summary(prompt.message) is None for prompt in found)


@pytest.mark.parametrize(
    "text",
    [
        "A" * 200_000,
        "A-" * 100_000,
        "Aa " * 70_000,
        "“" * 100_000,
        "Ida Voss, who " * 15_000,
        "Ida Voss, built in " * 10_000,
        "Ida Voss, who <!channel> led the inquiry into it, said “<@U1> never knew a thing of this,” said Ida Voss.",
    ],
)
def test_hostile_articles(text: str) -> None:
    """Nothing takes long, and nothing that Slack would parse gets into a question."""
    started = time.perf_counter()
    found = candidates(story(text=text))
    assert time.perf_counter() - started < 2.0
    for candidate in found:
        assert len(candidate.question) <= LONGEST
        assert not set("<>&*_`~|") & set(candidate.question)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Summarise “A bridge”", "A bridge"),
        ('summarize "A bridge". ', "A bridge"),
        ("Summarise the plan of the mayor", None),
        ("What does “A bridge” say?", None),
        ("Summarise “”", None),
        ("", None),
    ],
)
def test_the_words_that_ask_for_a_summary(text: str, title: str | None) -> None:
    """Those of the prompt, and nothing that is a question."""
    assert read_summary(text) == title
