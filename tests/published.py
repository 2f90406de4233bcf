"""Data that Slack and others publish, for tests that hold the bot and the stand-in against it.

The folder is named by the environment variable ``VERBATIM_SLACK_DATA`` and is no part of the project:
``sample_payloads.tar.gz`` (slackapi/java-slack-sdk), ``blockkit_fixtures.tar.gz`` and ``blockkit_limits.json``
(nicklambourne/slackblocks), ``manifest.schema.2.0.0.json`` (slackapi/manifest-schema). Without it the tests skip.
"""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "VERBATIM_SLACK_DATA"


def published(name: str) -> Path:
    """A file of the folder; where it is not there, the test that asks is skipped."""
    folder = os.environ.get(VARIABLE, "")
    if not folder:
        pytest.skip(f"{VARIABLE} is not set: it names a folder with Slack's published data")
    file = Path(folder) / name
    if not file.is_file():
        pytest.skip(f"{VARIABLE} is {folder}, and {name} is not in it")
    return file


def unpacked(archive: str) -> dict[str, Any]:
    """Every JSON file of a published archive by its path in it."""
    with tarfile.open(published(archive)) as tar:
        return {
            member.name.removeprefix("./"): json.load(opened)
            for member in tar
            if member.name.endswith(".json") and (opened := tar.extractfile(member)) is not None
        }


# Where a part of a message has to stand so that it can be looked at: folder and name of the fixture decide.

TEXT = {"type": "plain_text", "text": "x"}
MODAL = {"type": "modal", "title": TEXT}
SECTION = {"type": "section", "text": TEXT}
SELECT = {"type": "static_select", "action_id": "a"}
CONVERSATIONS = {"type": "conversations_select", "action_id": "a"}
BUTTON = {"type": "button", "text": TEXT, "action_id": "a"}
TRIGGER = {"url": "https://slack.com/shortcuts/Ft1/1"}
TASK = {"type": "task_card", "task_id": "1", "title": "x"}
INPUTS = ("_input", "input_")


def _accessory(element: Any) -> list[Any]:
    return [SECTION | {"accessory": element}]


def _input(element: Any) -> list[Any]:
    return [{"type": "input", "label": TEXT, "element": element}]


def _workflow(workflow: Any) -> list[Any]:
    return [{"type": "actions", "elements": [{"type": "workflow_button", "text": TEXT, "workflow": workflow}]}]


_OBJECTS: dict[str, Callable[[Any], list[Any]]] = {
    "text": lambda text: [{"type": "section", "text": text}],
    "option_group": lambda group: _accessory(SELECT | {"option_groups": [group]}),
    "option": lambda option: _accessory(SELECT | {"options": [option]}),
    "confirmation": lambda confirm: _accessory(BUTTON | {"confirm": confirm}),
    "conversation_filter": lambda chosen: _accessory(CONVERSATIONS | {"filter": chosen}),
    "dispatch": lambda when: _input({"type": "plain_text_input", "action_id": "a", "dispatch_action_config": when}),
    "workflow": _workflow,
    "trigger": lambda trigger: _workflow({"trigger": trigger}),
    "input_parameter": lambda one: _workflow({"trigger": TRIGGER | {"customizable_input_parameters": [one]}}),
}


def placed(fixture: str, value: Any) -> dict[str, Any] | list[Any]:
    """The blocks of a message around ``value``, which is of the kind of the fixture of that path; what cannot stand in a
    message is put into a view."""
    folder, name = fixture.split("/")[-2:]
    if folder == "views":
        return dict(value)
    blocks = _blocks(folder, name, value)
    return MODAL | {"blocks": blocks} if any(block["type"] == "input" for block in blocks) else blocks


def _blocks(folder: str, name: str, value: Any) -> list[Any]:
    kind = value.get("type", "")
    if folder == "blocks":
        return [value]
    if folder == "rich_text":
        part = value if kind.startswith("rich_text") else {"type": "rich_text_section", "elements": [value]}
        return [{"type": "rich_text", "elements": [part]}]
    if folder == "elements":
        if kind == "url":
            return [TASK | {"sources": [value]}]
        return _input(value) if any(mark in kind for mark in INPUTS) else _accessory(value)
    if folder == "objects":
        return next(place for prefix, place in _OBJECTS.items() if name.startswith(prefix))(value)
    # Of a message or an attachment. Whoever made them gave all blocks one id, which Slack would not take.
    return [block | {"block_id": f"b{number}"} for number, block in enumerate(value.get("blocks", []))]
