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
from index.training.fit_confidence import FURTHER, fit_judge, fit_rank, ordered, report

READER = {"answers", "lead", "share", "answer_words", "echo", "type_in_answer"}
BOTH = {"margin"}  # of the worth, which the reader and retrieval make together
ASKED = {"asks_number", "asks_time", "asks_person", "asks_reason", "asks_yes_no", "terms"}


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
        for part in (squad2_dev(data, "tune"), load_news("tune"))
        for sample in collect(part, reader, typed=False, rng=rng)
    ]
    tests = {
        "squad2_dev_half, articles 12-16": collect(squad2_dev(data, "test"), reader, typed=False, rng=rng),
        "our news, test": collect(load_news("test"), reader, typed=False, rng=rng),
    }
    every = set(fit[0].windows[0])
    ways = {
        "retrieval alone": ({"cosine", "lexical"}, every - READER - BOTH),
        "reader alone": ({"answers", "lead"}, READER | ASKED),
        "both": ({"answers", "lead", "cosine", "lexical"}, every),
    }
    figures: dict[str, Any] = {}
    for name, (ranked_by, judged_by) in ways.items():
        figures[name] = _figures(fit, tests, ranked_by, judged_by)
        print(f"{name}: {figures[name]}", flush=True)
    return figures


def _figures(
    fit: Sequence[Sample], tests: dict[str, list[Sample]], ranked_by: set[str], judged_by: set[str]
) -> dict[str, Any]:
    rank = fit_rank(fit, sorted(ranked_by))
    intercept, weights = fit_judge([_only(ordered(sample, rank), judged_by) for sample in fit])
    judge = Calibration(rank, intercept, weights, 0.0, FURTHER)
    found = {}
    for name, samples in tests.items():
        row = report([_only(ordered(sample, rank), judged_by) for sample in samples], judge, 0.0)
        found[name] = {
            key: row[key] for key in ("right_first", "auroc_against_tempting", "auroc_against_other_articles")
        }
    return found


def _only(sample: Sample, names: set[str]) -> Sample:
    windows = [{name: window[name] for name in names} for window in sample.windows]
    return Sample(windows, sample.right, sample.answerable, sample.own)


if __name__ == "__main__":
    raise SystemExit(main())
