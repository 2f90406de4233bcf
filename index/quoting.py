"""Cuts a quote: whole sentences around the one that answers, enough to understand it, never more than a screen."""

from __future__ import annotations

import re

from index.records import Hit, Passage, Quote, Span

MAX_QUOTE = 700
"""Characters of a quote, unless one sentence alone is longer."""

_LEANS_BACK = re.compile(
    r"[\"“‘'(]*(?:he|she|it|they|his|her|its|their|this|that|these|those|but|however|meanwhile|instead|also|then"
    r"|such|both|another|there|so|yet|still|in that|by then|at the time|as a result|the (?:latter|former|move|deal|decision))\b",
    re.IGNORECASE,
)


def quote(hit: Hit, best: Span, score: float) -> Quote:
    """The passage, or as much of it around its sentence ``best`` as fits a screen.

    ``answer`` marks that sentence where the quote holds more. ``score`` is the probability that the quote answers.
    """
    span = _window(hit.passage, best)
    whole = (span.start, span.end) == (best.start, best.end)
    return Quote(
        article=hit.passage.article,
        start=span.start,
        end=span.end,
        paragraph=hit.passage.paragraph,
        answer=None if whole else (best.start - span.start, best.end - span.start),
        score=score,
    )


def _window(passage: Passage, best: Span) -> Span:
    """Sentences before ``best`` first, where it leans on them; then after, then before, while there is room."""
    sentences = passage.sentences
    first = last = sentences.index(best)

    def fits(start: int, end: int) -> bool:
        return sentences[end].end - sentences[start].start <= MAX_QUOTE

    while first > 0 and leans_back(_text(passage, sentences[first])) and fits(first - 1, last):
        first -= 1
    grown = True
    while grown:
        grown = False
        if last + 1 < len(sentences) and fits(first, last + 1):
            last, grown = last + 1, True
        if first > 0 and fits(first - 1, last):
            first, grown = first - 1, True
    return Span(sentences[first].start, sentences[last].end)


def leans_back(sentence: str) -> bool:
    """Whether a sentence begins with a word that only the one before explains."""
    return bool(_LEANS_BACK.match(sentence))


def _text(passage: Passage, span: Span) -> str:
    return passage.article.text[span.start : span.end]
