"""Cuts passages into the windows that the reader sees: whole sentences, with what stands before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.records import Article, Passage, Span

MAX_WINDOW = 480
"""Characters of a window, unless one sentence alone is longer: about 110 word pieces, a long news paragraph."""

MAX_BEFORE = 200
"""Characters of the article before a window that are read along, so that "he" and "the company" have a name."""

MAX_TITLE = 100


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of an article to be read for an answer. No answer is looked for in ``title`` or ``before``."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.article.text[self.start : self.end]

    @property
    def title(self) -> str:
        return self.article.title[:MAX_TITLE]

    @property
    def before(self) -> str:
        """The end of what stands before the window, from a word's beginning; "" where only the title does."""
        title = len(self.article.title) if self.article.text.startswith(self.article.title) else 0
        head = self.article.text[title : self.start].strip()
        tail = head[-MAX_BEFORE:]
        if len(tail) < len(head):
            tail = tail.partition(" ")[2]
        return " ".join(tail.split())


def windows(passage: Passage) -> list[Window]:
    """The windows of a passage in order: all its sentences, evenly spread over as few windows as hold them."""
    return [Window(passage.article, group[0].start, group[-1].end) for group in _groups(passage.sentences)]


def _groups(sentences: Sequence[Span]) -> list[list[Span]]:
    length = sentences[-1].end - sentences[0].start
    target = length / -(-length // MAX_WINDOW)
    groups: list[list[Span]] = []
    for sentence in sentences:
        group = groups[-1] if groups else None
        if group and group[-1].end - group[0].start < 0.8 * target and sentence.end - group[0].start <= MAX_WINDOW:
            group.append(sentence)
        else:
            groups.append([sentence])
    return groups
