"""How many of the sentences that people put into a summary are picked, against the first sentences of the article.

    python -m benchmarks.summaries --data DIR

bbc_summaries.json.gz: 60 articles with a summary made of their own sentences. The first 30 chose the weights in
`index/summary.py`, the last 30 are reported as test.
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.report import save
from index.build import build
from index.encoder import Encoder, open_encoder
from index.generations import current_folder
from index.records import Article, Kind, Passage, Span
from index.settings import IndexSettings
from index.summary import summarise


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    file = parser.parse_args().data / "bbc_summaries.json.gz"
    if not file.is_file():
        print(f"summaries: {file} is missing; name the folder that holds it with --data")
        return 1
    pairs = json.loads(gzip.decompress(file.read_bytes()))
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(index=Path(folder))
        build(settings, [Article("one", "One", "one", None, "One\n\nOne sentence is enough to have the encoder.")])
        encoder = open_encoder(current_folder(settings.index), None)
        figures = {"tune": measure(pairs[:30], encoder), "test": measure(pairs[30:], encoder)}
    for part, row in figures.items():
        print(part, row)
    save("summaries", figures)
    return 0


def measure(pairs: Sequence[dict[str, Any]], encoder: Encoder) -> dict[str, float]:
    """Share of the reference's sentences picked, where as many are picked as it has."""
    ours, first = [], []
    for pair in pairs:
        title, *sentences = pair["article"]
        reference = set(pair["summary"])
        article = Article(str(pair["id"]), title, "", None, "\n\n".join(sentences))
        passages, position = [], 0
        for number, sentence in enumerate(sentences, 1):
            span = Span(position, position + len(sentence))
            passages.append(Passage(article, span.start, span.end, number, Kind.BODY, (span,)))
            position = span.end + 2
        summary = summarise(article, passages, encoder.encode(sentences), sentences=len(reference))
        ours.append(len({quote.text for quote in summary.quotes} & reference) / len(reference))
        first.append(len(set(sentences[: len(reference)]) & reference) / len(reference))
    return {"picked": round(sum(ours) / len(ours), 3), "first_sentences": round(sum(first) / len(first), 3)}


if __name__ == "__main__":
    raise SystemExit(main())
