"""What a person reads of a message, whoever wrote it: its blocks, else its text, and what is attached to it.

Payloads are read with care: parts may be missing, null or of another type, and what is not known is left out. Nothing
goes deeper than Slack's own blocks do, however deep a payload is nested.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from bot.mrkdwn import readable
from index.decoding import settle

MOST_READ = 40_000
"""Characters of a message that are read: as many as Slack takes in its text."""

# `*bold*`, `_slanted_`, `~struck~` and `code` as they are read; a sign inside a word or beside a space is none.
_EMPHASIS = re.compile(r"(?<![\w*_~`])([*_~`]{1,3})(?=\S)((?:(?!\1)[^\n])+)(?<=\S)\1(?![\w*_~`])")

Part = Mapping[str, Any]


def what_is_read(message: object) -> str:
    """The words of a message, a line for each of its paragraphs; "" where there are none."""
    part = _mapping(message)
    lines = [*(_blocks(part.get("blocks")) or _mrkdwn(part.get("text"))), *_attachments(part.get("attachments"))]
    return settle("\n".join(line for line in dict.fromkeys(lines) if line.strip())[:MOST_READ]).strip()


def _attachments(value: object) -> Iterator[str]:
    """What is attached: a page's title and text, a message that was shared, what an app adds."""
    for part in map(_mapping, _list(value)):
        lines = list(_blocks(part.get("blocks")))
        if not lines:
            lines = [line for key in ("pretext", "title", "text") for line in _mrkdwn(part.get(key))]
            lines += [line for field in map(_mapping, _list(part.get("fields"))) for line in _field(field)]
        yield from lines or _mrkdwn(part.get("fallback"))


def _field(field: Part) -> Iterator[str]:
    title, value = (" ".join(_mrkdwn(field.get(key))) for key in ("title", "value"))
    yield f"{title}: {value}" if title and value else title or value


def _blocks(value: object) -> list[str]:
    return [
        line for block in map(_mapping, _list(value)) if (reads := _BLOCKS.get(str(block.get("type")))) for line in reads(block)
    ]  # fmt: skip


def _section(block: Part) -> Iterator[str]:
    for part in (block.get("text"), *_list(block.get("fields"))):
        yield from _text(part)


def _context(block: Part) -> Iterator[str]:
    for part in _list(block.get("elements")):
        yield from _text(part)


def _header(block: Part) -> Iterator[str]:
    yield from _text(block.get("text"))


def _image(block: Part) -> Iterator[str]:
    yield from _text(block.get("title"))


def _video(block: Part) -> Iterator[str]:
    yield from _text(block.get("title"))
    yield from _text(block.get("description"))


def _markdown(block: Part) -> Iterator[str]:
    yield from _mrkdwn(block.get("text"))


def _table(block: Part) -> Iterator[str]:
    for row in _list(block.get("rows")):
        cells = [_mapping(cell) for cell in _list(row)]
        yield " ".join(" ".join(_rich_text(cell)) or _string(cell.get("text")) for cell in cells)


def _rich_text(block: Part) -> Iterator[str]:
    """A rich_text block: its sections, quotes and lists, each line on its own."""
    for part in map(_mapping, _list(block.get("elements"))):
        inner = map(_mapping, _list(part.get("elements"))) if part.get("type") == "rich_text_list" else (part,)
        for section in inner:
            yield from "".join(_run(_mapping(run)) for run in _list(section.get("elements"))).split("\n")


def _run(run: Part) -> str:
    """A part of a line: its words, a link's label, somebody's id; no picture."""
    match run.get("type"):
        case "text":
            return _string(run.get("text"))
        case "link":
            return _string(run.get("text")) or _string(run.get("url"))
        case "user":
            return f"@{_string(run.get('user_id'))}"
        case "usergroup":
            return f"@{_string(run.get('usergroup_id'))}"
        case "broadcast":
            return f"@{_string(run.get('range'))}"
        case "channel":
            return f"#{_string(run.get('channel_id'))}"
        case "date":
            return _string(run.get("fallback"))
    return ""


def _text(value: object) -> Iterator[str]:
    """A text object; only mrkdwn carries references and marks."""
    part = _mapping(value)
    if part.get("type") == "mrkdwn":
        yield from _mrkdwn(part.get("text"))
    elif part.get("type") == "plain_text":
        yield from _string(part.get("text")).split("\n")


def _mrkdwn(value: object) -> list[str]:
    text = _EMPHASIS.sub(r"\2", readable(_string(value)[:MOST_READ]))
    return [line.removeprefix(">").strip() for line in text.split("\n") if line.strip()]


_BLOCKS: dict[str, Callable[[Part], Iterator[str]]] = {
    "context": _context,
    "header": _header,
    "image": _image,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "section": _section,
    "table": _table,
    "video": _video,
}


def _mapping(value: object) -> Part:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
