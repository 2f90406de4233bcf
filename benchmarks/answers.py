"""The whole path of a question, from text to verdict, on our own questions that paraphrase.

    python -m benchmarks.answers --data DIR

Uses the archive's own `ask` over an index of the articles of each split. *tune* chose settings; *test* is what counts.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from pathlib import Path

from benchmarks.report import save
from index import build
from index.archive import Archive
from index.errors import VerbatimError
from index.settings import IndexSettings
from index.training import paraphrases


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    data = parser.parse_args().data
    try:
        figures = {split: measure(data, split) for split in ("tune", "test")}
    except (VerbatimError, OSError) as error:
        print(f"answers: {error}")
        return 1
    save("answers", figures)
    return 0


def measure(data: Path, split: str) -> dict[str, float | int]:
    """Figures of one split; prints each question as it went."""
    from sklearn.metrics import roc_auc_score

    articles, questions = paraphrases.load(data, split)
    asked = []
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(index=Path(folder))
        build.build(settings, articles)
        archive = Archive.open(settings)
        for question in questions:
            answer = archive.ask(question.text)
            places = [(quote.article.id, quote.paragraph) for quote in answer.quotes]
            asked.append((question, answer, [place in question.right for place in places]))
            mark = "right" if asked[-1][2][:1] == [True] else "     "
            print(
                f"{'has' if question.answerable else 'no '} {'said' if answer.answerable else 'left'} {mark} "
                f"{answer.confidence:.2f}  {question.text}"
            )
        archive.close()
    with_answer = [entry for entry in asked if entry[0].answerable]
    without = [entry for entry in asked if not entry[0].answerable]
    figures = {
        "questions": len(asked),
        "with_answer": len(with_answer),
        "right_quote_first": share(right[:1] == [True] for _, _, right in with_answer),
        "right_quote_among_three": share(any(right) for _, _, right in with_answer),
        "with_answer_refused": share(not answer.answerable for _, answer, _ in with_answer),
        "without_answer_refused": share(not answer.answerable for _, answer, _ in without),
        "auroc": round(
            float(roc_auc_score([q.answerable for q, _, _ in asked], [a.confidence for _, a, _ in asked])), 3
        ),
        "ms_median": round(statistics.median(answer.ms for _, answer, _ in asked), 1),
    }
    print(f"\n{split}: {figures}\n")
    return figures


def share(truths) -> float:  # type: ignore[no-untyped-def]
    found = list(truths)
    return round(sum(found) / len(found), 3)


if __name__ == "__main__":
    raise SystemExit(main())
