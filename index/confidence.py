"""How likely a quote answers: a logistic model over what retrieval and reading know of it.

The features are few and each has a reason; `index/training/fit_confidence.py` fits the weights, which lie
as data in `models/confidence.json` with the figures of the fit. The next step, a reader that sees the
words themselves, adds its scores to the same features and is calibrated the same way.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from index.interaction import Interaction
from index.questions import AnswerType, Question
from index.records import Hit, Quote
from index.terms import STOP_WORDS, stem, terms, words

MODEL = Path(__file__).parent / "models" / "confidence.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights by feature, and the operating point: the least probability at which an answer is given."""

    intercept: float
    weights: Mapping[str, float]
    threshold: float

    @classmethod
    @lru_cache(maxsize=4)
    def load(cls, file: Path = MODEL) -> Calibration:
        raw = json.loads(file.read_text(encoding="utf-8"))
        return cls(float(raw["intercept"]), raw["weights"], float(raw["threshold"]))

    def probability(self, features: Mapping[str, float]) -> float:
        """That the passage answers, 0…1."""
        z = self.intercept + sum(weight * features[name] for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, z))))


def features(
    question: Question,
    hit: Hit,
    shown: Quote,
    interaction: Interaction,
    *,
    margin: float,
    idf: Mapping[str, float],
    article_terms: frozenset[str],
    known: Mapping[str, int],
) -> dict[str, float]:
    """What is known of the quote ``shown``, cut from ``hit``, as an answer to ``question``.

    ``margin`` is how far it leads (or trails) the best other one; ``idf`` are the weights of the question's
    terms; ``article_terms`` every term of the hit's article; ``known`` the number of passages each term of the
    question stands in.
    """
    best = hit.passage.article.text[hit.best_sentence.start : hit.best_sentence.end]
    present = frozenset(terms(shown.text)) | frozenset(terms(hit.passage.article.title))
    ceiling = sum(idf.values()) or 1.0

    def missing(found: frozenset[str]) -> float:
        return sum(weight for term, weight in idf.items() if term not in found) / ceiling

    return {
        "cosine": hit.scores.cosine,
        "lexical": hit.scores.lexical,
        "margin": margin,
        "interaction": interaction.mean,
        "weakest": interaction.weakest,
        "unmet": interaction.unmet,
        "cue": interaction.cue,
        "missing_quote": missing(present),
        "missing_article": missing(article_terms),
        "unknown": sum(weight for term, weight in idf.items() if not known.get(term)) / ceiling,
        "heaviest_missing": float(bool(idf) and max(idf, key=lambda term: idf[term]) not in present),
        "names_missing_quote": _share(question.names, present),
        "names_missing_article": _share(question.names, article_terms),
        "numbers_missing": _share(question.numbers, frozenset(words(shown.text))),
        "type_in_sentence": type_evidence(question, best),
        "type_in_quote": type_evidence(question, shown.text),
        "asks_number": float(question.answer_type is AnswerType.NUMBER),
        "asks_time": float(question.answer_type is AnswerType.TIME),
        "asks_person": float(question.answer_type is AnswerType.PERSON),
        "asks_reason": float(question.answer_type is AnswerType.REASON),
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
        # Skipping the first word: its capital says nothing.
        names = [
            w for w in words(text)[1:] if w[:1].isupper() and w.casefold() not in STOP_WORDS and stem(w) not in own
        ]
        return float(bool(names))
    return 0.5
