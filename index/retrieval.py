"""Finds the passages that may answer: sentence vectors and BM25 bring candidates, one score ranks them.

    total = cosine of the best sentence + LEXICAL_WEIGHT · BM25 / Σ idf
    rank  = total + ARTICLE_WEIGHT · the best total of its article

The second because news tells one affair over many short paragraphs: the one that answers often shares no word with the
question, while the one that names the affair does.

BM25 is Robertson and Zaragoza's (The Probabilistic Relevance Framework, 2009) without its constant factor,
so that over the sum of the question's idf it lies in 0…1: an absolute score, the same for one hit or a
thousand, which reciprocal ranks are not. `benchmarks/retrieval.py` measures the choices.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from index.records import Hit, Scores
from index.stores.base import Candidate, Store, Vectors

POOL = 50
"""Candidates from each side."""

HITS = 16
"""Passages handed on to be read."""

LEXICAL_WEIGHT = 0.5
"""Chosen on SQuAD 2.0's training articles and on questions that paraphrase; see benchmarks/README.md."""

ARTICLE_WEIGHT = 0.5
"""Chosen on the tuning part of our news: the right window is among the first 14 for 0.96 instead of 0.94 of the questions."""

K1 = 0.4
"""How fast a repeated term stops to count. Low: in a paragraph, that a word stands there says nearly all."""

B = 0.5
"""How much long passages are held back."""


def retrieve(store: Store, vector: Vectors, terms: Sequence[str], hits: int = HITS) -> list[Hit]:
    """The best passages for a question, best first; none for an empty store.

    ``vector`` (dimension,) is the question's, ``terms`` are its distinct stems.
    """
    rows = list(dict.fromkeys([*store.nearest(vector, POOL), *store.matching(terms, POOL)]))
    weights = idf(store.document_frequencies(terms), store.passages_total)
    scored = [
        (_score(candidate, vector, weights, store.average_terms), candidate) for candidate in store.candidates(rows)
    ]
    articles: dict[int, float] = {}
    for (scores, _), candidate in scored:
        articles[candidate.article] = max(scores.total, articles.get(candidate.article, scores.total))
    ranked = [
        (replace(scores, article=articles[candidate.article]), cosines, candidate.row)
        for (scores, cosines), candidate in scored
    ]
    best = sorted(ranked, key=lambda found: (-rank(found[0]), found[2]))[:hits]
    passages = store.passages([row for _, _, row in best])
    return [Hit(passage, scores, cosines) for passage, (scores, cosines, _) in zip(passages, best, strict=True)]


def rank(scores: Scores) -> float:
    """What passages are ordered by."""
    return scores.total + ARTICLE_WEIGHT * scores.article


def merge(*lists: Sequence[Hit]) -> list[Hit]:
    """The hits of several searches, each passage once with its better scores, best first."""
    best: dict[tuple[str, int], Hit] = {}
    for hit in (hit for hits in lists for hit in hits):
        place = (hit.passage.article.id, hit.passage.start)
        if place not in best or hit.scores.total > best[place].scores.total:
            best[place] = hit
    return sorted(best.values(), key=lambda hit: -rank(hit.scores))


def idf(frequencies: Mapping[str, int], total: int) -> dict[str, float]:
    """Inverse document frequencies, ln(1 + (N − df + ½) / (df + ½)); a term that stands nowhere has the highest.

    ``frequencies`` are the passages each term stands in, of ``total``.
    """
    return {term: math.log1p((total - df + 0.5) / (df + 0.5)) for term, df in frequencies.items()}


def lexical(words: Sequence[str], weights: Mapping[str, float], average: float) -> float:
    """BM25 of a passage's ``words`` over the sum of the question's idf, 0…1; 0 for a question without terms."""
    ceiling = sum(weights.values())
    if not ceiling:
        return 0.0
    counts = Counter(word for word in words if word in weights)
    damping = K1 * (1 - B + B * len(words) / average)
    return sum(weights[term] * count / (count + damping) for term, count in counts.items()) / ceiling


def _score(
    candidate: Candidate, vector: Vectors, weights: Mapping[str, float], average: float
) -> tuple[Scores, tuple[float, ...]]:
    cosines = tuple(float(c) for c in np.clip(candidate.vectors @ vector, -1, 1))
    best = max(cosines)
    shared = lexical(candidate.terms, weights, average)
    return Scores(best, shared, best + LEXICAL_WEIGHT * shared), cosines
