"""Slack's text formats, in and out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mrkdwn import escape, folded, link, one_line, readable, web_address


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("<@UBOT> Which   countries?", "Which   countries?"),
        ("what did <@U2> say, <@UBOT>?", "what did @U2 say,  ?"),
        ("<@UBOT|verbatim> hi <@U2|ada>", "hi @ada"),
        ("in <#C1|general> or <#C2>", "in #general or #C2"),
        ("<!here> <!subteam^S1|@desk> <!subteam^S2>", "@here @desk @subteam"),
        ("<https://example.com/a?b=1&amp;c=2>", "https://example.com/a?b=1&c=2"),
        ("<http://kz.it|kz.it> &amp; <mailto:a@b.c|a@b.c>", "kz.it & a@b.c"),
        ("&amp;lt; 3 &lt; 4 &gt; 2", "&lt; 3 < 4 > 2"),
        ("a < b", "a < b"),
        ("\ud800?", "??"),
    ],
)
def test_incoming_text_is_read_as_the_person_saw_it(sent: str, read: str) -> None:
    """References by their labels, entities undone once, only the bot's own mention dropped."""
    assert readable(sent, without_user="UBOT") == read


@given(st.text())
def test_escaping_is_undone_by_reading(text: str) -> None:
    """What is escaped once comes back whole: nothing is lost, nothing is parsed."""
    assert readable(escape(text)) == text.encode("utf-8", "replace").decode().strip()


@given(st.text())
def test_a_link_is_one_link(label: str) -> None:
    """No label can end its link early or begin another reference."""
    made = link("https://example.com/", one_line(label, 50))
    assert made.count("<") == made.count(">") == made.count("|") == 1
    assert "\n" not in made


@pytest.mark.parametrize(
    "source",
    ["articles/a.txt", "javascript:alert(1)", "http://", "http://[x", "ftp://a/b", "https://a/" + "x" * 3000],
)
def test_only_web_addresses_are_linked(source: str) -> None:
    """Files, scripts and broken or endless addresses stay text."""
    assert web_address(source) is None


def test_an_address_cannot_end_its_link() -> None:
    """Characters that mean something in a link are percent-encoded; what is encoded stays so."""
    assert web_address("https://a/<b>|c d%20é") == "https://a/%3Cb%3E%7Cc%20d%20%C3%A9"


def test_folding_keeps_every_word() -> None:
    """A hard-wrapped sentence is shown on one line, with its words and their order."""
    assert folded("one\n  two\u00a0three  four") == "one two\u00a0three  four"


def test_one_line_is_short_and_runs_one_way() -> None:
    """Titles lose line breaks and bidi overrides, and are cut with an ellipsis."""
    assert one_line("a\nb\u202ec", 10) == "a bc"
    assert one_line("abcdefgh", 5) == "abcd…"
