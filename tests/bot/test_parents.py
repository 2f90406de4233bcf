"""What of the message above is taken to understand a question."""

from __future__ import annotations

from typing import Any

import pytest

from bot.parents import LONGEST, gist


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("The troops have landed in Kazakhstan.", "The troops have landed in Kazakhstan."),
        ("Hi all! FYI: the troops have landed. More to come.", "FYI: the troops have landed."),
        ("*Breaking*\n\n<https://kz.example/1|Troops land &amp; stay>", "Troops land & stay"),
        ("<@UBOT> the troops have landed", "the troops have landed"),
        ("thanks", ""),
        (":tada:", ""),
        ("", ""),
    ],
)
def test_it_is_the_first_sentence_that_says_something(text: str, says: str) -> None:
    """As a person reads it."""
    assert gist({"text": text, "ts": "1.1"}, "UBOT") == says


def test_a_long_one_is_cut_between_words() -> None:
    """The question needs its room."""
    short = gist({"text": "The troops of Kazakhstan " * 40}, "UBOT")
    assert len(short) <= LONGEST
    assert short.endswith(("The", "troops", "of", "Kazakhstan"))


@pytest.mark.parametrize(
    "message", [{}, {"text": None}, {"text": ["x"]}, {"text": "This was deleted.", "subtype": "tombstone"}]
)
def test_what_has_no_words_says_nothing(message: dict[str, Any]) -> None:
    """Neither do deleted messages."""
    assert gist(message, "UBOT") == ""
