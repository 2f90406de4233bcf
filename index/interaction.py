"""Late interaction: every word of a question looks for its nearest word in a text.

After Khattab and Zaharia's ColBERT (2020), here with the word vectors that the sentence encoder makes on its way.
It sees what neither one vector a sentence nor the words as spelt can: that "troops" are met by "soldiers" and
"sent" by "arrived", and that of a tempting passage one word of the question is met by nothing. The weakest link
tells what a passage lacks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from index.stores.base import Vectors
from index.terms import terms

WORD = re.compile(r"[^\W_]+(?:['’.,][^\W_]+)*")
_CUES = frozenset("who whom whose when where why how which what many much long often".split())


@dataclass(frozen=True, slots=True, eq=False)
class WordVectors:
    """The words of a text and their unit vectors (n, dimension), each made in the light of the whole text."""

    words: tuple[str, ...]
    vectors: Vectors

    def content(self) -> WordVectors:
        """Without the words that say nothing."""
        return self._only([bool(_term(word)) for word in self.words])

    def cues(self) -> WordVectors:
        """The question words alone: "how many" lies near to numbers, "when" to dates."""
        return self._only([word.casefold() in _CUES for word in self.words])

    def _only(self, keep: list[bool]) -> WordVectors:
        return WordVectors(tuple(w for w, k in zip(self.words, keep, strict=True) if k), self.vectors[keep])


@dataclass(frozen=True, slots=True)
class Interaction:
    """How the words of a question are met by a text; cosines, 0 where there is nothing to compare.

    ``mean`` is weighted by the words' idf, ``weakest`` is the worst-met word's, ``cue`` the question word's.
    ``unmet`` is the share of the idf that no word of the text comes near.
    """

    mean: float
    weakest: float
    unmet: float
    cue: float


NEAR = 0.4
"""Cosine from which a word counts as met: about that of "sent" and "arrived" in two sentences on one thing."""


def interact(question: WordVectors, text: WordVectors, idf: Mapping[str, float]) -> Interaction:
    """Match the content words of ``question`` against those of ``text``; ``idf`` is by term."""
    asked, given = question.content(), text.content()
    if not len(given.words):
        return Interaction(0.0, 0.0, 1.0, 0.0)
    cues = question.cues()
    cue = float((cues.vectors @ given.vectors.T).max()) if len(cues.words) else 0.0
    if not len(asked.words):
        return Interaction(0.0, 0.0, 1.0, cue)
    best = (asked.vectors @ given.vectors.T).max(axis=1)
    weights = np.array([idf.get(_term(word), 0.0) for word in asked.words], np.float32)
    weights = weights / weights.sum() if weights.sum() > 0 else np.full(len(weights), 1 / len(weights), np.float32)
    return Interaction(
        mean=float(weights @ best),
        weakest=float(best.min()),
        unmet=float(weights[best < NEAR].sum()),
        cue=cue,
    )


@lru_cache(maxsize=50_000)
def _term(word: str) -> str:
    """The term of a word, as the lexical side has it; "" for a word that says nothing."""
    found = terms(word)
    return found[0] if found else ""


def pool(text: str, offsets: list[tuple[int, int]], tokens: Vectors) -> WordVectors:
    """Word vectors from those of word pieces: each word's are averaged.

    ``offsets`` are the pieces' places in ``text`` ((0, 0) for special ones), ``tokens`` (pieces, dimension) their vectors.
    """
    words, vectors = [], []
    starts = np.array([start for start, _ in offsets])
    ends = np.array([end for _, end in offsets])
    for match in WORD.finditer(text):
        inside = (ends > starts) & (starts < match.end()) & (ends > match.start())
        if not inside.any():
            break  # behind the encoder's last token
        vector = tokens[inside].mean(axis=0)
        words.append(match.group())
        vectors.append(vector / (np.linalg.norm(vector) or 1.0))
    dimension = tokens.shape[1]
    return WordVectors(tuple(words), np.array(vectors, np.float32).reshape(len(words), dimension))
