"""The stand-in's validator of blocks takes what Slack takes and refuses what Slack refuses."""

from __future__ import annotations

from typing import Any

import pytest
from slack_standin.blocks import problems, too_long, view_problems

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **more: Any) -> Block:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain("Share"), "action_id": "share", **more}


def actions(*elements: Block, **more: Any) -> Block:
    return {"type": "actions", "elements": list(elements), **more}


def rich(*parts: Block, **more: Any) -> Block:
    return {"type": "rich_text", "elements": list(parts), **more}


def quote(*elements: Block) -> Block:
    return {"type": "rich_text_quote", "elements": list(elements)}


def text(value: str, **style: bool) -> Block:
    return {"type": "text", "text": value, **({"style": style} if style else {})}


def option(text: str = "one", value: str = "1", **more: Any) -> Block:
    return {"text": plain(text), "value": value, **more}


def select(**more: Any) -> Block:
    return {"type": "static_select", "action_id": "pick", **more}


def feedback(**more: Any) -> Block:
    side = {"text": plain("Good"), "value": "up"}
    return {"type": "feedback_buttons", "positive_button": side, "negative_button": side | more}


def table(rows: list[list[Block]], **more: Any) -> Block:
    return {"type": "table", "rows": rows, **more}


def modal(**more: Any) -> Block:
    return {"type": "modal", "title": plain("In context"), "blocks": [section()], **more}


CELL = {"type": "raw_text", "text": "x"}
CONFIRM = {"title": plain("Sure?"), "text": plain("Really?"), "confirm": plain("Yes"), "deny": plain("No")}
CITATION = {
    "type": "citation",
    "url": "https://example.com",
    "text": "1",
    "index": 1,
    "details": {"citation_type": "web", "display_name": "Paper", "title": "News", "snippet": "…"},
}

