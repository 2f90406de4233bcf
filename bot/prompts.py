"""Questions to begin with, drawn from the newest articles: only such as the bot answers, and rightly.

A question is made from a sentence whose answer is known beforehand: "Ida Voss, who led the inquiry, …" gives "Who led
the inquiry?" and Ida Voss. It is kept if the archive, asked it, marks that very answer with confidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, NamedTuple

from bot import wording
from bot.memory import Recent
from bot.mrkdwn import folded
from index.errors import ArticleError
from index.terms import stem

if TYPE_CHECKING:
    from index.archive import Archive
    from index.records import Answer, Article

MOST = 4
"""Prompts that Slack takes."""

CONFIDENT = 0.5
MOST_ARTICLES = 12
MOST_ASKED = 30  # questions put to the archive for one generation: two or three seconds of its time
MOST_READ = 20_000  # characters of an article
LONGEST = 120  # characters of a prompt; Slack shows it on a button

# Everything is bounded, so that no article, however odd, takes long to look through.
_WORD = r"[A-ZÀ-ÖØ-Þ][\w’'-]{0,30}\w"
_NAME = rf"\b{_WORD}(?: (?:(?:of|de|van|von|al|da|di|el|del) )?{_WORD}){{1,3}}"
_PLAIN = r"[^,;.:“”\"()\[\]<>&|*_`~—–!?\n\u202a-\u202e\u2066-\u2069]"
_SAID = r"[^“”\"<>&|*_`~\n\u202a-\u202e\u2066-\u2069]"

_WHO = re.compile(rf"(?P<answer>{_NAME}), (?:\d\d, )?who (?P<rest>{_PLAIN}{{12,90}})(?=[,.;—–])")
_QUOTED = re.compile(rf"[“\"](?P<rest>{_SAID}{{15,90}})[,.!?][”\"],? (?:said|says) (?P<answer>{_NAME})")
_MADE = re.compile(
    rf"(?P<what>\b[Tt]he {_WORD}|{_NAME}), (?P<rest>built|founded|opened|launched|set up|established|completed) "
    rf"(?P<answer>(?:in|on) [^,;.\n]{{0,20}}\d{{4}})"
)
_IS = re.compile(rf"(?P<what>{_NAME}), (?P<answer>an? {_PLAIN}{{5,80}})(?=[,.;])")

# "Who left in the morning?" is one; "Who left it?" leans on what stood before.
_DANGLING = re.compile(r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|this|that|these|those|there|then)\b")
_SINGLE_BREAK = re.compile(r"(?<!\n)\n(?!\n)")
_TOLD = re.compile(r"\s*summari[sz]e\s+[“\"](?P<title>[^“”\"]+)[”\"]\s*\.?\s*", re.IGNORECASE)
_HARMLESS = re.compile(rf"{_SAID}+")


class Prompt(NamedTuple):
    """``title`` is what the button says, ``message`` what is then sent in the person's name."""

    title: str
    message: str


class Candidate(NamedTuple):
    """A question and where in the article its answer stands; ``kind`` is the form that made it."""

    kind: str
    question: str
    start: int
    end: int


class Prompts:
    """The prompts for the index as it is, looked for once a generation. Safe to use from several threads."""

    def __init__(self, archive: Archive, model: BoundedSemaphore) -> None:
        self._archive = archive
        self._model = model
        self._known: Recent[str, tuple[Prompt, ...]] = Recent(2)

    def current(self) -> tuple[Prompt, ...]:
        """One to four, each of which the bot answers. Takes seconds where the index is new.

        Raises:
            VerbatimError: the index cannot be read.
        """
        generation = str(self._archive.stats()["generation"])
        known = self._known.get(generation)
        if known is None:
            known = self._look()
            self._known.put(generation, known)
        return known

    def _look(self) -> tuple[Prompt, ...]:
        newest = [entry.article for entry in self._archive.articles()[:MOST_ARTICLES]]
        summary = self._summary(newest)
        questions = self._questions(newest, MOST - len(summary))
        return (*questions, *summary, Prompt(wording.HOW_DO_I_ASK, wording.HELP_WORD))[:MOST]

    def _questions(self, articles: Sequence[Article], most: int) -> list[Prompt]:
        """One of each article, the newest first, then second ones; different in form where there is a choice."""
        left = [(article, candidates(article)) for article in articles]
        found: dict[str, Candidate] = {}
        asked = 0
        while left and len(found) < most and asked < MOST_ASKED:
            article, untried = left.pop(0)
            used = {candidate.kind for candidate in found.values()}
            untried.sort(key=lambda candidate: candidate.kind in used)
            while untried and asked < MOST_ASKED:
                candidate = untried.pop(0)
                if candidate.question in found:
                    continue
                asked += 1
                with self._model:
                    answer = self._archive.ask(candidate.question)
                if is_right(answer, article, candidate):
                    found[candidate.question] = candidate
                    left.append((article, untried))
                    break
        return [Prompt(question, question) for question in found]

    def _summary(self, articles: Sequence[Article]) -> list[Prompt]:
        """The newest article that its title alone names."""
        for article in articles:
            title = folded(article.title).strip()
            if len(title) > LONGEST or not _HARMLESS.fullmatch(title):
                continue
            try:
                with self._model:
                    made = self._archive.summarise(title)
            except ArticleError:
                continue
            if made.article.id == article.id and made.quotes:
                return [Prompt(wording.summarise(title), wording.summarise(title))]
        return []


def candidates(article: Article) -> list[Candidate]:
    """Questions that sentences of the article answer, if the patterns read them rightly. Those are for English."""
    text = _SINGLE_BREAK.sub(" ", article.text[:MOST_READ])
    forms = (
        ("who", _WHO, "Who {rest}?"),
        ("said", _QUOTED, "Who said “{rest}”?"),
        ("when", _MADE, "When was {what} {rest}?"),
        ("is", _IS, "Who is {what}?"),
    )
    found = []
    for kind, pattern, form in forms:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            what = parts.get("what", "")
            if kind == "is" and not stem(what.split()[0]):
                continue  # "In Sambava, a fisherman": no name
            if what.startswith("The "):
                parts["what"] = "the " + what[4:]
            question = form.format_map(parts)
            if len(question) <= LONGEST and not _DANGLING.search(question):
                found.append(Candidate(kind, question, *match.span("answer")))
    return found


def is_right(answer: Answer, article: Article, candidate: Candidate) -> bool:
    """Whether the archive marks what the candidate was made from, and is sure of it."""
    if not (answer.answerable and answer.confidence >= CONFIDENT and answer.quotes):
        return False
    quote = answer.quotes[0]
    if quote.article.id != article.id or quote.answer is None:
        return False
    start, end = quote.start + quote.answer[0], quote.start + quote.answer[1]
    return start < candidate.end and candidate.start < end


def read_summary(text: str) -> str | None:
    """The title in ``Summarise “TITLE”``; None where ``text`` is something else."""
    match = _TOLD.fullmatch(text)
    return match.group("title").strip() if match else None
