"""Cuts an article into passages: its paragraphs, long ones parted at sentence ends, each with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.boilerplate import is_boilerplate
from index.records import Article, Kind, Passage, Span
from index.sentences import split_sentences

MAX_PASSAGE = 1200
"""Characters after which a paragraph is parted; a newspaper's paragraphs stay whole."""

MAX_SENTENCE = 600
"""A 'sentence' longer than this is a table or a text without stops; it is parted at white space."""

_LINE = re.compile(r"[^\n]+")
_MARKER = re.compile(r"\s*(?:[•‣▪●◦·∙–—*+-]|\(?\d{1,2}[.)]|[a-z]\))\s+")
_TERMINAL = re.compile(r"[.!?…:;][\"”’')\]]*$")


def cut(article: Article) -> list[Passage]:
    """The passages of ``article`` in order; ``article.text[p.start:p.end] == p.text`` for each, and for its sentences."""
    paragraphs = list(_paragraphs(article.text))
    kinds = _kinds(article, paragraphs)
    passages: list[Passage] = []
    for number, (span, kind) in enumerate(zip(paragraphs, kinds, strict=True), 1):
        sentences = [
            part for s in split_sentences(article.text, span.start, span.end) for part in _bounded(article.text, s)
        ]
        for group in _groups(sentences):
            passages.append(Passage(article, group[0].start, group[-1].end, number, kind, tuple(group)))
    if passages and not any(p.kind is Kind.BODY for p in passages):
        # Nothing but headlines: better to quote those than to have an article that can say nothing.
        passages = [
            Passage(p.article, p.start, p.end, p.paragraph, Kind.BODY, p.sentences) if p.kind is Kind.HEADING else p
            for p in passages
        ]
    return passages


def _paragraphs(text: str) -> Iterator[Span]:
    """Blocks between blank lines; the lines of a block are paragraphs of their own unless the text is hard-wrapped."""
    block: list[Span] = []
    previous_end = 0
    for match in _LINE.finditer(text):
        if not match.group().strip():
            continue
        # A line of nothing but spaces parts paragraphs like an empty one.
        if block and text.count("\n", previous_end, match.start()) > 1:
            yield from _items(text, block)
            block = []
        block.append(Span(match.start(), match.end()))
        previous_end = match.end()
    if block:
        yield from _items(text, block)


def _items(text: str, lines: list[Span]) -> Iterator[Span]:
    wrapped = _is_wrapped([text[line.start : line.end] for line in lines])
    start: int | None = None
    end = 0
    for line in lines:
        marker = _MARKER.match(text, line.start, line.end)
        if start is not None and (marker or not wrapped):
            yield from _trimmed(text, start, end)
            start = None
        if start is None:
            start = marker.end() if marker else line.start
        end = line.end
    if start is not None:
        yield from _trimmed(text, start, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    if piece.strip():
        lead = len(piece) - len(piece.lstrip())
        yield Span(start + lead, start + len(piece.rstrip()))


def _is_wrapped(lines: list[str]) -> bool:
    """Whether the lines of a block were broken by a margin: inside sentences, of which the next line goes on with."""
    if len(lines) < 2 or max(len(line.rstrip()) for line in lines) > 120:
        return False
    pairs = [(before.rstrip(), after.lstrip()) for before, after in pairwise(lines)]
    broken = [(before, after) for before, after in pairs if not _TERMINAL.search(before)]
    return any(after[:1].islower() for before, after in broken) and len(broken) * 2 >= len(pairs)


def _kinds(article: Article, paragraphs: list[Span]) -> list[Kind]:
    """What each paragraph is. A heading stands alone before what it heads; a run of such lines is a list."""
    texts = [article.text[span.start : span.end] for span in paragraphs]
    has_title = bool(texts) and " ".join(texts[0].split()) == article.title
    alike = [
        is_heading(text) and not _is_marked(article.text, span) and not (has_title and number == 0)
        for number, (text, span) in enumerate(zip(texts, paragraphs, strict=True))
    ]
    alone = [False] * len(texts)
    for start, end in _runs(alike):
        # One or two lines before the text they head; more of them are a list, but for those that open an article.
        opening = all(alike[has_title:start])
        alone[start:end] = [end < len(texts) and (end - start <= 2 or opening)] * (end - start)
    return [
        Kind.BOILERPLATE
        if is_boilerplate(text)
        else (Kind.HEADING if alone[number] or (has_title and number == 0) else Kind.BODY)
        for number, text in enumerate(texts)
    ]


def _runs(flags: list[bool]) -> Iterator[tuple[int, int]]:
    """Where ``flags`` are True in a row: start and end."""
    start = None
    for place, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = place
        elif not flag and start is not None:
            yield start, place
            start = None


def _is_marked(text: str, span: Span) -> bool:
    """Whether a bullet or number stands before ``span`` on its line."""
    return bool(_MARKER.fullmatch(text, text.rfind("\n", 0, span.start) + 1, span.start))


def is_heading(text: str) -> bool:
    """Whether a line reads as a heading: few words, no stop at its end, and no digits or dashes of a list entry."""
    words = text.split()
    if not words or len(words) > 12 or "\n" in text or len(text) > 100:
        return False
    if text.endswith(":"):
        return len(words) <= 8
    if re.search(r"[a-z]{3}[.!?][\"”’']?\s+[A-Z“\"]", text):
        return False  # a sentence ends inside it
    return (
        not re.search(r"[.!…;,]['\"”’)]*$", text) and text[0].isupper() and not re.search(r"\d.*\d.*\d|\s[–—-]\s", text)
    )


def _bounded(text: str, sentence: Span) -> Iterator[Span]:
    start = sentence.start
    while sentence.end - start > MAX_SENTENCE:
        space = max(text.rfind(" ", start, start + MAX_SENTENCE), text.rfind("\n", start, start + MAX_SENTENCE))
        stop = space if space > start else start + MAX_SENTENCE
        yield Span(start, stop)
        start = stop
        while start < sentence.end and text[start].isspace():
            start += 1
    if start < sentence.end:
        yield Span(start, sentence.end)


def _groups(sentences: list[Span]) -> Iterator[list[Span]]:
    """Whole sentences up to `MAX_PASSAGE` characters a group, evened out so that no last scrap is left alone."""
    if not sentences:
        return
    length = sentences[-1].end - sentences[0].start
    target = length / -(-length // MAX_PASSAGE)
    group: list[Span] = []
    for sentence in sentences:
        if group and sentence.end - group[0].start > MAX_PASSAGE:
            yield group
            group = []
        group.append(sentence)
        if group[-1].end - group[0].start >= target:
            yield group
            group = []
    if group:
        yield group
