"""Reads the passages that retrieval brought and says which of them answer.

This reader knows sentences: it quotes the one nearest to the question with what surrounds it, and judges by
`confidence`. A trained reader that marks the exact span takes its place behind the same call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.confidence import Calibration, features
from index.questions import Question
from index.quoting import quote
from index.records import Hit, Quote
from index.retrieval import idf
from index.stores.base import Store

MAX_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a reader says: quotes best first, whether the first answers, and the probability that it does."""

    quotes: tuple[Quote, ...]
    answerable: bool
    confidence: float


def read(question: Question, hits: Sequence[Hit], store: Store) -> Verdict:
    """Judge ``hits`` (best first, as `retrieve` gives them) as answers to ``question``."""
    calibration = Calibration.load()
    known = store.document_frequencies(question.terms)
    weights = idf(question.terms, store)
    judged = []
    for hit in hits:
        others = [other for other in hits if other is not hit]
        seen = features(question, hit, others, weights, store.article_terms(hit.passage.article.id), known)
        judged.append((calibration.probability(seen), hit))
    if not judged:
        return Verdict((), False, 0.0)
    confidence = judged[0][0]
    answerable = confidence >= calibration.threshold
    first, *rest = judged
    # Beside an answer only what answers too; where nothing does, the nearest passages in order.
    further = [(p, hit) for p, hit in rest if p >= calibration.threshold] if answerable else rest
    quotes = tuple(quote(hit, p) for p, hit in [first, *further][:MAX_QUOTES])
    return Verdict(quotes, answerable, confidence)
