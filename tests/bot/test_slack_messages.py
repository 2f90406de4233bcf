"""Answers, summaries and lists as messages that Slack takes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import blocks, wording
from bot.mrkdwn import folded
from index.archive import ArticleEntry
from index.records import Answer, Article, Quote, Summary

TEXT = "The first sentence.\nAn initial 2,500 soldiers went. <!channel> & *stars*."
STORY = Article("story", "A <b>|\ntitle & more", "https://example.com/a?b=1&c=2", "2022-01-06", TEXT)
FILE = Article("file", "Plain", "articles/plain.txt", None, TEXT)


def quote(article: Article = STORY, answer: tuple[int, int] | None = None, start: int = 0) -> Quote:
    return Quote(article, start, len(article.text), 5, answer, 0.9)


def found(*quotes: Quote, answerable: bool = True) -> Answer:
    return Answer("How <many>?", quotes, answerable, 0.9, 1.0)


def elements(message: blocks.Message, kind: str) -> list[dict[str, Any]]:
    return [
        element
        for block in message.blocks
        if block["type"] == "rich_text"
        for element in block["elements"]
        if element["type"] == kind
    ]


def words(element: dict[str, Any]) -> str:
    return "".join(run["text"] for run in element["elements"])


def test_the_answer_is_bold_in_the_whole_quote() -> None:
    """The quote is shown whole, folded to one line, and exactly the answer is bold."""
    at = TEXT.index("2,500"), TEXT.index(" went")
    (shown,) = elements(blocks.answer(found(quote(answer=at))), "rich_text_quote")
    assert words(shown) == folded(TEXT)
    assert [run["text"] for run in shown["elements"] if run.get("style")] == ["2,500 soldiers"]


def test_a_quote_that_answers_as_a_whole_is_bold_as_a_whole() -> None:
    """No span: the whole quote is the answer."""
    (shown,) = elements(blocks.answer(found(quote())), "rich_text_quote")
    assert [run.get("style") for run in shown["elements"]] == [{"bold": True}]


def test_the_line_under_a_quote() -> None:
    """Title as a link that cannot be broken out of, paragraph and date; a file's name instead of a link."""
    _, source = blocks.answer(found(quote())).blocks
    assert source["elements"] == [
        {
            "type": "mrkdwn",
            "text": "<https://example.com/a?b=1&amp;c=2|A &lt;b&gt;¦ title &amp; more> · paragraph 5 · 6 January 2022",
            "verbatim": True,
        }
    ]
    _, source = blocks.answer(found(quote(FILE))).blocks
    assert source["elements"][0]["type"] == "plain_text"
    assert source["elements"][0]["text"] == "Plain · articles/plain.txt · paragraph 5"


def test_a_refusal_says_so_first() -> None:
    """The articles do not say; what is nearest is introduced as that, and nothing in it is bold."""
    message = blocks.answer(found(quote(answer=(0, 5)), quote(FILE), quote(), answerable=False))
    lines = [words(element) for element in elements(message, "rich_text_section")]
    assert lines == [wording.NOT_SAID, wording.NEAREST]
    shown = elements(message, "rich_text_quote")
    assert len(shown) == blocks.MOST_NEAREST
    assert not any("style" in run for element in shown for run in element["elements"])
    assert message.text.startswith(wording.NOT_SAID)


def test_a_refusal_without_passages_is_one_line() -> None:
    """Nothing near: one plain line and no empty introduction."""
    message = blocks.answer(found(answerable=False))
    assert [words(element) for element in elements(message, "rich_text_section")] == [wording.NOT_SAID]
    assert message.text == wording.NOT_SAID


def test_small_talk_gets_a_friendly_line() -> None:
    """Where nothing was asked, the reply says how to ask."""
    message = blocks.answer(Answer("hello", (), False, 0.0, 0.0, is_question=False))
    assert wording.HOW_TO_ASK in words(elements(message, "rich_text_section")[0])


