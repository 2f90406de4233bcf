"""The windows behind an answer's buttons: the quote in its context, and further passages. Pure functions of records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot import wording
from bot.blocks import LONGEST_QUOTE, Block, fitted, quoted, run, said, source_line
from index.records import Passage, Quote

MOST_PASSAGE = 2_500
"""Characters of a paragraph beside the quote that a window shows."""

MOST_BESIDE = 1_200
"""Characters before, and after, the quote in its own paragraph; a quote has at most three."""


def in_context(quote: Quote, around: Sequence[Passage]) -> dict[str, Any]:
    """The paragraphs around a quote, the quote in bold; ``around`` as `Archive.around` gives them."""
    holding = [i for i, passage in enumerate(around) if passage.start < quote.end and quote.start < passage.end]
    first, last = (holding[0], holding[-1]) if holding else (0, -1)
    before = [_paragraph(passage) for passage in around[:first]]
    marked = [_marked(passage, quote) for passage in around[first : min(last, first + 2) + 1]]
    after = [_paragraph(passage) for passage in around[last + 1 :]]
    core = [*marked, source_line(quote.article, quote.paragraph)]
    # What stands before and after is left out where the quote itself fills the window.
    blocks = fitted(core, "", [[block] for block in (*before, *after)])
    shown = blocks[len(core) :]
    return _view(
        wording.IN_CONTEXT,
        [*(b for b in before if b in shown), *core[:-1], *(a for a in after if a in shown), core[-1]],
    )


def more_passages(quotes: Sequence[Quote], *, answers: bool) -> dict[str, Any]:
    """Further passages, none of them bold; ``answers``: they stand behind an answer, else behind a plain no."""
    if not quotes:
        return _view(wording.MORE_PASSAGES, [said(wording.NO_MORE_PASSAGES)])
    lead = said(wording.FURTHER if answers else wording.NEAREST)
    title = wording.MORE_PASSAGES if answers else wording.NEAREST_PASSAGES
    return _view(title, fitted([lead], "", [quoted(quote, bold=False) for quote in quotes]))


def _view(title: str, blocks: list[Block]) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "close": {"type": "plain_text", "text": wording.CLOSE},
        "blocks": blocks,
    }


def _paragraph(passage: Passage) -> Block:
    return _runs([run(_beginning(passage.text, MOST_PASSAGE))])


def _marked(passage: Passage, quote: Quote) -> Block:
    """A paragraph with the part of it that was quoted in bold."""
    start, end = max(0, quote.start - passage.start), min(len(passage.text), quote.end - passage.start)
    end = min(end, start + LONGEST_QUOTE)
    text = passage.text
    parts = [
        run(_end(text[:start], MOST_BESIDE)),
        run(text[start:end], "bold"),
        run(_beginning(text[end:], MOST_BESIDE)),
    ]
    return _runs([part for part in parts if part["text"]])


def _beginning(text: str, most: int) -> str:
    return text if len(text) <= most else text[:most].rstrip() + " …"


def _end(text: str, most: int) -> str:
    return text if len(text) <= most else "… " + text[-most:].lstrip()


def _runs(runs: list[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": runs}]}
