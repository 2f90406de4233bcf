"""How long a question takes: whole processes in pairs, and warm calls.

    python -m benchmarks.speed [--runs 7]

Whole processes are timed from outside, alternating, so that a machine that slows down slows both; what is reported
are medians, and of ratios the median of the pairs'. Needs no data: it builds an index of `articles/`.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.report import save
from index.archive import Archive
from index.build import rebuild
from index.embedding_model import EmbeddingModel
from index.settings import IndexSettings

ROOT = Path(__file__).parent.parent
QUESTION = "Which countries sent troops?"
WARM_QUESTIONS = (
    QUESTION,
    "When do the talks in Geneva begin?",
    "How much does a ferry ticket cost?",
    "Who is Max Bergmann?",
    "why does kazakhstan matter to russia",
    "What is the capital of France?",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each command")
    parser.add_argument("--data", type=Path, help="not used; taken so that all benchmarks are called alike")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(articles=ROOT / "articles", index=Path(folder) / "index", remembered=0)
        rebuild(settings)
        ask = [sys.executable, "-m", "bot", "ask", "--index", str(settings.index), QUESTION]
        figures = _processes(ask, runs) | _warm(settings)
    for name, value in figures.items():
        print(f"{name:44} {value}")
    save("speed", figures)
    return 0


def _processes(ask: Sequence[str], runs: int) -> dict[str, float]:
    usual = [sys.executable, "-c", "import sentence_transformers"]
    helping = [sys.executable, "-m", "bot", "--help"]
    for command in (ask, usual, helping):
        _seconds(command)  # once, not counted: file caches
    ours, theirs, helps = [], [], []
    for _ in range(runs):
        ours.append(_seconds(ask))
        theirs.append(_seconds(usual))
        helps.append(_seconds(helping))
    return {
        "ask, whole process, s": round(statistics.median(ours), 3),
        "import sentence_transformers alone, s": round(statistics.median(theirs), 3),
        "ask / import sentence_transformers": round(
            statistics.median(a / b for a, b in zip(ours, theirs, strict=True)), 3
        ),
        "--help, whole process, s": round(statistics.median(helps), 3),
        "ask, peak memory, MB": _peak_mb(ask),
        "import sentence_transformers, peak memory, MB": _peak_mb(usual),
    }


def _warm(settings: IndexSettings) -> dict[str, float]:
    archive = Archive.open(settings)
    model = EmbeddingModel(None)
    folder = archive.stats()["generation"]
    from index.encoder import open_encoder

    encoder = open_encoder(settings.index / "generations" / str(folder), None)
    return {
        "ask, warm, ms (median)": _median_ms(lambda q: archive.ask(q)),
        "encode a question by ONNX Runtime, ms": _median_ms(lambda q: encoder.encode([q])),
        "encode a question by sentence-transformers, ms": _median_ms(lambda q: model.encode_queries([q])),
    }


def _median_ms(call: Callable[[str], object]) -> float:
    taken = []
    for _ in range(20):
        for question in WARM_QUESTIONS:
            started = time.perf_counter()
            call(question)
            taken.append((time.perf_counter() - started) * 1000)
    return round(statistics.median(taken), 2)


def _seconds(command: Sequence[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def _peak_mb(command: Sequence[str]) -> float:
    """Largest resident size of one run, asked of a helper process that has no other children."""
    code = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, capture_output=True); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    found = subprocess.run([sys.executable, "-c", code, *command], cwd=ROOT, check=True, capture_output=True, text=True)
    kilobytes = int(found.stdout) / (1024 if sys.platform == "darwin" else 1)
    return round(kilobytes / 1024, 1)


if __name__ == "__main__":
    raise SystemExit(main())
