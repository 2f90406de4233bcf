"""Claims beside the articles: which passage is about a claim, and which of its names and numbers that passage lacks.

Whether a claim is right is never said: a passage is quoted, and people judge. The reader's confidence does not decide
here, since it was fitted on questions; that a passage is *about* a claim shows in how near its best sentence is in
meaning and in how many of the claim's words stand in it.

    sentences → retrieval → reading (which window) → about it? → the sentences to quote → what they lack
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import NamedTuple

from index.confidence import Calibration
from index.details import Detail, details, lacking
from index.numerals import values
from index.passages import cut
from index.questions import Question, is_small_talk
from index.quoting import MAX_QUOTE, PassageBefore, quote
from index.reader import passage_before, read_windows
from index.records import Article, Checked, Hit, Passage, Span
from index.retrieval import idf
from index.span_reader import SpanReader
from index.stores.base import Store
from index.terms import terms

ABOUT = 0.7
"""Cosine and half the share of words from which a passage is about a claim. `benchmarks/claims.py` measures it."""

LEXICAL_WEIGHT = 0.5

LEAST_COSINE = 0.35
"""A passage that only shares words with the claim is not about it."""

BESIDE = 4
"""Sentences on each side of the nearest one that may be quoted with it."""

LEAST_TERMS = 2
"""Content words of a claim: "See above" and "Done." say nothing that could be looked for."""

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_QUESTION = re.compile(r"\?[\"'”’)\]!?…]*$")


class Claims(NamedTuple):
    """What a text claims, sentence by sentence, each once; ``questions`` is how many sentences ask instead."""

    claims: tuple[str, ...]
    questions: int


def claims_in(text: str) -> Claims:
    """The sentences of ``text`` that claim something: no questions, greetings, bare addresses or signs."""
    paragraphs = cut(Article("", "", "", None, text))
    sentences = [text[s.start : s.end] for passage in paragraphs for s in passage.sentences]
    worded = [s for s in dict.fromkeys(sentences) if not is_small_talk(s) and _says_something(s)]
    claims = tuple(sentence for sentence in worded if not _QUESTION.search(sentence))
    return Claims(claims, len(worded) - len(claims))


def _says_something(sentence: str) -> bool:
    return len(set(terms(_ADDRESS.sub(" ", sentence)))) >= LEAST_TERMS


def check(claim: str, asked: Question, hits: Sequence[Hit], store: Store, reader: SpanReader) -> Checked:
    """The passage of ``hits`` (best first, as `retrieve` gives them) that comes nearest to ``claim``, if one is about it.

    ``asked`` is the claim read as a question is.
    """
    readings = read_windows(asked, hits, reader, Calibration.load())
    if not readings or not asked.terms:
        return Checked(claim, None, ())
    seen, wanted = readings[0].seen, details(claim)
    if not is_about(claim, asked, wanted, seen.hit, seen.cosine, store):
        return Checked(claim, None, ())
    title = seen.hit.passage.article.title
    run = _run(claim, wanted, seen.hit.passage, seen.best, title)
    before: PassageBefore = lambda passage: passage_before(passage, store)  # noqa: E731
    found = quote(seen.hit.passage, run, None, 0.0, before)
    return Checked(claim, found, lacking(claim, wanted, f"{title}\n{found.text}"))


def is_about(claim: str, asked: Question, wanted: Sequence[Detail], hit: Hit, cosine: float, store: Store) -> bool:
    """Whether a passage is about a claim; ``cosine`` is of the claim and the passage's nearest sentence, ``wanted`` are
    the claim's details."""
    text = f"{hit.passage.article.title}\n{hit.passage.text}"
    numerals = [detail for detail in wanted if not detail.is_name]
    # A number is one thing to look for, however many words it is written in.
    spelt = {term for detail in numerals for term in terms(claim[detail.place.start : detail.place.end])}
    weights = idf(store.document_frequencies([term for term in asked.terms if term not in spelt]), store.passages_total)
    rare = idf({"": 1}, store.passages_total)[""]
    present, known = frozenset(terms(text)), values(text)
    shared = sum(weight for term, weight in weights.items() if term in present)
    shared += sum(rare for detail in numerals if detail.keys & known)
    ceiling = sum(weights.values()) + rare * len(numerals)
    return cosine >= LEAST_COSINE and cosine + LEXICAL_WEIGHT * shared / (ceiling or 1.0) >= ABOUT


def _run(claim: str, wanted: Sequence[Detail], passage: Passage, best: Span, title: str) -> Span:
    """The sentence ``best``, and those beside it that it takes to show as many of the claim's details as a quote can."""
    sentences, text = passage.sentences, passage.article.text
    at = sentences.index(best)
    runs = [
        Span(sentences[first].start, sentences[last].end)
        for first, last in product(range(max(0, at - BESIDE), at + 1), range(at, min(len(sentences), at + BESIDE + 1)))
        if first == last or sentences[last].end - sentences[first].start <= MAX_QUOTE
    ]

    def lacks(run: Span) -> int:
        return len(lacking(claim, wanted, f"{title}\n{text[run.start : run.end]}"))

    return min(runs, key=lambda run: (lacks(run), run.end - run.start))
