"""Names and numbers of a claim, and which of them a text lacks."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.details import details, lacking
from index.numerals import numbers, values


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("2,500", 2500),
        ("2\u202f500", 2500),
        ("two thousand five hundred", 2500),
        ("2.5 thousand", 2500),
        ("half a million", 500_000),
        ("twenty-five", 25),
        ("two hundred and ten", 210),
        ("three dozen", 36),
        ("1.2 million", 1_200_000),
        ("2.3bn", 2_300_000_000),
        ("11:40", 11.4),
        ("11.40", 11.4),
        ("1990s", 1990),
        ("10th", 10),
        ("5km", 5),
    ],
)
def test_a_number_has_one_value_however_it_is_written(written: str, value: float) -> None:
    """In digits or in words, with separators, scales and endings."""
    (found,) = numbers(f"It was {written} on that day.")
    assert value in found.values


@pytest.mark.parametrize(
    "text", ["A7 and F16 are names", "hundreds of dozens", "v1", "no number", "the second, a third", ""]
)
def test_what_is_no_number_is_not_taken_for_one(text: str) -> None:
    """Codes, vague crowds and ordinals in words."""
    assert values(text) == frozenset()


def test_numbers_beside_each_other_stay_apart() -> None:
    """ "Five and six" is not eleven, and a score is two numbers."""
    assert values("five and six won 3-2 on 10 January") == {5, 6, 3, 2, 10}


@pytest.mark.parametrize(
    ("claim", "text", "missing"),
    [
        ("The first wave is 3,000 soldiers strong.", "It consists of 2,500 soldiers.", ("3,000",)),
        ("Two thousand five hundred came.", "It consists of 2,500 soldiers.", ()),
        ("Germany and Belarus sent men.", "provided by Armenia, Belarus and Russia", ("Germany",)),
        ("The house was built by Victor Horta in Brussels.", "built in 1902", ("Victor Horta", "Brussels")),
        ("It opens on 3 November.", "It opens on Nov. 3.", ()),
        ("The U.S. agreed.", "the US and Russia", ()),
        ("President Putin spoke to Mr. Trenin.", "Putin, Trenin", ()),
        ("Police said nobody saw Ida.", "a word", ("Ida",)),
        ("I'll be one of them, and we're late.", "nothing", ()),
        ("Thieves came through the roof.", "Burglars cut through the roof", ()),
        ("The Russians and the russians", "Russians", ()),
        ("Kofi, Kofi and again Kofi", "nobody", ("Kofi",)),
    ],
)
def test_what_a_text_lacks_is_named_as_the_claim_writes_it(claim: str, text: str, missing: tuple[str, ...]) -> None:
    """Names put together again, each once, in order; titles, opening words and "one" are no details."""
    assert lacking(claim, details(claim), text) == missing


def test_a_headline_has_no_names() -> None:
    """Where most words have a capital, none of them means anything."""
    assert details("Putin Wants NATO To Stop Growing East") == []


@given(st.text(max_size=300), st.text(max_size=300))
def test_every_detail_is_a_slice_and_is_found_in_the_claim_itself(claim: str, text: str) -> None:
    """Whatever is written: nothing is invented, and a claim lacks nothing of its own."""
    found = details(claim)
    assert all(claim[detail.place.start : detail.place.end] for detail in found)
    assert all(part in claim for part in lacking(claim, found, text))
    assert lacking(claim, found, claim) == ()


@pytest.mark.parametrize(
    "piece", ["1", "1,", "one ", "a hundred ", "1,111", "half a ", "twenty-", "a thousand and one "]
)
def test_long_texts_take_no_longer_than_they_are(piece: str) -> None:
    """No pattern runs away with a hostile text."""
    started = time.process_time()
    values(piece * (40_000 // len(piece)))
    assert time.process_time() - started < 2
