"""What the confidence is made of: retrieval's features alone, the reader's alone, and both.

    python -m benchmarks.ablations --data DIR

Each is fitted on the tuning sets like the one that ships, and measured on test sets: AUROC of questions with an answer
against tempting ones without, and against questions on other articles.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import save
from index.confidence import Calibration
from index.errors import VerbatimError
from index.span_reader import open_reader
from index.training.asking import Sample, collect
from index.training.corpora import load_news, squad2_dev
from index.training.fit_confidence import (
    FURTHER,
    JUDGED_BY,
    RANKED_BY,
    fit_judge,
    fit_rank,
    ordered,
    report,
    squad_tune,
)
from index.training.squad import QuestionSet

EVERY = 6
"""Of the questions of SQuAD 2.0's test articles, each so-manieth."""

WAYS = {
    "retrieval alone": (("cosine", "lexical"), ("cosine", "lexical", "far")),
    "reader alone": (("answers", "lead"), ("lead", "echo", "answer_words")),
    "both": (RANKED_BY, JUDGED_BY),
}
"""By what windows are ranked, and by what the first one is judged."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    data = parser.parse_args().data
    try:
        figures = measure(data)
    except (VerbatimError, OSError) as error:
        print(f"ablations: {error}")
        return 1
    save("ablations", figures)
    return 0


def measure(data: Path) -> dict[str, Any]:
    reader, rng = open_reader(None, threads=2), random.Random(1)
    fit = [
        sample
        for part in (squad_tune(data), load_news("tune"))
        for sample in collect(part, reader, typed=False, rng=rng)
    ]
    squad = squad2_dev(data, "test")
    tests = {
        "squad2_dev_half, articles 12-16": collect(
            QuestionSet(squad.articles, squad.questions[::EVERY]), reader, typed=False, rng=rng
        ),
        "our news, test": collect(load_news("test"), reader, typed=False, rng=rng),
    }
    figures: dict[str, Any] = {"every": EVERY}
    for name, (ranked_by, judged_by) in WAYS.items():
        figures[name] = _figures(fit, tests, ranked_by, judged_by)
        print(f"{name}: {figures[name]}", flush=True)
    return figures


def _figures(
    fit: Sequence[Sample], tests: dict[str, list[Sample]], ranked_by: Sequence[str], judged_by: Sequence[str]
) -> dict[str, Any]:
    rank = fit_rank(fit, ranked_by)
    intercept, weights = fit_judge([ordered(sample, rank) for sample in fit], judged_by)
    judge = Calibration(rank, intercept, weights, 0.0, FURTHER)
    found = {}
    for name, samples in tests.items():
        row = report([ordered(sample, rank) for sample in samples], judge, 0.0)
        found[name] = {
            key: row[key] for key in ("right_first", "auroc_against_tempting", "auroc_against_other_articles")
        }
    return found


if __name__ == "__main__":
    raise SystemExit(main())
