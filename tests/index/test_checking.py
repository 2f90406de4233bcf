"""Claims beside the sample articles: the passage that is about them, what it lacks, and nothing of right or wrong."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.archive import Archive
from index.checking import claims_in


@pytest.mark.parametrize(
    ("claim", "evidence", "lacking"),
    [
        ("Five countries sent 2,500 soldiers to Kazakhstan.", "2,500 soldiers", ("Five",)),
        ("The first wave is 3,000 soldiers strong.", "2,500 soldiers", ("3,000",)),
        ("Germany and Belarus provided soldiers.", "Armenia, Belarus", ("Germany",)),
        ("The nurse gathered two thousand seven hundred signatures for the ferry.", "2,700 signatures", ()),
        ("The Marigold was built in 1995 and carries 200 passengers.", "built in 1987", ("1995", "200")),
        ("A retired postman found the lost bean in a tobacco tin.", "Amos Pell", ()),
        ("Members raised $25,000 for a greenhouse.", "$18,500", ("25,000",)),
    ],
)
def test_a_claim_gets_its_passage_and_what_that_lacks(
    archive: Archive, claim: str, evidence: str, lacking: tuple[str, ...]
) -> None:
    """In other words or with other numbers: the passage that is about it, and the details that do not stand there."""
    (checked,) = archive.check([claim])
    assert checked.claim == claim
    assert checked.quote is not None
    assert evidence in checked.quote.text
    assert checked.quote.answer is None
    assert checked.lacking == lacking


ELSEWHERE = (
    "Our quarterly revenue grew by 12% compared with last year.",
    "I'll be out of office on Friday, please ask Maria.",
    "Paris is the capital of France.",
    "Water boils at 100 degrees Celsius.",
    "Real Madrid won the Champions League again.",
    "Please review my pull request before lunch.",
    "Scientists have found water on Mars.",
    "The company will lay off 400 workers.",
    "President Tokayev has resigned.",
    "The mill burned down in 1902.",
)


def test_what_no_passage_is_about_gets_none(archive: Archive) -> None:
    """Of claims on something else hardly one gets a passage."""
    assert [checked.claim for checked in archive.check(ELSEWHERE) if checked.quote] == []


def test_an_article_holds_its_own_sentences(archive: Archive) -> None:
    """Claimed word for word, a sentence is found where it stands, and lacks nothing."""
    (ferry,) = (entry.article for entry in archive.articles() if "ferry" in entry.article.title)
    sentences = claims_in(ferry.text.split("\n\n", 3)[2]).claims
    for sentence, checked in zip(sentences, archive.check(sentences), strict=True):
        assert checked.quote is not None
        assert sentence in checked.quote.text
        assert checked.lacking == ()


def test_sentences_beside_it_are_quoted_where_the_claim_takes_them(archive: Archive) -> None:
    """One sentence has the year, the next the minutes: the quote shows both, and stays what it is in the article."""
    (checked,) = archive.check(["The Marigold from 1987 makes the crossing in 35 minutes."])
    assert checked.quote is not None
    assert "1987" in checked.quote.text
    assert "35 minutes" in checked.quote.text
    assert checked.lacking == ()
    assert checked.quote.text == checked.quote.article.text[checked.quote.start : checked.quote.end]


def test_what_claims_nothing_is_left_out() -> None:
    """Greetings, bare addresses, signs and repetitions; questions are counted; bullets and line ends part sentences."""
    text = (
        "Hi all!\nSee https://example.com/a?b=c\n\n• The ferry sails again. Does the boat sail? Is it old by now, Ida?!\n"
        "1. The council voted.\n— — —\n\nThe ferry sails again.\nThanks"
    )
    found = claims_in(text)
    assert found.claims == ("The ferry sails again.", "The council voted.")
    assert found.questions == 2


@pytest.mark.parametrize("text", ["", " \n\t", "👍", "…", "\u200b", "?", "https://example.com"])
def test_nothing_is_claimed_by_nothing(text: str) -> None:
    """Empty texts and signs have no claims."""
    assert claims_in(text) == ((), 0)


@pytest.mark.parametrize("piece", ["a", "a. ", "Mr. ", "\n", "“", "No. 1 ", "a\n\n", "? ", "1,", "\u202e. "])
def test_long_hostile_texts_are_parted_in_time(piece: str) -> None:
    """As long as Slack's longest message, of one piece: parted within a second or two."""
    started = time.process_time()
    claims_in(piece * (40_000 // len(piece)))
    assert time.process_time() - started < 3


@hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claim=st.text(max_size=200) | st.sampled_from(["a" * 50_000, '"; DROP TABLE words; --', "\ud800", "12 " * 3000]))
def test_no_claim_can_break_it(archive: Archive, claim: str) -> None:
    """Any text whatever is checked; a quote is a slice, and what is lacking stands in the claim."""
    (checked,) = archive.check([claim])
    if checked.quote:
        assert checked.quote.text == checked.quote.article.text[checked.quote.start : checked.quote.end] != ""
    assert all(part in checked.claim for part in checked.lacking)
