"""What the reader is trained on: labels must be right, whatever is drawn."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.embedding_model import packaged_folder
from index.passages import cut
from index.reader_input import Packer
from index.records import Kind, Span
from index.training.corpora import OWN, Corpus, detokenized, load_news, own
from index.training.examples import Maker
from index.training.squad import QuestionSet
from index.training.swaps import swapped
from index.training.typing_style import as_typed, terse, with_slip

SEP = 102
"""The word piece that parts question and window in the packaged tokenizer."""


@pytest.fixture(scope="module")
def maker() -> Maker:
    from tokenizers import Tokenizer

    packer = Packer(Tokenizer.from_file(str(packaged_folder() / "tokenizer.json")))
    news = load_news("tune")
    few = QuestionSet(
        news.articles[:4], tuple(q for q in news.questions if q.article in {a.id for a in news.articles[:4]})
    )
    corpus = Corpus("news", few, 1.0, titled=True, continuous=True, mined=True)
    mined = []
    for asked in few.questions:
        article = next(a for a in few.articles if a.id == asked.article)
        body = [p for p in cut(article) if p.kind is Kind.BODY]
        mined.append([(article.id, Span(p.start, p.end), p.sentences[0]) for p in body[:6]])
    return Maker(corpus, mined, packer)


def test_a_group_has_one_right_window_first_and_only_wrong_ones_after(maker: Maker) -> None:
    """The marked pieces are the answer, and no window that is called wrong holds it under the same question."""
    rng = random.Random(1)
    answered = 0
    for number, asked in enumerate(maker.corpus.questions.questions):
        group = maker.group(number, rng)
        assert [e.answered for e in group[1:]] == [False] * (len(group) - 1)
        if not asked.answers:
            assert group
            assert not group[0].answered
            continue
        if not group:
            continue
        answered += 1
        first = group[0]
        assert first.answered
        assert first.packed.types[first.start] == first.packed.types[first.end] == 1
        a = first.packed.offsets[first.start - first.packed.first][0]
        b = first.packed.offsets[first.end - first.packed.first][1]
        assert b - a in {s.end - s.start for s in asked.answers}
        said = first.packed.ids[first.start : first.end + 1]
        for other in group[1:]:
            if other.packed.ids[: other.packed.ids.index(SEP)] == first.packed.ids[: first.packed.ids.index(SEP)]:
                read = other.packed.ids[other.packed.first : -1]
                assert not any(read[i : i + len(said)] == said for i in range(len(read)))
    assert answered >= 60


def test_what_is_drawn_depends_on_the_seed_alone(maker: Maker) -> None:
    """A run that is stopped goes on as if it had not been."""
    one, two = ([e.packed.ids for e in maker.group(3, random.Random(7))] for _ in range(2))
    assert one == two


WINDOW = "The Dale mine in Norway was opened by Anna Bell in 1987 and employed 412 people."
ARTICLE = WINDOW + " In Sweden, Carl Dunn and Erik Holm run the Fjord quarry."


def test_a_swapped_question_is_another_question() -> None:
    """Name, number or question word changed, to something that the window does not say."""
    rng = random.Random(3)
    made = {
        swapped("When did Anna Bell open the Dale mine in 1987?", WINDOW, ARTICLE, ["1987"], rng) for _ in range(60)
    }
    made.discard(None)
    assert len(made) >= 4
    assert all(new and new != "When did Anna Bell open the Dale mine in 1987?" for new in made)
    # "Where" would be answered ("in Norway"): it never takes the place of "when".
    assert not any(new and new.startswith("Where") for new in made)


def test_a_question_with_nothing_to_swap_is_left_alone() -> None:
    """No change is better than one that leaves the answer standing."""
    assert swapped("what happened then?", "It rained.", "It rained.", ["It rained"], random.Random(1)) is None


def test_typed_questions_keep_what_they_ask() -> None:
    """Small words go, question words and content stay; a slip changes one word by a letter or two."""
    rng = random.Random(5)
    assert {"how", "many", "soldiers"} <= set(terse("how many soldiers were there", rng).split())
    slips = {with_slip("which soldiers came", rng) for _ in range(30)}
    assert len(slips) > 5
    assert all(len(s.split()) == 3 for s in slips)
    assert len({as_typed("Which countries sent troops?", rng) for _ in range(50)}) >= 5


def test_tokens_are_set_as_they_are_printed() -> None:
    """Quotation marks, brackets and full stops stand where a reader expects them, and each token knows its place."""
    tokens = "`` He 's here '' , said Anna -LRB- 42 -RRB- .".split()
    text, places = detokenized(tokens)
    assert text == '"He\'s here", said Anna (42).'
    assert [text[a:b] for a, b in places] == ['"', "He", "'s", "here", '"', ",", "said", "Anna", "(", "42", ")", "."]


@pytest.mark.parametrize("file", sorted(OWN.glob("*/*.json")), ids=lambda f: f"{f.parent.name}-{f.stem}")
def test_every_answer_of_our_texts_stands_where_it_says(file: Path) -> None:
    """Spans are slices of the article, inside a paragraph, and questions without an answer are there as well."""
    part = own(file.parent.name, file.stem)
    texts = {article.id: article.text for article in part.articles}
    assert len(part.questions) >= 400
    assert 0.3 <= sum(not q.answers for q in part.questions) / len(part.questions) <= 0.55
    for asked in part.questions:
        for span in asked.answers:
            said = texts[asked.article][span.start : span.end]
            assert said.strip() == said != ""
            assert "\n" not in said


def test_tune_and_test_news_are_not_in_training() -> None:
    """No article title is shared between the parts."""
    titles = [{article.title for article in load_news(name).articles} for name in ("train", "more", "tune", "test")]
    assert len(set().union(*titles)) == sum(map(len, titles))
