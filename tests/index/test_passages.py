"""Passages and sentences: exact offsets, whatever the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decoding import settle
from index.passages import MAX_PASSAGE, MAX_SENTENCE, cut
from index.records import Article, Kind

PIECES = [
    *"aB 9.!?\"'“”‘’()•-—:\n\t\u00a0\u200b\u202eéü…&<>#*|[]",
    "U.S.",
    "Mr. ",
    "\n\n",
    "\n• ",
    "e.g. ",
    "“It is over.” ",
]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=200).map("".join) | st.text(max_size=300).map(settle)


def article(text: str, title: str = "Title") -> Article:
    return Article("a", title, "a.txt", None, text)


@given(HOSTILE)
def test_passages_and_sentences_are_slices_of_the_text(text: str) -> None:
    """Offsets are exact, in order, trimmed, and no visible character but bullets is left out."""
    stored = article(text)
    passages = cut(stored)
    position = 0
    for passage in passages:
        assert stored.text[passage.start : passage.end] == passage.text == passage.text.strip()
        assert position <= passage.start < passage.end
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        inner = passage.start
        for sentence in passage.sentences:
            assert inner <= sentence.start < sentence.end
            assert not text[inner : sentence.start].strip()
            assert text[sentence.start : sentence.end].strip() == text[sentence.start : sentence.end]
            assert sentence.end - sentence.start <= MAX_SENTENCE
            inner = sentence.end
        position = passage.end
    covered = "".join(passage.text for passage in passages)
    dropped = len([c for c in text if c.isalpha()]) - len([c for c in covered if c.isalpha()])
    assert 0 <= dropped <= text.count("\n") + 1  # at most an "a)" a line, as a list's marker


def test_a_paragraph_is_one_passage_and_a_long_one_is_parted_at_sentence_ends() -> None:
    """News paragraphs stay whole; a page-long one becomes several of whole sentences."""
    sentence = "The harbour master counted the boats that came in before the storm. "
    short, long = sentence * 3, sentence * 60
    passages = cut(article(f"Title\n\n{short.strip()}\n\n{long.strip()}"))
    body = [p for p in passages if p.kind is Kind.BODY]
    assert body[0].text == short.strip()
    assert len(body) > 3
    assert all(p.text.endswith("storm.") and len(p.text) <= MAX_PASSAGE for p in body)
    assert {p.paragraph for p in body[1:]} == {3}


def test_paragraphs_are_numbered_with_the_title_as_the_first() -> None:
    """The number shown under a quote is the one a person counts in the text."""
    passages = cut(article("Title\n\nOne is here.\n\nTwo is here."))
    assert [(p.paragraph, p.kind) for p in passages] == [(1, Kind.HEADING), (2, Kind.BODY), (3, Kind.BODY)]


def test_bullets_are_passages_without_their_marks() -> None:
    """A quote of a list entry begins with its words; entries need no full stop."""
    text = "Title\n\nThe plan has parts:\n• More boats by June\n• Fewer cars\n\n  - A dash too"
    bodies = [p.text for p in cut(article(text)) if p.kind is Kind.BODY]
    assert bodies[-3:] == ["More boats by June", "Fewer cars", "A dash too"]


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    """A text broken by a margin is read as the paragraphs it was written in."""
    wrapped = (
        "The ferry between the two islands will sail again from Monday after\n"
        "repairs that took longer than anyone had planned, the harbour board\n"
        "said. Tickets stay the same."
    )
    (passage,) = [p for p in cut(article(f"Title\n\n{wrapped}\n\nNext one here.")) if p.paragraph == 2]
    assert passage.text == wrapped
    assert len(passage.sentences) == 2


def test_unevenly_wrapped_lines_lose_nothing() -> None:
    """A margin that breaks lines raggedly still gives whole sentences, and no line of them passes for a heading."""
    text = (
        'Title\n\n"We have waited," she\nsaid.\n\nThe government said it would not step in. Prime Minister Ada Brook\n'
        'called the strike "regrettable" but\nlawful.\n\nThe end is not in sight.'
    )
    bodies = [p.text for p in cut(article(text)) if p.kind is Kind.BODY]
    assert bodies[0] == '"We have waited," she\nsaid.'
    assert bodies[1].startswith("The government said")
    assert bodies[1].endswith("lawful.")


def test_what_opens_a_page_is_not_quoted() -> None:
    """Masthead, headline, byline and date before the first paragraph are no answers."""
    text = (
        "CITY TIMES\n\nHARBOUR STRIKE ENTERS THIRD WEEK\n\nBy John Smith\n\n12 March 2024\n\n=====\n\n"
        "The strike at the harbour went into its third week on Monday.\n\nWhat we know so far:\n\n• Talks have failed twice."
    )
    bodies = [p.text for p in cut(article(text, "CITY TIMES")) if p.kind is Kind.BODY]
    assert bodies == ["The strike at the harbour went into its third week on Monday.", "Talks have failed twice."]


def test_lines_that_were_not_wrapped_are_paragraphs_of_their_own() -> None:
    """Many sites part paragraphs by a single line break."""
    text = "Title\nThe ferry sails again on Monday.\nTickets stay the same, the board said late.\nNobody knows why."
    assert len([p for p in cut(article(text)) if p.kind is Kind.BODY]) == 3


def test_headings_are_not_quoted_and_lists_without_stops_are() -> None:
    """A line that opens a section is a heading; a run of short lines is what the article says."""
    text = "Title\n\nWhat comes next\n\nThe board meets in May.\n\nBoats in June\n\nCars in July\n\nTrains in August"
    kinds = {p.text: p.kind for p in cut(article(text))}
    assert kinds["What comes next"] is Kind.HEADING
    assert kinds["Boats in June"] is kinds["Cars in July"] is kinds["Trains in August"] is Kind.BODY


def test_an_article_of_nothing_but_a_headline_can_still_be_quoted() -> None:
    """Better a headline than an article that can say nothing."""
    assert [p.kind for p in cut(article("Ferry sails again", "Ferry sails again"))] == [Kind.BODY]


def test_page_furniture_stays_in_the_text_and_out_of_the_quotes() -> None:
    """Subscription lines keep their paragraph number but can never be quoted."""
    passages = cut(article("Title\n\nOne is here.\n\nLike this article? Get more. Subscribe for free.\n\nTwo is here."))
    assert [p.paragraph for p in passages if p.kind is Kind.BODY] == [2, 4]
    assert [p.paragraph for p in passages if p.kind is Kind.BOILERPLATE] == [3]


@pytest.mark.parametrize("text", ["", " \n ", "\n\n\n"])
def test_no_text_has_no_passages(text: str) -> None:
    """Nothing comes of nothing."""
    assert cut(article(text)) == []
