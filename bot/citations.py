"""Slack's native citation elements: used where they are taken, left out where not (the line under a quote stays)."""

from __future__ import annotations

from typing import Any

from bot.blocks import Message


def has_citations(message: Message) -> bool:
    """Whether a citation stands anywhere in the blocks."""
    return any(_has(block) for block in message.blocks)


def without_citations(message: Message) -> Message:
    """``message`` without its citations, else as it is."""
    return Message([_cleaned(block) for block in message.blocks], message.text)


def _has(part: dict[str, Any]) -> bool:
    return part.get("type") == "citation" or any(_has(inner) for inner in part.get("elements", ()))


def _cleaned(part: dict[str, Any]) -> dict[str, Any]:
    if "elements" not in part:
        return part
    return {**part, "elements": [_cleaned(inner) for inner in part["elements"] if inner.get("type") != "citation"]}
