"""Cuts a quote: the whole sentences that hold the answer, with what a reader needs to understand them."""

from __future__ import annotations

import re
from collections.abc import Callable

from index.records import Hit, Passage, Quote, Span

MAX_QUOTE = 700
"""Characters of a quote, unless one sentence alone is longer: never more than a screen."""

_LEANS_BACK = re.compile(
    r"\(?(?:he|she|it|they|his|her|its|their|this|that|these|those|but|however|meanwhile|instead|also|then"
    r"|such|both|another|there|so|yet|still|in that|by then|at the time|as a result|the (?:latter|former|move|deal|decision))\b",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(r"\(?(?:he|she|it|they|his|her|its|their)\b", re.IGNORECASE)
# In somebody's mouth "it", "this" or "but" goes back to what was said or asked, which the sentence before seldom tells.
_SPOKEN_OF = re.compile(r"[\"“‘'«„]+\s*(?:he|she|they|his|her|their)\b", re.IGNORECASE)

PassageBefore = Callable[[Passage], Passage | None]
"""The passage before one in its article, if there is one."""


def quote(
    passage: Passage, span: Span, marked: Span | None, score: float, before: PassageBefore = lambda _: None
) -> Quote:
    """The whole sentences of ``passage`` that ``span`` touches, and those before them that they lean on.

    ``marked`` is the answer in them, None where the quote as a whole is. A paragraph that begins with "He" brings
    the last sentences of the one ``before``. ``score`` is the probability that the quote answers.
    """
    sentences = passage.sentences
    touched = [i for i, s in enumerate(sentences) if s.start < span.end and span.start < s.end]
    first, last = (touched[0], touched[-1]) if touched else (0, 0)
    end = sentences[last].end
    while first > 0 and leans_back(_text(passage, sentences[first])) and end - sentences[first - 1].start <= MAX_QUOTE:
        first -= 1
    start = sentences[first].start
    if first == 0 and _stands_for(_text(passage, sentences[0])) and (previous := before(passage)):
        named = [s for s in previous.sentences if end - s.start <= MAX_QUOTE]
        start = named[-1].start if named else start
        # A run of sentences that all begin with "He" goes back to the one that names him.
        while len(named) > 1 and leans_back(_text(previous, named[-1])):
            named.pop()
            start = named[-1].start
    answer = None if marked is None else (max(marked.start, start) - start, min(marked.end, end) - start)
    whole = answer == (0, end - start)
    return Quote(passage.article, start, end, passage.paragraph, None if whole else answer, score)


def nearest_quote(hit: Hit, best: Span, score: float) -> Quote:
    """A passage that is near and does not answer: its sentence ``best`` and as many around it as fit a screen."""
    sentences = hit.passage.sentences
    first = last = sentences.index(best)

    def fits(start: int, end: int) -> bool:
        return sentences[end].end - sentences[start].start <= MAX_QUOTE

    grown = True
    while grown:
        grown = False
        if first > 0 and fits(first - 1, last):
            first, grown = first - 1, True
        if last + 1 < len(sentences) and fits(first, last + 1):
            last, grown = last + 1, True
    span = Span(sentences[first].start, sentences[last].end)
    return Quote(hit.passage.article, span.start, span.end, hit.passage.paragraph, None, score)


def leans_back(sentence: str) -> bool:
    """Whether a sentence begins with a word that only the one before explains."""
    return bool(_LEANS_BACK.match(sentence) or _SPOKEN_OF.match(sentence))


def _stands_for(sentence: str) -> bool:
    return bool(_STANDS_FOR.match(sentence) or _SPOKEN_OF.match(sentence))


def _text(passage: Passage, span: Span) -> str:
    return passage.article.text[span.start : span.end]
