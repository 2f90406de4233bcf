"""The articles of the index as a Slack message: as many as fit, and how many more there are."""

from __future__ import annotations

from collections.abc import Sequence

from bot import wording
from bot.blocks import MOST_CHARACTERS, Block, Message, fallback, plain, said, size, title_of
from bot.mrkdwn import one_line, web_address
from index.archive import ArticleEntry

MOST_LISTED = 40


def articles(entries: Sequence[ArticleEntry], total: int | None = None) -> Message:
    """``entries`` in their order, the first ``MOST_LISTED`` of them; ``total`` is how many there are with those left out."""
    if not entries:
        return plain(wording.NO_ARTICLES)
    total = len(entries) if total is None else total
    most = min(MOST_LISTED, len(entries))
    while True:
        items = [listed(entry) for entry in entries[:most]]
        blocks: list[Block] = [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_list", "style": "bullet", "elements": items}],
            }
        ]
        if total > most:
            blocks.append(said(wording.more_articles(total - most)))
        if size(blocks) <= MOST_CHARACTERS or most == 1:
            break
        most = max(1, most * 2 // 3)  # long titles: fewer of them
    return Message(blocks, fallback("; ".join(title_of(entry.article) for entry in entries[:most])))


def listed(entry: ArticleEntry) -> Block:
    """One article as a line of a list: its title (a link where it has an address), date, passages and source."""
    article, url = entry.article, web_address(entry.article.source)
    title: Block = {"type": "text", "text": title_of(article), "style": {"bold": True}}
    if url:
        title = {"type": "link", "url": url, "text": title_of(article)}
    parts = [wording.day(one_line(article.published, 40))] if article.published else []
    parts += [wording.passages(entry.passages)]
    parts += [one_line(article.source, 120)] if url is None else []
    rest = "".join(f" · {part}" for part in parts if part)
    return {"type": "rich_text_section", "elements": [title, {"type": "text", "text": rest}]}
