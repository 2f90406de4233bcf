"""Proves an index whole: checksums, counts, and that vectors, passages, words and articles agree."""

from __future__ import annotations

import sqlite3
from collections import Counter
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import faiss
import numpy as np

from index import generations
from index.embedding_model import PACKAGED
from index.encoder import CARD, read_card
from index.errors import VerbatimError
from index.settings import IndexSettings
from index.stores.local import CATALOG, VECTORS
from index.terms import terms

_SHOWN = 5


def verify(settings: IndexSettings) -> list[str]:
    """Every problem of the current generation, in words; an empty list means that it is whole.

    Raises:
        IndexProblem: there is no index at all.
    """
    folder = generations.current_folder(settings.index)
    try:
        manifest = generations.read_manifest(folder)
    except VerbatimError as error:
        return [str(error).split("\n")[0]]
    problems = generations.damaged_files(folder, manifest)
    wanted = settings.embedding_model or PACKAGED
    if manifest.encoder.model != wanted:
        problems.append(f"it was built with the model {manifest.encoder.model}, the settings name {wanted}")
    try:
        if read_card(folder) != manifest.encoder:
            problems.append(f"{CARD} and {generations.MANIFEST} name different encoders")
    except VerbatimError as error:
        problems.append(str(error).split("\n")[0])
    try:
        catalog = sqlite3.connect(f"file:{quote(str((folder / CATALOG).absolute()))}?mode=ro&immutable=1", uri=True)
        try:
            problems += _catalog(catalog, manifest)
            problems += _vectors(catalog, folder, manifest)
        finally:
            catalog.close()
    except (sqlite3.Error, RuntimeError, ValueError, TypeError) as error:
        problems.append(f"{CATALOG} or {VECTORS} cannot be read: {str(error).splitlines()[0]}")
    return problems


def _catalog(catalog: sqlite3.Connection, manifest: generations.Manifest) -> list[str]:
    problems = [f"{CATALOG}: {row[0]}" for row in catalog.execute("PRAGMA quick_check") if row[0] != "ok"]
    for name in ("articles", "passages", "sentences"):
        found = catalog.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        if found != getattr(manifest, name):
            problems.append(f"{found} {name} are in the catalog, {getattr(manifest, name)} in the manifest")
    texts = dict(catalog.execute("SELECT number, text FROM articles"))
    titles = {number: terms(title) for number, title in catalog.execute("SELECT number, title FROM articles")}
    sentences: dict[int, list[tuple[int, int]]] = {}
    for row, start, end in catalog.execute('SELECT passage, start, "end" FROM sentences ORDER BY id'):
        sentences.setdefault(row, []).append((start, end))
    frequencies: Counter[str] = Counter()
    wrong = 0
    for row, number, start, end, words in catalog.execute('SELECT row, article, start, "end", terms FROM passages'):
        spans = sentences.pop(row, [])
        text = texts.get(number, "")
        whole = 0 <= start < end <= len(text) and bool(spans) and spans[0][0] == start and spans[-1][1] == end
        ordered = all(a < b for a, b in spans) and all(x[1] <= y[0] for x, y in pairwise(spans))
        agrees = words.split() == terms(text[start:end]) + titles.get(number, [])
        wrong += not (whole and ordered and agrees)
        frequencies.update(set(words.split()))
    if wrong:
        problems.append(f"{wrong} passages do not agree with the text of their articles")
    if sentences:
        problems.append(f"{sum(map(len, sentences.values()))} sentences belong to no passage")
    if dict(catalog.execute("SELECT term, passages FROM frequencies")) != dict(frequencies):
        problems.append("the document frequencies do not agree with the passages")
    if catalog.execute("SELECT count(*) FROM spellings").fetchone()[0] == 0 < manifest.passages:
        problems.append("the list of spellings is empty")
    indexed = catalog.execute("SELECT count(*) FROM words_docsize").fetchone()[0]
    if indexed != manifest.passages:
        problems.append(f"the word index holds {indexed} passages, the catalog {manifest.passages}")
    return problems


def _vectors(catalog: sqlite3.Connection, folder: Path, manifest: generations.Manifest) -> list[str]:
    index = faiss.read_index(str(folder / VECTORS))
    problems = []
    if index.ntotal != manifest.sentences:
        problems.append(f"{index.ntotal} vectors for {manifest.sentences} sentences")
    if index.d != manifest.encoder.dimension:
        problems.append(f"the vectors have {index.d} dimensions, the model {manifest.encoder.dimension}")
    bad = 0
    for start in range(0, index.ntotal, 10_000):
        block = index.reconstruct_n(start, min(10_000, index.ntotal - start))
        lengths = np.linalg.norm(block, axis=1)
        bad += int(np.sum(~np.isfinite(lengths) | (np.abs(lengths - 1) > 0.01)))
    if bad:
        problems.append(f"{bad} vectors are not of unit length")
    ids = catalog.execute("SELECT min(id), max(id) FROM sentences").fetchone()
    if manifest.sentences and ids != (0, manifest.sentences - 1):
        problems.append("the sentences are not numbered as the vectors are")
    return problems[:_SHOWN]
