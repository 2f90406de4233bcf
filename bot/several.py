"""Several quotes that answer: whether they agree, and in which order they are shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from index.records import Quote
from index.terms import words

AGREEMENT = 0.5
"""Of the words of the shorter of two answers so many stand in the other as well: they say the same."""


class Arranged(NamedTuple):
    """Quotes grouped by article, the newest article first; ``agree`` False: different articles answer differently."""

    agree: bool
    quotes: list[Quote]


def arranged(quotes: Sequence[Quote]) -> Arranged:
    """``quotes`` are best first; within an article they keep that order, articles of no date come last."""
    groups: dict[str, list[Quote]] = {}
    for quote in quotes:
        groups.setdefault(quote.article.id, []).append(quote)
    # Sorting keeps the order of equals: of one day, the better one first.
    by_date = sorted(groups.values(), key=lambda group: group[0].article.published or "", reverse=True)
    firsts = [group[0] for group in groups.values()]
    agree = all(_same(firsts[0], other) for other in firsts[1:])
    return Arranged(agree, [quote for group in by_date for quote in group])


def _same(one: Quote, other: Quote) -> bool:
    """Whether two answers say the same; where one is the quote as a whole there is nothing to compare."""
    if one.answer_text is None or other.answer_text is None:
        return True
    a, b = ({word.casefold() for word in words(quote.answer_text or "")} for quote in (one, other))
    numbers = [{word for word in side if word[0].isdigit()} for side in (a, b)]
    if numbers[0] and numbers[1] and numbers[0] != numbers[1]:
        return False
    return len(a & b) >= AGREEMENT * min(len(a), len(b)) if a and b else True
