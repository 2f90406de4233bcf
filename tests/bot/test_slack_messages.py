"""Answers, summaries and lists as messages that Slack takes."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot import blocks, buttons, passage_views, wording
from bot.answer_message import answer as message_of
from bot.article_list import articles
from bot.citations import has_citations, without_citations
from bot.mrkdwn import folded
from bot.summary_message import summary
from index.archive import ArticleEntry, Covered
from index.records import Answer, Article, Kind, Passage, Quote, Span, Summary

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
    (shown,) = elements(message_of(found(quote(answer=at))), "rich_text_quote")
    assert words(shown) == folded(TEXT)
    assert [run["text"] for run in shown["elements"] if run.get("style")] == ["2,500 soldiers"]


def test_a_quote_that_answers_as_a_whole_is_bold_as_a_whole() -> None:
    """No span: the whole quote is the answer."""
    (shown,) = elements(message_of(found(quote())), "rich_text_quote")
    assert [run.get("style") for run in shown["elements"]] == [{"bold": True}]


def test_the_line_under_a_quote() -> None:
    """Title as a link that cannot be broken out of, paragraph and date; a file's name instead of a link."""
    _, source = message_of(found(quote())).blocks
    assert source["elements"] == [
        {
            "type": "mrkdwn",
            "text": "<https://example.com/a?b=1&amp;c=2|A &lt;b&gt;¦ title &amp; more> · paragraph 5 · 6 January 2022",
            "verbatim": True,
        }
    ]
    _, source = message_of(found(quote(FILE))).blocks
    assert source["elements"][0]["type"] == "plain_text"
    assert source["elements"][0]["text"] == "Plain · articles/plain.txt · paragraph 5"


def test_the_answer_stands_in_one_bold_line_above() -> None:
    """With a citation where the article has an address; a long answer, or one that is the whole quote, has no line."""
    at = TEXT.index("2,500"), TEXT.index(" went")
    first = message_of(found(quote(answer=at))).blocks[0]["elements"][0]
    assert first["elements"][0] == {"type": "text", "text": "2,500 soldiers", "style": {"bold": True}}
    assert first["elements"][2]["type"] == "citation"
    assert first["elements"][2]["url"] == "https://example.com/a?b=1&c=2"
    file = message_of(found(quote(FILE, at)))
    assert [run["type"] for run in file.blocks[0]["elements"][0]["elements"]] == ["text"]
    assert file.text.startswith("2,500 soldiers: “")
    long = Article("long", "Long", "long.txt", None, "word " * 100)
    for whole in (quote(), quote(FILE, (0, len(TEXT))), quote(long, (0, 400))):
        assert message_of(found(whole)).blocks[0]["elements"][0]["type"] == "rich_text_quote"


def test_citations_can_be_left_out() -> None:
    """All of them, and nothing else."""
    message = message_of(found(quote(answer=(4, 9))))
    assert has_citations(message)
    plainer = without_citations(message)
    assert not has_citations(plainer)
    assert plainer.blocks[1:] == message.blocks[1:]
    assert plainer.blocks[0]["elements"][0]["elements"][0] == message.blocks[0]["elements"][0]["elements"][0]


def test_a_refusal_says_so_and_what_was_searched() -> None:
    """One plain line, then how many articles of which days; the nearest passages stand behind a button."""
    covered = Covered(1203, "2022-01-06", "2022-03-01")
    message = message_of(found(quote(answer=(0, 5)), answerable=False), "id", covered=covered)
    assert [words(element) for element in elements(message, "rich_text_section")] == [wording.NOT_SAID]
    assert elements(message, "rich_text_quote") == []
    searched = message.blocks[1]["elements"][0]["text"]
    assert searched == "Searched 1,203 articles, from 6 January 2022 to 1 March 2022."
    assert message.text == f"{wording.NOT_SAID} {searched}"
    assert [button["action_id"] for button in pressable(message)] == [buttons.MORE, buttons.FEEDBACK]


