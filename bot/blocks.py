"""Answers, summaries and lists as Slack messages. Pure functions of records; nothing here talks to Slack.

Quotes go into ``rich_text_quote`` elements, which Slack does not parse: a passage stays what it is,
``*``, ``<!channel>`` and all. Blocks are plain dicts (slack_sdk's models turn elements that they do not know
into null). Every message keeps Slack's limits by leaving out the least important quotes, never the line that
says where a quote stands, and never the button.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bot import wording
from bot.mrkdwn import escape, folded, link, one_line, web_address
from index.records import Answer, Article, Quote, Summary

if TYPE_CHECKING:
    from index.archive import ArticleEntry

Block = dict[str, Any]

SHARE_ACTION = "share_answer"
MOST_CHARACTERS = 11_500  # of blocks as JSON; Slack refuses a message from about 13,200, undocumented
MOST_BLOCKS = 50
MOST_FALLBACK = 3_900
LONGEST_QUOTE = 3_000
MOST_NEAREST = 2
MOST_FURTHER = 2
MOST_LISTED = 40

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*\s")


class Message(NamedTuple):
    """``blocks`` for Slack to show, ``text`` for notifications and screen readers, already escaped."""

    blocks: list[Block]
    text: str


def answer(found: Answer, *, question: bool = False) -> Message:
    """The quotes that answer, or plainly that none does; ``question`` True restates it above (for /ask)."""
    if not found.is_question:
        return plain(wording.HOW_TO_ASK)
    head = [_asked(found.question)] if question else []
    if found.answerable and found.quotes:
        first, *further = found.quotes
        core = [*head, *_quoted(first, bold=True)]
        extra = [_quoted(quote, bold=True) for quote in further[:MOST_FURTHER]]
        text = f"“{folded(first.text)}” – {_where(first)}"
        return _message(core, wording.ALSO, extra, text)
    core = [*head, _said(wording.NOT_SAID)]
    nearest = found.quotes[:MOST_NEAREST]
    extra = [_quoted(quote, bold=False) for quote in nearest]
    places = "; ".join(_where(quote) for quote in nearest)
    text = wording.NOT_SAID + (f" {wording.NEAREST} {places}" if places else "")
    return _message(core, wording.NEAREST, extra, text)


def summary(made: Summary) -> Message:
    """The sentences of a summary in the article's order, each a quote with its paragraph."""
    if not made.quotes:
        return _message([_said(wording.NOTHING_TO_SUMMARISE), _source(made.article)], "", [], "")
    extra: list[list[Block]] = []
    for quote in made.quotes:
        elements = [*_quote_elements(quote, bold=False), _section(wording.paragraph(quote.paragraph), "italic")]
        extra.append([{"type": "rich_text", "elements": elements}])
    core = [_said(_title(made.article), "bold"), _source(made.article)]
    text = f"{_title(made.article)}: " + " […] ".join(folded(quote.text) for quote in made.quotes)
    return _message(core, "", extra, text)


