"""From marked spans to quotes: which sentences are shown, the confidence model and the operating point."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from index.confidence import MODEL, Calibration
from index.passages import cut
from index.questions import read_question
from index.quoting import MAX_QUOTE, nearest_quote, quote
from index.reader import read
from index.records import Article, Hit, Kind, Passage, Quote, Scores, Span
from index.span_reader import Marked, SpanReader
from index.stores.local import LocalStore
from index.windows import Window

LONG = "The board, which had met for three hours without a break, put off its decision on the bridge once more. "


def passages(text: str) -> list[Passage]:
    article = Article("a", "Title", "a.txt", None, f"Title\n\n{text}")
    return [p for p in cut(article) if p.kind is Kind.BODY]


def quoted(text: str, answer: str) -> Quote:
    """The quote around ``answer``, which stands once in ``text``."""
    found = passages(text)
    start = found[0].article.text.index(answer)
    span = Span(start, start + len(answer))
    at = next(i for i, p in enumerate(found) if p.start <= start < p.end)
    return quote(found[at], span, span, 0.5, lambda p: found[found.index(p) - 1] if found.index(p) else None)


def test_a_quote_is_the_sentence_that_answers_with_the_answer_marked() -> None:
    """People get what answers, not all that stands around it."""
    shown = quoted("Anna came. The ferry left at noon. Nobody saw her.", "at noon")
    assert shown.text == "The ferry left at noon."
    assert shown.answer_text == "at noon"


def test_an_answer_over_two_sentences_brings_both() -> None:
    """A quote never cuts a sentence."""
    assert quoted("Anna came. Bert left. Clara slept.", "came. Bert").text == "Anna came. Bert left."


def test_a_sentence_that_is_the_answer_as_a_whole_has_no_part_marked() -> None:
    """The contract's null."""
    assert quoted("Anna came at noon.", "Anna came at noon.").answer is None


def test_a_sentence_that_leans_back_brings_the_one_before() -> None:
    """ "He" is quoted with the sentence that names him."""
    shown = quoted("Mayor Halle spoke last. He voted against it. " + LONG * 8, "against")
    assert shown.text == "Mayor Halle spoke last. He voted against it."
    assert shown.answer_text == "against"


def test_a_paragraph_that_begins_with_he_brings_the_sentence_that_names_him() -> None:
    """News has a paragraph for each sentence: the name may stand in the one before."""
    shown = quoted("Mayor Halle spoke last.\n\nHe voted against it, he said.", "against")
    assert shown.text == "Mayor Halle spoke last.\n\nHe voted against it, he said."
    assert shown.paragraph == 3


@pytest.mark.parametrize(
    ("sentence", "brings"),
    [
        ("“It was a hard night,” Brandvik said.", False),
        ("“But nobody was hurt,” Brandvik said.", False),
        ("“He was a good man,” Brandvik said.", True),
        ("(It was a hard night.)", True),
    ],
)
def test_what_somebody_says_brings_the_sentence_before_only_for_a_person(sentence: str, brings: bool) -> None:
    """The "it" of a speaker seldom means what the sentence before tells; "he" does."""
    shown = quoted(f"Mayor Halle spoke last. {sentence} " + LONG * 8, sentence[3:12])
    assert shown.text.startswith("Mayor") == brings


def test_a_quote_is_never_more_than_a_screen() -> None:
    """What it leans on is left out where there is no room for it."""
    shown = quoted("It was late. " + LONG * 6 + "He voted against it.", "against")
    assert len(shown.text) <= MAX_QUOTE
    assert shown.text.endswith("He voted against it.")


def test_a_passage_that_does_not_answer_is_shown_around_its_nearest_sentence() -> None:
    """Whole sentences, never more than a screen, nothing marked."""
    (passage,) = passages(LONG * 4 + "He found 42 of them. " + LONG * 3)
    best = next(s for s in passage.sentences if passage.article.text[s.start : s.end].startswith("He found"))
    hit = Hit(passage, Scores(1.0, 0.0, 1.0), tuple(float(s == best) for s in passage.sentences))
    shown = nearest_quote(hit, best, 0.1)
    assert "He found 42 of them." in shown.text
    assert len(shown.text) <= MAX_QUOTE
    assert shown.answer is None


