"""How often the right paragraph comes first: lexical alone, dense alone, both, and both as read.

    python -m benchmarks.retrieval --data DIR

All through the product's own index and code, but for the first row: one vector a paragraph is what the usual bot
builds, computed here with the same model. Prints a table and writes `results/retrieval.json`. The sets printed here
tuned nothing; `--tune` prints the weights on those that did (squad2_train_part, and the paraphrases marked tune).
"""

from __future__ import annotations

import argparse
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import save
from index import build, retrieval
from index.confidence import Calibration
from index.embedding_model import EmbeddingModel
from index.encoder import open_encoder
from index.errors import VerbatimError
from index.generations import current_folder
from index.questions import read_question
from index.reader import read_windows
from index.records import Passage
from index.retrieval import idf, lexical, retrieve
from index.settings import IndexSettings
from index.span_reader import open_reader
from index.stores.local import LocalStore
from index.training import paraphrases
from index.training.corpora import squad2_dev
from index.training.squad import QuestionSet, load

K = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the paragraphs that answer it, as (article, number of the paragraph)."""

    text: str
    right: frozenset[tuple[str, int]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--tune", action="store_true", help="print weights on the tuning sets instead")
    arguments = parser.parse_args()
    try:
        return tune(arguments.data) if arguments.tune else measure(arguments.data)
    except (VerbatimError, tarfile.TarError, OSError) as error:
        print(f"retrieval: {error}")
        return 1


def measure(data: Path) -> int:
    sets = {"xquad_en": _from_squad(_untrained(data)), "new_wiki_half": _from_squad(load(data, "new_wiki_half"))}
    sets["paraphrases_test"] = _from_paraphrases(data, "test")
    results = {}
    for name, (articles, asked) in sets.items():
        with _Bench(articles) as bench:
            rows = {method: bench.figures(asked, rank) for method, rank in bench.methods().items()}
        results[name] = {"questions": len(asked), "paragraphs": bench.paragraphs, "methods": rows}
        print(f"\n{name}: {len(asked)} questions, {bench.paragraphs} paragraphs")
        print(f"{'':34}recall@1  recall@5    MRR@10")
        for method, row in rows.items():
            print(f"{method:34}{row['recall@1']:8.4f}  {row['recall@5']:8.4f}  {row['mrr@10']:8.4f}", flush=True)
    save("retrieval", results | {"lexical_weight": retrieval.LEXICAL_WEIGHT, "k1": retrieval.K1, "b": retrieval.B})
    return 0


def tune(data: Path) -> int:
    """recall@1 by weight, on data that is not reported."""
    sets = {
        "squad2_train_part": _from_squad(load(data, "squad2_train_part")),
        "paraphrases_tune": _from_paraphrases(data, "tune"),
    }
    for name, (articles, asked) in sets.items():
        with _Bench(articles) as bench:
            print(f"\n{name}: {len(asked)} questions")
            for weight in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0):
                retrieval.LEXICAL_WEIGHT = weight
                row = bench.figures(asked, bench.hybrid)
                print(
                    f"weight {weight:.1f}  recall@1 {row['recall@1']:.4f}  recall@5 {row['recall@5']:.4f}", flush=True
                )
    return 0


def _untrained(data: Path) -> QuestionSet:
    """XQuAD, all its paragraphs to search, without the questions on articles that the reader was trained on."""
    everything, trained = load(data, "xquad_en"), {a.title for a in squad2_dev(data, "fit").articles}
    seen = {article.id for article in everything.articles if article.title in trained}
    return QuestionSet(everything.articles, tuple(q for q in everything.questions if q.article not in seen))


def _from_squad(questions: QuestionSet):  # type: ignore[no-untyped-def]
    """Articles, and the answerable questions with their paragraph's number."""
    numbers = {
        (article.id, start): number
        for article in questions.articles
        for number, start in enumerate(_block_starts(article.text), 1)
    }
    asked = [
        Asked(q.text, frozenset({(q.article, numbers[q.article, q.paragraph.start])}))
        for q in questions.questions
        if q.answers
    ]
    return questions.articles, asked


def _from_paraphrases(data: Path, split: str):  # type: ignore[no-untyped-def]
    articles, questions = paraphrases.load(data, split)
    return articles, [Asked(q.text, q.right) for q in questions if q.answerable]


