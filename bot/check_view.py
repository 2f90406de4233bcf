"""The window that shows a message beside the articles: each sentence, and the passage that comes nearest to it.

It quotes and leaves the judging to people: no word of right or wrong, nothing bold in a quote. Pure functions of records.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bot import wording
from bot.blocks import (
    MOST_BLOCKS,
    MOST_CHARACTERS,
    Block,
    Message,
    fallback,
    plain,
    quote_elements,
    said,
    section,
    size,
    source_line,
    where,
)
from bot.mrkdwn import folded, one_line
from index.records import Checked

LONGEST_CLAIM = 300
MOST_VIEW_BLOCKS = 100
MOST_VIEW_BYTES = 150_000  # as JSON on the wire; Slack refuses a view from 250,000


def reading() -> dict[str, Any]:
    """While the articles are being read."""
    return notice(plain(wording.CHECKING))


def notice(message: Message) -> dict[str, Any]:
    """A window that says what ``message`` says."""
    return _view(message.blocks)


def checked(found: Sequence[Checked], left_out: int, questions: int) -> dict[str, Any]:
    """What was found, as a window; ``left_out`` sentences and ``questions`` were not looked for."""
    if not found:
        return notice(nothing(questions))
    return _view(_fitted(found, left_out, questions, MOST_VIEW_BLOCKS, MOST_VIEW_BYTES, _bytes))


def message(found: Sequence[Checked], left_out: int, questions: int) -> Message:
    """The same as a message, where it came too late for a window; as much of it as a message takes."""
    if not found:
        return nothing(questions)
    text = " ".join([wording.CHECK_LEAD, *map(_in_words, found)])
    return Message(_fitted(found, left_out, questions, MOST_BLOCKS, MOST_CHARACTERS, size), fallback(text))


def nothing(questions: int) -> Message:
    """Of a message that claims nothing."""
    words = [wording.NOTHING_TO_CHECK, *([wording.questions_unchecked(questions)] if questions else [])]
    return plain(" ".join(words))


def _fitted(
    found: Sequence[Checked], left_out: int, questions: int, most_blocks: int, most: int, measure: Any
) -> list[Block]:
    """The lead, as many of ``found`` as fit, and what was left out; room is kept for those last lines."""
    blocks, shown = [said(wording.CHECK_LEAD)], 0
    for one in found:
        grown = [*blocks, *_beside(one)]
        if len(grown) > most_blocks - 2 or measure(grown) > most - 500:
            break
        blocks, shown = grown, shown + 1
    left_out += len(found) - shown
    if left_out:
        blocks.append(said(wording.left_unchecked(left_out), "italic"))
    if questions:
        blocks.append(said(wording.questions_unchecked(questions), "italic"))
    return blocks


def _beside(one: Checked) -> list[Block]:
    """A sentence in bold, and below it the quote with what it lacks and where it stands; or that there is none."""
    claim = section(one_line(one.claim, LONGEST_CLAIM), "bold")
    if one.quote is None:
        return [{"type": "rich_text", "elements": [claim, section(wording.NO_PASSAGE, "italic")]}]
    elements = [claim, *quote_elements(one.quote, bold=False)]
    if one.lacking:
        elements.append(section(one_line(wording.not_in_passage(one.lacking), LONGEST_CLAIM), "italic"))
    return [{"type": "rich_text", "elements": elements}, source_line(one.quote.article, one.quote.paragraph)]


def _in_words(one: Checked) -> str:
    said_there = f"“{folded(one.quote.text)}” – {where(one.quote)}" if one.quote else wording.NO_PASSAGE
    return f"{one_line(one.claim, LONGEST_CLAIM)} {said_there}"


def _view(blocks: list[Block]) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": wording.CHECK},
        "close": {"type": "plain_text", "text": wording.CLOSE},
        "blocks": blocks,
    }


def _bytes(blocks: Sequence[Block]) -> int:
    return len(json.dumps(blocks))
