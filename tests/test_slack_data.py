"""The bot, the stand-in and the manifest, held against what Slack and others publish (see `published`)."""

from __future__ import annotations

import copy
import json
import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from published import TEXT, placed, published, unpacked
from slack_questions import QUESTION, Serve
from slack_standin.blocks import problems, view_problems
from slack_standin.standin import Slack
from slack_standin.workspace import User

from bot.listeners.actions import PRESSES
from bot.listeners.commands import COMMANDS
from bot.settings import SlackSettings

pytest_plugins = ("slack_fixtures",)

ROOT = Path(__file__).parent.parent
VALID = "fixtures/valid/"


# payloads


def as_sent(path: str, payload: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Envelopes of a published shape, with what Slack never leaves out: what kind it is, and what it is meant for."""
    if path.startswith("events/"):
        return [("events_api", payload | {"type": "event_callback"})]
    if "slash-commands" in path:
        return [("slash_commands", payload | {"command": command}) for command in COMMANDS]
    if path.endswith("BlockActionPayload.json"):
        action = payload["actions"][0]
        return [
            ("interactive", payload | {"actions": [action | {"type": "button", "action_id": name}]}) for name in PRESSES
        ]
    return []  # dialogs, attachments, message shortcuts and the like: Slack sends them to apps that have them


def test_every_published_payload_is_survived(
    slack: Slack, ada: User, serve: Serve, settings: SlackSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """Acknowledged, without an answer, without a traceback; and after all of them the bot still answers."""
    payloads = unpacked("sample_payloads.tar.gz")
    assert len(payloads) > 90
    serve(replace(settings, log_level=logging.INFO))
    with caplog.at_level(logging.INFO):
        sent = {path: [slack.courier.send(*one) for one in as_sent(path, payloads[path])] for path in payloads}
        unacked = [path for path, some in sent.items() for delivery in some if not slack.wait_acked(delivery).acked]
        assert unacked == []
        slack.reply_to(slack.tell(ada, QUESTION))
        slack.quiet()
    assert len(slack.workspace.from_bot()) == 1
    assert slack.views == []
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    assert [record.getMessage() for record in caplog.records if "Unhandled request" in record.getMessage()] == []


# blocks


def wrong_with(fixture: str, value: Any) -> list[str]:
    """What the stand-in has against a fixture, or against what was made of it."""
    found = placed(fixture, value)
    return view_problems(found) if isinstance(found, dict) else problems(found)


def test_takes_every_published_valid_block() -> None:
    """Blocks, elements, objects, views, and messages with their attachments, that are known to be right."""
    fixtures = unpacked("blockkit_fixtures.tar.gz")
    valid = {path: value for path, value in fixtures.items() if path.startswith(VALID)}
    assert len(valid) > 70
    for path, value in list(valid.items()):
        for number, attachment in enumerate(value.get("attachments", [])):
            valid[f"{VALID}attachments/{number} of {path.split('/')[-1]}"] = attachment
    assert {path: wrong for path, value in valid.items() if (wrong := wrong_with(path, value))} == {}


# How each published invalid case is made: a valid fixture, and the place in it that goes beyond a limit.
BUTTON, SELECT, CARD = "elements/button_basic", "elements/select_menu_static", "blocks/card_block"
CONFIRM, OPTION, GROUP = "objects/confirmation_dialogue_basic", "objects/option_basic", "objects/option_group_basic"
VIDEO, VIEW, TABLE = "blocks/video_block_full", "views/modal_with_blocks", "blocks/data_table_block"
PIE, LINE, FEEDBACK = (
    "blocks/data_visualization_pie",
    "blocks/data_visualization_line",
    "blocks/context_actions_feedback_buttons",
)
THUMB = "elements.0.positive_button"
BEYOND = {
    "text-empty": ("objects/text_markdown_basic", "text"),
    "text-too-long": ("objects/text_markdown_basic", "text"),
    "button-action-id-too-long": (BUTTON, "action_id"),
    "button-text-too-long": (BUTTON, "text.text"),
    "button-url-too-long": ("elements/button_link", "url"),
    "button-value-too-long": (BUTTON, "value"),
    "button-accessibility-label-too-long": (BUTTON, "accessibility_label"),
    "confirmation-title-too-long": (CONFIRM, "title.text"),
    "confirmation-text-too-long": (CONFIRM, "text.text"),
    "confirmation-confirm-too-long": (CONFIRM, "confirm.text"),
    "confirmation-deny-too-long": (CONFIRM, "deny.text"),
    "option-text-too-long": (OPTION, "text.text"),
    "option-value-too-long": (OPTION, "value"),
    "option-url-too-long": (OPTION, "url"),
    "option-description-too-long": (OPTION, "description"),
    "option-group-label-too-long": (GROUP, "label.text"),
    "option-group-empty": (GROUP, "options"),
    "option-group-too-many-options": (GROUP, "options"),
    "select-placeholder-too-long": (SELECT, "placeholder.text"),
    "select-too-many-options": (SELECT, "options"),
    "select-too-many-option-groups": (SELECT, "option_groups"),
    "overflow-empty": ("elements/overflow_menu_basic", "options"),
    "overflow-too-many-options": ("elements/overflow_menu_basic", "options"),
    "checkboxes-empty": ("elements/checkbox_basic", "options"),
    "checkboxes-too-many-options": ("elements/checkbox_basic", "options"),
    "radio-buttons-empty": ("elements/radio_button_group_basic", "options"),
    "radio-buttons-too-many-options": ("elements/radio_button_group_basic", "options"),
    "url-source-url-empty": ("elements/url_source_basic", "url"),
    "url-source-url-too-long": ("elements/url_source_basic", "url"),
    "file-input-max-files-too-small": ("elements/file_input_basic", "max_files"),
    "file-input-max-files-too-large": ("elements/file_input_basic", "max_files"),
    "plain-text-input-max-length-too-large": ("elements/plaintext_input_basic", "max_length"),
    "actions-too-many-elements": ("blocks/actions_block_checkboxes", "elements"),
    "context-too-many-elements": ("blocks/context_block_text_only", "elements"),
    "header-text-too-long": ("blocks/header_block_only", "text.text"),
    "image-url-too-long": ("blocks/image_block_only", "image_url"),
    "image-alt-text-too-long": ("blocks/image_block_only", "alt_text"),
    "input-label-too-long": ("blocks/input_block_only", "label.text"),
    "input-hint-too-long": ("blocks/input_block_only", "hint.text"),
    "markdown-empty": ("blocks/markdown_block_basic", "text"),
    "markdown-too-long": ("blocks/markdown_block_basic", "text"),
    "section-text-too-long": ("blocks/section_block_text_only", "text.text"),
    "section-too-many-fields": ("blocks/section_block_fields", "fields"),
    "section-field-too-long": ("blocks/section_block_fields", "fields.0.text"),
    "video-alt-text-empty": (VIDEO, "alt_text"),
    "video-alt-text-too-long": (VIDEO, "alt_text"),
    "video-title-too-long": (VIDEO, "title.text"),
    "video-author-name-too-long": (VIDEO, "author_name"),
    "video-description-too-long": (VIDEO, "description.text"),
    "video-provider-name-too-long": (VIDEO, "provider_name"),
    "view-missing-blocks": (VIEW, "blocks"),
    "view-too-many-blocks": (VIEW, "blocks"),
    "view-private-metadata-too-long": (VIEW, "private_metadata"),
    "view-callback-id-too-long": (VIEW, "callback_id"),
    "view-title-too-long": (VIEW, "title.text"),
    "view-close-too-long": (VIEW, "close.text"),
    "view-submit-too-long": (VIEW, "submit.text"),
    "block-id-too-long": ("blocks/divider_block_only", "block_id"),
    "alert-text-too-long": ("blocks/alert_block", "text.text"),
    "card-title-too-long": (CARD, "title.text"),
    "card-subtitle-too-long": (CARD, "subtitle.text"),
    "card-body-too-long": (CARD, "body.text"),
    "card-too-many-actions": (CARD, "actions"),
    "card-subtext-too-long": (CARD, "subtext.text"),
    "carousel-empty": ("blocks/carousel_block", "elements"),
    "carousel-too-many-cards": ("blocks/carousel_block", "elements"),
    "container-title-too-long": ("blocks/container_block", "title.text"),
    "container-subtitle-too-long": ("blocks/container_block", "subtitle.text"),
    "container-too-many-child-blocks": ("blocks/container_block", "child_blocks"),
    "context-actions-too-many-elements": (FEEDBACK, "elements"),
    "feedback-button-text-too-long": (FEEDBACK, f"{THUMB}.text.text"),
    "feedback-button-value-too-long": (FEEDBACK, f"{THUMB}.value"),
    "feedback-button-accessibility-label-too-long": (FEEDBACK, f"{THUMB}.accessibility_label"),
    "icon-button-too-many-visible-users": ("blocks/context_actions_icon_button", "elements.0.visible_to_user_ids"),
    "data-table-too-few-rows": (TABLE, "rows"),
    "data-table-too-many-rows": (TABLE, "rows"),
    "data-table-page-size-too-small": (TABLE, "page_size"),
    "data-table-page-size-too-large": (TABLE, "page_size"),
    "data-table-cell-text-empty": (TABLE, "rows.0.0.text"),
    "data-table-content-too-long": (TABLE, "rows.0.0.text"),
    "data-visualization-title-too-long": (PIE, "title"),
    "pie-chart-empty": (PIE, "chart.segments"),
    "pie-chart-too-many-segments": (PIE, "chart.segments"),
    "chart-segment-label-too-long": (PIE, "chart.segments.0.label"),
    "chart-segment-value-not-positive": (PIE, "chart.segments.0.value"),
    "chart-series-empty": (LINE, "chart.series"),
    "chart-too-many-series": (LINE, "chart.series"),
    "data-series-name-too-long": (LINE, "chart.series.0.name"),
    "data-series-empty": (LINE, "chart.series.0.data"),
    "data-series-too-many-points": (LINE, "chart.series.0.data"),
    "data-point-label-too-long": (LINE, "chart.series.0.data.0.label"),
    "axis-categories-empty": (LINE, "chart.axis_config.categories"),
    "axis-too-many-categories": (LINE, "chart.axis_config.categories"),
    "axis-category-label-too-long": (LINE, "chart.axis_config.categories.0"),
    "axis-label-too-long": (LINE, "chart.axis_config.x_label"),
    "table-too-many-rows": ("blocks/table_block", "rows"),
}
UNPUBLISHED = {"table": {"rows": {"max_items": 100}}}
ABSENT: dict[str, Any] = {
    "option_groups": [{"label": TEXT, "options": [{"text": TEXT, "value": "1"}]}],
    "visible_to_user_ids": ["U1"],
}
# Those that no single limit makes: a valid fixture, and what is put into it.
CELL = {"type": "raw_text", "text": "x"}
OTHERWISE: dict[str, tuple[str, dict[str, Any]]] = {
    "table-ragged-rows": ("blocks/table_block", {"rows": [[CELL], [CELL, CELL]], "column_settings": []}),
    "table-column-settings-mismatch": ("blocks/table_block", {"column_settings": [{}, {}, {}]}),
    "data-table-too-few-columns": (TABLE, {"rows": [[], []]}),
    "data-table-too-many-columns": (TABLE, {"rows": [[CELL] * 21] * 2}),
    "section-missing-content": ("blocks/section_block_text_only", {"text": None}),
    "static-select-options-and-groups": (SELECT, {"option_groups": ABSENT["option_groups"]}),
    "image-url-and-slack-file": ("elements/image_basic", {"slack_file": {"id": "F1"}}),
    "number-input-inverted-range": ("elements/number_input_basic", {"min_value": "2", "max_value": "1"}),
    "context-invalid-element": ("blocks/context_block_text_only", {"elements": [{"type": "divider"}]}),
    "input-invalid-element": ("blocks/input_block_only", {"element": {"type": "button", "text": TEXT}}),
}


def beyond(now: Any, limits: dict[str, Any], constraint: str) -> Any:
    """A value of the kind of ``now`` that breaks a limit, by the least that breaks it."""
    *names, bound = constraint.split(".")
    holder: Any = limits
    for name in names:
        holder = holder[name]
    limit = holder[bound] if not isinstance(holder, int) else holder
    if bound == "item_max_length":
        bound = "max_length"
    if bound in ("min_length", "min_items"):
        return now[: limit - 1]
    if bound == "max_items":
        return [distinct(now[n % len(now)], n) for n in range(limit + 1)]
    if bound == "max_length":
        long = "\U0001f4f0" * (limit + 1)
        return {"type": "plain_text", "text": long} if isinstance(now, dict) else long
    return {"min": limit - 1, "max": limit + 1, "exclusive_min": limit}[bound]


def distinct(item: Any, number: int) -> Any:
    """A copy that breaks no rule against doubles."""
    ids = {name: f"{name}{number}" for name in ("action_id", "block_id") if isinstance(item, dict) and name in item}
    return item | ids if ids else item


def changed(value: Any, path: str, limits: dict[str, Any], constraint: str) -> Any:
    """A copy of a fixture that goes beyond a limit at ``path``."""
    value = copy.deepcopy(value)
    *parents, last = path.split(".")
    place = value
    for name in parents:
        place = place[int(name)] if name.isdigit() else place[name]
    key: Any = int(last) if last.isdigit() else last
    now = (
        place[key] if isinstance(place, list) or key in place else ABSENT.get(last, {} if last == "description" else "")
    )
    place[key] = beyond(now, limits, constraint)
    return value


def test_refuses_every_published_invalid_block() -> None:
    """Each case of the published list, made of a valid fixture by going one step too far."""
    fixtures = unpacked("blockkit_fixtures.tar.gz")
    limits = json.loads(published("blockkit_limits.json").read_text(encoding="utf-8")) | UNPUBLISHED
    cases = fixtures["fixtures/invalid/manifest.json"]["cases"]
    unknown, taken = [], []
    for case in cases:
        if case["id"] in BEYOND:
            name, path = BEYOND[case["id"]]
            value = changed(fixtures[f"{VALID}{name}.json"], path, limits, case["constraint"])
        elif case["id"] in OTHERWISE:
            name, put = OTHERWISE[case["id"]]
            value = {**fixtures[f"{VALID}{name}.json"], **put}
            value = {field: content for field, content in value.items() if content is not None}
        else:
            unknown.append(case["id"])
            continue
        if not wrong_with(f"{VALID}{name}.json", value):
            taken.append(case["id"])
    assert len(cases) > 100
    assert (unknown, taken) == ([], [])


# the manifest


def test_the_manifest_fits_slacks_schema() -> None:
    """Slack's own JSON Schema has nothing against manifest.json."""
    schema = json.loads(published("manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed: pip install jsonschema")
    manifest = json.loads((ROOT / "manifest.json").read_text(encoding="utf-8"))
    found = jsonschema.Draft7Validator(schema).iter_errors(manifest)
    assert [f"{error.json_path}: {error.message}" for error in found] == []
