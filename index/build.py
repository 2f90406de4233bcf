"""Builds the index: articles → passages → vectors → store → manifest → swap. Unchanged articles keep their vectors."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import generations
from index.articles import Reading, Unread, is_url, read_articles
from index.embedding_model import PACKAGED, PACKAGED_SHA256, EmbeddingModel
from index.encoder import CARD, MODEL, TOKENIZER, EncoderCard, read_card
from index.errors import ArticleError, IndexProblem, VerbatimError
from index.onnx_export import export
from index.passages import cut
from index.records import Article, Kind, Passage
from index.settings import IndexSettings
from index.stores.base import Vectors
from index.stores.local import LocalStore, write_store

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. ``embedded`` are the sentences whose vectors were computed, not taken over."""

    articles: int
    passages: int
    sentences: int
    embedded: int
    engine: str
    seconds: float
    unread: tuple[Unread, ...]


def _silent(what: str, done: int, total: int) -> None:
    pass


def rebuild(settings: IndexSettings, paths: Sequence[str | Path] = (), progress: Progress = _silent) -> BuildReport:
    """Read ``paths`` (default: the folder of articles) and make an index of exactly those.

    Raises:
        ArticleError: nothing could be read. ModelError: the model cannot be loaded.
        IndexProblem: the index cannot be written. In each case the old index stays as it was.
    """
    started = time.perf_counter()
    reading = read_articles(paths or [settings.articles])
    return _write(settings, reading, progress, started, _old_store(settings, careful=False))


def build(settings: IndexSettings, articles: Sequence[Article], progress: Progress = _silent) -> BuildReport:
    """Make an index of articles that were read already. Raises: as `rebuild`."""
    reading = Reading(tuple(articles), ())
    return _write(settings, reading, progress, time.perf_counter(), _old_store(settings, careful=False))


def add(settings: IndexSettings, paths: Sequence[str | Path], progress: Progress = _silent) -> BuildReport:
    """Read ``paths`` into the index; an article from a source that it holds already replaces that one.

    Raises: as `rebuild`, and IndexProblem where there is no sound index to add to.
    """
    started = time.perf_counter()
    reading = read_articles(paths)
    old = _old_store(settings, careful=True)
    # The same file is the same article, however it was named and from wherever.
    new = {_place(article.source) for article in reading.articles}
    kept = [article for article, _ in old.store.articles() if _place(article.source) not in new] if old else []
    everything = tuple(sorted([*kept, *reading.articles], key=lambda article: article.source))
    return _write(settings, Reading(everything, reading.unread), progress, started, old)


def _place(source: str) -> str:
    return source if is_url(source) else str(Path(source).absolute())


def remove(settings: IndexSettings, ids: Sequence[str], progress: Progress = _silent) -> BuildReport:
    """Take articles out of the index by id.

    Raises:
        ArticleError: an id is not in the index, or nothing would be left. IndexProblem: as `rebuild`.
    """
    started = time.perf_counter()
    generations.current_folder(settings.index)
    old = _old_store(settings, careful=True)
    present = [article for article, _ in old.store.articles()] if old else []
    unknown = sorted(set(ids) - {article.id for article in present})
    if unknown:
        raise ArticleError(f"The index holds no article {', '.join(unknown)}.\nSee what it holds: verbatim index list")
    kept = tuple(sorted((a for a in present if a.id not in ids), key=lambda article: article.source))
    if not kept:
        raise ArticleError(
            "That would leave no article at all, and the bot nothing to quote.\n"
            "Add others first: verbatim index add PATH"
        )
    return _write(settings, Reading(kept, ()), progress, started, old)


@dataclass(frozen=True, slots=True)
class _Old:
    """The index as it was, to take vectors and the encoder from."""

    folder: Path
    store: LocalStore
    card: EncoderCard
    hashes: dict[str, str]

    def vectors(self, article: Article, sha256: str) -> Vectors | None:
        return self.store.vectors_of(article.id) if self.hashes.get(article.id) == sha256 else None


def _old_store(settings: IndexSettings, *, careful: bool) -> _Old | None:
    """What there is to build on. A rebuild does without what is damaged; adding to it must not."""
    try:
        if generations.current_name(settings.index) is None:
            return None
        folder = generations.current_folder(settings.index)
        manifest = generations.read_manifest(folder)
        wanted = settings.embedding_model or PACKAGED
        if manifest.encoder.model != wanted:
            if careful:
                raise IndexProblem(
                    f"The index was built with {manifest.encoder.model}, the settings name {wanted}.\n{generations.REBUILD}"
                )
            return None
        if problems := generations.damaged_files(folder, manifest):
            raise IndexProblem(f"The index in {settings.index} is damaged: {problems[0]}.\n{generations.REBUILD}")
        store = LocalStore(folder)
        return _Old(folder, store, read_card(folder), store.hashes())
    except VerbatimError:
        if careful:
            raise
        return None


