"""Fits `index/models/confidence.json`: the probability that a retrieved passage answers, and the operating point.

    python -m index.training.fit_confidence --data DIR

Fits on squad2_train_part (all) and the first 8 articles of squad2_dev_half, chooses the operating point on the next 3
and on our own paraphrases marked tune, and reports on the last 5 articles, which take no part in either. Every question is asked twice through the
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
from index.confidence import MODEL, Calibration
from index.encoder import Encoder, open_encoder
from index.generations import current_folder
from index.interaction import WordVectors
from index.questions import read_question
from index.reader import Reading, read_hits
from index.records import Article, Span
from index.retrieval import retrieve
from index.settings import IndexSettings
from index.stores.base import Vectors
from index.stores.local import LocalStore
from index.terms import terms
from index.training import paraphrases
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
    parser.add_argument("--keep-weights", action="store_true", help="choose the operating point again, fit nothing")
    arguments = parser.parse_args()
    train, dev = load(arguments.data, "squad2_train_part"), load(arguments.data, "squad2_dev_half")
    cut = SQUAD2_DEV_FIT + SQUAD2_DEV_TUNE
    figures: dict[str, dict[str, float | int]]
    if arguments.keep_weights:
        kept = json.loads(MODEL.read_text(encoding="utf-8"))
        judge, figures = Judge(kept["intercept"], kept["weights"]), {"fit": kept["figures"]["fit"]}
    else:
        samples = [*collect(train), *collect(dev.of(dev.articles[:SQUAD2_DEV_FIT]))]
        judge = _fit(samples)
        figures = {"fit": report(samples, judge, None)}
    tune, test = collect(dev.of(dev.articles[SQUAD2_DEV_FIT:cut])), collect(dev.of(dev.articles[cut:]))
    threshold = _threshold([tune, collect_paraphrases(arguments.data)], judge)
    figures |= {"tune": report(tune, judge, threshold), "test": report(test, judge, threshold)}
    card = {
        "intercept": judge.intercept,
        "weights": judge.weights,
        "threshold": threshold,
        "made_by": "python -m index.training.fit_confidence --data DIR",
        "seed": SEED,
        "fitted_on": f"squad2_train_part, squad2_dev_half articles 1-{SQUAD2_DEV_FIT}",
        "threshold_chosen_on": f"squad2_dev_half articles {SQUAD2_DEV_FIT + 1}-{cut}, our paraphrases marked tune",
        "figures": figures,
    }
    MODEL.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=1))


def collect_paraphrases(data: Path) -> list[Sample]:
    """Our own tuning questions, as they were typed, asked of their articles together."""
    articles, questions = paraphrases.load(data, "tune")
    nowhere = Span(0, 0)
    asked = [AskedQuestion(q.text, q.article, (nowhere,) if q.answerable else (), nowhere) for q in questions]
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(index=Path(folder))
        build.build(settings, articles)
        return _ask(settings, asked, None, own=True)


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


def _ask(
    settings: IndexSettings, questions: Sequence[AskedQuestion], rng: random.Random | None, *, own: bool
) -> list[Sample]:
    folder = current_folder(settings.index)
    store, encoder = LocalStore(folder), _Remembering(open_encoder(folder, None, threads=2))
    texts = [_as_people_type(q.text, rng) if rng else q.text for q in questions]
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


@dataclass(frozen=True, slots=True)
class Judge:
    """The fitted model: weights of the features as they are, not scaled."""

    intercept: float
    weights: dict[str, float]

    def probabilities(self, samples: Sequence[Sample]) -> NDArray[np.float64]:
        """Of each sample's first hit, by the formula that the product uses."""
        model = Calibration(self.intercept, self.weights, 0.0)
        return np.array([model.probability(sample.features[0]) for sample in samples])


def _fit(samples: Sequence[Sample]) -> Judge:
    from sklearn.linear_model import LogisticRegression

    names = sorted(samples[0].features[0])
    # The first hit is the one that is shown; the next are fitted with less weight, to be judged as further quotes.
    # Those with and those without an answer weigh the same, whatever the data sets hold of either.
    share = sum(s.answerable for s in samples) / len(samples)
    rows = [
        (f, right, (1.0 if i == 0 else 0.3) / (share if s.answerable else 1 - share))
        for s in samples
        for i, (f, right) in enumerate(zip(s.features, s.right, strict=True))
    ]
    x = np.array([[f[name] for name in names] for f, _, _ in rows])
    scale = x.std(axis=0)
    scale[scale == 0] = 1.0
    model = LogisticRegression(C=1.0, max_iter=2000)
    model.fit(x / scale, [right for _, right, _ in rows], sample_weight=[weight for _, _, weight in rows])
    weights = {name: round(float(w / s), 5) for name, w, s in zip(names, model.coef_[0], scale, strict=True)}
    return Judge(round(float(model.intercept_[0]), 5), weights)


def _threshold(parts: Sequence[Sequence[Sample]], judge: Judge) -> float:
    """The highest at which no more than FALSE_REFUSALS of the answerable questions are refused, the parts weighing
    the same: questions written from the text flatter any score, those that paraphrase are few."""
    scored = [np.sort(judge.probabilities([s for s in part if s.answerable])) for part in parts]

    def refused(point: float) -> float:
        return float(np.mean([np.searchsorted(p, point, side="left") / len(p) for p in scored]))

    return round(max(float(c) for c in np.concatenate(scored) if refused(float(c)) <= FALSE_REFUSALS), 4)


def report(samples: Sequence[Sample], judge: Judge, threshold: float | None) -> dict[str, float | int]:
    """Figures of one part: discrimination, calibration (10 bins), and refusals at the operating point, if one is given."""
    from sklearn.metrics import roc_auc_score

    p = judge.probabilities(samples)
    right = np.array([s.right[0] for s in samples])
    answerable = np.array([s.answerable for s in samples])
    foreign = np.array([not s.own_article for s in samples])
    cosine = np.array([s.features[0]["cosine"] for s in samples])
    bins = np.minimum((p * 10).astype(int), 9)
    ece = sum(abs(p[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))
    figures: dict[str, float | int] = {
        "questions": len(samples),
        "answerable": int(answerable.sum()),
        "right_first": round(float(right[answerable].mean()), 4),
        "auroc_answerable": round(float(roc_auc_score(answerable, p)), 4),
        "auroc_answerable_by_cosine_alone": round(float(roc_auc_score(answerable, cosine)), 4),
        "auroc_against_other_articles": round(
            float(roc_auc_score(answerable[answerable | foreign], p[answerable | foreign])), 4
        ),
        "auroc_right": round(float(roc_auc_score(right, p)), 4),
        "calibration_error": round(float(ece), 4),
    }
    if threshold is not None:
        figures["answerable_refused"] = round(float((p[answerable] < threshold).mean()), 4)
        figures["tempting_refused"] = round(float((p[~answerable & ~foreign] < threshold).mean()), 4)
        figures["other_articles_refused"] = round(float((p[foreign] < threshold).mean()), 4)
    return figures


if __name__ == "__main__":
    main()
