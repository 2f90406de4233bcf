"""What a person reads of a message, in all the shapes that Slack gives it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.message_text import MOST_READ, what_is_read


def rich(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def line(*runs: Any) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(runs)}


def run(text: str) -> dict[str, Any]:
    return {"type": "text", "text": text}


def test_blocks_are_read_before_the_text_that_stands_in_for_them() -> None:
    """A notification's text is not what people see beside blocks; without blocks it is."""
    blocks = [rich(line(run("The ferry sails.")))]
    assert what_is_read({"text": "New message", "blocks": blocks}) == "The ferry sails."
    assert what_is_read({"text": "New &amp; old", "blocks": []}) == "New & old"
    assert what_is_read({"text": "New", "blocks": [{"type": "actions", "elements": []}]}) == "New"


def test_rich_text_is_read_line_by_line() -> None:
    """Sections, lists and quotes; links by their label, people by their id, pictures not at all."""
    link = {"type": "link", "url": "https://example.com", "text": "this page"}
    blocks = [
        rich(
            line(run("One "), {"type": "emoji", "name": "tada"}, run("of "), link, run("\nTwo")),
            {"type": "rich_text_list", "style": "bullet", "elements": [line(run("Three")), line(run("Four"))]},
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}, run(" said five")]},
        )
    ]
    assert what_is_read({"blocks": blocks}).split("\n") == ["One of this page", "Two", "Three", "Four", "@U1 said five"]


def test_what_apps_post_is_read() -> None:
    """Headers, sections with fields, context, tables; mrkdwn without its marks, plain text as it is."""
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "A *plain* title"}},
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "*2,500* soldiers &lt; <https://e.com|3,000>"},
            "fields": [{"type": "mrkdwn", "text": "_First_ wave"}],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "by `snake_case_bot`"}, {"type": "image"}]},
        {"type": "table", "rows": [[{"type": "raw_text", "text": "Ada"}, rich(line(run("86 seats")))]]},
        {"type": "divider"},
    ]
    assert what_is_read({"bot_id": "B1", "blocks": blocks}).split("\n") == [
        "A *plain* title",
        "2,500 soldiers < 3,000",
        "First wave",
        "by snake_case_bot",
        "Ada 86 seats",
    ]


def test_attachments_are_read_after_the_message() -> None:
    """Blocks in them, or the parts of the older kind; their fallback only where there is nothing else."""
    message = {
        "text": "See this",
        "attachments": [
            {"title": "A page", "text": "Its text", "fields": [{"title": "Seats", "value": "86"}], "fallback": "no"},
            {"blocks": [rich(line(run("Inside")))], "text": "no"},
            {"fallback": "At last"},
        ],
    }
    assert what_is_read(message).split("\n") == ["See this", "A page", "Its text", "Seats: 86", "Inside", "At last"]


@pytest.mark.parametrize(
    "message",
    [
        None,
        "text",
        [],
        {},
        {"text": None, "blocks": None, "attachments": None},
        {"text": 7, "blocks": "x", "attachments": {"a": 1}},
        {"blocks": [None, 7, {"type": None}, {"type": "rich_text", "elements": [None, {"elements": [None, {}]}]}]},
        {"blocks": [{"type": "section", "text": "x", "fields": 7}, {"type": "context", "elements": {"a": 1}}]},
        {"blocks": [{"type": ["rich_text"]}, {"type": {}}], "attachments": [None, [], {"blocks": 7, "fields": [7]}]},
        {"text": "\u200e \x00\n"},
    ],
)
def test_nothing_is_read_of_what_says_nothing(message: Any) -> None:
    """Missing, null and wrongly typed parts."""
    assert what_is_read(message).strip("\u200e") == ""


def test_no_more_is_read_than_slack_takes() -> None:
    """However long a payload is, and however deep it is nested."""
    assert len(what_is_read({"attachments": [{"text": "a" * 39_000}] * 1 + [{"text": "b" * 39_000}]})) == MOST_READ
    nested: dict[str, Any] = {"type": "rich_text", "elements": []}
    for _ in range(200):
        nested = {"type": "rich_text", "elements": [nested, run("deep")]}
    started = time.process_time()
    what_is_read({"blocks": [nested] * 50, "text": "*a" * 20_000})
    assert time.process_time() - started < 1


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["rich_text", "section", "text"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "text", "blocks", "elements", "attachments", "fields", "rows", "title"]), inner
        )
    ),
    max_leaves=20,
)


@given(JSON)
def test_no_payload_can_break_it(message: Any) -> None:
    """Whatever is sent: a text that can be written to any file."""
    what_is_read(message).encode("utf-8")
