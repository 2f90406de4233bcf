"""What came of a change of the index, as a message to the one who asked for it. Pure functions of records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot import wording
from bot.article_list import listed
from bot.blocks import Block, Message, fallback, said, title_of
from bot.mrkdwn import one_line
from index.archive import ArticleEntry
from index.records import Article

if TYPE_CHECKING:
    from index.build import BuildReport

MOST_NAMED = 8
"""Articles, and sources that were left out, that are named; of others it is said how many there are."""


def done(report: BuildReport, before: Mapping[str, Article], now: Sequence[ArticleEntry], *, rebuilt: bool) -> Message:
    """What the index holds, which articles are new, changed or gone since ``before``, and what could not be read."""
    present = {entry.article.id for entry in now}
    new = [entry for entry in now if entry.article.id not in before]
    changed = [entry for entry in now if before.get(entry.article.id, entry.article) != entry.article]
    gone = [article for id_, article in before.items() if id_ not in present]
    told = [wording.held(report.articles, report.passages)]
    if rebuilt:
        told.append(wording.differences(len(new), len(changed), len(gone)))
    elif not new and not changed:
        told.append(wording.NOTHING_CHANGED)
    shown = [*new, *changed]
    blocks = [said(" ".join(told)), *_list([listed(entry) for entry in shown])]
    text = [*told, *(title_of(entry.article) for entry in shown[:MOST_NAMED])]
    if gone:
        blocks += [said(wording.NO_LONGER), *_list([_line(_named(article)) for article in gone])]
        text += [wording.NO_LONGER, *map(_named, gone[:MOST_NAMED])]
    if report.unread:
        left_out = [one_line(str(unread), 300) for unread in report.unread]
        blocks += [said(wording.unread(len(left_out))), *_list([_line(one) for one in left_out])]
        text += [wording.unread(len(left_out)), *left_out[:MOST_NAMED]]
    return Message(blocks, fallback(" ".join(text)))


def _list(items: Sequence[Block]) -> list[Block]:
    """The first of ``items`` as a list, and how many there are more."""
    if not items:
        return []
    elements = list(items[:MOST_NAMED])
    if len(items) > MOST_NAMED:
        elements.append(_line(wording.more(len(items) - MOST_NAMED)))
    return [{"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": elements}]}]


def _named(article: Article) -> str:
    return f"{title_of(article)} ({one_line(article.source, 200)})"


def _line(text: str) -> Block:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
