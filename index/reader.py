"""From passages to a verdict: the reader marks a span in each window, the best one is judged, quotes are cut around it.

hits → windows → marks (`span_reader`) → worth (which is best) → confidence (does it answer) → quotes
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.confidence import Calibration, features, worth
from index.questions import AnswerType, Question
from index.quoting import nearest_quote, quote
from index.records import Hit, Passage, Quote, Span
from index.retrieval import LEXICAL_WEIGHT, rank
from index.span_reader import Marked, SpanReader
from index.stores.base import Store
from index.windows import Window, windows

WINDOWS = 14
"""Windows that are read, of the passages that retrieval brought."""

JUDGED = 5
"""Of these the best are judged and may be shown."""

MAX_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader says: quotes best first, whether the first answers, and the probability that it does."""

    quotes: tuple[Quote, ...]
    answerable: bool
    confidence: float


@dataclass(frozen=True, slots=True)
class Seen:
    """A window of a hit; ``cosine`` is of the question and the window's best sentence, which is ``best``."""

    hit: Hit
    window: Window
    cosine: float
    best: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """A window as read: what is marked in it, and how it compares with the other windows (higher is better)."""

    seen: Seen
    mark: Marked
    worth: float


def read(question: Question, hits: Sequence[Hit], store: Store, reader: SpanReader) -> Verdict:
    """Judge ``hits`` (best first, as `retrieve` gives them) as answers to ``question``."""
    calibration = Calibration.load()
    readings = read_windows(question, hits, reader, calibration)
    if not readings:
        return Verdict((), False, 0.0)
    probabilities = [calibration.probability(judged(question, reading)) for reading in readings[:JUDGED]]
    # "And when?" with nothing before it asks of nothing that could be found.
    confidence = probabilities[0] if question.terms else 0.0
    answerable = confidence >= calibration.threshold
    if not answerable:
        nearest = [nearest_quote(r.seen.hit, r.seen.best, p) for r, p in zip(readings, probabilities, strict=False)]
        return Verdict(_distinct(nearest), False, confidence)
    quotes = [
        _quote(question, reading, probability, store)
        for reading, probability in zip(readings, probabilities, strict=False)
        # Beside an answer only what answers too.
        if reading is readings[0] or probability >= max(calibration.threshold, calibration.further)
    ]
    return Verdict(_distinct(quotes), True, confidence)


def read_windows(
    question: Question, hits: Sequence[Hit], reader: SpanReader, calibration: Calibration
) -> list[Reading]:
    """The windows of ``hits`` as read, best first."""
    seen = sorted((window for hit in hits for window in _seen(hit)), key=_promise, reverse=True)[:WINDOWS]
    marks = reader.mark(question.in_full, [s.window for s in seen])
    readings = [
        Reading(s, mark, worth(mark, s.cosine, s.hit.scores.lexical, calibration))
        for s, mark in zip(seen, marks, strict=True)
    ]
    return sorted(readings, key=lambda reading: -reading.worth)


def judged(question: Question, reading: Reading) -> dict[str, float]:
    """What the confidence goes by."""
    return features(question, reading.mark, reading.seen.cosine)


def _promise(seen: Seen) -> float:
    """How much a window promises before it is read: as retrieval ranks passages, by its own best sentence."""
    scores = seen.hit.scores
    return rank(replace(scores, total=seen.cosine + LEXICAL_WEIGHT * scores.lexical))


def _seen(hit: Hit) -> list[Seen]:
    found = []
    for window in windows(hit.passage):
        inside = [
            (cosine, sentence)
            for cosine, sentence in zip(hit.cosines, hit.passage.sentences, strict=True)
            if window.start <= sentence.start < window.end
        ]
        cosine, best = max(inside, key=lambda pair: pair[0])
        found.append(Seen(hit, window, cosine, best))
    return found


def _quote(question: Question, reading: Reading, probability: float, store: Store) -> Quote:
    # "Yes" or "no" stands in no article: the sentence that tells is the answer as a whole.
    marked = None if question.answer_type is AnswerType.YES_NO else reading.mark.span
    return quote(reading.seen.hit.passage, reading.mark.span, marked, probability, lambda p: passage_before(p, store))


def passage_before(passage: Passage, store: Store) -> Passage | None:
    rows = store.rows_of(passage.article.id)
    before = [p for p in store.passages(rows) if p.end <= passage.start]
    return before[-1] if before else None


def _distinct(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """Best first, each text once (the same wire story in two papers answers once) and no sentence twice."""
    kept: list[Quote] = []
    for new in quotes:
        if not any(
            new.text == old.text or (new.article.id == old.article.id and new.start < old.end and old.start < new.end)
            for old in kept
        ):
            kept.append(new)
    return tuple(kept[:MAX_QUOTES])
