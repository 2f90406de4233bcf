"""Extractive summaries: the sentences that say most of an article, in its order, each word for word.

A sentence counts for being near to what the article is about as a whole (its centroid; Radev et al. 2004) and for
being early, as news is written; each further one for saying what the chosen ones do not (maximal marginal relevance;
Carbonell and Goldstein 1998). `benchmarks/summaries.py` chose the weights on half of its articles.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.quoting import leans_back
from index.records import Article, Passage, Quote, Span, Summary
from index.stores.base import Vectors

EARLY, REDUNDANT = 0.1, 0.15
"""Beside the cosine to the centroid, which counts 1."""

ABOUT = 1.0
ON_TOPIC = 0.2
"""Least cosine to the topic: below it a sentence is about something else, and so may be all of them."""

MIN_WORDS = 6
"""Shorter sentences say too little to stand alone."""


def summarise(
    article: Article,
    passages: Sequence[Passage],
    vectors: Vectors,
    *,
    sentences: int,
    about: str | None = None,
    topic: Vectors | None = None,
) -> Summary:
    """Pick up to ``sentences`` sentences; none where the article says nothing of the topic.

    ``vectors`` (n, dimension) are the unit vectors of the sentences of ``passages`` in order,
    ``topic`` (dimension,) is that of the topic ``about``.
    """
    spans = [(passage, span) for passage in passages for span in passage.sentences]
    fit = [i for i, (_, span) in enumerate(spans) if len(_text(article, span).split()) >= MIN_WORDS]
    fit = fit or list(range(len(spans)))
    if topic is not None:
        fit = [i for i in fit if float(vectors[i] @ topic) >= ON_TOPIC]
    chosen = _choose(article, spans, vectors, topic, fit, sentences)
    quotes = tuple(
        Quote(article, span.start, span.end, passage.paragraph, None, 1.0)
        for passage, span in (spans[i] for i in sorted(chosen))
    )
    return Summary(article, about, quotes)


def _choose(
    article: Article,
    spans: Sequence[tuple[Passage, Span]],
    vectors: Vectors,
    topic: Vectors | None,
    among: list[int],
    count: int,
) -> list[int]:
    if not among:
        return []
    centroid = vectors.mean(axis=0)
    centroid /= np.linalg.norm(centroid) or 1.0
    early = 1 - np.arange(len(spans)) / max(len(spans) - 1, 1)
    worth = vectors @ centroid + EARLY * early
    if topic is not None:
        worth = worth + ABOUT * (vectors @ topic)
    for i, (_, span) in enumerate(spans):
        if leans_back(_text(article, span)):
            worth[i] -= 0.07  # it would stand there without what it refers to
    chosen: list[int] = []
    while len(chosen) < min(count, len(among)):
        left = [i for i in among if i not in chosen]
        said = (vectors[left] @ vectors[chosen].T).max(axis=1) if chosen else np.zeros(len(left))
        chosen.append(left[int(np.argmax(worth[left] - REDUNDANT * said))])
    return chosen


def _text(article: Article, span: Span) -> str:
    return article.text[span.start : span.end]