VALID = {
    "an answer": [
        rich(quote(text("Troops came from "), text("Armenia", bold=True), text("."))),
        {"type": "context", "elements": [mrkdwn("*Title* · paragraph 5"), plain("2022")]},
        actions(button(value="7:1:2", style="primary", confirm=CONFIRM), button(action_id="more")),
    ],
    "texts at their limits": [
        section("x" * 3000),
        {"type": "section", "fields": [plain("x" * 2000)] * 10},
        {"type": "header", "text": plain("😀" * 150)},
    ],
    "a block_id of 255": [section(block_id="b" * 255)],
    "fifty blocks": [{"type": "divider"}] * 50,
    "a list": [
        rich(
            {
                "type": "rich_text_list",
                "style": "bullet",
                "elements": [{"type": "rich_text_section", "elements": [text("one")]}],
            }
        )
    ],
    "code": [rich({"type": "rich_text_preformatted", "elements": [text("x")], "border": 0})],
    "a citation": [rich(quote(text("Said so."), CITATION))],
    "feedback": [{"type": "context_actions", "elements": [feedback()]}],
    "an image": [{"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}],
    "an accessory": [section(accessory=select(options=[option()]))],
    "an overflow": [section(accessory={"type": "overflow", "options": [option()]})],
    "a table": [table([[CELL, CELL], [CELL, CELL]], column_settings=[{"align": "right"}])],
    "markdown": [{"type": "markdown", "text": "x" * 12_000}],
}

INVALID = {
    "not a list": {"type": "divider"},
    "not an object": ["divider"],
    "no type": [{"text": plain("x")}],
    "an unknown block": [{"type": "paragraph", "text": "x"}],
    "an unknown field": [section(colour="red")],
    "fifty-one blocks": [{"type": "divider"}] * 51,
    "an input in a message": [
        {"type": "input", "label": plain("x"), "element": {"type": "plain_text_input", "action_id": "a"}}
    ],
    "a block_id twice": [section(block_id="b"), section(block_id="b")],
    "a block_id of 256": [section(block_id="b" * 256)],
    "an action_id twice in a block": [actions(button(), button())],
    "an action_id of 256": [actions(button(action_id="a" * 256))],
    "a section without content": [{"type": "section"}],
    "an empty section": [section("")],
    "a section of 3001": [section("x" * 3001)],
    "a section's text as a string": [{"type": "section", "text": "x"}],
    "eleven fields": [{"type": "section", "fields": [plain("x")] * 11}],
    "a field of 2001": [{"type": "section", "fields": [plain("x" * 2001)]}],
    "a text of unknown kind": [{"type": "section", "text": {"type": "html", "text": "x"}}],
    "emoji in mrkdwn": [{"type": "section", "text": {**mrkdwn("x"), "emoji": True}}],
    "a header in mrkdwn": [{"type": "header", "text": mrkdwn("x")}],
    "a header of 151": [{"type": "header", "text": plain("x" * 151)}],
    "an empty context": [{"type": "context", "elements": []}],
    "eleven in a context": [{"type": "context", "elements": [mrkdwn("x")] * 11}],
    "a button in a context": [{"type": "context", "elements": [button()]}],
    "an empty text in a context": [{"type": "context", "elements": [mrkdwn("")]}],
    "no actions": [actions()],
    "twenty-six actions": [actions(*(button(action_id=f"a{n}") for n in range(26)))],
    "an unknown element": [actions({"type": "slider", "action_id": "a"})],
    "a button without text": [actions({"type": "button", "action_id": "a"})],
    "a button in mrkdwn": [actions(button(text=mrkdwn("x")))],
    "a button's text of 76": [actions(button(text=plain("x" * 76)))],
    "a button's value of 2001": [actions(button(value="x" * 2001))],
    "a button's empty value": [actions(button(value=""))],
    "a button's url of 3001": [actions(button(url="x" * 3001))],
    "a button's label of 76": [actions(button(accessibility_label="x" * 76))],
    "a button of a style of its own": [actions(button(style="default"))],
    "a confirmation's title of 101": [actions(button(confirm=CONFIRM | {"title": plain("x" * 101)}))],
    "a confirmation's text of 301": [actions(button(confirm=CONFIRM | {"text": plain("x" * 301)}))],
    "a confirmation's yes of 31": [actions(button(confirm=CONFIRM | {"confirm": plain("x" * 31)}))],
    "an empty overflow": [section(accessory={"type": "overflow", "options": []})],
    "six in an overflow": [section(accessory={"type": "overflow", "options": [option()] * 6})],
    "an option's text of 76": [section(accessory=select(options=[option("x" * 76)]))],
    "an option's value of 151": [section(accessory=select(options=[option(value="x" * 151)]))],
    "an option's description of 76": [section(accessory=select(options=[option(description=plain("x" * 76))]))],
    "a hundred and one options": [section(accessory=select(options=[option()] * 101))],
    "options and groups": [
        section(accessory=select(options=[option()], option_groups=[{"label": plain("g"), "options": [option()]}]))
    ],
    "a placeholder of 151": [section(accessory=select(options=[option()], placeholder=plain("x" * 151)))],
    "six context actions": [{"type": "context_actions", "elements": [feedback()] * 6}],
    "a button among context actions": [{"type": "context_actions", "elements": [button()]}],
    "feedback of 76": [{"type": "context_actions", "elements": [feedback(text=plain("x" * 76))]}],
    "rich text without elements": [{"type": "rich_text"}],
    "text straight in rich text": [rich(text("x"))],
    "an empty quote": [rich(quote())],
    "an empty run": [rich(quote(text("")))],
    "null in a quote": [rich({"type": "rich_text_quote", "elements": [None]})],
    "an unknown run": [rich(quote({"type": "shout", "text": "x"}))],
    "an unknown style": [rich(quote(text("x", loud=True)))],
    "a style that is no boolean": [rich(quote({"type": "text", "text": "x", "style": {"bold": 1}}))],
    "a quote in a quote": [rich(quote(quote(text("x"))))],
    "a list without style": [rich({"type": "rich_text_list", "elements": []})],
    "a citation of unknown type": [rich(quote({**CITATION, "details": {"citation_type": "rumour"}}))],
    "an image from two places": [
        {"type": "image", "image_url": "https://e.com", "slack_file": {"id": "F1"}, "alt_text": "a"}
    ],
    "an image without alt text": [{"type": "image", "image_url": "https://e.com"}],
    "a table of 101 rows": [table([[CELL]] * 101)],
    "a table of 21 columns": [table([[CELL] * 21])],
    "a ragged table": [table([[CELL], [CELL, CELL]])],
    "two tables": [table([[CELL]]), table([[CELL]])],
    "empty markdown": [{"type": "markdown", "text": ""}],
    "markdown of 12,001": [{"type": "markdown", "text": "x" * 12_001}],
    "markdown of 12,001 in two": [{"type": "markdown", "text": "x" * 6001}] * 2,
}

INVALID_VIEWS = {
    "a view of no type": {"blocks": [section()]},
    "a modal without title": {"type": "modal", "blocks": [section()]},
    "a title of 25": modal(title=plain("x" * 25)),
    "a submit of 25": modal(submit=plain("x" * 25)),
    "a close of 25": modal(close=plain("x" * 25)),
    "metadata of 3001": modal(private_metadata="x" * 3001),
    "no blocks": modal(blocks=[]),
    "101 blocks": modal(blocks=[section()] * 101),
    "a home with a title": {"type": "home", "title": plain("x"), "blocks": [section()]},
}


@pytest.mark.parametrize("name", VALID)
def test_takes_what_slack_takes(name: str) -> None:
    """Blocks within Slack's rules, up to their limits, have no problems."""
    assert problems(VALID[name]) == []


@pytest.mark.parametrize("name", INVALID)
def test_refuses_what_slack_refuses(name: str) -> None:
    """Blocks that break one rule are refused, with the place of the fault."""
    found = problems(INVALID[name])
    assert found
    assert all("[json-pointer:/blocks" in message for message in found)


@pytest.mark.parametrize("name", INVALID_VIEWS)
def test_refuses_the_views_that_slack_refuses(name: str) -> None:
    """Views that break one rule are refused."""
    assert view_problems(INVALID_VIEWS[name])


def test_takes_a_modal_and_a_home_tab() -> None:
    """Views within the rules have no problems, and inputs may stand in a modal."""
    ask = {"type": "input", "label": plain("x"), "element": {"type": "plain_text_input", "action_id": "a"}}
    assert view_problems(modal(blocks=[ask], submit=plain("Go"), private_metadata="7")) == []
    assert view_problems({"type": "home", "blocks": [section()]}) == []


def test_knows_when_all_blocks_together_are_too_long() -> None:
    """Blocks that are each short enough are too long together from about 13,200 characters."""
    assert not too_long([section("x" * 3000)] * 4)
    assert too_long([section("x" * 2700)] * 5)