def _write(
    settings: IndexSettings, reading: Reading, progress: Progress, started: float, old: _Old | None
) -> BuildReport:
    try:
        with generations.new_generation(settings.index) as folder:
            model, old = _model(settings, reading.articles, old)
            cuts = _cut_all(reading.articles, progress)
            vectors, embedded = _embed(cuts, model, old, progress)
            counts = write_store(
                folder,
                ((article, sha, passages, own) for (article, sha, passages), own in zip(cuts, vectors, strict=True)),
            )
            if not counts["passages"]:
                raise ArticleError("The articles hold nothing that could be quoted: headings and page furniture only.")
            card = _encoder(model, old, folder)
            generations.write_manifest(folder, card, counts)
    finally:
        if old:
            old.store.close()
    return BuildReport(
        counts["articles"],
        counts["passages"],
        counts["sentences"],
        embedded,
        card.engine,
        time.perf_counter() - started,
        reading.unread,
    )


def _model(
    settings: IndexSettings, articles: Sequence[Article], old: _Old | None
) -> tuple[EmbeddingModel | None, _Old | None]:
    """The embedding model, loaded only where there is something to embed, and the old index where it fits the model."""
    # A folder's or hub's weights can change under the same name: only the packaged one is known without loading.
    packaged = settings.embedding_model is None and old is not None and old.card.fingerprint == PACKAGED_SHA256
    if packaged and old and all(old.hashes.get(article.id) == _sha256(article) for article in articles):
        return None, old
    model = EmbeddingModel(settings.embedding_model)
    return model, old if old and old.card.fingerprint == model.fingerprint else None


_Cut = tuple[Article, str, list[Passage]]


def _cut_all(articles: Sequence[Article], progress: Progress) -> list[_Cut]:
    cuts: list[_Cut] = []
    for done, article in enumerate(articles, 1):
        cuts.append((article, _sha256(article), cut(article)))
        progress("Cutting articles", done, len(articles))
    return cuts


def _embed(
    cuts: Sequence[_Cut], model: EmbeddingModel | None, old: _Old | None, progress: Progress
) -> tuple[list[Vectors], int]:
    """The vectors of each article's sentences, taken over where the article is unchanged; and how many were computed."""
    taken: dict[int, Vectors] = {}
    texts: list[str] = []
    bounds: dict[int, tuple[int, int]] = {}
    for number, (article, sha, passages) in enumerate(cuts):
        sentences = [article.text[s.start : s.end] for p in passages if p.kind is Kind.BODY for s in p.sentences]
        own = old.vectors(article, sha) if old else None
        if own is not None and len(own) == len(sentences):
            taken[number] = own
        else:
            bounds[number] = (len(texts), len(texts) + len(sentences))
            texts.extend(sentences)
    if texts and model is None:
        raise IndexProblem(f"The index does not fit its articles: it is damaged.\n{generations.REBUILD}")
    computed = _encode(model, texts, progress)
    return [taken[i] if i in taken else computed[slice(*bounds[i])] for i in range(len(cuts))], len(texts)


def _encode(model: EmbeddingModel | None, texts: Sequence[str], progress: Progress) -> Vectors:
    if model is None or not texts:
        return np.zeros((0, 1), np.float32)
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("Embedding sentences", done, len(texts))

    return model.encode(texts, advance)


def _encoder(model: EmbeddingModel | None, old: _Old | None, folder: Path) -> EncoderCard:
    """Export the encoder, or take over the one that is there: it depends on the model alone."""
    if old:
        for name in (MODEL, TOKENIZER, CARD):
            if (old.folder / name).exists():
                _link(old.folder / name, folder / name)
        return old.card
    if model is None:
        raise IndexProblem(f"The index has no encoder: it is damaged.\n{generations.REBUILD}")
    return export(model, folder)


def _link(source: Path, target: Path) -> None:
    """One file under two names costs no space; file systems that cannot do that get a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _sha256(article: Article) -> str:
    fields: Iterable[str] = (article.title, article.text)
    return hashlib.sha256("\0".join(fields).encode("utf-8")).hexdigest()
