"""Claims beside the articles: how many get the passage that is about them, and how many get one that is not.

    python -m benchmarks.claims [--tune]

The claims are our own (`questions/claims.json`). *tune* chose the limit in `index/checking.py`, *test* is reported.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import save
from benchmarks.threads import ROOT
from index.archive import Archive
from index.articles import read_article
from index.build import build
from index.passages import cut
from index.records import Article, Kind
from index.settings import IndexSettings
from index.training.corpora import load_news

CLAIMS = ROOT / "benchmarks" / "questions" / "claims.json"
EVERY = 9
"""Of the sentences of other news every ninth is claimed as well: hardly any is about what these articles are about."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tune", action="store_true", help="measure on the tuning claims, write nothing")
    if parser.parse_args().tune:
        print(json.dumps(measure("tune", "news"), indent=1))
        return 0
    figures = {"our news, test": measure("test", "news"), "sample articles": measure("test", "articles")}
    print(json.dumps(figures, indent=1))
    save("claims", figures, arguments="")
    return 0


def measure(split: str, on: str) -> dict[str, str]:
    """For each kind of claim how many got a passage, and of those that the articles hold how many the right one."""
    known = json.loads(CLAIMS.read_text(encoding="utf-8"))
    claims = [claim for claim in known["claims"] if claim["split"] == split and claim["on"] == on]
    articles = load_news(split).articles if on == "news" else _samples()
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(index=Path(folder))
        build(settings, articles)
        archive = Archive.open(settings)
        figures = {kind: _held(archive, [c for c in claims if c["kind"] == kind]) for kind in ("said", "altered")}
        for kind, others in (
            ("unsaid", [claim["claim"] for claim in claims if claim["kind"] == "unsaid"]),
            ("elsewhere", known["elsewhere"]),
            ("sentences of other news", _sentences(load_news("test" if split == "tune" else "tune").articles)),
        ):
            shown = [checked for checked in archive.check(others) if checked.quote]
            figures[kind] = f"{len(shown)} of {len(others)} got a passage"
        archive.close()
    return figures


def _held(archive: Archive, claims: Sequence[dict[str, Any]]) -> str:
    found = archive.check([claim["claim"] for claim in claims])
    shown = right = named = 0
    for claim, checked in zip(claims, found, strict=True):
        if checked.quote is None:
            print("  no passage:", claim["claim"])
            continue
        shown += 1
        passages = archive.around(checked.quote.article.id, checked.quote.start, checked.quote.end, 0)
        if not any(claim["quote"] in passage.text for passage in passages):
            print("  another passage:", claim["claim"])
            continue
        right += 1
        if list(checked.lacking) == claim["lacking"]:
            named += 1
        else:
            print("  lacking", checked.lacking, "and not", claim["lacking"], "of", claim["claim"])
    return f"of {len(claims)} {shown} got a passage, {right} the right one, {named} with exactly what it lacks named"


def _samples() -> list[Article]:
    return [read_article(str(file)) for file in sorted((ROOT / "articles").glob("*.txt"))]


def _sentences(articles: Sequence[Article]) -> list[str]:
    every = [
        article.text[s.start : s.end] for article in articles for p in cut(article) if p.kind is Kind.BODY for s in p.sentences
    ]  # fmt: skip
    return every[::EVERY]


if __name__ == "__main__":
    raise SystemExit(main())
