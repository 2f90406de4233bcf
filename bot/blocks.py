"""The building stones of the bot's messages. Pure functions; nothing here talks to Slack.

Quotes go into ``rich_text_quote`` elements, which Slack does not parse: a passage stays what it is,
``*``, ``<!channel>`` and all. Blocks are plain dicts (slack_sdk's models turn elements that they do not know
into null). Every message keeps Slack's limits by leaving out the least important quotes, never the line that
says where a quote stands, and never the buttons.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from bot import wording
from bot.mrkdwn import escape, folded, link, one_line, web_address
from index.records import Article, Quote

Block = dict[str, Any]

MOST_CHARACTERS = 11_500  # of blocks as JSON; Slack refuses a message from about 13,200, undocumented
MOST_BLOCKS = 50
MOST_FALLBACK = 3_900
LONGEST_QUOTE = 3_000

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s")


class Message(NamedTuple):
    """``blocks`` for Slack to show, ``text`` for notifications and screen readers, already escaped."""

    blocks: list[Block]
    text: str


def plain(text: str) -> Message:
    """Words of the bot's own, or an error's message, as they are."""
    return Message([said(text)], fallback(text))


def fitted(core: Sequence[Block], lead: str, extra: Iterable[list[Block]], last: Sequence[Block] = ()) -> list[Block]:
    """``core``, then ``lead`` and as much of ``extra`` as fits, in order, then ``last``; a group of ``extra`` that does
    not fit is left out whole. Room is kept for the line that says who shared a message."""
    blocks = list(core)
    room = MOST_CHARACTERS - size(last) - 400
    for group in extra:
        opening = [said(lead)] if lead and len(blocks) == len(core) else []
        grown = [*blocks, *opening, *group]
        if len(grown) + len(last) > MOST_BLOCKS - 1 or size(grown) > room:
            break
        blocks = grown
    return [*blocks, *last]


def shared(message: Message, user: str, name: str) -> Message:
    """``message`` as posted to the channel by a person: who shared it stands above."""
    who: Block = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": wording.shared_by("")},
                    {"type": "user", "user_id": user},
                ],
            }
        ],
    }
    by = wording.shared_by(one_line(name, 80) or user)
    return Message([who, *message.blocks], escape(f"{by}: ") + message.text)


def quoted(quote: Quote, *, bold: bool) -> list[Block]:
    """A quote, the answer in it bold, and the line that says where it stands."""
    return [
        {"type": "rich_text", "elements": quote_elements(quote, bold=bold)},
        source_line(quote.article, quote.paragraph),
    ]


def quote_elements(quote: Quote, *, bold: bool) -> list[Block]:
    """The quote, the answer in it bold; one that is too long is cut, and a line outside it says so."""
    start, end = _window(quote)
    cut_front, cut_back = start > 0, end < len(quote.text)
    answer_start, answer_end = quote.answer or (0, len(quote.text))
    answer_start, answer_end = (min(max(edge, start), end) for edge in (answer_start, answer_end))
    runs = [
        run(quote.text[start:answer_start]),
        run(quote.text[answer_start:answer_end], "bold" if bold else None),
        run(quote.text[answer_end:end]),
    ]
    elements: list[Block] = [{"type": "rich_text_quote", "elements": [run for run in runs if run["text"]]}]
    if cut_front or cut_back:
        elements.append(section(wording.SHORTENED, "italic"))
    return elements


def _window(quote: Quote) -> tuple[int, int]:
    """The part of the quote to show, offsets in its text: all of it, or whole sentences around the answer."""
    text = quote.text
    if len(text) <= LONGEST_QUOTE:
        return 0, len(text)
    needed_start, needed_end = quote.answer or (0, 0)
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    start = 0
    if needed_end > LONGEST_QUOTE:
        start = max((edge for edge in ends if edge <= needed_start), default=0)
        if needed_end - start > LONGEST_QUOTE:
            start = needed_start  # a sentence longer than the room for it
    last = start + LONGEST_QUOTE
    end = max((edge for edge in ends if needed_end <= edge <= last and edge > start), default=0)
    if not end:
        end = max(text.rfind(" ", start, last), start + LONGEST_QUOTE // 2, min(needed_end, last))
    return start, start + len(text[start:end].rstrip())


def run(text: str, style: str | None = None) -> Block:
    run: Block = {"type": "text", "text": folded(text)}
    if style:
        run["style"] = {style: True}
    return run


def section(text: str, style: str | None = None) -> Block:
    return {"type": "rich_text_section", "elements": [run(text, style)]}


def said(text: str, style: str | None = None) -> Block:
    """A line of the bot's own words, not parsed either."""
    return {"type": "rich_text", "elements": [section(text, style)]}


def asked(question: str) -> Block:
    return said(one_line(question, 300) or "?", "bold")


def source_line(article: Article, paragraph: int | None = None) -> Block:
    """The line under a quote: title (a link where the source is one), source, paragraph, date."""
    url, title = web_address(article.source), title_of(article)
    parts = [] if url else [one_line(article.source, 200)]
    parts += [wording.paragraph(paragraph)] if paragraph is not None else []
    parts += [wording.day(one_line(article.published, 40))] if article.published else []
    if url is None:
        line = " · ".join(part for part in (title, *parts) if part)
        return {"type": "context", "elements": [{"type": "plain_text", "text": line, "emoji": False}]}
    # `verbatim`: Slack makes no links or mentions of its own out of what stands in a title.
    line = " · ".join([link(url, title), *(escape(part) for part in parts)])
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": line, "verbatim": True}]}


def title_of(article: Article) -> str:
    return one_line(article.title, 150) or article.id


def where(quote: Quote) -> str:
    return f"{title_of(quote.article)}, {wording.paragraph(quote.paragraph)}"


def fallback(text: str) -> str:
    """The ``text`` of a message: one line, escaped, short of where Slack cuts (escaping can lengthen it)."""
    longest = MOST_FALLBACK
    while len(line := escape(one_line(text, longest))) > MOST_FALLBACK:
        longest -= max(1, (len(line) - MOST_FALLBACK) // 5)
    return line


def size(blocks: Sequence[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))