def _block_starts(text: str) -> list[int]:
    starts, position = [], 0
    for block in text.split("\n\n"):
        starts.append(position)
        position += len(block) + 2
    return starts


Ranking = Callable[[str], Sequence[tuple[str, int]]]


class _Bench:
    """An index of some articles in a temporary folder, and the ways to rank its paragraphs."""

    def __init__(self, articles) -> None:  # type: ignore[no-untyped-def]
        self._articles = articles

    def __enter__(self) -> _Bench:
        self._folder = tempfile.TemporaryDirectory()
        settings = IndexSettings(index=Path(self._folder.name))
        build.build(settings, self._articles)
        folder = current_folder(settings.index)
        self._store, self._encoder = LocalStore(folder), open_encoder(folder, None, threads=2)
        self._reader = open_reader(None, threads=2)
        passages = self._store.passages(range(self._store.passages_total))
        self._where = [_place(passage) for passage in passages]
        texts: dict[tuple[str, int], str] = {}
        for passage in passages:
            place = _place(passage)
            texts[place] = f"{texts[place]} {passage.text}" if place in texts else passage.text
        self.paragraphs = len(texts)
        self._places = list(texts)
        model = EmbeddingModel(None)
        self._paragraph_vectors: NDArray[np.float32] = model.encode(list(texts.values()))
        self._queries: dict[str, NDArray[np.float32]] = {}
        self._model = model
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()
        self._folder.cleanup()

    def methods(self) -> dict[str, Ranking]:
        return {
            "dense, one vector a paragraph": self.dense_paragraphs,
            "dense, best sentence": self.dense_sentences,
            "lexical, BM25": self.lexical,
            "hybrid (retrieve)": self.hybrid,
            "hybrid, as read": self.read,
        }

    def figures(self, asked: Sequence[Asked], rank: Ranking) -> dict[str, float]:
        """recall@1, recall@5 and MRR@10 of one way to rank."""
        places = []
        for question in asked:
            found = list(dict.fromkeys(rank(question.text)))[:K]
            places.append(next((i for i, place in enumerate(found, 1) if place in question.right), 0))
        ranks = np.array(places)
        return {
            "recall@1": round(float((ranks == 1).mean()), 4),
            "recall@5": round(float(((ranks > 0) & (ranks <= 5)).mean()), 4),
            "mrr@10": round(float(np.where(ranks > 0, 1 / np.maximum(ranks, 1), 0).mean()), 4),
        }

    def dense_paragraphs(self, question: str) -> list[tuple[str, int]]:
        vector = self._model.encode_queries([question])[0]
        return [self._places[i] for i in np.argsort(-(self._paragraph_vectors @ vector), kind="stable")[:K]]

    def dense_sentences(self, question: str) -> list[tuple[str, int]]:
        return [self._where[row] for row in self._store.nearest(self._vector(question), 100)]

    def lexical(self, question: str) -> list[tuple[str, int]]:
        terms = read_question(question).terms
        weights = idf(self._store.document_frequencies(terms), self._store.passages_total)
        candidates = self._store.candidates(self._store.matching(terms, retrieval.POOL))
        order = sorted(candidates, key=lambda c: (-lexical(c.terms, weights, self._store.average_terms), c.row))
        return [self._where[candidate.row] for candidate in order]

    def hybrid(self, question: str) -> list[tuple[str, int]]:
        hits = retrieve(self._store, self._vector(question), read_question(question).terms, hits=2 * K)
        return [_place(hit.passage) for hit in hits]

    def read(self, question: str) -> list[tuple[str, int]]:
        asked = read_question(question)
        hits = retrieve(self._store, self._vector(question), asked.terms, hits=2 * K)
        readings = read_windows(asked, hits[: retrieval.HITS], self._reader, Calibration.load())
        return [*(_place(reading.seen.hit.passage) for reading in readings), *(_place(hit.passage) for hit in hits)]

    def _vector(self, question: str) -> NDArray[np.float32]:
        if question not in self._queries:
            self._queries[question] = self._encoder.encode([question])[0]
        return self._queries[question]


def _place(passage: Passage) -> tuple[str, int]:
    return passage.article.id, passage.paragraph


if __name__ == "__main__":
    raise SystemExit(main())