class Scripted(SpanReader):
    """A reader that marks what it is told to: words, lead and second logit by text of the window."""

    def __init__(self, marks: dict[str, float]) -> None:
        self._marks = marks

    def mark(self, question: str, windows: Sequence[Window]) -> list[Marked]:
        found = []
        for window in windows:
            words, logit = next(((w, x) for w, x in self._marks.items() if w in window.text), ("", -8.0))
            at = window.start + window.text.index(words)
            found.append(Marked(window, Span(at, at + max(1, len(words))), logit, logit))
        return found


def hits(archive_store: LocalStore) -> list[Hit]:
    """The passages of the two short articles, all alike to retrieval."""
    every = archive_store.passages(range(archive_store.passages_total))
    found = [p for p in every if not p.article.id.startswith("kazakhstan")]
    return [Hit(p, Scores(0.5, 0.5, 0.75), (0.5,) * len(p.sentences)) for p in found]


def test_what_the_reader_marks_is_what_is_quoted(store: LocalStore) -> None:
    """The window that the reader trusts most comes first, wherever retrieval had it."""
    verdict = read(read_question("How many signatures were gathered?"), hits(store), store, Scripted({"2,700": 9.0}))
    assert verdict.answerable
    assert verdict.quotes[0].answer_text == "2,700"
    assert len(verdict.quotes) == 1


def test_several_answers_are_shown_as_several(store: LocalStore) -> None:
    """Where two passages answer, both are quoted."""
    reader = Scripted({"2,700": 9.0, "1,860": 9.0})
    verdict = read(read_question("How many are there?"), hits(store), store, reader)
    assert {quote.answer_text for quote in verdict.quotes} == {"2,700", "1,860"}


def test_where_nothing_answers_the_nearest_passages_are_shown_unmarked(store: LocalStore) -> None:
    """No answer in disguise: nothing stands in bold in a passage that does not answer."""
    verdict = read(read_question("Who won the football match?"), hits(store), store, Scripted({}))
    assert not verdict.answerable
    assert verdict.quotes
    assert all(quote.answer is None for quote in verdict.quotes)


def test_yes_or_no_is_answered_by_the_sentence_as_a_whole(store: LocalStore) -> None:
    """No article says "yes": the evidence is quoted, and no part of it is called the answer."""
    verdict = read(
        read_question("Was the Marigold built in 1987?"), hits(store), store, Scripted({"built in 1987": 9.0})
    )
    assert verdict.answerable
    assert verdict.quotes[0].text.startswith("The Marigold, built in 1987")
    assert verdict.quotes[0].answer is None


def test_no_hits_are_no_answer(store: LocalStore) -> None:
    """An index in which nothing is found says nothing."""
    assert read(read_question("Anything?"), [], store, Scripted({})).quotes == ()


def test_what_is_far_and_what_echoes_counts_against_an_answer(store: LocalStore) -> None:
    """The same mark in a passage on something else, or one that only repeats the question, is trusted less."""
    near = hits(store)
    away = [Hit(h.passage, Scores(0.1, 0.0, 0.1), (0.1,) * len(h.cosines)) for h in near]
    reader = Scripted({"2,700": 4.0})
    question = read_question("How many signatures were gathered?")
    trusted = read(question, near, store, reader).confidence
    assert read(question, away, store, reader).confidence < trusted - 0.1
    assert read(read_question("Were 2,700 names gathered, or how many?"), near, store, reader).confidence < trusted


def test_the_shipped_model_says_how_it_was_made() -> None:
    """Weights are data with their command, seed and figures, and none of a test set went into them."""
    card = json.loads(MODEL.read_text())
    assert {"made_by", "seed", "fitted_on", "figures_on_what_it_was_fitted_on"} <= set(card)
    assert not any("test" in name for name in card["figures_on_what_it_was_fitted_on"])
    assert 0 < card["threshold"] < 1


def test_probabilities_stay_probabilities() -> None:
    """Features far outside what was ever seen give 0…1 and no overflow."""
    calibration = Calibration.load()
    for value in (-1e6, 0.0, 1e6):
        assert 0 <= calibration.probability(dict.fromkeys(calibration.weights, value)) <= 1
