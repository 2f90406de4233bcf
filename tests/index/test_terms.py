"""Words of the lexical side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.terms import terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("U.S. troops", "US troops"),
        ("the USA", "the U.S.A."),
        ("2,500 soldiers", "2500 soldier"),
        ("Russia’s", "russia"),
        ("Café", "cafe"),
        ("Moscow-led", "moscow led"),
        ("troo\u200bps", "troops"),
        ("U.K.", "UK"),
    ],
)
def test_spellings_of_one_thing_are_one_term(one: str, other: str) -> None:
    """A question need not spell as the article does."""
    assert terms(one) == terms(other) != []


def test_words_that_say_nothing_are_dropped() -> None:
    """Question words and little words do not count, and 'us' is not the United States."""
    assert terms("What did they tell us about it?") == []


@given(st.text(max_size=200))
def test_any_text_has_terms_without_spaces_or_empty_ones(text: str) -> None:
    """Stores join terms by spaces: no term may hold one."""
    assert all(term and not any(c.isspace() for c in term) for term in terms(text))
