"""The numbers in a text by their values, in digits or in words: ``2,500``, ``2.5 thousand`` and ``two thousand five hundred``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.records import Span

_UNITS = {word: n for n, word in enumerate("zero one two three four five six seven eight nine".split())}
_TEENS = {
    word: n
    for n, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(), start=10
    )
}
_TENS = {
    word: 10 * n for n, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SMALL = _UNITS | _TEENS | _TENS
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 10**9, "trillion": 10**12}
# "3m" may be three metres or three million: both are meant.
_SUFFIXES = {"k": 1_000, "m": 1_000_000, "mn": 1_000_000, "bn": 10**9, "b": 10**9, "tn": 10**12}

_UNDER_100 = rf"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_UNITS)}))?|(?:{'|'.join(_TEENS)})|(?:{'|'.join(_UNITS)}))"
_UNDER_1000 = rf"(?:(?:{_UNDER_100}|a) hundred(?: and {_UNDER_100}| {_UNDER_100})?|{_UNDER_100})"
_LARGE = r"(?:thousand|million|billion|trillion)"
_WORDS = (
    rf"(?:(?:{_UNDER_1000}|half an?|an?)[ -]{_LARGE}(?: (?:and )?{_UNDER_1000}(?: {_LARGE})?)*"
    rf"|(?:{_UNDER_100}|half a|a) dozen|{_UNDER_1000})"
)
_GROUP = "[,'’\u00a0\u2009\u202f]"
_NUMBER = re.compile(
    rf"(?<![\w.,])(?P<digits>\d{{1,3}}(?:{_GROUP}\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:[.:]\d+)?)"
    rf"(?:[ -]?(?P<scale>hundred|{_LARGE})\b|(?P<suffix>k|m|mn|bn|b|tn)\b|(?:st|nd|rd|th|s)\b)?"
    rf"|\b(?P<words>{_WORDS})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it stands at ``place``. ``values`` are what it may mean, more than one where that is open."""

    place: Span
    values: frozenset[float]


def numbers(text: str) -> Iterator[Number]:
    """The numbers of ``text`` in order. Ordinals in words, fractions and vague ones ("dozens") are none.

    >>> [sorted(number.values) for number in numbers("half a million of 2.5 billion, at 11.40 p.m.")]
    [[500000.0], [2500000000.0], [11.4]]
    """
    for match in _NUMBER.finditer(text):
        values = _spelt(match["words"].lower()) if match["words"] else _in_digits(match)
        yield Number(Span(match.start(), match.end()), frozenset(round(value, 3) for value in values))


def values(text: str) -> frozenset[float]:
    """Everything that a number of ``text`` may mean."""
    return frozenset(value for number in numbers(text) for value in number.values)


def _in_digits(match: re.Match[str]) -> set[float]:
    plain = float(re.sub(_GROUP, "", match["digits"]).replace(":", "."))
    if match["scale"]:
        return {plain * _SCALES[match["scale"].lower()]}
    if match["suffix"]:
        return {plain, plain * _SUFFIXES[match["suffix"].lower()]}
    return {plain}


def _spelt(words: str) -> set[float]:
    total, part = 0.0, 0.0
    for word in re.split(r"[ -]", words):
        if word in _SMALL:
            part += _SMALL[word]
        elif word == "half":
            part = 0.5
        elif word == "dozen":
            part = (part or 1) * 12
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _SCALES:
            total += (part or 1) * _SCALES[word]
            part = 0.0
    return {total + part}
