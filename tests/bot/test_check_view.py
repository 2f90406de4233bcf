"""The window of the message shortcut: within Slack's limits whatever it shows, and never a judge."""

from __future__ import annotations

import re

import pytest
from slack_standin import blocks as kit
from slack_standin import parsing

from bot import check_view, wording
from index.records import Article, Checked, Quote

HOSTILE = "<!channel> *b* & <https://evil.example|x> \u202e"


def checked(claim: str, quoted: str | None, lacking: tuple[str, ...] = (), title: str = "A title") -> Checked:
    if quoted is None:
        return Checked(claim, None, ())
    article = Article("a", title, "articles/a.txt", "2024-03-14", quoted)
    return Checked(claim, Quote(article, 0, len(quoted), 3, None, 0.0), lacking)


def test_each_sentence_has_its_quote_and_what_that_lacks() -> None:
    """In the message's order; or plainly that there is none."""
    found = [
        checked("It has 3,000 men.", "It has 2,500 men.", ("3,000", "Ida Brandvik")),
        checked("Mars is red.", None),
    ]
    view = check_view.checked(found, 0, 0)
    shown = parsing.visible(None, view["blocks"])
    assert parsing.quotes(view["blocks"]) == ["It has 2,500 men."]
    assert parsing.bold(view["blocks"]) == []
    order = ["It has 3,000 men.", "It has 2,500 men.", "Not in this passage: 3,000, Ida Brandvik", "Mars is red."]
    places = [shown.index(part) for part in [*order, wording.NO_PASSAGE]]
    assert places == sorted(places)
    assert "paragraph 3" in shown


def test_what_was_left_out_is_told() -> None:
    """How many sentences and how many questions; nothing where nothing was."""
    found = [checked("It has 3,000 men.", None)]
    told = parsing.visible(None, check_view.checked(found, 4, 2)["blocks"])
    assert "4 sentences more were left out" in told
    assert "2 questions were left out" in told
    assert "left out" not in parsing.visible(None, check_view.checked(found, 0, 0)["blocks"])


@pytest.mark.parametrize("sign", ["a", "語", "\U0001f34e", "<", '"', "\\", "\n"])
@pytest.mark.parametrize("length", [1, 700, 5_000])
def test_slack_takes_it_whatever_it_shows(sign: str, length: int) -> None:
    """Twenty long sentences with long quotes in any script: as a window and as a message, and what did not fit is counted."""
    text = f"{HOSTILE}{sign * length}."
    found = [checked(text, text, (text, text), text)] * wording.MOST_CHECKED
    view, message = check_view.checked(found, 3, 1), check_view.message(found, 3, 1)
    assert kit.view_problems(view) == []
    assert not kit.view_too_large(view)
    assert kit.problems(message.blocks) == []
    assert not kit.too_long(message.blocks)
    assert len(message.text) <= 4000
    assert parsing.pings(message.text, [*view["blocks"], *message.blocks]) == []
    for blocks in (view["blocks"], message.blocks):
        left_out = 3 + len(found) - len(parsing.quotes(blocks))
        assert f"{left_out} sentences more were left out" in parsing.visible(None, blocks)
        assert parsing.quotes(blocks)


def test_a_message_that_claims_nothing_gets_a_plain_word() -> None:
    """As a window and as a message."""
    view = check_view.checked([], 0, 1)
    assert kit.view_problems(view) == []
    assert wording.NOTHING_TO_CHECK in parsing.visible(None, view["blocks"])
    assert "question" in check_view.message([], 0, 1).text


def test_no_word_judges() -> None:
    """The bot quotes, people judge: nothing that it says of a claim calls it right or wrong."""
    found = [checked("Claim.", "Quote.", ("3,000",)), checked("Other.", None)]
    views = [check_view.checked(found, 2, 2), check_view.checked([], 0, 1), check_view.reading()]
    own = [parsing.visible(None, view["blocks"]) for view in views] + [check_view.message(found, 2, 2).text]
    judging = r"\b(true|false|right|wrong|correct|incorrect|confirm\w*|refut\w*|support\w*|verif\w*|contradict\w*|answer\w*)\b"
    assert re.findall(judging, " ".join(own), re.IGNORECASE) == []
