"""A summary as a Slack message: the article's main sentences, each a quote of its own with its paragraph."""

from __future__ import annotations

from bot import buttons, wording
from bot.blocks import Block, Message, fallback, fitted, quote_elements, said, section, source_line, title_of
from bot.mrkdwn import folded
from index.records import Summary


def summary(made: Summary, id_: str | None = None, *, private: bool = False) -> Message:
    """The sentences in the article's order; ``id_`` is what it is kept under, ``private`` adds the share button."""
    if not made.quotes:
        text = wording.NOTHING_TO_SUMMARISE
        return Message([said(text), source_line(made.article)], fallback(text))
    extra: list[list[Block]] = []
    for quote in made.quotes:
        elements = [*quote_elements(quote, bold=False), section(wording.paragraph(quote.paragraph), "italic")]
        extra.append([{"type": "rich_text", "elements": elements}])
    core = [said(title_of(made.article), "bold"), source_line(made.article)]
    last = buttons.under(id_, "summary", private=private) if id_ else []
    text = f"{title_of(made.article)}: " + " […] ".join(folded(quote.text) for quote in made.quotes)
    return Message(fitted(core, "", extra, last), fallback(text))
