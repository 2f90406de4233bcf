"""The archive: ask it, summarise it, list it. Everything that a surface (terminal, Slack) needs of the index."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from index import checking, generations
from index.confidence import Calibration
from index.conversation import Conversation
from index.embedding_model import PACKAGED
from index.encoder import Encoder, open_encoder
from index.errors import ArticleError, IndexProblem, VerbatimError
from index.questions import MAX_LENGTH, Question, is_small_talk, read_question
from index.quoting import nearest_quote
from index.reader import Verdict, read, read_windows
from index.records import Answer, Article, Checked, Hit, Passage, Quote, Summary
from index.retrieval import merge, retrieve
from index.settings import IndexSettings
from index.span_reader import SpanReader, open_reader
from index.spelling import correct
from index.stores.local import LocalStore
from index.summary import summarise
from index.terms import terms
from index.verdicts import Verdicts

CHECKED_BYTES = 64_000_000
"""Files up to this size are checked against their checksum when opened; `verbatim index verify` checks all."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ArticleEntry:
    """An article of the index and how many passages it has."""

    article: Article
    passages: int


@dataclass(frozen=True, slots=True)
class Covered:
    """What the index covers: how many articles, and the first and last date among them (ISO 8601; None: no dates)."""

    articles: int
    first: str | None
    last: str | None