def test_a_refusal_without_passages_is_one_line() -> None:
    """Nothing near: one plain line and no button that would show nothing."""
    message = message_of(found(answerable=False), "id")
    assert [words(element) for element in elements(message, "rich_text_section")] == [wording.NOT_SAID]
    assert message.text == wording.NOT_SAID
    assert [button["action_id"] for button in pressable(message)] == [buttons.FEEDBACK]


def pressable(message: blocks.Message) -> list[dict[str, Any]]:
    """Everything under a message that can be pressed."""
    return [part for b in message.blocks if b["type"] in ("actions", "context_actions") for part in b["elements"]]


def test_the_buttons_carry_an_id_and_nothing_else() -> None:
    """Share only where the answer is private; without an id there are none."""
    public, private = (message_of(found(quote()), "the-id", private=private) for private in (False, True))
    shown = [[part["action_id"] for part in pressable(message)] for message in (public, private)]
    assert shown == [
        [buttons.CONTEXT, buttons.MORE, buttons.FEEDBACK],
        [buttons.CONTEXT, buttons.MORE, buttons.SHARE, buttons.FEEDBACK],
    ]
    assert {part["value"] for part in pressable(private) if "value" in part} == {"the-id"}
    (thumbs,) = (part for part in pressable(private) if part["type"] == "feedback_buttons")
    assert thumbs["positive_button"]["value"] == "good:the-id"
    assert pressable(message_of(found(quote()), private=True)) == []


def sources(*parts: tuple[str, str | None, str]) -> list[Quote]:
    """Quotes of one sentence each, of (article, date, answer)."""
    found = []
    for id_, published, said in parts:
        text = f"The army sent {said} that day."
        article = Article(id_, id_.title(), f"{id_}.txt", published, text)
        found.append(Quote(article, 0, len(text), 1, (text.index(said), text.index(said) + len(said)), 0.9))
    return found


def test_articles_that_agree_stand_newest_first() -> None:
    """One bold line, then each article's quote under the date order; what has no date comes last."""
    quotes = sources(("a", None, "2,500 troops"), ("b", "2022-01-06", "2,500 troops"), ("c", "2022-01-09", "2,500"))
    message = message_of(found(*quotes))
    shown = [block["elements"][0]["text"].split(" ·")[0] for block in message.blocks if block["type"] == "context"]
    assert shown == ["C", "B", "A"]
    assert wording.DIFFER not in str(message.blocks)
    assert wording.ALSO in str(message.blocks)


def test_articles_that_differ_stand_side_by_side() -> None:
    """Each with its date and its own answer, newest first, and nothing says which is right."""
    quotes = sources(
        ("a", "2022-01-06", "2,500 troops"), ("b", "2022-01-09", "4,000 troops"), ("c", None, "900 troops")
    )
    message = message_of(found(*quotes), "id")
    lines = [words(element) for element in elements(message, "rich_text_section")]
    assert lines == [
        wording.DIFFER,
        "9 January 2022: 4,000 troops",
        "6 January 2022: 2,500 troops",
        "Undated: 900 troops",
    ]
    assert message.text.startswith(wording.DIFFER)
    assert "4,000 troops" in message.text
    assert "2,500 troops" in message.text


def passage(start: int, end: int) -> Passage:
    return Passage(FILE, start, end, 1, Kind.BODY, (Span(start, end),))


def test_a_quote_in_its_context_is_marked() -> None:
    """The paragraphs in their order, the quote bold, where it stands below; and nothing too long for Slack."""
    quote = Quote(FILE, 20, 48, 1, (0, 4), 0.9)
    view = passage_views.in_context(quote, [passage(0, 19), passage(20, len(TEXT))])
    shown = [words(part) for block in view["blocks"] if block["type"] == "rich_text" for part in block["elements"]]
    assert shown == [TEXT[:19], TEXT[20:]]
    bold = [
        run["text"]
        for b in view["blocks"]
        for part in b["elements"]
        for run in part.get("elements", ())
        if run.get("style")
    ]
    assert bold == [quote.text]
    assert view["blocks"][-1]["type"] == "context"
    assert len(view["title"]["text"]) <= 24
    long = Article("long", "Long", "long.txt", None, "word " * 9000)
    whole = Passage(long, 0, len(long.text), 1, Kind.BODY, (Span(0, len(long.text)),))
    view = passage_views.in_context(Quote(long, 20_000, 20_030, 1, None, 0.5), [whole, whole, whole])
    assert len(json.dumps(view["blocks"])) < 12_000
    assert "word" in str(view["blocks"])


