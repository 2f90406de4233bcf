"""The home tab and its modals, held against Slack's limits."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_standin import parsing
from slack_standin.blocks import view_problems

from bot import home_view, wording
from bot.answers import Kept, Place
from bot.channels import ChannelSettings
from bot.overview import MOST_NEWEST, Overview
from index.archive import ArticleEntry
from index.records import Answer, Article, Quote, Summary

TITLES = [
    "x" * 5000,
    "<!channel> *Bold* <@U1> | of Quillon & <https://evil.example|click>",
    "\u202egnihtemos\u202c and \u2067more",
    "שלום עולם",
    ":tada:\n\n\n`code`",
    "",
]
BUILT = 1_795_621_260


def overview(*titles: str, total: int | None = None, source: str = "articles/a.txt") -> Overview:
    entries = [
        ArticleEntry(Article(f"id-{n}", title, source, "2024-03-14" if n % 2 else None, "Text."), n)
        for n, title in enumerate(titles)
    ]
    return Overview("g1", total or len(titles), "2022-01-06", "2024-03-14", BUILT, tuple(entries[:MOST_NEWEST]))


def kept(question: str, shown: Answer | Summary | None = None, id_: str = "an-id") -> Kept:
    return Kept(id_, Place("T1", "D1", "1.2"), "U1", 1.0, question, shown)


def answered(question: str, text: str = "The pump failed.", *, answerable: bool = True) -> Answer:
    quote = Quote(Article("a", text[:200], "https://e.example/a", None, text), 0, len(text), 1, (0, 3), 0.9)
    return Answer(question, (quote,), answerable, 0.9, 1.0)


def buttons(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [button for block in view["blocks"] for button in parsing.buttons([block])]


def harmless(view: dict[str, Any]) -> bool:
    """Slack takes the view, and nothing in it pings anybody."""
    return view_problems(view) == [] and parsing.pings("", view["blocks"]) == []


def test_what_everybody_sees() -> None:
    """How to ask, what was read and when it was built, the last five questions with a button each; no settings."""
    asked = [kept(f"Question {n}?", answered("?"), f"id{n}") for n in range(7)]
    view = home_view.home(overview("A fire", "A flood", total=14), asked, None)
    assert harmless(view)
    shown = parsing.visible("", view["blocks"])
    assert "14 articles, from 6 January 2022 to 14 March 2024." in shown
    assert "A fire" in shown
    assert "… and 12 more" in shown
    (moment,) = [node for node in parsing.nodes(view["blocks"]) if node.get("type") == "date"]
    assert (moment["timestamp"], moment["fallback"]) == (BUILT, "25 November 2026, 15:41 UTC")
    assert [button["value"] for button in buttons(view)] == ["id0", "id1", "id2", "id3", "id4"]
    assert {button["action_id"] for button in buttons(view)} == {home_view.SHOW_ACTION}
    assert "Question 4?" in shown
    assert "Question 5?" not in shown
    assert wording.CHANNEL_SETTINGS not in shown


def test_a_refused_question_is_marked() -> None:
    """So that nobody opens it in vain; a summary's or a lost answer's question is shown as it is."""
    view = home_view.home(overview(), [kept("Why?", answered("Why?", answerable=False)), kept("How?")], None)
    assert [block["text"]["text"] for block in view["blocks"] if block["type"] == "section"] == [
        f"Why?\n{wording.NOT_SAID}",
        "How?",
    ]


def test_nothing_to_show() -> None:
    """An empty index, nobody who asked anything, and questions that cannot be read are said in words."""
    empty = Overview("g1", 0, "", "", None, ())
    shown = parsing.visible("", home_view.home(empty, [], None)["blocks"])
    assert wording.NO_ARTICLES in shown
    assert wording.NOTHING_ASKED in shown
    unread = home_view.home(empty, None, {})
    assert harmless(unread)
    assert wording.NOT_READABLE in parsing.visible("", unread["blocks"])


def test_what_administrators_see() -> None:
    """Every channel with settings, a button to change it, and one for a channel that has none yet."""
    settings = {"C1": ChannelSettings(unasked=True), "G2": ChannelSettings(("sport", "<!here>"))}
    view = home_view.home(overview("A fire"), [], settings)
    assert view_problems(view) == []
    assert [button.get("value") for button in buttons(view)] == ["C1", "G2", None]
    shown = parsing.visible("", view["blocks"])
    assert "<#C1>" in shown
    assert "all articles" in shown
    assert "&lt;!here&gt;" in shown
    assert "<!here>" not in shown


def test_the_most_that_there_can_be() -> None:
    """300 articles with one long title, long addresses, long questions and 500 channels make a view that Slack takes."""
    titles = ["<!channel> " * 500] * 300
    channels = {f"C{n:05}": ChannelSettings(("sport",) * 5, unasked=True) for n in range(500)}
    asked = [kept("<@U1> & why? " * 80, answered("?"), f"id{n}") for n in range(5)]
    view = home_view.home(overview(*titles, source="https://e.example/" + "a" * 1900), asked, channels)
    assert view_problems(view) == []
    assert len(view["blocks"]) <= 100
    assert [ping for ping in parsing.pings("", view["blocks"]) if not ping.startswith("#C")] == []
    shown = parsing.visible("", view["blocks"])
    assert f"and {500 - home_view.MOST_CHANNELS} more" in shown
    assert sum(len(str(block)) for block in view["blocks"]) < 60_000


@pytest.mark.parametrize("title", TITLES)
def test_hostile_titles(title: str) -> None:
    """A title is its characters and nothing else, in the list as in an answer."""
    assert harmless(home_view.home(overview(*[title] * 20), [kept(title, answered(title))], None))
    assert harmless(home_view.answer_modal(kept(title, answered(title, title or "x"))))
    assert harmless(home_view.answer_modal(kept(title)))


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_title_and_any_question(title: str, question: str) -> None:
    """Whatever characters they are made of."""
    assert harmless(home_view.home(overview(title), [kept(question, answered(question))], None))
    assert harmless(home_view.answer_modal(kept(question, answered(question, title or "x", answerable=False))))
    assert harmless(home_view.answer_modal(kept(question)))


def test_an_answer_shown_again() -> None:
    """The question and the quote, word for word, without citations; where the articles have changed, that is said alone."""
    view = home_view.answer_modal(kept("Why?", answered("Why?")))
    assert [node for node in parsing.nodes(view["blocks"]) if node.get("type") in ("citation", "button")] == []
    assert parsing.quotes(view["blocks"]) == ["The pump failed."]
    assert parsing.visible("", view["blocks"]).startswith("Why?")
    gone = home_view.answer_modal(kept("Why?"))
    assert parsing.quotes(gone["blocks"]) == []
    assert wording.CHANGED_SINCE in parsing.visible("", gone["blocks"])


@pytest.mark.parametrize("settings", [ChannelSettings(), ChannelSettings(("a", "b"), unasked=True)])
@pytest.mark.parametrize("channel", ["C1", None])
def test_the_settings_of_a_channel(channel: str | None, settings: ChannelSettings) -> None:
    """A channel to choose, a box that shows what is set, the collections as words, and a way to save."""
    view = home_view.channel_modal(channel, settings)
    assert harmless(view)
    select, ticks, _ = view["blocks"]
    assert select["element"].get("initial_conversation") == channel
    assert bool(ticks["element"].get("initial_options")) == settings.unasked
    assert ticks["optional"]
    assert view["submit"]["text"]
    assert view["callback_id"] == home_view.CHANNEL_CALLBACK


def test_a_notice_is_a_view() -> None:
    """A word in a modal, and a home tab that only says that something went wrong."""
    from bot.blocks import plain

    assert harmless(home_view.notice_modal(wording.GONE))
    assert harmless(home_view.only(plain(wording.apology("1f"))))