class Archive:
    """An opened index and its models. Safe to use from several threads.

    A rebuilt index is picked up by itself: every call looks whether the current generation changed
    and goes on with the new one; while the new one cannot be opened, the old one goes on answering.
    """

    def __init__(self, settings: IndexSettings) -> None:
        """Use `open`; this is for those who want to open later by asking."""
        self._settings = settings
        self._lock = threading.Lock()
        self._generation: _Generation | None = None
        self._refused: str | None = None
        self._reads: SpanReader | None = None

    @property
    def settings(self) -> IndexSettings:
        """Where its articles and its index lie."""
        return self._settings

    @classmethod
    def open(cls, settings: IndexSettings) -> Archive:
        """Open the current generation, load the models.

        Raises:
            IndexProblem: there is no index, or it is damaged or of another format or model.
            ModelError: the model that asks is missing or altered.
        """
        archive = cls(settings)
        with archive._current():
            archive._reader()
            return archive

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        """Find the passages that answer and quote them, or say that none does.

        ``conversation`` are the turns before, for questions that lean on them.
        """
        question = question.encode("utf-8", "replace").decode("utf-8")  # a terminal may pass lone surrogates
        if is_small_talk(question):
            return Answer(question, (), False, 0.0, 0.0, is_question=False)
        with self._current() as generation:
            started = time.perf_counter()
            asked = _as_read(generation, question, conversation)
            # All that the verdict hangs on, in this generation, is in the question as read.
            verdict = generation.verdicts.get(asked, lambda: self._read(asked, generation))
            ms = (time.perf_counter() - started) * 1000
        return Answer(question, verdict.quotes, verdict.answerable, verdict.confidence, ms)

    def summarise(self, article: str | None = None, *, about: str | None = None, sentences: int = 5) -> Summary:
        """Pick the sentences that say most. ``article`` is an id, or words of a title; None: the only or newest one.

        Raises:
            ArticleError: no article of that name, or several; the message names those that come close.
        """
        about = about.encode("utf-8", "replace").decode("utf-8").strip() if about else None
        with self._current() as generation:
            store = generation.store
            found = _find([entry for entry, _ in store.articles()], article)
            rows = store.rows_of(found.id)
            return summarise(
                found,
                store.passages(rows),
                np.concatenate([candidate.vectors for candidate in store.candidates(rows)]),
                sentences=max(1, sentences),
                about=about,
                topic=generation.encoder.encode([about])[0] if about else None,
            )

    def article(self, id_: str) -> Article | None:
        """The article of that id as it is now."""
        with self._current() as generation:
            return generation.store.article(id_)

    def around(self, article: str, start: int, end: int, paragraphs: int = 1) -> list[Passage]:
        """The passages that hold the characters ``start`` to ``end`` of an article, with ``paragraphs`` before and
        after; [] where there are none (any more)."""
        with self._current() as generation:
            passages = generation.store.passages(generation.store.rows_of(article))
        inside = [i for i, passage in enumerate(passages) if passage.start < end and start < passage.end]
        return passages[max(0, inside[0] - paragraphs) : inside[-1] + paragraphs + 1] if inside else []

    def articles(self) -> list[ArticleEntry]:
        """Every article of the index, newest first, those without a date last."""
        with self._current() as generation:
            return [ArticleEntry(article, passages) for article, passages in generation.store.articles()]

    def covered(self) -> Covered:
        """How many articles, from when to when."""
        with self._current() as generation:
            return generation.covered

    def passages(self, question: str, conversation: Conversation | None = None, most: int = 8) -> list[Quote]:
        """The passages that come nearest to a question, best first, whether or not they answer: their best sentences."""
        if is_small_talk(question):
            return []
        with self._current() as generation:
            asked = _as_read(generation, question, conversation)
            hits = _retrieved(generation, asked)
            readings = read_windows(asked, hits, self._reader(), Calibration.load())
            nearest = [nearest_quote(reading.seen.hit, reading.seen.best, 0.0) for reading in readings]
        return list(dict.fromkeys(nearest))[:most]

    def check(self, claims: Sequence[str]) -> list[Checked]:
        """For each claim (`index.checking.claims_in` finds those of a text) the passage that comes nearest, or that no
        passage is about it. Never whether it is right."""
        with self._current() as generation:
            return [self._checked(generation, claim) for claim in claims]

    def stats(self) -> dict[str, object]:
        """Counts, model, engine, build time (ISO 8601, UTC) and bytes of the current generation."""
        with self._current() as generation:
            manifest = generation.manifest
            return {
                "articles": manifest.articles,
                "passages": manifest.passages,
                "sentences": manifest.sentences,
                "model": manifest.encoder.model,
                "engine": manifest.encoder.engine,
                "built": manifest.built,
                "bytes": sum(size for size, _ in manifest.files.values()),
                "generation": generation.folder.name,
            }

    def close(self) -> None:
        """Let go of the index; a call after this opens it again."""
        with self._lock:
            generation, self._generation = self._generation, None
        if generation:
            generation.retire()

    @contextmanager
    def _current(self) -> Iterator[_Generation]:
        """The current generation, kept open until the block is left."""
        with self._lock:
            generation = self._generation = self._refreshed()
            generation.enter()
        try:
            yield generation
        finally:
            generation.leave()

    def _read(self, asked: Question, generation: _Generation) -> Verdict:
        return read(asked, _retrieved(generation, asked), generation.store, self._reader())

    def _checked(self, generation: _Generation, claim: str) -> Checked:
        claim = claim.encode("utf-8", "replace").decode("utf-8")
        asked = _as_read(generation, claim, None)
        return checking.check(claim, asked, _retrieved(generation, asked), generation.store, self._reader())

    def _reader(self) -> SpanReader:
        """Loaded once: it does not change with the index."""
        with self._lock:
            if self._reads is None:
                self._reads = open_reader(self._settings.reader_model, self._settings.threads)
            return self._reads

    def _refreshed(self) -> _Generation:
        old = self._generation
        try:
            folder = generations.current_folder(self._settings.index)
            if old and folder.name in (old.folder.name, self._refused):
                return old
            new = _open_surely(self._settings, folder)
        except VerbatimError as error:
            if old is None:
                raise
            # Whoever asks is better served by yesterday's index than by none.
            self._refused = folder.name if "folder" in locals() else None
            _log.error("The new index cannot be opened; the one before goes on answering. %s", error)
            return old
        self._refused = None
        if old:
            old.retire()
            _log.info("Picked up the index %s", new.folder.name)
        return new


