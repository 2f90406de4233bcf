"""Fits `index/models/confidence.json`: the probability that a retrieved passage answers, and the operating point.

    python -m index.training.fit_confidence --data DIR

Fits on squad2_train_part (all) and the first 8 articles of squad2_dev_half, chooses the operating point on the
next 3, and reports on the last 5, which take no part in either. Every question is asked twice through the
product's own retrieval, of an index of its article alone and of one of the whole set, a third of them in lower
case without a question mark; a question of another article is asked of the small index as well, where it has no
answer. A hit counts as right when the quote it leads to holds an answer.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index import build
from index.confidence import MODEL
from index.encoder import Encoder, open_encoder
from index.generations import current_folder
from index.interaction import WordVectors
from index.questions import read_question
from index.reader import Reading, read_hits
from index.records import Article
from index.retrieval import retrieve
from index.settings import IndexSettings
from index.stores.base import Vectors
from index.stores.local import LocalStore
from index.terms import terms
from index.training.squad import SQUAD2_DEV_FIT, SQUAD2_DEV_TUNE, AskedQuestion, QuestionSet, load

SEED = 20261123
FALSE_REFUSALS = 0.10
"""Of the questions whose answer was found, at most this share is refused."""

TOP = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """One question asked of one index: the features and rightness of its first hits; whether it has an answer there."""

    features: list[dict[str, float]]
    right: list[bool]
    answerable: bool
    own_article: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    data = parser.parse_args().data
    train, dev = load(data, "squad2_train_part"), load(data, "squad2_dev_half")
    cut = SQUAD2_DEV_FIT + SQUAD2_DEV_TUNE
    parts = {
        "fit": [train, dev.of(dev.articles[:SQUAD2_DEV_FIT])],
        "tune": [dev.of(dev.articles[SQUAD2_DEV_FIT:cut])],
        "test": [dev.of(dev.articles[cut:])],
    }
    samples = {name: [s for part in sets for s in collect(part)] for name, sets in parts.items()}
    names = sorted(samples["fit"][0].features[0])
    model, scale = _fit(samples["fit"], names)
    weights = {name: round(float(w / s), 5) for name, w, s in zip(names, model.coef_[0], scale, strict=True)}
    intercept = round(float(model.intercept_[0]), 5)
    threshold = _threshold(samples["tune"], names, weights, intercept)
    card = {
        "intercept": intercept,
        "weights": weights,
        "threshold": round(threshold, 4),
        "made_by": "python -m index.training.fit_confidence --data DIR",
        "seed": SEED,
        "fitted_on": f"squad2_train_part, squad2_dev_half articles 1-{SQUAD2_DEV_FIT}",
        "threshold_chosen_on": f"squad2_dev_half articles {SQUAD2_DEV_FIT + 1}-{cut}",
        "figures": {
            part: report(samples[part], names, weights, intercept, threshold) for part in ("fit", "tune", "test")
        },
    }
    MODEL.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=1))


def collect(part: QuestionSet) -> list[Sample]:
    """Ask every question of ``part`` through the product's retrieval, of a small and of a large index."""
    rng = random.Random(SEED)
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory() as folder:
        whole = IndexSettings(index=Path(folder) / "whole")
        build.build(whole, part.articles)
        samples += _ask(whole, part.questions, rng, own=True)
        for article in part.articles:
            small = _alone(whole, part.articles, article, Path(folder) / "small")
            own = [q for q in part.questions if q.article == article.id]
            others = [q for q in part.questions if q.article != article.id]
            samples += _ask(small, own, rng, own=True)
            samples += _ask(small, rng.sample(others, min(len(others), len(own) // 3)), rng, own=False)
            shutil.rmtree(small.index)
    return samples


def _alone(whole: IndexSettings, articles: Sequence[Article], article: Article, place: Path) -> IndexSettings:
    """An index of one article, its vectors taken over."""
    shutil.copytree(whole.index, place)
    small = IndexSettings(index=place)
    if others := [other.id for other in articles if other is not article]:
        build.remove(small, others)
    return small


def _ask(settings: IndexSettings, questions: Sequence[AskedQuestion], rng: random.Random, *, own: bool) -> list[Sample]:
    folder = current_folder(settings.index)
    store, encoder = LocalStore(folder), _Remembering(open_encoder(folder, None, threads=2))
    texts = [_as_people_type(q.text, rng) for q in questions]
    vectors = encoder.encode(texts)
    samples = []
    for asked, text, vector in zip(questions, texts, vectors, strict=True):
        question = read_question(text)
        readings = read_hits(question, retrieve(store, vector, question.terms), store, encoder)[:TOP]
        if readings:
            right = [own and _answers(reading, asked) for reading in readings]
            samples.append(Sample([dict(r.features) for r in readings], right, own and bool(asked.answers), own))
    store.close()
    return samples


class _Remembering(Encoder):
    """Encodes each quote once: the same ones are read for many questions."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.encode = encoder.encode  # type: ignore[method-assign]
        self.encode_words = lru_cache(maxsize=None)(encoder.encode_words)  # type: ignore[method-assign]

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError

    def encode_words(self, text: str) -> WordVectors:
        raise AssertionError

    def vocabulary(self) -> list[str]:
        return self._encoder.vocabulary()


def _as_people_type(question: str, rng: random.Random) -> str:
    """A third as it is, a third in lower case without its mark, a third terse: some of its content words dropped."""
    style = rng.random()
    if style < 1 / 3:
        return question
    if style < 2 / 3:
        return question.lower().rstrip("? ")
    words = question.rstrip("? ").split()
    content = [i for i, word in enumerate(words) if terms(word)]
    dropped = (
        set(rng.sample(content, min(len(content) - 2, round(len(content) * rng.uniform(0.2, 0.6)))))
        if len(content) > 2
        else set()
    )
    return " ".join(word for i, word in enumerate(words) if i not in dropped)


def _answers(reading: Reading, asked: AskedQuestion) -> bool:
    shown = reading.quote
    return shown.article.id == asked.article and any(
        shown.start <= answer.start and answer.end <= shown.end for answer in asked.answers
    )


def _matrix(rows: Sequence[dict[str, float]], names: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[row[name] for name in names] for row in rows])


def _fit(samples: Sequence[Sample], names: Sequence[str]):  # type: ignore[no-untyped-def]
    from sklearn.linear_model import LogisticRegression

    # The first hit is the one that is shown; the next are fitted with less weight, to be judged as further quotes.
    # Those with and those without an answer weigh the same, whatever the data sets hold of either.
    share = sum(s.answerable for s in samples) / len(samples)
    rows = [
        (f, right, (1.0 if i == 0 else 0.3) / (share if s.answerable else 1 - share))
        for s in samples
        for i, (f, right) in enumerate(zip(s.features, s.right, strict=True))
    ]
    x = _matrix([f for f, _, _ in rows], names)
    scale = x.std(axis=0)
    scale[scale == 0] = 1.0
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(x / scale, [right for _, right, _ in rows], sample_weight=[weight for _, _, weight in rows])
    return model, scale


def _probabilities(
    samples: Sequence[Sample], names: Sequence[str], weights: dict[str, float], intercept: float
) -> NDArray[np.float64]:
    z = _matrix([s.features[0] for s in samples], names) @ np.array([weights[name] for name in names]) + intercept
    probabilities: NDArray[np.float64] = 1 / (1 + np.exp(-z))
    return probabilities


def _threshold(samples: Sequence[Sample], names: Sequence[str], weights: dict[str, float], intercept: float) -> float:
    """The highest at which no more than FALSE_REFUSALS of the questions with an answer are refused."""
    p = _probabilities(samples, names, weights, intercept)
    answerable = np.array([s.answerable for s in samples])
    return float(np.quantile(p[answerable], FALSE_REFUSALS))


def report(
    samples: Sequence[Sample], names: Sequence[str], weights: dict[str, float], intercept: float, threshold: float
) -> dict[str, float | int]:
    """Figures of one part: discrimination, refusals at the operating point, calibration (10 bins)."""
    from sklearn.metrics import roc_auc_score

    p = _probabilities(samples, names, weights, intercept)
    right = np.array([s.right[0] for s in samples])
    answerable = np.array([s.answerable for s in samples])
    foreign = np.array([not s.own_article for s in samples])
    cosine = np.array([s.features[0]["cosine"] for s in samples])
    bins = np.minimum((p * 10).astype(int), 9)
    ece = sum(abs(p[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))
    return {
        "questions": len(samples),
        "answerable": int(answerable.sum()),
        "right_first": round(float(right[answerable].mean()), 4),
        "auroc_answerable": round(float(roc_auc_score(answerable, p)), 4),
        "auroc_answerable_by_cosine_alone": round(float(roc_auc_score(answerable, cosine)), 4),
        "auroc_against_other_articles": round(
            float(roc_auc_score(answerable[answerable | foreign], p[answerable | foreign])), 4
        ),
        "auroc_right": round(float(roc_auc_score(right, p)), 4),
        "answerable_refused": round(float((p[answerable] < threshold).mean()), 4),
        "unanswerable_refused": round(float((p[~answerable] < threshold).mean()), 4),
        "calibration_error": round(float(ece), 4),
    }


if __name__ == "__main__":
    main()
