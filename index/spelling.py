"""Typing errors in questions: a word that neither the articles nor the language knows becomes the nearest one that is known.

The articles' own words come first, so that "Trennin" finds Trenin; then the encoder's vocabulary, which holds
English in the order of how common its words are. The question that people see stays as they typed it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rapidfuzz.distance import OSA

from index.stores.base import Store
from index.terms import STOP_WORDS, stem

_QUESTION_WORDS = {
    **dict.fromkeys(("wat", "wht", "waht", "wot", "whta"), "what"),
    **dict.fromkeys(("wen", "whn", "wehn"), "when"),
    **dict.fromkeys(("hw", "hwo"), "how"),
    **dict.fromkeys(("wich", "whcih", "wihch", "whihc"), "which"),
    **dict.fromkeys(("wher", "wheer"), "where"),
    **dict.fromkeys(("wy", "whay"), "why"),
}
"""Too short, or too near to other words, to be found by distance; and what asks must not be lost."""

_WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 4
"""Shorter words have too many neighbours one letter away."""


def correct(text: str, store: Store, vocabulary: Callable[[], Iterable[str]]) -> str:
    """``text`` with its misspelt words replaced; ``vocabulary`` gives common words of the language, lower case."""
    text = _WORD.sub(lambda match: _QUESTION_WORDS.get(match.group().casefold(), match.group()), text)
    asked = [word for word in dict.fromkeys(_WORD.findall(text)) if len(word) >= SHORTEST]
    stems = {word: stem(word) for word in asked if word.casefold() not in STOP_WORDS}
    known = store.document_frequencies([term for term in stems.values() if term])
    unknown = [word for word, term in stems.items() if term and not known.get(term)]
    if not unknown:
        return text
    common = {word: place for place, word in enumerate(vocabulary())}
    fixed = {word: _nearest(word, store, common) for word in unknown if word.casefold() not in common}
    return _WORD.sub(lambda match: fixed.get(match.group()) or match.group(), text)


def _nearest(word: str, store: Store, common: dict[str, int]) -> str | None:
    """The known word within one slip of the fingers, or two in a long word; first letters are seldom wrong."""
    folded = word.casefold()
    allowed = 1 if len(folded) <= 6 else 2
    own = dict(store.words(folded[0]))
    best: tuple[int, int, int, str] | None = None
    for candidates, rank in ((own, 0), (common, 1)):
        for candidate, weight in candidates.items():
            if candidate[:1] != folded[0] or len(candidate) < SHORTEST or abs(len(candidate) - len(folded)) > allowed:
                continue
            distance = OSA.distance(folded, candidate, score_cutoff=allowed)
            if distance <= allowed:
                # Fewer slips first; then the articles' words before others; then the more common.
                key = (distance, rank, -weight if rank == 0 else weight, candidate)
                best = min(best, key) if best else key
    return best[3] if best else None
