"""The embedded store: one SQLite file for texts and words, one FAISS file for vectors, both read-only once written.

``catalog.sqlite``: articles, passages, sentences, document frequencies, and an FTS5 table over passages' terms.
``vectors.faiss``: a flat inner-product index, half precision; its i-th vector is the sentence of id i.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import faiss
import numpy as np

from index.errors import IndexProblem
from index.records import Article, Kind, Passage, Span
from index.stores.base import Candidate, Store, Vectors
from index.terms import terms
from index.terms import words as spelt

CATALOG = "catalog.sqlite"
VECTORS = "vectors.faiss"

_SCHEMA = """
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL, source TEXT NOT NULL,
    published TEXT, sha256 TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, paragraph INTEGER NOT NULL, terms TEXT NOT NULL, length INTEGER NOT NULL);
CREATE INDEX passages_of_article ON passages (article);
CREATE TABLE sentences (
    id INTEGER PRIMARY KEY, passage INTEGER NOT NULL REFERENCES passages, start INTEGER NOT NULL, "end" INTEGER NOT NULL);
CREATE INDEX sentences_of_passage ON sentences (passage);
CREATE TABLE frequencies (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE spellings (word TEXT PRIMARY KEY, occurrences INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (terms, content='', tokenize='ascii');
"""


def write_store(folder: Path, articles: Iterable[tuple[Article, str, Sequence[Passage], Vectors]]) -> dict[str, int]:
    """Write a store into an empty ``folder``; returns its counts.

    Each article comes with the sha256 of its text, its passages, and the vectors (sentences, dimension) of the
    sentences of its BODY passages in order.
    """
    catalog = sqlite3.connect(folder / CATALOG)
    index = None
    counts = {"articles": 0, "passages": 0, "sentences": 0}
    frequencies: Counter[str] = Counter()
    spellings: Counter[str] = Counter()
    try:
        catalog.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + _SCHEMA)
        for article, sha256, passages, vectors in articles:
            number = counts["articles"]
            catalog.execute(
                "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?)",
                (number, article.id, article.title, article.source, article.published, sha256, article.text),
            )
            title = terms(article.title)
            for passage in (p for p in passages if p.kind is Kind.BODY):
                row = counts["passages"]
                # The title's words help to tell articles apart when a paragraph does not name its subject.
                words = terms(passage.text) + title
                catalog.execute(
                    "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (row, number, passage.start, passage.end, passage.paragraph, " ".join(words), len(words)),
                )
                catalog.execute("INSERT INTO words (rowid, terms) VALUES (?, ?)", (row, " ".join(words)))
                frequencies.update(set(words))
                spellings.update(word.casefold() for word in spelt(passage.text) if word.isalpha())
                for sentence in passage.sentences:
                    catalog.execute(
                        "INSERT INTO sentences VALUES (?, ?, ?, ?)",
                        (counts["sentences"], row, sentence.start, sentence.end),
                    )
                    counts["sentences"] += 1
                counts["passages"] += 1
            if len(vectors):
                if index is None:
                    index = faiss.IndexScalarQuantizer(
                        vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
                    )
                index.add(np.ascontiguousarray(vectors, dtype=np.float32))
            counts["articles"] += 1
        catalog.executemany("INSERT INTO frequencies VALUES (?, ?)", sorted(frequencies.items()))
        catalog.executemany("INSERT INTO spellings VALUES (?, ?)", sorted(spellings.items()))
        catalog.execute("INSERT INTO words (words) VALUES ('optimize')")
        catalog.commit()
    finally:
        catalog.close()
    if index is None:
        index = faiss.IndexScalarQuantizer(1, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    faiss.write_index(index, str(folder / VECTORS))
    return counts


class LocalStore(Store):
    """Opens what `write_store` wrote.

    Raises:
        IndexProblem: a file is missing or cannot be read as what it should be.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._index = faiss.read_index(str(folder / VECTORS), faiss.IO_FLAG_MMAP_IFC)
            self._catalog = sqlite3.connect(
                f"file:{quote(str((folder / CATALOG).absolute()))}?mode=ro&immutable=1",
                uri=True,
                check_same_thread=False,
            )
            # Whoever forgets to close a store loses nothing: it is closed with the last reference.
            self._finish = weakref.finalize(self, self._catalog.close)
            self._total, length = self._catalog.execute("SELECT count(*), total(length) FROM passages").fetchone()
        except (RuntimeError, sqlite3.Error) as error:
            raise IndexProblem(
                f"The index in {folder} is damaged ({type(error).__name__}).\nBuild it anew: verbatim index rebuild"
            ) from error
        self._average = length / self._total if self._total else 1.0
        # One connection under a lock: every statement here takes well under a millisecond.
        self._lock = threading.Lock()
        self._load_article = lru_cache(maxsize=256)(self._read_article)

    @property
    def passages_total(self) -> int:
        return int(self._total)

    @property
    def average_terms(self) -> float:
        return float(self._average)

    def nearest(self, vector: Vectors, k: int) -> list[int]:
        wanted = min(k, int(self._index.ntotal))
        if wanted <= 0:
            return []
        _, found = self._index.search(np.ascontiguousarray(vector, dtype=np.float32)[None, :], wanted)
        sentences = [int(i) for i in found[0] if i >= 0]
        owner = dict(self._query(f"SELECT id, passage FROM sentences WHERE id IN ({_marks(sentences)})", sentences))
        return list(dict.fromkeys(owner[i] for i in sentences))

    def matching(self, terms: Collection[str], k: int) -> list[int]:
        wanted = sorted(set(terms))
        if not wanted or k <= 0:
            return []
        query = " OR ".join('"' + term.replace('"', '""') + '"' for term in wanted)
        rows = self._query("SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank, rowid LIMIT ?", (query, k))
        return [row for (row,) in rows]

    def document_frequencies(self, terms: Collection[str]) -> dict[str, int]:
        wanted = sorted(set(terms))
        known = dict(self._query(f"SELECT term, passages FROM frequencies WHERE term IN ({_marks(wanted)})", wanted))
        return {term: known.get(term, 0) for term in wanted}

    def words(self, prefix: str) -> list[tuple[str, int]]:
        end = prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else chr(0x10FFFF)
        return self._query("SELECT word, occurrences FROM spellings WHERE word >= ? AND word < ?", (prefix, end))

    def candidates(self, rows: Sequence[int]) -> list[Candidate]:
        found: dict[int, tuple[int, str]] = {
            row: (article, terms)
            for row, article, terms in self._query(
                f"SELECT row, article, terms FROM passages WHERE row IN ({_marks(rows)})", rows
            )
        }
        bounds = {
            row: (first, last)
            for row, first, last in self._query(
                f"SELECT passage, min(id), max(id) FROM sentences WHERE passage IN ({_marks(rows)}) GROUP BY passage",
                rows,
            )
        }
        return [
            Candidate(
                row,
                found[row][0],
                tuple(found[row][1].split()),
                self._index.reconstruct_n(bounds[row][0], bounds[row][1] - bounds[row][0] + 1),
            )
            for row in rows
        ]

    def passages(self, rows: Sequence[int]) -> list[Passage]:
        marks = _marks(rows)
        sentences: dict[int, list[Span]] = {row: [] for row in rows}
        for row, start, end in self._query(
            f'SELECT passage, start, "end" FROM sentences WHERE passage IN ({marks}) ORDER BY id', rows
        ):
            sentences[row].append(Span(start, end))
        found = {
            row: Passage(self._load_article(number), start, end, paragraph, Kind.BODY, tuple(sentences[row]))
            for row, number, start, end, paragraph in self._query(
                f'SELECT row, article, start, "end", paragraph FROM passages WHERE row IN ({marks})', rows
            )
        }
        return [found[row] for row in rows]

    def article(self, article: str) -> Article | None:
        rows = self._query("SELECT number FROM articles WHERE id = ?", (article,))
        return self._load_article(rows[0][0]) if rows else None

    def articles(self) -> list[tuple[Article, int]]:
        rows = self._query(
            "SELECT id, title, source, published, text, (SELECT count(*) FROM passages p WHERE p.article = a.number)"
            " FROM articles a ORDER BY published IS NULL, published DESC, number",
            (),
        )
        return [(Article(*row[:5]), row[5]) for row in rows]

    def rows_of(self, article: str) -> list[int]:
        return [
            row
            for (row,) in self._query(
                "SELECT row FROM passages WHERE article = (SELECT number FROM articles WHERE id = ?) ORDER BY row",
                (article,),
            )
        ]

    def hashes(self) -> dict[str, str]:
        """The sha256 of every article's text, by article id."""
        return dict(self._query("SELECT id, sha256 FROM articles", ()))

    def vectors_of(self, article: str) -> Vectors:
        """The sentence vectors of an article (sentences, dimension), in its order."""
        rows = self.rows_of(article)
        return np.concatenate([c.vectors for c in self.candidates(rows)]) if rows else np.zeros((0, 1), np.float32)

    def close(self) -> None:
        with self._lock:
            self._finish()

    def _query(self, statement: str, values: Sequence[object]) -> list[Any]:
        try:
            with self._lock:
                return self._catalog.execute(statement, tuple(values)).fetchall()
        except sqlite3.Error as error:
            raise IndexProblem(
                f"The index is damaged ({error}).\nProve it with: verbatim index verify; build it anew: verbatim index rebuild"
            ) from error

    def _read_article(self, number: int) -> Article:
        rows = self._query("SELECT id, title, source, published, text FROM articles WHERE number = ?", (number,))
        return Article(*rows[0])


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