def test_the_question_is_restated_and_not_parsed() -> None:
    """Above a private answer stands what was asked, character for character."""
    first = blocks.answer(found(quote()), question=True).blocks[0]
    assert words(first["elements"][0]) == "How <many>?"


def test_a_long_quote_is_cut_outside_of_it() -> None:
    """Too long for Slack: a part of it in whole sentences that holds the answer, and a line that says so."""
    sentences = [f"Sentence number {number} says something." for number in range(400)]
    text = " ".join(sentences)
    article = Article("long", "Long", "long.txt", None, text)
    at = text.index("number 300 says")
    long = Quote(article, 0, len(text), 1, (at, at + 10), 0.9)
    message = blocks.answer(found(long))
    (shown,) = elements(message, "rich_text_quote")
    assert words(shown) in text
    assert words(shown).startswith("Sentence number")
    assert words(shown).endswith("something.")
    assert [run["text"] for run in shown["elements"] if run.get("style")] == ["number 300"]
    assert wording.SHORTENED in [words(element) for element in elements(message, "rich_text_section")]
    assert message.blocks[-1]["type"] == "context"


hostile = st.text(alphabet=st.sampled_from("ab .!?\n<>&|*`\u202e\u200b😀é"), max_size=60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(hostile, st.integers(1, 300), st.booleans(), hostile), min_size=1, max_size=6), st.booleans())
def test_every_answer_is_one_that_slack_takes(parts: list[tuple[str, int, bool, str]], answerable: bool) -> None:
    """Whatever the articles hold: limits kept, text escaped and short, each shown run from the article, button last."""
    quotes = []
    for text, times, whole, title in parts:
        stored = (f"x{text}" * times) or "x"
        article = Article("id", title, f"https://example.com/{title}", "2022-01-06", stored)
        quotes.append(Quote(article, 0, len(stored), 1, None if whole else (len(stored) // 2, len(stored)), 0.5))
    plain = blocks.answer(found(*quotes, answerable=answerable), question=True)
    message = blocks.shared(blocks.with_share_button(plain, "id"), "U1", "ada")
    assert len(json.dumps(message.blocks, ensure_ascii=False)) < 12_000
    assert len(message.blocks) <= 50
    assert 0 < len(message.text) < 4000
    assert not set("<>\n\u202e") & set(message.text)
    assert message.blocks[-1]["type"] == "actions"
    shown = elements(message, "rich_text_quote")
    assert shown
    for element in shown:
        assert all(run["text"] for run in element["elements"])
        # Spaces beside a folded line break may fall on either side of the bold run.
        assert any(words(element).split() == q.text.split() or len(q.text) > blocks.LONGEST_QUOTE for q in quotes)
    contexts = [block["elements"][0]["text"] for block in message.blocks if block["type"] == "context"]
    assert len(contexts) == len(shown)
    assert all(text.count("<") == 1 and text.count("|") == 1 for text in contexts if text.startswith("<"))


def test_a_summary_quotes_each_sentence_with_its_paragraph() -> None:
    """In the article's order, each sentence a quote of its own: two that stand apart never run together."""
    quotes = (Quote(FILE, 0, 19, 1, None, 1.0), Quote(FILE, 20, len(TEXT), 2, None, 1.0))
    message = blocks.summary(Summary(FILE, None, quotes))
    assert [words(element) for element in elements(message, "rich_text_quote")] == [q.text for q in quotes]
    assert "paragraph 2" in [words(element) for element in elements(message, "rich_text_section")]


def test_a_long_list_says_how_many_more() -> None:
    """Hundreds of long titles: as many as fit, and the number of the rest."""
    entries = [
        ArticleEntry(Article(str(n), f"{n} " + "long title " * 20, "https://example.com/" + "x" * 900, None, ""), 3)
        for n in range(300)
    ]
    message = blocks.articles(entries)
    listed = message.blocks[0]["elements"][0]["elements"]
    assert len(json.dumps(message.blocks)) < 12_000
    assert words(message.blocks[1]["elements"][0]) == wording.more_articles(300 - len(listed))
    assert "3 passages" in listed[0]["elements"][1]["text"]
