"""The buttons under an answer. Each carries the id of what is kept, and no content."""

from __future__ import annotations

from typing import Any, Literal

from bot import wording

SHARE = "share_answer"
MORE = "more_passages"
CONTEXT = "in_context"
FEEDBACK = "feedback"

Kind = Literal["answer", "refusal", "summary"]


def under(id_: str, kind: Kind, *, private: bool) -> list[dict[str, Any]]:
    """The blocks of buttons under what is kept as ``id_``; ``private``: with the one that shares it."""
    row = []
    if kind == "answer":
        row += [_button(CONTEXT, wording.IN_CONTEXT, id_), _button(MORE, wording.MORE_PASSAGES, id_)]
    elif kind == "refusal":
        row += [_button(MORE, wording.NEAREST_PASSAGES, id_)]
    if private and kind != "refusal":
        row += [_button(SHARE, wording.SHARE, id_)]
    blocks: list[dict[str, Any]] = [{"type": "actions", "elements": row}] if row else []
    if kind != "summary":
        blocks.append({"type": "context_actions", "elements": [_thumbs(id_)]})
    return blocks


def _button(action: str, text: str, id_: str) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": {"type": "plain_text", "text": text}, "value": id_}


def _thumbs(id_: str) -> dict[str, Any]:
    def thumb(vote: str, text: str, label: str) -> dict[str, Any]:
        return {
            "text": {"type": "plain_text", "text": text},
            "value": f"{vote}:{id_}",
            "accessibility_label": label,
        }

    return {
        "type": "feedback_buttons",
        "action_id": FEEDBACK,
        "positive_button": thumb("good", wording.GOOD, wording.GOOD_LABEL),
        "negative_button": thumb("bad", wording.BAD, wording.BAD_LABEL),
    }
