"""An archive of 2,108 news articles: how long it takes to build, how large it is, how long a question takes.

python -m benchmarks.archive --data DIR
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tarfile
import tempfile
import time
from pathlib import Path

from benchmarks.report import save
from index.archive import Archive
from index.build import add, rebuild
from index.errors import VerbatimError
from index.settings import IndexSettings

QUESTIONS = (
    "Who won the Australian Open?",
    "How much did Yukos owe in taxes?",
    "What did Tony Blair say about the election?",
    "When was the iPod launched?",
    "which film won the most oscars",
    "Why did the Lib Dems oppose ID cards?",
    "How many people use broadband in the UK?",
    "Who is the chief executive of Nissan?",
    "What is the capital of Mongolia?",
    "price of oil per barrel",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    packed = parser.parse_args().data / "bbc_news.tar.gz"
    if not packed.is_file():
        print(f"archive: {packed} is missing; name the folder that holds it with --data", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(packed) as tar:
            tar.extractall(Path(folder) / "articles", filter="data")
        try:
            figures = measure(Path(folder))
        except VerbatimError as error:
            print(f"archive: {error}", file=sys.stderr)
            return 1
    for name, value in figures.items():
        print(f"{name:36} {value}")
    save("archive", figures)
    return 0


def measure(folder: Path) -> dict[str, object]:
    settings = IndexSettings(articles=folder / "articles", index=folder / "index", remembered=0)
    report = rebuild(settings)
    archive = Archive.open(settings)
    stats = archive.stats()
    taken = []
    for _ in range(10):
        for question in QUESTIONS:
            taken.append(archive.ask(question).ms)
    extra = folder / "extra.txt"
    extra.write_text("One more\n\nOne more article was added to the archive on Monday.", encoding="utf-8")
    started = time.perf_counter()
    add(settings, [extra])
    added = time.perf_counter() - started
    archive.close()
    return {
        "articles": report.articles,
        "passages": report.passages,
        "sentences": report.sentences,
        "unread": len(report.unread),
        "build_seconds": round(report.seconds, 1),
        "sentences_per_second": round(report.sentences / report.seconds, 1),
        "index_bytes": stats["bytes"],
        "index_bytes_per_passage": round(int(str(stats["bytes"])) / report.passages),
        "ask_ms_median": round(statistics.median(taken), 1),
        "ask_ms_95th": round(statistics.quantiles(taken, n=20)[-1], 1),
        "add_one_article_seconds": round(added, 1),
    }


if __name__ == "__main__":
    raise SystemExit(main())
