"""How likely a marked window answers: a logistic model over what retrieval and the reader know of it.

The features are few and each has a reason; `index/training/fit_confidence.py` fits the weights, which lie
as data in `models/confidence.json` with the figures of the fit.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.questions import AnswerType, Question
from index.records import Hit
from index.span_reader import Marked
from index.terms import STOP_WORDS, stem, terms, words

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


def features(
    question: Question,
    hit: Hit,
    mark: Marked,
    *,
    cosine: float,
    margin: float,
    idf: Mapping[str, float],
    article_terms: frozenset[str],
    known: Mapping[str, int],
) -> dict[str, float]:
    """What is known of a marked window of ``hit`` as an answer to ``question``.

    ``cosine`` is the window's best sentence's, ``margin`` how far its worth leads (or trails) the best other one's;
    ``idf`` are the weights of the question's terms; ``article_terms`` every term of the hit's article; ``known`` the
    number of passages each term of the question stands in.
    """
    window, span = mark.window, mark.window.article.text[mark.span.start : mark.span.end]
    # The reader sees the title and what stands before as well.
    present = frozenset(terms(f"{window.article.title} {window.before} {window.text}"))
    ceiling = sum(idf.values()) or 1.0
    answer_terms = terms(span)

    def missing(found: frozenset[str]) -> float:
        return sum(weight for term, weight in idf.items() if term not in found) / ceiling

    return {
        **rank_features(mark, cosine, hit.scores.lexical),
        # Where neither meaning nor words meet, no mark is worth anything.
        "far": max(0.0, NEAR - cosine),
        "nothing_shared": float(missing(present) > 0.9),
        "share": mark.share,
        "margin": max(-6.0, min(6.0, margin)),
        "missing_window": missing(present),
        "missing_article": missing(article_terms),
        "unknown": sum(weight for term, weight in idf.items() if not known.get(term)) / ceiling,
        # A person or place that no article names is not what the articles are about.
        "names_unknown": float(any(not known.get(name) for name in question.names)),
        "heaviest_missing": float(bool(idf) and max(idf, key=lambda term: idf[term]) not in present),
        "names_missing_window": _share(question.names, present),
        "names_missing_article": _share(question.names, article_terms),
        "numbers_missing": _share(question.numbers, frozenset(words(window.text))),
        "type_in_answer": type_evidence(question, span),
        "type_in_window": type_evidence(question, window.text),
        "echo": sum(term in question.terms for term in answer_terms) / len(answer_terms) if answer_terms else 1.0,
        "answer_words": math.log1p(len(words(span))),
        "asks_number": float(question.answer_type is AnswerType.NUMBER),
        "asks_time": float(question.answer_type is AnswerType.TIME),
        "asks_person": float(question.answer_type is AnswerType.PERSON),
        "asks_reason": float(question.answer_type is AnswerType.REASON),
        "asks_yes_no": float(question.answer_type is AnswerType.YES_NO),
        "terms": math.log1p(len(question.terms)),
    }


def _share(wanted: frozenset[str], found: frozenset[str]) -> float:
    return len(wanted - found) / len(wanted) if wanted else 0.0


_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?"
    r"|billions?|half|third|quarter|twice|double|none|fifteen|twenty|thirty|forty|fifty)\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"\b(?:(?:1\d|20)\d\d|\d{1,2}(?::\d\d)?\s?(?:am|pm|a\.m|p\.m)|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|jan(?:uary|\.)|feb(?:ruary|\.)|march|april|may \d|june|july|aug(?:ust|\.)|sept(?:ember|\.)|oct(?:ober|\.)"
    r"|nov(?:ember|\.)|dec(?:ember|\.)|today|yesterday|tomorrow|tonight|noon|midnight|morning|evening|century|decade"
    r"|spring|summer|autumn|winter|(?:last|next|this) (?:week|month|year|season)|(?:days?|weeks?|months?|years?) (?:ago|later|earlier)"
    r"|after|before|since|until|when|\d0s)\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|since|due to|owing to|as a result|so that|in order to|therefore|thanks to|caused?|led to|reason|after"
    r"|to (?:avoid|help|protect|prevent|make|keep|restore|reduce|save|allow|meet|ensure|pay)|fears?|would|could|for fear)\b",
    re.IGNORECASE,
)


def type_evidence(question: Question, text: str) -> float:
    """Whether ``text`` holds something of the type asked for that the question did not bring itself; ½ where no type is."""
    kind = question.answer_type
    if kind is AnswerType.NUMBER:
        asked = question.numbers
        return float(any(_NUMBER.search(w) and w not in asked for w in words(text)))
    if kind is AnswerType.TIME:
        return float(bool(_TIME.search(text)))
    if kind is AnswerType.REASON:
        return float(bool(_REASON.search(text)))
    if kind in (AnswerType.PERSON, AnswerType.PLACE):
        own = set(question.terms)
        names = [w for w in words(text) if w[:1].isupper() and w.casefold() not in STOP_WORDS and stem(w) not in own]
        return float(bool(names))
    return 0.5
