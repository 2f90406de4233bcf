"""The passages that our own retrieval brings for each question: what the reader will be shown at work, right and wrong."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from index import build
from index.encoder import open_encoder
from index.generations import current_folder
from index.questions import read_question
from index.records import Span
from index.retrieval import retrieve
from index.settings import IndexSettings
from index.stores.local import LocalStore
from index.training.squad import QuestionSet

Found = tuple[str, Span, Span]
"""A passage that was found: its article, its place, and the place of its best sentence."""


def mine(questions: QuestionSet, cache: Path) -> list[list[Found]]:
    """For each question the passages that an index of all the set's articles brings, best first; kept in ``cache``."""
    if cache.is_file():
        return [
            [(article, Span(*place), Span(*best)) for article, place, best in found]
            for found in json.loads(cache.read_text(encoding="utf-8"))
        ]
    with tempfile.TemporaryDirectory() as folder:
        settings = IndexSettings(index=Path(folder))
        build.build(settings, questions.articles)
        place = current_folder(settings.index)
        store, encoder = LocalStore(place), open_encoder(place, None, threads=2)
        mined = []
        for asked in questions.questions:
            question = read_question(asked.text)
            hits = retrieve(store, encoder.encode([question.text])[0], question.terms)
            mined.append([(h.passage.article.id, Span(h.passage.start, h.passage.end), h.best_sentence) for h in hits])
        store.close()
    cache.parent.mkdir(parents=True, exist_ok=True)
    cache.write_text(
        json.dumps([[(a, (p.start, p.end), (b.start, b.end)) for a, p, b in found] for found in mined]),
        encoding="utf-8",
    )
    return mined
