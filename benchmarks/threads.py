"""Two-turn threads: whether the second question is understood from the first, and undisturbed where it stands alone."""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from index import build
from index.archive import Archive
from index.articles import read_article
from index.conversation import Conversation
from index.records import Article
from index.settings import IndexSettings
from index.training.corpora import load_news

ROOT = Path(__file__).parent.parent
THREADS = ROOT / "benchmarks" / "questions" / "threads.json"


def ask_threads(split: str) -> dict[str, Any]:
    """For each kind of thread the share whose second question was quoted right, or refused where nothing answers."""
    threads = [t for t in json.loads(THREADS.read_text(encoding="utf-8"))["threads"] if t["split"] == split]
    results: dict[str, list[bool]] = defaultdict(list)
    bare: list[bool] = []
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(index=Path(folder))
        build.build(settings, _articles(split))
        archive = Archive.open(settings)
        for thread in threads:
            first = archive.ask(thread["first"])
            turns = Conversation().after(thread["first"], first)
            ok = _is_right(thread, archive.ask(thread["second"], turns))
            results[thread["kind"]].append(ok)
            if thread["kind"] in ("elliptical", "pronoun"):
                bare.append(_is_right(thread, archive.ask(thread["second"])))
            if not ok:
                print(f"  {thread['kind']}: {thread['first']} / {thread['second']}")
        archive.close()
    figures: dict[str, Any] = {kind: f"{sum(oks)} of {len(oks)}" for kind, oks in sorted(results.items())}
    figures["elliptical and pronoun, asked without the turn before"] = f"{sum(bare)} of {len(bare)}"
    return figures


def _articles(split: str) -> list[Article]:
    if split == "test":
        return [read_article(str(file)) for file in sorted((ROOT / "articles").glob("*.txt"))]
    return list(load_news("tune").articles[:6])


def _is_right(thread: dict[str, Any], answer: Any) -> bool:
    if not thread["a"]:
        return not answer.answerable
    return bool(
        answer.answerable
        and answer.quotes
        and answer.quotes[0].paragraph == thread["p"]
        and any(text in answer.quotes[0].text for text in thread["a"])
    )
