"""How likely a marked window answers: a logistic model over what retrieval and the reader know of it.

The features are few, for the reader's own verdict is the best of them and what looks like evidence beside it misleads:
a tempting question repeats the article's words, and one that is well put in other words does not. With a dozen more
features of shared words, names and numbers a question of the kind fitted on was judged no better, and one of another
kind far worse. `index/training/fit_confidence.py` fits the weights, which lie as data in `models/confidence.json`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.questions import Question
from index.span_reader import Marked
from index.terms import terms, words

MODEL = Path(__file__).parent / "models" / "confidence.json"


NEAR = 0.4
"""Cosine below which a window's best sentence is about something else."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted numbers: ``rank`` weighs what makes one window better than another, ``weights`` and ``intercept``
    make the probability that it answers, ``threshold`` is the operating point: the least probability at which an
    answer is given, ``further`` the least for one more beside it."""

    rank: Mapping[str, float]
    intercept: float
    weights: Mapping[str, float]
    threshold: float
    further: float

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, file: Path = MODEL) -> Calibration:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return cls(raw["rank"], float(raw["intercept"]), raw["weights"], float(raw["threshold"]), float(raw["further"]))

    def probability(self, features: Mapping[str, float]) -> float:
        """That the window answers, 0…1."""
        z = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))


def rank_features(mark: Marked, cosine: float, lexical: float) -> dict[str, float]:
    """What one window is compared with another by."""
    return {
        "answers": mark.answers,
        "lead": max(-15.0, min(15.0, mark.lead)),
        "cosine": cosine,
        "lexical": lexical,
    }


def worth(mark: Marked, cosine: float, lexical: float, calibration: Calibration) -> float:
    """How good a window is beside others; only differences mean something."""
    found = rank_features(mark, cosine, lexical)
    return sum(weight * found[name] for name, weight in calibration.rank.items())


def features(question: Question, mark: Marked, cosine: float) -> dict[str, float]:
    """What is known of a marked window as an answer to ``question``; ``cosine`` is its best sentence's.

    ``lead``: how far the marked span is above "no answer". ``far``: how far the window is from being on the matter at
    all, where no mark is worth anything. ``echo``: the share of the answer's terms that only repeat the question.
    ``answer_words``: the answer's length, as the logarithm of one more than its words.
    """
    span = mark.window.article.text[mark.span.start : mark.span.end]
    answer_terms = terms(span)
    return {
        "lead": max(-15.0, min(15.0, mark.lead)),
        "far": max(0.0, NEAR - cosine),
        "echo": sum(term in question.terms for term in answer_terms) / len(answer_terms) if answer_terms else 1.0,
        "answer_words": math.log1p(len(words(span))),
    }
