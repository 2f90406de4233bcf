"""The nouns of the project, all of them, frozen.

    Article ── Passage (a paragraph) ── Span (a sentence)
                  │
                 Hit (a passage that a question brought up, with its scores)
                  │
                Quote (a slice of the stored text; the only thing ever shown as one)
                  │
         Answer · Summary

Every offset counts characters of ``Article.text``, the text as stored: decoding, line ends and HTML
entities were settled when the article was read, and nothing changes it afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum


@dataclass(frozen=True, slots=True)
class Article:
    """One article as stored.

    ``id`` names it in commands and links, ``source`` is where it was read from (a path or URL),
    ``published`` an ISO 8601 date (``2022-01-06``) or None.
    """

    id: str
    title: str
    source: str
    published: str | None
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of an article's text, ``start`` inclusive and ``end`` exclusive, in characters."""

    start: int
    end: int


class Kind(str, Enum):
    """What a passage is. Only ``BODY`` is embedded, searched and quoted; the others stay in the text."""

    BODY = "body"
    HEADING = "heading"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph (or a part of a long one) of an article and its sentences, in order.

    ``paragraph`` is the 1-based number of the paragraph in the article, the title's line included.
    """

    article: Article
    start: int
    end: int
    paragraph: int
    kind: Kind
    sentences: tuple[Span, ...]

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Scores:
    """Why a passage was found.

    ``cosine``: of the question and the passage's best sentence, -1…1.
    ``lexical``: BM25 over the sum of the question's idf, 0…1.
    ``total``: both together. ``article``: the best ``total`` among the passages of its article.
    """

    cosine: float
    lexical: float
    total: float
    article: float = 0.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a question brought up. ``cosines`` are its sentences', in their order."""

    passage: Passage
    scores: Scores
    cosines: tuple[float, ...]

    @property
    def best_sentence(self) -> Span:
        best = max(range(len(self.cosines)), key=self.cosines.__getitem__)
        return self.passage.sentences[best]


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of an article, word for word. There is no text in it but the article's own.

    ``answer`` is the part of ``text`` that answers (offsets within ``text``); None where the quote
    as a whole does. ``score`` is the calibrated probability that this quote answers.
    """

    article: Article
    start: int
    end: int
    paragraph: int
    answer: tuple[int, int] | None
    score: float

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def answer_text(self) -> str | None:
        return None if self.answer is None else self.text[self.answer[0] : self.answer[1]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the articles say to a question.

    ``answerable`` False: the articles do not say, and ``quotes`` are the nearest passages, if any.
    ``confidence`` is the calibrated probability that the first quote answers; low for what is refused.
    ``is_question`` False: the words asked nothing (a greeting, thanks), and nothing was searched.
    ``ms`` is the time from question to answer in milliseconds, loading left out.
    """

    question: str
    quotes: tuple[Quote, ...]
    answerable: bool
    confidence: float
    ms: float
    is_question: bool = True

    @property
    def answer(self) -> str | None:
        return self.quotes[0].answer_text if self.answerable and self.quotes else None


@dataclass(frozen=True, slots=True)
class Summary:
    """The sentences that say most of an article, verbatim and in its order; ``about`` is the topic asked for."""

    article: Article
    about: str | None
    quotes: tuple[Quote, ...]