def test_further_passages_are_not_sold_as_answers() -> None:
    """Nothing in them is bold, and a line says what they are; none: a line says that."""
    view = passage_views.more_passages([quote(answer=(0, 5)), quote(FILE)], answers=False)
    assert wording.NEAREST in str(view["blocks"][0])
    assert '"bold"' not in json.dumps(view["blocks"])
    assert len([b for b in view["blocks"] if b["type"] == "context"]) == 2
    assert wording.NO_MORE_PASSAGES in str(passage_views.more_passages([], answers=True)["blocks"])


def test_small_talk_gets_a_friendly_line() -> None:
    """Where nothing was asked, the reply says how to ask."""
    message = message_of(Answer("hello", (), False, 0.0, 0.0, is_question=False))
    assert wording.HOW_TO_ASK in words(elements(message, "rich_text_section")[0])


def test_the_question_is_restated_and_not_parsed() -> None:
    """Above a private answer stands what was asked, character for character."""
    first = message_of(found(quote()), question=True).blocks[0]
    assert words(first["elements"][0]) == "How <many>?"


def test_a_long_quote_is_cut_outside_of_it() -> None:
    """Too long for Slack: a part of it in whole sentences that holds the answer, and a line that says so."""
    sentences = [f"Sentence number {number} says something." for number in range(400)]
    text = " ".join(sentences)
    article = Article("long", "Long", "long.txt", None, text)
    at = text.index("number 300 says")
    long = Quote(article, 0, len(text), 1, (at, at + 10), 0.9)
    message = message_of(found(long))
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
    """Whatever the articles hold: limits kept, text escaped and short, each shown run from the article, buttons last."""
    quotes = []
    for text, times, whole, title in parts:
        stored = (f"x{text}" * times) or "x"
        article = Article("id", title, f"https://example.com/{title}", "2022-01-06", stored)
        quotes.append(Quote(article, 0, len(stored), 1, None if whole else (len(stored) // 2, len(stored)), 0.5))
    plain = message_of(found(*quotes, answerable=answerable), "id", question=True, private=True)
    message = blocks.shared(plain, "U1", "ada")
    assert len(json.dumps(message.blocks, ensure_ascii=False)) < 12_000
    assert len(message.blocks) <= 50
    assert 0 < len(message.text) < 4000
    assert not set("<>\n\u202e") & set(message.text)
    assert [block["type"] for block in message.blocks[-2:]] == ["actions", "context_actions"]
    shown = elements(message, "rich_text_quote")
    assert bool(shown) == answerable
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
    message = summary(Summary(FILE, None, quotes))
    assert [words(element) for element in elements(message, "rich_text_quote")] == [q.text for q in quotes]
    assert "paragraph 2" in [words(element) for element in elements(message, "rich_text_section")]


def test_a_long_list_says_how_many_more() -> None:
    """Hundreds of long titles: as many as fit, and the number of the rest."""
    entries = [
        ArticleEntry(Article(str(n), f"{n} " + "long title " * 20, "https://example.com/" + "x" * 900, None, ""), 3)
        for n in range(300)
    ]
    message = articles(entries)
    listed = message.blocks[0]["elements"][0]["elements"]
    assert len(json.dumps(message.blocks)) < 12_000
    assert words(message.blocks[1]["elements"][0]) == wording.more_articles(300 - len(listed))
    assert "3 passages" in listed[0]["elements"][1]["text"]