def articles(entries: Sequence[ArticleEntry]) -> Message:
    """The articles of the index, the first ``MOST_LISTED`` of them, and how many more there are."""
    if not entries:
        return plain(wording.NO_ARTICLES)
    most = MOST_LISTED
    while True:
        items = [_listed(entry) for entry in entries[:most]]
        blocks = [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_list", "style": "bullet", "elements": items}],
            }
        ]
        if len(entries) > most:
            blocks.append(_said(wording.more_articles(len(entries) - most)))
        if _size(blocks) <= MOST_CHARACTERS or most == 1:
            break
        most = max(1, most * 2 // 3)  # long titles: fewer of them
    return Message(blocks, _fallback("; ".join(_title(entry.article) for entry in entries[:most])))


def plain(text: str) -> Message:
    """Words of the bot's own, or an error's message, as they are."""
    return Message([_said(text)], _fallback(text))


def with_share_button(message: Message, share_id: str) -> Message:
    """``message`` with the button that shares it; the button carries an id and no content."""
    button = {
        "type": "button",
        "action_id": SHARE_ACTION,
        "text": {"type": "plain_text", "text": wording.SHARE},
        "value": share_id,
    }
    # `_message` leaves room for this block.
    return Message([*message.blocks, {"type": "actions", "elements": [button]}], message.text)


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


def _message(core: Sequence[Block], lead: str, extra: Iterable[list[Block]], text: str) -> Message:
    """``core``, then ``lead`` and as much of ``extra`` as fits, in order; what does not fit is left out whole."""
    blocks = list(core)
    for group in extra:
        opening = [_said(lead)] if lead and len(blocks) == len(core) else []
        grown = [*blocks, *opening, *group]
        if len(grown) > MOST_BLOCKS - 2 or _size(grown) > MOST_CHARACTERS - 600:
            break  # two blocks and 600 characters are kept for the button and the sharer's name
        blocks = grown
    return Message(blocks, _fallback(text or wording.NOTHING_TO_SUMMARISE))


def _quoted(quote: Quote, *, bold: bool) -> list[Block]:
    return [
        {"type": "rich_text", "elements": _quote_elements(quote, bold=bold)},
        _source(quote.article, quote.paragraph),
    ]


def _quote_elements(quote: Quote, *, bold: bool) -> list[Block]:
    """The quote, the answer in it bold; one that is too long is cut, and a line outside it says so."""
    start, end = _window(quote)
    cut_front, cut_back = start > 0, end < len(quote.text)
    answer_start, answer_end = quote.answer or (0, len(quote.text))
    answer_start, answer_end = (min(max(edge, start), end) for edge in (answer_start, answer_end))
    runs = [
        _run(quote.text[start:answer_start]),
        _run(quote.text[answer_start:answer_end], "bold" if bold else None),
        _run(quote.text[answer_end:end]),
    ]
    elements: list[Block] = [{"type": "rich_text_quote", "elements": [run for run in runs if run["text"]]}]
    if cut_front or cut_back:
        elements.append(_section(wording.SHORTENED, "italic"))
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


def _run(text: str, style: str | None = None) -> Block:
    run: Block = {"type": "text", "text": folded(text)}
    if style:
        run["style"] = {style: True}
    return run


def _section(text: str, style: str | None = None) -> Block:
    return {"type": "rich_text_section", "elements": [_run(text, style)]}


def _said(text: str, style: str | None = None) -> Block:
    """A line of the bot's own words, not parsed either."""
    return {"type": "rich_text", "elements": [_section(text, style)]}


def _asked(question: str) -> Block:
    return _said(one_line(question, 300) or "?", "bold")


def _source(article: Article, paragraph: int | None = None) -> Block:
    """The line under a quote: title (a link where the source is one), source, paragraph, date."""
    url, title = web_address(article.source), _title(article)
    parts = [] if url else [one_line(article.source, 200)]
    parts += [wording.paragraph(paragraph)] if paragraph is not None else []
    parts += [wording.day(one_line(article.published, 40))] if article.published else []
    if url is None:
        line = " · ".join(part for part in (title, *parts) if part)
        return {"type": "context", "elements": [{"type": "plain_text", "text": line, "emoji": False}]}
    # `verbatim`: Slack makes no links or mentions of its own out of what stands in a title.
    line = " · ".join([link(url, title), *(escape(part) for part in parts)])
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": line, "verbatim": True}]}


def _listed(entry: ArticleEntry) -> Block:
    article, url = entry.article, web_address(entry.article.source)
    title: Block = {"type": "text", "text": _title(article), "style": {"bold": True}}
    if url:
        title = {"type": "link", "url": url, "text": _title(article)}
    parts = [wording.day(one_line(article.published, 40))] if article.published else []
    parts += [wording.passages(entry.passages)]
    parts += [one_line(article.source, 120)] if url is None else []
    rest = "".join(f" · {part}" for part in parts if part)
    return {"type": "rich_text_section", "elements": [title, {"type": "text", "text": rest}]}


def _title(article: Article) -> str:
    return one_line(article.title, 150) or article.id


def _where(quote: Quote) -> str:
    return f"{_title(quote.article)}, {wording.paragraph(quote.paragraph)}"


def _fallback(text: str) -> str:
    """The ``text`` of a message: one line, escaped, short of where Slack cuts (escaping can lengthen it)."""
    longest = MOST_FALLBACK
    while len(line := escape(one_line(text, longest))) > MOST_FALLBACK:
        longest -= max(1, (len(line) - MOST_FALLBACK) // 5)
    return line


def _size(blocks: Sequence[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))
