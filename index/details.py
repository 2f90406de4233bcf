"""The details of a claim that can be looked for in a text: its names and its numbers, as the claim writes them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.numerals import numbers, values
from index.records import Span
from index.terms import STOP_WORDS, stem, terms

_WORD = re.compile(r"(?:[A-Za-z]\.){2,}|[^\W_]*[^\W\d_][^\W_]*(?:['’][^\W\d_]+)*")
_MONTHS = {
    name.casefold(): name[:3].casefold()
    for month in "January February March April June July August September October November December".split()
    for name in (month, month[:3], *(["Sept"] if month == "September" else []))
}
# Written with a capital before a name, and left out as often as not.
_TITLES = frozenset(
    "mr mrs ms dr prof sir lord lady president minister premier chancellor king queen prince princess mayor governor gov"
    " senator sen representative rep general gen colonel col captain capt judge pope bishop st".split()
)
# A capital at the beginning of a sentence says nothing: these are no names, nor are words that end so.
_OPENING = frozenset(
    "people police nobody everybody somebody everyone someone something nothing everything children women men yesterday"
    " today tomorrow last next several many much another every either neither although though despite since because"
    " instead however meanwhile moreover perhaps according whether until unless within without during among along"
    " across around behind beyond inside outside near like unlike once twice still yet even never always often soon"
    " later earlier first second third little few less least more most half part what water money work life time good"
    " new old great big small long short high low true false note update breaking news fyi btw ps re".split()
)
_OPENING_END = re.compile(r"(?:s|ing|ed|ly|tion|sion|ment|ness|ity)$")


@dataclass(frozen=True, slots=True)
class Detail:
    """A name's word or a number, where it stands in the claim. It is in a text that has one of its ``keys``."""

    place: Span
    keys: frozenset[str | float]
    is_name: bool


def details(claim: str) -> list[Detail]:
    """The names and numbers of a sentence, in order. "One" is no number here, and a title no name."""
    found = [
        Detail(number.place, frozenset(number.values), is_name=False)
        for number in numbers(claim)
        if claim[number.place.start : number.place.end].casefold() != "one"
    ]
    taken = [detail.place for detail in found]
    found += [
        Detail(place, frozenset({_key(claim[place.start : place.end])}), is_name=True)
        for place in _names(claim)
        if not any(place.start < other.end and other.start < place.end for other in taken)
    ]
    return sorted(found, key=lambda detail: detail.place)


def lacking(claim: str, wanted: Sequence[Detail], text: str) -> tuple[str, ...]:
    """Those of the claim's details that do not stand in ``text``, each once; words of one name are put together."""
    present: set[str | float] = {*values(text), *map(_key, _words(text)), *terms(text)}
    runs: list[Span] = []
    last: Detail | None = None
    for detail in wanted:
        if detail.keys & present:
            last = None
            continue
        if last and last.is_name and detail.is_name and claim[last.place.end : detail.place.start] in (" ", "-"):
            runs[-1] = Span(runs[-1].start, detail.place.end)
        else:
            runs.append(detail.place)
        last = detail
    return tuple(dict.fromkeys(claim[run.start : run.end] for run in runs))


def _names(claim: str) -> list[Span]:
    """Words with a capital that the sentence's form does not explain; none where most words have one."""
    found = [Span(match.start(), match.end()) for match in _WORD.finditer(claim)]
    capital = [place for place in found if claim[place.start].isupper()]
    if len(capital) * 2 > len(found) + 1:
        return []
    return [
        place
        for place in capital
        if _may_be_name(claim[place.start : place.end]) and (place != found[0] or _opens_with_name(claim, found))
    ]


def _may_be_name(word: str) -> bool:
    folded = re.split("['’]", word.casefold())[0]  # "I'll" is as little a name as "I"
    return bool(stem(word)) and folded not in STOP_WORDS and folded.rstrip(".") not in _TITLES


def _opens_with_name(claim: str, found: Sequence[Span]) -> bool:
    """Whether the first word is a name; it is by its own look, by what follows, or since no common word begins a
    sentence alone."""
    first = claim[found[0].start : found[0].end]
    if sum(c.isupper() for c in first) > 1 or re.search(r"['’]s$", first):
        return True
    if len(found) > 1:
        following = claim[found[1].start : found[1].end]
        if following[0].isupper() and claim[found[0].end : found[1].start] in (" ", "-"):
            return True
    folded = first.casefold()
    return folded not in _OPENING and not _OPENING_END.search(folded)


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _key(word: str) -> str:
    """What a name's word is known by: its stem, a month's first three letters, a dotted abbreviation without dots."""
    bare = word.replace(".", "")
    return _MONTHS.get(bare.casefold()) or stem(bare.upper() if "." in word else bare)
