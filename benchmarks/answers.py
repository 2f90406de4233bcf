"""Answers measured end to end: the right quote, the right span, and whether it is known when there is none.

    python -m benchmarks.answers --data DIR [--every N] [--fp32 FILE]
    python -m benchmarks.answers --feedback FILE     what people voted on, see `benchmarks.feedback`

Every question goes through the archive's own `ask`, of an index of all articles of its set. None of the sets trained
the reader or fitted the confidence (`--tune` asks the tuning sets instead, and writes nothing). ``--fp32`` names the
reader before it was made int8, as `export_reader --keep-fp32` leaves it, to measure what that costs.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.feedback import compare
from benchmarks.question_sets import Bench, paraphrase_set, test_sets
from benchmarks.reader_alone import given_the_paragraph, speed
from benchmarks.report import save
from benchmarks.threads import ask_threads
from index import build
from index.archive import Archive
from index.errors import VerbatimError
from index.records import Answer, Span
from index.settings import IndexSettings
from index.span_reader import MODELS, TOKENIZER, OnnxSpanReader, SpanReader, open_reader
from index.training.corpora import load_news, squad2_dev
from index.training.held_out import exact, f1
from index.training.squad import AskedQuestion, QuestionSet

FALSE_REFUSALS = 0.10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--data", type=Path, help="folder of the public data sets")
    what.add_argument("--feedback", type=Path, help="an export of people's votes: ask those questions again")
    parser.add_argument("--fp32", type=Path, help="the reader in fp32")
    parser.add_argument("--tune", action="store_true", help="ask the tuning sets; nothing is written")
    parser.add_argument("--every", type=int, default=1, help="ask each so-manieth question of the large sets only")
    arguments = parser.parse_args()
    try:
        if arguments.feedback:
            compare(arguments.feedback)
            return 0
        sets = _tuning_sets(arguments.data) if arguments.tune else test_sets(arguments.data, arguments.every)
        figures: dict[str, Any] = {"every": arguments.every}
        for bench in sets:
            figures[bench.name] = measure(bench)
            print(f"{bench.name}: {figures[bench.name]}", flush=True)
        figures["threads"] = ask_threads("tune" if arguments.tune else "test")
        print(f"threads: {figures['threads']}", flush=True)
        if not arguments.tune:
            figures["reader, given the paragraph"] = _readers(sets, arguments.fp32)
            figures["reader, speed"] = speed(sets[0].questions)
            print(figures["reader, given the paragraph"], figures["reader, speed"], flush=True)
            save("answers", figures)
    except (VerbatimError, OSError) as error:
        print(f"answers: {error}")
        return 1
    return 0


def _tuning_sets(data: Path) -> list[Bench]:
    foreign = tuple(q.text for q in squad2_dev(data, "tune").questions if q.answers)[::3]
    return [
        Bench("our news, tune", load_news("tune"), foreign),
        Bench("our paraphrases, tune", paraphrase_set(data, "tune"), foreign),
        Bench("squad2_dev_half, articles 9-11", squad2_dev(data, "tune"), ()),
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, what the archive said, and how right its first quote and the marked span are (F1, 0…1)."""

    question: AskedQuestion
    answer: Answer
    places: tuple[bool, ...]
    exact: float
    f1: float
    right: bool


def measure(bench: Bench) -> dict[str, Any]:
    """Figures of one set, all its articles in one index."""
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(index=Path(folder), remembered=0)
        build.build(settings, bench.questions.articles)
        archive = Archive.open(settings)
        asked = [_asked(question, archive, bench.questions) for question in bench.questions.questions]
        foreign = [archive.ask(text).confidence for text in bench.foreign]
        archive.close()
    return _figures(asked, foreign, _threshold())


def _threshold() -> float:
    from index.confidence import Calibration

    return Calibration.load().threshold


def _asked(question: AskedQuestion, archive: Archive, part: QuestionSet) -> Asked:
    answer = archive.ask(question.text)
    texts = {article.id: article.text for article in part.articles}
    wanted = [(span, texts[question.article][span.start : span.end]) for span in question.answers]
    places = tuple(
        quote.article.id == question.article and _holds(Span(quote.start, quote.end), question)
        for quote in answer.quotes
    )
    said = answer.answer or ""
    # Where the quote as a whole is the answer (yes/no), that it holds the evidence is all there is to be right.
    whole = bool(answer.answerable and answer.answer is None and places and places[0])
    best_f1 = max((f1(said, text) for _, text in wanted), default=0.0)
    right = whole or (bool(places) and places[0] and best_f1 > 0) or best_f1 >= 0.6
    return Asked(question, answer, places, max((exact(said, text) for _, text in wanted), default=0.0), best_f1, right)


