"""An answer as a Slack message: the answer in one bold line, the quotes that hold it, and the buttons; or a plain no."""

from __future__ import annotations

from bot import buttons, wording
from bot.blocks import (
    Block,
    Message,
    asked,
    fallback,
    fitted,
    plain,
    quoted,
    run,
    said,
    title_of,
    where,
)
from bot.mrkdwn import folded, one_line, web_address
from bot.several import arranged
from index.archive import Covered
from index.records import Answer, Quote

SHORT_ANSWER = 150
"""Characters of an answer that fits into a line; a longer one is bold in its quote and nowhere else."""

MOST_QUOTES = 3


def answer(
    found: Answer,
    id_: str | None = None,
    *,
    question: bool = False,
    private: bool = False,
    covered: Covered | None = None,
) -> Message:
    """The quotes that answer, or plainly that none does.

    ``id_`` is what it is kept under; without, there are no buttons. ``question`` restates it above; ``private`` adds the
    button that shares it; ``covered`` is what was searched, told where nothing answers.
    """
    if not found.is_question:
        return plain(wording.HOW_TO_ASK)
    head = [asked(found.question)] if question else []
    if not (found.answerable and found.quotes):
        return _refusal(found, head, id_, private, covered)
    last = buttons.under(id_, "answer", private=private) if id_ else []
    several = arranged(found.quotes[:MOST_QUOTES])
    if not several.agree:
        return _side_by_side(several.quotes, head, last)
    first, *further = several.quotes
    core = [*head, *_line(first), *quoted(first, bold=True)]
    text = (f"{short}: " if (short := _short(first)) else "") + f"“{folded(first.text)}” – {where(first)}"
    return Message(fitted(core, wording.ALSO, [quoted(quote, bold=True) for quote in further], last), fallback(text))


def _refusal(found: Answer, head: list[Block], id_: str | None, private: bool, covered: Covered | None) -> Message:
    core = [*head, said(wording.NOT_SAID)]
    text = wording.NOT_SAID
    if covered is not None:
        searched = wording.searched(covered.articles, covered.first, covered.last)
        core.append({"type": "context", "elements": [{"type": "plain_text", "text": searched, "emoji": False}]})
        text = f"{text} {searched}"
    kind: buttons.Kind = "refusal"
    last = buttons.under(id_, kind, private=private) if id_ else []
    if not found.quotes:
        last = [block for block in last if block["type"] != "actions"]
    return Message([*core, *last], fallback(text))


def _side_by_side(quotes: list[Quote], head: list[Block], last: list[Block]) -> Message:
    """Articles that answer differently: each with its date, the newest first; nothing says which is right."""
    said_by, groups = [], []
    for quote in quotes:
        short = _short(quote)
        when = wording.day(one_line(quote.article.published, 40)) if quote.article.published else wording.UNDATED
        runs = [run(f"{when}: "), run(short, "bold")] if short else [run(when)]
        line: Block = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": runs}]}
        groups.append([line, *quoted(quote, bold=True)])
        said_by.append(f"{when}: {short or folded(quote.text)} ({where(quote)})")
    core = [*head, said(wording.DIFFER), *groups[0]]
    text = f"{wording.DIFFER} " + "; ".join(said_by)
    return Message(fitted(core, "", groups[1:], last), fallback(text))


def _line(quote: Quote) -> list[Block]:
    """The answer in one bold line, with a citation of its source where that has an address."""
    short = _short(quote)
    if not short:
        return []
    elements = [run(short, "bold")]
    if url := web_address(quote.article.source):
        details = {
            "citation_type": "web",
            "title": title_of(quote.article),
            "snippet": one_line(quote.text, 200),
        }
        elements += [run(" "), {"type": "citation", "url": url, "text": "1", "index": 1, "details": details}]
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": elements}]}]


def _short(quote: Quote) -> str:
    """The answer where it fits into a line of its own; "" where the quote says it as a whole, or it is long."""
    exact = folded(quote.answer_text or "").strip()
    return exact if len(exact) <= SHORT_ANSWER and exact != folded(quote.text).strip() else ""
