"""Fits `index/models/confidence.json`: which window is best, how likely it answers, and from where on it is shown.

    python -m index.training.fit_confidence --data DIR

All on questions that neither trained nor test the reader: articles 9-11 of squad2_dev_half, the tune file of our own
news, and our paraphrases marked tune. What comes of it on the test sets, `benchmarks/answers.py` measures.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.confidence import MODEL, Calibration
from index.records import Span
from index.span_reader import open_reader
from index.training import paraphrases
from index.training.asking import Sample, collect
from index.training.corpora import load_news, squad2_dev
from index.training.squad import AskedQuestion, QuestionSet

SEED = 20261125
FALSE_REFUSALS = 0.10
"""Of the questions that have an answer, about this share is refused."""

FURTHER = 0.5
"""One more quote is shown beside the first where it is more likely right than not."""

FOREIGN = 2.0
"""What a question on another article counts for."""

RANKED_BY = ("answers", "lead", "cosine", "lexical")
JUDGED_BY = ("lead", "far", "echo", "answer_words")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    data = parser.parse_args().data
    reader = open_reader(None, threads=2)
    write(
        {
            "squad2_tune": collect(squad_tune(data), reader, typed=True, rng=random.Random(SEED)),
            "news_tune": collect(load_news("tune"), reader, typed=False, rng=random.Random(SEED)),
            "paraphrases_tune": collect(paraphrases_tune(data), reader, typed=False, rng=random.Random(SEED)),
        }
    )


def squad_tune(data: Path) -> QuestionSet:
    """Every third question of the tuning articles: SQuAD's are many, and those on news shall weigh more."""
    squad = squad2_dev(data, "tune")
    return QuestionSet(squad.articles, squad.questions[::3])


def write(parts: dict[str, list[Sample]]) -> None:
    """Fit both models and the operating point on what was asked, and write them."""
    rank = fit_rank([sample for part in parts.values() for sample in part])
    ranked = {name: [ordered(sample, rank) for sample in part] for name, part in parts.items()}
    intercept, weights = fit_judge([*ranked["squad2_tune"], *ranked["news_tune"], *ranked["paraphrases_tune"]])
    judge = Calibration(rank, intercept, weights, 0.0, FURTHER)
    threshold = operating_point(list(ranked.values()), judge)
    card = {
        "rank": rank,
        "intercept": intercept,
        "weights": weights,
        "threshold": threshold,
        "further": FURTHER,
        "made_by": "python -m index.training.fit_confidence --data DIR",
        "seed": SEED,
        "fitted_on": "squad2_dev_half articles 9-11 (every third question), our news tune, our paraphrases tune",
        "figures_on_what_it_was_fitted_on": {
            name: report(samples, judge, threshold) for name, samples in ranked.items()
        },
    }
    MODEL.write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(card, indent=1))


def paraphrases_tune(data: Path) -> QuestionSet:
    articles, questions = paraphrases.load(data, "tune")
    texts = {article.id: article.text for article in articles}
    asked = [
        AskedQuestion(q.text, q.article, tuple(_places(texts[q.article], q.answers)), Span(0, 0)) for q in questions
    ]
    return QuestionSet(tuple(articles), tuple(asked))


def _places(text: str, answers: Sequence[str]) -> list[Span]:
    return [Span(at, at + len(answer)) for answer in answers if (at := text.find(answer)) >= 0]