def _holds(quote: Span, question: AskedQuestion) -> bool:
    """Whether a quote holds an answer, or lies in the paragraph that does."""
    inside = any(quote.start <= answer.start and answer.end <= quote.end for answer in question.answers)
    return inside or (question.paragraph.start <= quote.start and quote.end <= question.paragraph.end)


def _figures(asked: Sequence[Asked], foreign: Sequence[float], threshold: float) -> dict[str, Any]:
    has = [a for a in asked if a.question.answers]
    tempting = [a for a in asked if not a.question.answers]
    with_answer = [a.answer.confidence for a in has]
    without = [a.answer.confidence for a in tempting]
    spans = [a for a in has if not (a.answer.answerable and a.answer.answer is None)]
    times = [a.answer.ms for a in asked]
    figures: dict[str, Any] = {
        "questions": len(asked),
        "with_answer": len(has),
        "recall@1": _mean([a.places[:1] == (True,) for a in has]),
        "recall@3": _mean([any(a.places[:3]) for a in has]),
        "answer_right": _mean([a.answer.answerable and a.right for a in has]),
        "span_em": _mean([a.exact for a in spans]),
        "span_f1": _mean([a.f1 for a in spans]),
        "with_answer_refused": _mean([not a.answer.answerable for a in has]),
        "other_articles_refused": _mean([c < threshold for c in foreign]),
        "auroc_against_other_articles": auroc(with_answer, foreign),
        "other_articles_refused_at_10_percent": _refused_at(with_answer, foreign),
        "calibration_error": calibration_error(
            [a.answer.confidence for a in asked], [bool(a.question.answers) and a.right for a in asked]
        ),
        "calibration_error_with_other_articles": calibration_error(
            [*(a.answer.confidence for a in asked), *foreign],
            [*(bool(a.question.answers) and a.right for a in asked), *(False for _ in foreign)],
        ),
        "ms_median": round(statistics.median(times), 1),
        "ms_95th": round(float(np.percentile(times, 95)), 1),
    }
    if tempting:
        figures |= {
            "without_answer_refused": _mean([not a.answer.answerable for a in tempting]),
            "auroc": auroc(with_answer, without),
            "without_answer_refused_at_10_percent": _refused_at(with_answer, without),
        }
    kinds: dict[str, list[Asked]] = defaultdict(list)
    for a in asked:
        if a.question.kind:
            kinds[a.question.kind].append(a)
    if kinds:
        figures["by_type"] = {kind: _of_kind(members) for kind, members in sorted(kinds.items())}
    return figures


def _of_kind(members: Sequence[Asked]) -> dict[str, Any]:
    has = [a for a in members if a.question.answers]
    without = [a for a in members if not a.question.answers]
    return {
        "with_answer": len(has),
        "recall@1": _mean([a.places[:1] == (True,) for a in has]),
        "answer_right": _mean([a.answer.answerable and a.right for a in has]),
        "refused": _mean([not a.answer.answerable for a in has]),
        "without_answer": len(without),
        "without_answer_refused": _mean([not a.answer.answerable for a in without]),
    }


def _readers(sets: Sequence[Bench], fp32: Path | None) -> dict[str, Any]:
    """Span EM and F1 where the right paragraph is given, of the reader that ships and of the same in fp32."""
    readers: dict[str, SpanReader] = {"int8": open_reader(None, threads=2)}
    if fp32:
        readers["fp32"] = OnnxSpanReader(fp32, MODELS / TOKENIZER, threads=2)
    return {
        bench.name: {name: given_the_paragraph(reader, bench.questions) for name, reader in readers.items()}
        for bench in sets[:3]
    }


def auroc(higher: Sequence[float], lower: Sequence[float]) -> float | None:
    """The chance that a confidence of ``higher`` is above one of ``lower``."""
    from sklearn.metrics import roc_auc_score

    if not higher or not lower:
        return None
    truth = [1] * len(higher) + [0] * len(lower)
    return round(float(roc_auc_score(truth, [*higher, *lower])), 3)


def _refused_at(with_answer: Sequence[float], without: Sequence[float]) -> float | None:
    """Of ``without`` the share refused where a tenth of ``with_answer`` is."""
    if not with_answer or not without:
        return None
    point = np.sort(with_answer)[int(FALSE_REFUSALS * len(with_answer))]
    return _mean([confidence < point for confidence in without])


def calibration_error(confidences: Sequence[float], right: Sequence[bool]) -> float:
    """Expected calibration error over ten bins of equal width (Guo et al. 2017)."""
    p, r = np.array(confidences), np.array(right, float)
    bins = np.minimum((p * 10).astype(int), 9)
    return round(float(sum(abs(p[bins == b].mean() - r[bins == b].mean()) * (bins == b).mean() for b in set(bins))), 3)


def _mean(values: Sequence[float] | Sequence[bool]) -> float | None:
    return round(float(np.mean(values)), 3) if len(values) else None


if __name__ == "__main__":
    raise SystemExit(main())
