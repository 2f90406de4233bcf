"""What Slack would make of a message: whom it would ping, what it would link, and what a person reads.

In mrkdwn, ``<!channel>`` and ``<@U…>`` ping and ``<https://…>`` links; in rich_text nothing is parsed,
and only the elements made for it ping. Tests assert that a quoted article does none of this.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_ANGLE = re.compile(r"<([^<>]*)>")
_PINGING = re.compile(r"[@!]|#[CG]")
_LOOSE = re.compile(r"(?<!\w)@(?:channel|here|everyone)\b")
_PING_ELEMENTS = ("user", "usergroup", "broadcast")


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a payload, outermost first."""
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def parsed_texts(text: str | None, blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Every string of a message that Slack reads as mrkdwn or markdown."""
    if text:
        yield text
    for node in nodes(blocks):
        if node.get("type") in ("mrkdwn", "markdown") and isinstance(node.get("text"), str):
            yield node["text"]


def pings(text: str | None, blocks: list[dict[str, Any]], *, link_names: bool = False) -> list[str]:
    """Everything that would notify a person or a channel."""
    found = []
    for part in parsed_texts(text, blocks):
        found += [token for token in _ANGLE.findall(part) if _PINGING.match(token)]
        if link_names:
            found += _LOOSE.findall(part)
    return found + [str(node) for node in nodes(blocks) if node.get("type") in _PING_ELEMENTS]


def links(text: str | None, blocks: list[dict[str, Any]]) -> list[str]:
    """Everything that mrkdwn would turn into a link, and the links of rich text and buttons."""
    found = []
    for part in parsed_texts(text, blocks):
        found += [token for token in _ANGLE.findall(part) if not _PINGING.match(token)]
    return found + [node["url"] for node in nodes(blocks) if isinstance(node.get("url"), str)]


def quotes(blocks: list[dict[str, Any]]) -> list[str]:
    """The text of every rich_text_quote, as it is shown."""
    return ["".join(run for run, _ in runs) for runs in quote_runs(blocks)]


def quote_runs(blocks: list[dict[str, Any]]) -> list[list[tuple[str, bool]]]:
    """Every rich_text_quote as its runs of text, each with whether it is bold."""
    return [
        [
            (str(part.get("text", "")), bool(part.get("style", {}).get("bold")))
            for part in node["elements"]
            if part.get("type") == "text"
        ]
        for node in nodes(blocks)
        if node.get("type") == "rich_text_quote"
    ]


def bold(blocks: list[dict[str, Any]]) -> list[str]:
    """The bold runs of every quote."""
    return [text for runs in quote_runs(blocks) for text, is_bold in runs if is_bold]


def context(blocks: list[dict[str, Any]]) -> str:
    """The text of the context blocks, one line an element."""
    return "\n".join(
        str(element.get("text", ""))
        for block in blocks
        if block.get("type") == "context"
        for element in block["elements"]
    )


def visible(text: str | None, blocks: list[dict[str, Any]]) -> str:
    """All that a person can read of a message: its blocks where it has any, else its text."""
    if not blocks:
        return text or ""
    return "\n".join(str(node["text"]) for node in nodes(blocks) if isinstance(node.get("text"), str))


def buttons(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every button, with the id of the block it stands in."""
    return [
        {**part, "block_id": block.get("block_id")}
        for block in blocks
        for part in nodes(block)
        if part.get("type") == "button"
    ]


def button(blocks: list[dict[str, Any]], action_id: str) -> dict[str, Any]:
    """The one button of that action."""
    (found,) = (one for one in buttons(blocks) if one["action_id"] == action_id)
    return found


def thumb(blocks: list[dict[str, Any]], *, good: bool) -> dict[str, Any]:
    """The thumb up or down under a message, as it can be pressed."""
    (both,) = (node for node in nodes(blocks) if node.get("type") == "feedback_buttons")
    pressed = both["positive_button" if good else "negative_button"]
    return {"type": "feedback_buttons", "action_id": both["action_id"], **pressed}


def escape(text: str) -> str:
    """What Slack makes of text that a person types, and what mrkdwn wants of text shown as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