def fit_rank(samples: Sequence[Sample], names: Sequence[str] = RANKED_BY) -> dict[str, float]:
    """Weights by which right windows stand above wrong ones: logistic regression on the differences of pairs."""
    from sklearn.linear_model import LogisticRegression

    rows = []
    for sample in samples:
        values = [np.array([window[name] for name in names]) for window in sample.windows]
        right = [v for v, r in zip(values, sample.right, strict=True) if r]
        wrong = [v for v, r in zip(values, sample.right, strict=True) if not r]
        # A question counts once, however many pairs it makes.
        rows += [(r - w, 1 / (len(right) * len(wrong))) for r in right for w in wrong]
    x = np.array([difference for difference, _ in rows])
    weight = np.array([w for _, w in rows])
    scale = x.std(axis=0)
    model = LogisticRegression(fit_intercept=False, C=10.0, max_iter=2000)
    model.fit(
        np.concatenate([x, -x]) / scale,
        np.repeat([1, 0], len(x)),
        sample_weight=np.concatenate([weight, weight]),
    )
    return {n: round(float(w / s), 5) for n, w, s in zip(names, model.coef_[0], scale, strict=True)}


def ordered(sample: Sample, rank: dict[str, float]) -> Sample:
    """The windows best first by ``rank``."""
    worths = [sum(weight * window[name] for name, weight in rank.items()) for window in sample.windows]
    order = sorted(range(len(worths)), key=lambda i: -worths[i])
    return Sample([sample.windows[i] for i in order], [sample.right[i] for i in order], sample.answerable, sample.own)


def fit_judge(samples: Sequence[Sample], names: Sequence[str] = JUDGED_BY) -> tuple[float, dict[str, float]]:
    """Logistic regression over the windows that come first: is what is marked in them right?"""
    from sklearn.linear_model import LogisticRegression

    rows = [(sample.windows[0], sample.right[0]) for sample in samples]
    x = np.array([[window[name] for name in names] for window, _ in rows])
    scale = x.std(axis=0)
    scale[scale == 0] = 1.0
    model = LogisticRegression(C=0.3, max_iter=5000)
    # Questions on something else are what people ask most often in vain, and few among these.
    model.fit(x / scale, [right for _, right in rows], sample_weight=[1.0 if s.own else FOREIGN for s in samples])
    weights = {name: round(float(w / s), 5) for name, w, s in zip(names, model.coef_[0], scale, strict=True)}
    return round(float(model.intercept_[0]), 5), weights


def operating_point(parts: Sequence[Sequence[Sample]], judge: Calibration) -> float:
    """The mean of the parts' points at which `FALSE_REFUSALS` of their answerable questions are refused."""
    points = []
    for part in parts:
        scores = np.sort([judge.probability(s.windows[0]) for s in part if s.answerable])
        points.append(float(scores[int(FALSE_REFUSALS * len(scores))]))
    return round(float(np.mean(points)), 4)


def report(samples: Sequence[Sample], judge: Calibration, threshold: float) -> dict[str, float | int]:
    """Figures of one part: the right window first, discrimination, calibration (10 bins), refusals."""
    from sklearn.metrics import roc_auc_score

    p: NDArray[np.float64] = np.array([judge.probability(sample.windows[0]) for sample in samples])
    right = np.array([sample.right[0] for sample in samples])
    answerable = np.array([sample.answerable for sample in samples])
    foreign = np.array([not sample.own for sample in samples])
    tempting = ~answerable & ~foreign
    bins = np.minimum((p * 10).astype(int), 9)
    error = sum(abs(p[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist()))

    def auroc(others: NDArray[np.bool_]) -> float:
        some = answerable | others
        return round(float(roc_auc_score(answerable[some], p[some])), 4) if others.any() else float("nan")

    return {
        "questions": len(samples),
        "answerable": int(answerable.sum()),
        "right_first": round(float(right[answerable].mean()), 4),
        "auroc_against_tempting": auroc(tempting),
        "auroc_against_other_articles": auroc(foreign),
        "calibration_error": round(float(error), 4),
        "answerable_refused": round(float((p[answerable] < threshold).mean()), 4),
        "tempting_refused": round(float((p[tempting] < threshold).mean()), 4),
        "other_articles_refused": round(float((p[foreign] < threshold).mean()), 4) if foreign.any() else float("nan"),
    }


if __name__ == "__main__":
    main()
