"""From hits to quotes: windows, late interaction, the confidence model and the operating point."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from index.confidence import MODEL, Calibration, type_evidence
from index.interaction import WordVectors, interact, pool
from index.passages import cut
from index.questions import read_question
from index.quoting import MAX_QUOTE, quote
from index.reader import _answering_sentence
from index.records import Article, Hit, Kind, Quote, Scores


def hit(text: str, best: str) -> Hit:
    """A hit on the one paragraph of ``text`` whose best sentence begins with ``best``."""
    article = Article("a", "Title", "a.txt", None, f"Title\n\n{text}")
    (passage,) = [p for p in cut(article) if p.kind is Kind.BODY]
    cosines = tuple(float(article.text[s.start : s.end].startswith(best)) for s in passage.sentences)
    assert sum(cosines) == 1
    return Hit(passage, Scores(1.0, 0.0, 1.0), cosines)


def quoted(text: str, best: str) -> Quote:
    """The quote around the sentence of ``text`` that begins with ``best``."""
    found = hit(text, best)
    return quote(found, found.best_sentence, 0.5)


def test_a_short_paragraph_is_quoted_whole_with_the_sentence_that_answers_marked() -> None:
    """People get the passage; the answer is what stands out in it."""
    shown = quoted("Anna came. She left at noon. Nobody saw her.", "She")
    assert shown.text == "Anna came. She left at noon. Nobody saw her."
    assert shown.answer_text == "She left at noon."


def test_a_single_sentence_is_the_answer_as_a_whole() -> None:
    """No part of it is marked: the contract's null."""
    assert quoted("Anna came at noon.", "Anna").answer is None


def test_a_long_paragraph_is_cut_to_a_screen_around_the_answer() -> None:
    """Whole sentences, never more than a screen, the best one among them."""
    filler = "The harbour master counted every boat that came in before the storm. "
    shown = quoted(filler * 7 + "He found 42 of them. " + filler * 7, "He")
    assert len(shown.text) <= MAX_QUOTE
    assert shown.answer_text == "He found 42 of them."
    assert shown.text.endswith(".")


def test_a_sentence_that_leans_back_brings_the_one_before() -> None:
    """ "He" is quoted with the sentence that names him, even where the sentences after would fill the screen."""
    long = "The board, which had met for three hours without a break, put off its decision on the bridge once more. "
    shown = quoted("Mayor Halle spoke last. He voted against it. " + long * 8, "He")
    assert shown.text.startswith("Mayor Halle spoke last. He voted against it.")


def test_the_sentence_with_the_words_and_the_kind_of_thing_asked_for_is_marked() -> None:
    """Where two sentences are about as near, the one that shares more and holds a number for "how much" answers."""
    found = hit("The crane is new. It has cost 2.4 million crowns. Ships unload at night.", "The crane")
    near = replace(found, cosines=(0.5, 0.45, 0.1))
    question = read_question("How much did it cost?")
    marked = _answering_sentence(question, near, dict.fromkeys(question.terms, 1.0))
    assert near.passage.article.text[marked.start : marked.end] == "It has cost 2.4 million crowns."
    assert _answering_sentence(read_question("?"), near, {}) == near.best_sentence


def word_vectors(**vectors: list[float]) -> WordVectors:
    array = np.array(list(vectors.values()), np.float32)
    return WordVectors(tuple(vectors), array / np.linalg.norm(array, axis=1, keepdims=True))


def test_interaction_matches_each_word_with_its_nearest() -> None:
    """Mean by idf, weakest link and unmet share are those of the definition, worked by hand."""
    question = word_vectors(troops=[1, 0, 0], budget=[0, 0, 1], many=[0, 1, 0])
    text = word_vectors(soldiers=[0.8, 0.6, 0], hundred=[0, 1, 0])
    found = interact(question, text, {"troop": 3.0, "budget": 1.0, "mani": 0.0})
    assert found.mean == pytest.approx(0.75 * 0.8 + 0.25 * 0)
    assert found.weakest == pytest.approx(0)
    assert found.unmet == pytest.approx(0.25)
    assert found.cue == pytest.approx(1.0)


def test_interaction_of_nothing_is_nothing() -> None:
    """No words on either side is no match, and no error."""
    nothing = WordVectors((), np.zeros((0, 3), np.float32))
    something = word_vectors(troops=[1, 0, 0])
    assert interact(nothing, something, {}).mean == 0
    assert interact(something, nothing, {}).unmet == 1


def test_word_vectors_are_the_means_of_their_pieces() -> None:
    """A word cut into pieces gets their average; a word behind the encoder's end is left out."""
    tokens = np.array([[9, 9], [1, 0], [0, 1], [0, 2], [9, 9]], np.float32)
    found = pool("a bcd zzz", [(0, 0), (0, 1), (2, 3), (3, 5), (0, 0)], tokens)
    assert found.words == ("a", "bcd")
    assert found.vectors == pytest.approx(np.array([[1, 0], [0, 1]]))


@pytest.mark.parametrize(
    ("question", "text", "evidence"),
    [
        ("How many came?", "In all 300 people came.", 1.0),
        ("How many of the 300 came?", "All of the 300 people had been asked.", 0.0),
        ("When did she leave?", "She left on Tuesday.", 1.0),
        ("When did she leave?", "She left in a hurry.", 0.0),
        ("Who left?", "At noon Anna left.", 1.0),
        ("Who left?", "At noon somebody left.", 0.0),
        ("What is new?", "Nothing.", 0.5),
    ],
)
def test_a_text_without_the_kind_of_thing_asked_for_is_told(question: str, text: str, evidence: float) -> None:
    """A number for "how many", a date for "when", a name for "who"; and not one that the question brought."""
    assert type_evidence(read_question(question), text) == evidence


def test_the_shipped_model_says_how_it_was_made() -> None:
    """Weights are data with their command, seed and figures; fit, tune and test are told apart."""
    card = json.loads(MODEL.read_text())
    assert {"made_by", "seed", "fitted_on", "threshold_chosen_on", "figures"} <= set(card)
    assert set(card["figures"]) == {"fit", "tune", "test"}
    assert 0 < card["threshold"] < 1


def test_probabilities_stay_probabilities() -> None:
    """Features far outside what was ever seen give 0…1 and no overflow."""
    calibration = Calibration.load()
    for value in (-1e6, 0.0, 1e6):
        assert 0 <= calibration.probability(dict.fromkeys(calibration.weights, value)) <= 1
