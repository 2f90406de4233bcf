"""HTML and Markdown to plain text: paragraphs parted by blank lines, bullets as ``•``, nothing else added."""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNSEEN = (
    "//*[@hidden or @aria-hidden='true' or self::template or self::noscript"
    " or contains(translate(@style, ' ', ''), 'display:none') or contains(translate(@style, ' ', ''), 'visibility:hidden')]"
)
"""What a reader of the page does not see must never be quoted from it."""


@dataclass(frozen=True, slots=True)
class PlainPage:
    """The article in a page, and what the page says of it."""

    text: str
    title: str | None = None
    published: str | None = None


def from_html(page: str) -> PlainPage:
    """The article of a web page by trafilatura, without menus, comments and footers.

    A page too short for it is taken with all its text.
    """
    from trafilatura import bare_extraction, html2txt
    from trafilatura.settings import Document
    from trafilatura.utils import load_html

    tree = load_html(page)
    if tree is None:
        return PlainPage(text="")
    for element in tree.xpath(_UNSEEN):
        element.drop_tree()
    found = bare_extraction(
        tree,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        # Only a date that the page gives as its own: any year in the text would do for the extensive search.
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    if not isinstance(found, Document) or not (found.text or "").strip():
        return PlainPage(text=_spaced(html2txt(tree) or ""), title=_title_tag(page))
    # trafilatura writes a paragraph a line.
    return PlainPage(text=_spaced(found.text or ""), title=found.title or _title_tag(page), published=found.date)


def from_markdown(source: str) -> PlainPage:
    """Markdown's text without its signs; title and date from front matter or the first heading."""
    from markdown_it import MarkdownIt

    meta, body = _front_matter(source)
    title = meta.get("title")
    blocks: list[str] = []
    row: list[str] = []
    prefix = ""
    wants_title = in_row = False
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        if token.type == "list_item_open":
            prefix = "• "
        elif token.type == "heading_open":
            wants_title = title is None and token.tag == "h1"
        elif token.type == "tr_open":
            row, in_row = [], True
        elif token.type == "tr_close":
            blocks.append(" | ".join(row))
            in_row = False
        elif token.type == "inline":
            text = "".join(_inline(child.type, child.content) for child in token.children or []).strip()
            if in_row:
                row.append(text)
            elif text:
                blocks.append(prefix + text)
                title = text if wants_title else title
                prefix, wants_title = "", False
        elif token.type in ("fence", "code_block") and token.content.strip():
            blocks.append(token.content.strip("\n"))
    return PlainPage("\n\n".join(blocks), title or None, meta.get("date") or meta.get("published"))


def _inline(kind: str, content: str) -> str:
    if kind in ("softbreak", "hardbreak"):
        return " "
    return content if kind in ("text", "code_inline") else ""


def _front_matter(source: str) -> tuple[dict[str, str], str]:
    match = re.match(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", source, re.DOTALL)
    if not match:
        return {}, source
    pairs = re.findall(r"^([A-Za-z_]+):[ \t]*(.+?)[ \t]*$", match.group(1), re.MULTILINE)
    return {key.lower(): value.strip("\"'") for key, value in pairs}, source[match.end() :]


def _spaced(text: str) -> str:
    lines = (line.strip() for line in text.split("\n"))
    return "\n\n".join(re.sub(r"^[-*] ", "• ", line) for line in lines if line)


def _title_tag(page: str) -> str | None:
    match = re.search(r"<title[^>]*>([^<]{1,300})</title>", page, re.IGNORECASE)
    if not match:
        return None
    from html import unescape

    return " ".join(unescape(match.group(1)).split()) or None