class _Generation:
    """A generation in use: closed when it was replaced and the last call that uses it is done."""

    def __init__(
        self, folder: Path, manifest: generations.Manifest, store: LocalStore, encoder: Encoder, verdicts: Verdicts
    ):
        self.folder = folder
        self.manifest = manifest
        self.store = store
        self.encoder = encoder
        self.verdicts = verdicts
        self._lock = threading.Lock()
        self._users = 0
        self._retired = False

    @cached_property
    def covered(self) -> Covered:
        articles = [article for article, _ in self.store.articles()]
        dates = sorted(article.published for article in articles if article.published)
        return Covered(len(articles), dates[0] if dates else None, dates[-1] if dates else None)

    def enter(self) -> None:
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        with self._lock:
            self._users -= 1
            idle = self._retired and not self._users
        if idle:
            self.store.close()

    def retire(self) -> None:
        with self._lock:
            self._retired = True
            idle = not self._users
        if idle:
            self.store.close()


def _as_read(generation: _Generation, question: str, conversation: Conversation | None) -> Question:
    typed = correct(question[:MAX_LENGTH], generation.store, generation.encoder.vocabulary)
    return read_question(typed, conversation.before(question) if conversation else "")


def _retrieved(generation: _Generation, asked: Question) -> list[Hit]:
    """The passages that a question brings up."""
    vectors = generation.encoder.encode(list(dict.fromkeys((asked.in_full, asked.text))))
    # A follow-up is looked for with the turn that it leans on and without: it may yet stand alone.
    return merge(*(retrieve(generation.store, vector, asked.terms) for vector in vectors))


def _open_surely(settings: IndexSettings, folder: Path) -> _Generation:
    """Open a generation; if another rebuild swept it away in this very moment, the one that did."""
    try:
        return _open(settings, folder)
    except VerbatimError:
        now = generations.current_folder(settings.index)
        if now == folder:
            raise
        return _open(settings, now)


def _open(settings: IndexSettings, folder: Path) -> _Generation:
    manifest = generations.read_manifest(folder)
    wanted = settings.embedding_model or PACKAGED
    if manifest.encoder.model != wanted:
        raise IndexProblem(
            f"The index in {settings.index} was built with the model {manifest.encoder.model}, "
            f"the settings name {wanted}.\n{generations.REBUILD}"
        )
    if problems := generations.damaged_files(folder, manifest, hashed_up_to=CHECKED_BYTES):
        raise IndexProblem(f"The index in {settings.index} is damaged: {problems[0]}.\n{generations.REBUILD}")
    encoder = open_encoder(folder, settings.embedding_model)
    return _Generation(folder, manifest, LocalStore(folder), encoder, Verdicts(settings.remembered))


def _find(articles: list[Article], name: str | None) -> Article:
    """The article that ``name`` means; ``articles`` are newest first."""
    if name is None or not name.strip():
        return articles[0]
    wanted = name.strip().casefold()
    exact = [a for a in articles if wanted in (a.id.casefold(), a.title.casefold(), a.source.casefold())]
    if len(exact) == 1:
        return exact[0]
    asked = set(terms(name))
    close = [a for a in articles if asked and asked <= set(terms(a.title)) | set(terms(a.id))] or [
        a for a in articles if wanted in a.title.casefold() or wanted in a.id
    ]
    if len(close) == 1:
        return close[0]
    if close:
        raise ArticleError(f"Several articles fit {name!r}: {_listed(close)}.\nName one by its id.")
    raise ArticleError(f"No article fits {name!r}. The index holds {_listed(articles)}.")


def _listed(articles: list[Article]) -> str:
    shown = "; ".join(f"{article.title} ({article.id})" for article in articles[:5])
    return shown + (f"; and {len(articles) - 5} more" if len(articles) > 5 else "")
