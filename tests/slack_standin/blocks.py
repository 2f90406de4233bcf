"""Which blocks Slack takes, and why it refuses the others: Block Kit's types, fields, lengths and counts.

``problems(blocks)`` returns the reasons in the form of Slack's ``response_metadata.messages``.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from slack_standin.data_blocks import DATA_TABLE, DATA_VISUALIZATION, TABLE
from slack_standin.elements import (
    ACTION,
    BUTTON,
    CONTEXT_ACTION,
    CONTEXT_ELEMENT,
    ICON,
    IMAGE,
    IMAGE_BLOCK,
    INPUT_ELEMENT,
    SECTION,
    URL,
    URL_SOURCE,
    plain,
    text,
)
from slack_standin.rich_text import RICH_TEXT
from slack_standin.shape import Report, Rule, check, flag, listing, one_of, record, string, typed

# Undocumented: Slack refuses a message from about so many characters of blocks, however many blocks.
MOST_CHARACTERS = 13_200

_ID = {"block_id": string(255)}
_STATUS = one_of("pending", "in_progress", "complete", "error")
_OUTPUT = typed({"rich_text": RICH_TEXT})
_TASK = {
    "task_id": string(),
    "title": string(),
}
_TASK_MORE = {
    "status": _STATUS,
    "output": _OUTPUT,
    "details": _OUTPUT,
    "sources": listing(URL_SOURCE),
}

_CARD = record(
    {},
    _ID
    | {
        "hero_image": typed({"image": IMAGE}),
        "icon": typed({"image": IMAGE}),
        "slack_icon": ICON,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "subtext": text(200),
        "actions": listing(typed({"button": BUTTON}), most=3),
    },
)

BLOCKS: dict[str, Rule] = {
    "section": SECTION,
    "rich_text": RICH_TEXT,
    "image": IMAGE_BLOCK,
    "header": record({"text": plain(150)}, _ID),
    "divider": record({}, _ID),
    "context": record({"elements": listing(CONTEXT_ELEMENT, least=1, most=10)}, _ID),
    "context_actions": record({"elements": listing(CONTEXT_ACTION, least=1, most=5)}, _ID),
    "actions": record({"elements": listing(ACTION, least=1, most=25)}, _ID),
    "input": record(
        {"label": plain(2000), "element": INPUT_ELEMENT},
        _ID | {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "markdown": record({"text": string(12_000)}, _ID),
    "video": record(
        {"alt_text": string(200), "title": plain(200), "thumbnail_url": URL, "video_url": URL},
        _ID
        | {
            "author_name": string(50),
            "description": plain(200),
            "provider_icon_url": URL,
            "provider_name": string(50),
            "title_url": URL,
        },
    ),
    "file": record({"external_id": string(), "source": one_of("remote")}, _ID),
    "alert": record({"text": text(200)}, _ID | {"level": one_of("default", "info", "warning", "error", "success")}),
    "card": _CARD,
    "carousel": record({"elements": listing(typed({"card": _CARD}), least=1, most=10)}, _ID),
    "task_card": record(_TASK, _TASK_MORE | _ID),
    "plan": record({"title": string()}, _ID | {"tasks": listing(record(_TASK, _TASK_MORE | _ID))}),
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
}

BLOCKS["container"] = record(
    {"child_blocks": listing(typed(BLOCKS), least=1, most=10)},
    _ID
    | {
        "title": plain(150),
        "subtitle": text(150),
        "width": one_of("narrow", "standard", "wide", "full"),
        "is_collapsible": flag,
        "default_collapsed": flag,
        "has_header_divider": flag,
    },
)


def _unique(report: Report, path: str, ids: list[str], name: str) -> None:
    for value, times in Counter(ids).items():
        if times > 1:
            report.add(path, f"{name} already exists: {value}")


def _once(report: Report, path: str, blocks: Any) -> None:
    """A block_id stands once in a message, an action_id once in a block, a table once, markdown within its sum."""
    if not isinstance(blocks, list):
        return
    known = [block for block in blocks if isinstance(block, dict)]
    _unique(report, path, [str(block["block_id"]) for block in known if "block_id" in block], "block_id")
    for n, block in enumerate(known):
        elements = block.get("elements")
        parts = elements if isinstance(elements, list) else []
        ids = [str(part["action_id"]) for part in parts if isinstance(part, dict) and "action_id" in part]
        _unique(report, f"{path}/{n}", ids, "action_id")
    if sum(block.get("type") == "table" for block in known) > 1:
        report.add(path, "only one table is allowed in a message")
    markdown = [str(block.get("text", "")) for block in known if block.get("type") == "markdown"]
    if sum(map(len, markdown)) > 12_000:
        report.add(path, "must be less than 12001 characters of markdown in all")


def _blocks_of(kinds: tuple[str, ...], least: int, most: int) -> Rule:
    each = listing(typed(BLOCKS, allowed=kinds), least=least, most=most)

    def rule(report: Report, path: str, value: Any) -> None:
        each(report, path, value)
        _once(report, path, value)

    return rule


_MESSAGE = _blocks_of(tuple(kind for kind in BLOCKS if kind != "input"), 0, 50)
_VIEW_KINDS = ("section", "rich_text", "image", "header", "divider", "context", "actions", "input", "video")
_VIEW_BLOCKS = _blocks_of(_VIEW_KINDS, 1, 100)

_VIEW = {"blocks": _VIEW_BLOCKS}
_VIEW_MORE = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255),
    "external_id": string(255),
}
VIEW = typed(
    {
        "home": record(_VIEW, _VIEW_MORE),
        "modal": record(
            _VIEW | {"title": plain(24)},
            _VIEW_MORE
            | {
                "close": plain(24),
                "submit": plain(24),
                "clear_on_close": flag,
                "notify_on_close": flag,
                "submit_disabled": flag,
            },
        ),
    }
)


def problems(blocks: Any) -> list[str]:
    """Why Slack would not show these blocks in a message; empty where it would."""
    return check(_MESSAGE, blocks, "/blocks")


def view_problems(view: Any) -> list[str]:
    """Why Slack would not show this modal or home tab; empty where it would."""
    return check(VIEW, view, "/view")


def too_long(blocks: Any) -> bool:
    """Slack answers ``msg_blocks_too_long`` to these blocks."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MOST_CHARACTERS


def view_too_large(view: Any) -> bool:
    """Slack answers ``view_too_large`` to this modal or home tab."""
    return len(json.dumps(view).encode()) > 250_000


__all__ = ["BLOCKS", "problems", "too_long", "view_problems", "view_too_large"]
