"""What was shown to whom: answers and summaries kept by id, for buttons, follow-ups, the home tab and feedback.

A row keeps the question, where each quote stands and its words. Shown again, a quote is cut anew from the article as
it is now; where that says something else by now, it is not shown.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from bot.database import Database, answers
from index.conversation import TURNS, Conversation
from index.records import Answer, Article, Quote, Summary

if TYPE_CHECKING:
    from index.archive import Archive


class Place(NamedTuple):
    """Where something is said: ``thread`` is the time of the thread's first message, "" outside threads."""

    team: str
    channel: str
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer or summary as kept. ``shown`` is None where the articles have changed so that it no longer stands.

    ``before`` is the message under which it was asked, where the question leaned on that.
    """

    id: str
    place: Place
    user: str
    at: float
    question: str
    shown: Answer | Summary | None
    before: str = ""


class Answers:
    """The kept answers. Every method is one transaction, and raises ``SQLAlchemyError`` if that fails."""

    def __init__(self, database: Database, archive: Archive, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._archive = archive
        self._clock = clock

    def keep(self, shown: Answer | Summary, place: Place, user: str, before: str = "") -> str:
        """Remember what is shown to ``user``; the id that its buttons carry. ``before`` as in `Kept`."""
        id_ = secrets.token_urlsafe(12)
        kind, content = ("answer", _of_answer(shown)) if isinstance(shown, Answer) else ("summary", _of_summary(shown))
        if before:
            content["before"] = before
        row = {"id": id_, **place._asdict(), "user": user, "at": self._clock(), "kind": kind, "content": content}
        with self._database.begin() as connection:
            connection.execute(sa.insert(answers), row)
        return id_

    def find(self, team: str, id_: str) -> Kept | None:
        """What was kept under an id in this workspace; nothing of another workspace is found."""
        with self._database.reading() as connection:
            row = connection.execute(sa.select(answers).where(answers.c.id == id_, answers.c.team == team)).first()
        return None if row is None else self._kept(row)

    def conversation(self, place: Place) -> Conversation:
        """The questions asked in a thread, oldest first, as follow-ups lean on them."""
        return _turns(self._rows(TURNS, *_in(place), answers.c.kind == "answer"))

    def conversation_before(self, kept: Kept) -> Conversation:
        """The questions of its thread that were asked before what is kept."""
        earlier = (*_in(kept.place), answers.c.kind == "answer", answers.c.at < kept.at)
        conversation = _turns(self._rows(TURNS, *earlier))
        return conversation if conversation.questions or not kept.before else Conversation((kept.before,))

    def answered_in(self, place: Place) -> bool:
        """Whether the bot has answered in this thread."""
        return bool(self._rows(1, *_in(place)))

    def asked_by(self, team: str, user: str, most: int) -> list[Kept]:
        """A person's last answers in this workspace, newest first."""
        mine = (answers.c.team == team, answers.c.user == user, answers.c.kind == "answer")
        return [self._kept(row) for row in self._rows(most, *mine)]

    def _rows(self, most: int, *conditions: sa.ColumnElement[bool]) -> Sequence[Any]:
        wanted = sa.select(answers).where(*conditions).order_by(answers.c.at.desc()).limit(most)
        with self._database.reading() as connection:
            return connection.execute(wanted).all()

    def _kept(self, row: Any) -> Kept:
        content = row.content
        shown = self._answer(content) if row.kind == "answer" else self._summary(content)
        place = Place(row.team, row.channel, row.thread)
        question, before = content.get("question") or content.get("about") or "", content.get("before") or ""
        return Kept(row.id, place, row.user, row.at, question, shown, before)

    def _answer(self, content: Mapping[str, Any]) -> Answer | None:
        quotes = self._quotes(content["quotes"])
        if content["answerable"] and len(quotes) < len(content["quotes"]):
            return None
        return Answer(
            content["question"], quotes, content["answerable"], content["confidence"], content["ms"], is_question=True
        )

    def _summary(self, content: Mapping[str, Any]) -> Summary | None:
        article, quotes = self._archive.article(content["article"]), self._quotes(content["quotes"])
        if article is None or len(quotes) < len(content["quotes"]):
            return None
        return Summary(article, content["about"], quotes)

    def _quotes(self, kept: Sequence[Mapping[str, Any]]) -> tuple[Quote, ...]:
        """Those that still stand, word for word, where they stood."""
        articles: dict[str, Article | None] = {}
        found = []
        for one in kept:
            if one["article"] not in articles:
                articles[one["article"]] = self._archive.article(one["article"])
            article = articles[one["article"]]
            if article is not None and article.text[one["start"] : one["end"]] == one["text"]:
                answer = tuple(one["answer"]) if one["answer"] else None
                found.append(Quote(article, one["start"], one["end"], one["paragraph"], answer, one["score"]))
        return tuple(found)


_WITHOUT_QUOTES = Answer("", (), False, 0.0, 0.0)


def _turns(rows: Sequence[Any]) -> Conversation:
    """What was asked; ``rows`` are newest first."""
    conversation = Conversation()
    for row in reversed(rows):
        if row.content.get("before") and not conversation.questions:
            conversation = Conversation((row.content["before"],))
        conversation = conversation.after(row.content["question"], _WITHOUT_QUOTES)
    return conversation


def _in(place: Place) -> tuple[sa.ColumnElement[bool], ...]:
    return (answers.c.team == place.team, answers.c.channel == place.channel, answers.c.thread == place.thread)


def _of_answer(shown: Answer) -> dict[str, Any]:
    return {
        "question": shown.question,
        "answerable": shown.answerable,
        "confidence": shown.confidence,
        "ms": shown.ms,
        "quotes": [_of_quote(quote) for quote in shown.quotes],
    }


def _of_summary(shown: Summary) -> dict[str, Any]:
    return {
        "article": shown.article.id,
        "about": shown.about,
        "quotes": [_of_quote(quote) for quote in shown.quotes],
    }


def _of_quote(quote: Quote) -> dict[str, Any]:
    return {
        "article": quote.article.id,
        "title": quote.article.title,
        "source": quote.article.source,
        "start": quote.start,
        "end": quote.end,
        "paragraph": quote.paragraph,
        "answer": list(quote.answer) if quote.answer else None,
        "score": quote.score,
        "text": quote.text,
    }
