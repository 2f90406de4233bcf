"""Asks the questions of a set through the product's own retrieval and reader, and keeps what each window showed."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index import build
from index.confidence import Calibration, rank_features
from index.encoder import Encoder, open_encoder
from index.generations import current_folder
from index.questions import read_question
from index.reader import Reading, judged, read_windows
from index.records import Article, Span
from index.retrieval import retrieve
from index.settings import IndexSettings
from index.span_reader import SpanReader
from index.stores.local import LocalStore
from index.training.held_out import f1
from index.training.squad import AskedQuestion, QuestionSet
from index.training.typing_style import as_typed

RAW = Calibration(rank={"answers": 1.0}, intercept=0.0, weights={}, threshold=0.0, further=0.0)
"""Ranks by the reader's second head alone, until the weights are fitted."""

SAME = 0.6
"""F1 from which a span elsewhere in the article counts as the same answer."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One question asked of one index: features and rightness of the best windows; whether it has an answer there.

    ``own`` False: the question is about another article than the index holds.
    """

    windows: list[dict[str, float]]
    right: list[bool]
    answerable: bool
    own: bool


def collect(part: QuestionSet, reader: SpanReader, *, typed: bool, rng: random.Random) -> list[Sample]:
    """Ask every question of an index of all articles, and of one of its own article alone; a third as many of a
    foreign article. ``typed``: a share of the questions is made terse or misspelt before."""
    with tempfile.TemporaryDirectory() as folder:
        whole = IndexSettings(index=Path(folder) / "whole")
        build.build(whole, part.articles)
        samples = _ask(whole, part, part.questions, reader, typed, rng, own=True)
        for article in part.articles:
            small = _alone(whole, part.articles, article, Path(folder) / "small")
            own = [q for q in part.questions if q.article == article.id]
            others = [q for q in part.questions if q.article != article.id]
            samples += _ask(small, part, own, reader, typed, rng, own=True)
            foreign = rng.sample(others, min(len(others), len(own) // 3))
            samples += _ask(small, part, foreign, reader, typed, rng, own=False)
            shutil.rmtree(small.index)
    return samples


def _alone(whole: IndexSettings, articles: Sequence[Article], article: Article, place: Path) -> IndexSettings:
    """An index of one article, its vectors taken over."""
    shutil.copytree(whole.index, place)
    small = IndexSettings(index=place)
    if others := [other.id for other in articles if other is not article]:
        build.remove(small, others)
    return small


def _ask(
    settings: IndexSettings,
    part: QuestionSet,
    questions: Sequence[AskedQuestion],
    reader: SpanReader,
    typed: bool,
    rng: random.Random,
    *,
    own: bool,
) -> list[Sample]:
    place = current_folder(settings.index)
    store, encoder = LocalStore(place), open_encoder(place, None, threads=2)
    texts = {article.id: article.text for article in part.articles}
    samples = []
    for asked in questions:
        answers = [(span, texts[asked.article][span.start : span.end]) for span in asked.answers]
        text = as_typed(asked.text, rng) if typed else asked.text
        sample = _sample(text, asked.article, answers, store, encoder, reader, own)
        if sample.windows:
            samples.append(sample)
    store.close()
    return samples


def _sample(
    text: str,
    article: str,
    answers: Sequence[tuple[Span, str]],
    store: LocalStore,
    encoder: Encoder,
    reader: SpanReader,
    own: bool,
) -> Sample:
    question = read_question(text)
    hits = retrieve(store, encoder.encode([question.text])[0], question.terms)
    readings = read_windows(question, hits, reader, RAW)
    # All of them: which are the best is known only when the ranking is fitted.
    features = [judged(question, r) | rank_features(r.mark, r.seen.cosine, r.seen.hit.scores.lexical) for r in readings]
    right = [own and reading.seen.window.article.id == article and is_right(reading, answers) for reading in readings]
    return Sample(features, right, own and bool(answers), own)


def is_right(reading: Reading, answers: Sequence[tuple[Span, str]]) -> bool:
    """Whether the marked span touches a right answer, or says the same elsewhere."""
    marked = reading.mark.span
    text = reading.seen.window.article.text[marked.start : marked.end]
    return any(
        (span.start < marked.end and marked.start < span.end) or f1(text, answer) >= SAME for span, answer in answers
    )
