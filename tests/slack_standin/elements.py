"""Block Kit's small parts: texts, options, confirmations, and everything a person can press or fill in."""

from __future__ import annotations

from typing import Any

from slack_standin.shape import (
    Report,
    Rule,
    anything,
    at_least_one,
    exactly_one,
    flag,
    listing,
    number,
    one_of,
    record,
    string,
    typed,
)


def plain(most: int) -> Rule:
    """A plain_text object of at most so many characters."""
    return typed({"plain_text": record({"text": string(most)}, {"emoji": flag})})


def mrkdwn(most: int) -> Rule:
    """A mrkdwn object of at most so many characters."""
    return typed({"mrkdwn": record({"text": string(most)}, {"verbatim": flag})})


def text(most: int) -> Rule:
    """A text object of either kind."""
    return typed(
        {
            "plain_text": record({"text": string(most)}, {"emoji": flag}),
            "mrkdwn": record({"text": string(most)}, {"verbatim": flag}),
        }
    )


ACTION_ID = string(255)
URL = string(3000)

CONFIRM = record(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)

OPTION = record({"text": text(75), "value": string(150)}, {"description": text(75), "url": URL})
OPTION_GROUP = record({"label": plain(75), "options": listing(OPTION, least=1, most=100)})

TRIGGER = record(
    {"url": URL},
    {"customizable_input_parameters": listing(record({"name": string(), "value": string(least=0)}))},
)
FILTER = record(
    {},
    {
        "include": listing(one_of("im", "mpim", "private", "public"), least=1),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
DISPATCH = record({}, {"trigger_actions_on": listing(one_of("on_enter_pressed", "on_character_entered"), least=1)})

ICON = typed({"icon": record({"name": string()})})

_IMAGE_FIELDS = {
    "image_url": URL,
    "slack_file": record({}, {"id": string(), "url": URL}, exactly_one("id", "url")),
}
IMAGE = record({"alt_text": string(2000)}, _IMAGE_FIELDS, exactly_one("image_url", "slack_file"))

_BUTTON = {"action_id": ACTION_ID, "accessibility_label": string(75), "style": one_of("primary", "danger")}
BUTTON = record(
    {"text": plain(75)},
    _BUTTON | {"url": URL, "value": string(2000), "confirm": CONFIRM},
)
WORKFLOW_BUTTON = record({"text": plain(75), "workflow": record({"trigger": TRIGGER})}, _BUTTON)

_FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})
FEEDBACK_BUTTONS = record({"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ACTION_ID})
ICON_BUTTON = record(
    {"icon": one_of("trash"), "text": plain(75)},
    {
        "action_id": ACTION_ID,
        "value": string(2000),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
        "visible_to_user_ids": listing(string(), most=10),
    },
)

_FIELD = {"action_id": ACTION_ID, "confirm": CONFIRM, "focus_on_load": flag}
_PLACED = _FIELD | {"placeholder": plain(150)}
_MANY = {"max_selected_items": number(1)}
_IDS = listing(string())
_CHOICES = {
    "options": listing(OPTION, least=1, most=100),
    "option_groups": listing(OPTION_GROUP, least=1, most=100),
}
_TYPED = {
    "action_id": ACTION_ID,
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": DISPATCH,
}


def _ordered(low: str, high: str) -> Rule:
    """Where both fields are there, the first is not above the second."""

    def rule(report: Report, path: str, value: Any) -> None:
        if low in value and high in value and float(value[low]) > float(value[high]):
            report.add(path, f"{low} must not exceed {high}")

    return rule


def _ticks(most: int) -> Rule:
    """Checkboxes or radio buttons."""
    picked = {"initial_options": listing(OPTION, least=1), "initial_option": OPTION}
    return record({"options": listing(OPTION, least=1, most=most)}, _FIELD | picked)


_RESPONDS = {"response_url_enabled": flag}

SELECTS: dict[str, Rule] = {
    "static_select": record(
        {}, _PLACED | _CHOICES | {"initial_option": OPTION}, exactly_one("options", "option_groups")
    ),
    "multi_static_select": record(
        {},
        _PLACED | _CHOICES | _MANY | {"initial_options": listing(OPTION, least=1)},
        exactly_one("options", "option_groups"),
    ),
    "external_select": record({}, _PLACED | {"min_query_length": number(0), "initial_option": OPTION}),
    "multi_external_select": record(
        {}, _PLACED | _MANY | {"min_query_length": number(0), "initial_options": listing(OPTION, least=1)}
    ),
    "users_select": record({}, _PLACED | {"initial_user": string()}),
    "multi_users_select": record({}, _PLACED | _MANY | {"initial_users": _IDS}),
    "channels_select": record({}, _PLACED | _RESPONDS | {"initial_channel": string()}),
    "multi_channels_select": record({}, _PLACED | _MANY | {"initial_channels": _IDS}),
    "conversations_select": record(
        {},
        _PLACED
        | _RESPONDS
        | {"initial_conversation": string(), "default_to_current_conversation": flag, "filter": FILTER},
    ),
    "multi_conversations_select": record(
        {},
        _PLACED | _MANY | {"initial_conversations": _IDS, "default_to_current_conversation": flag, "filter": FILTER},
    ),
}

PICKERS: dict[str, Rule] = {
    "checkboxes": _ticks(10),
    "radio_buttons": _ticks(10),
    "datepicker": record({}, _PLACED | {"initial_date": string(10, least=10)}),
    "timepicker": record({}, _PLACED | {"initial_time": string(5, least=5), "timezone": string()}),
    "datetimepicker": record({}, _FIELD | {"initial_date_time": number(0)}),
}

INPUTS: dict[str, Rule] = {
    "plain_text_input": record(
        {},
        _TYPED
        | {
            "multiline": flag,
            "initial_value": string(3000, least=0),
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
        _ordered("min_length", "max_length"),
    ),
    "number_input": record(
        {"is_decimal_allowed": flag},
        _TYPED | {"initial_value": string(), "min_value": string(), "max_value": string()},
        _ordered("min_value", "max_value"),
    ),
    "email_text_input": record({}, _TYPED | {"initial_value": string()}),
    "url_text_input": record({}, _TYPED | {"initial_value": string()}),
    "rich_text_input": record({}, _TYPED | {"initial_value": anything}),
    "file_input": record({}, {"action_id": ACTION_ID, "filetypes": listing(string()), "max_files": number(1, 10)}),
}

PRESSED: dict[str, Rule] = {
    "button": BUTTON,
    "workflow_button": WORKFLOW_BUTTON,
    "overflow": record({"options": listing(OPTION, least=1, most=5)}, {"action_id": ACTION_ID, "confirm": CONFIRM}),
}

URL_SOURCE = typed({"url": record({"url": URL, "text": string()})})

SECTION_ACCESSORY = typed(PRESSED | SELECTS | PICKERS | {"image": IMAGE})
ACTION = typed(PRESSED | SELECTS | PICKERS | {"rich_text_input": INPUTS["rich_text_input"]})
INPUT_ELEMENT = typed(SELECTS | PICKERS | INPUTS)
CONTEXT_ELEMENT = typed(
    {
        "image": IMAGE,
        "plain_text": record({"text": string(3000)}, {"emoji": flag}),
        "mrkdwn": record({"text": string(3000)}, {"verbatim": flag}),
    }
)
CONTEXT_ACTION = typed({"feedback_buttons": FEEDBACK_BUTTONS, "icon_button": ICON_BUTTON})
IMAGE_BLOCK = record(
    {"alt_text": string(2000)},
    _IMAGE_FIELDS | {"title": plain(2000), "block_id": string(255)},
    exactly_one("image_url", "slack_file"),
)
SECTION = record(
    {},
    {
        "text": text(3000),
        "fields": listing(text(2000), least=1, most=10),
        "accessory": SECTION_ACCESSORY,
        "expand": flag,
        "block_id": string(255),
    },
    at_least_one("text", "fields"),
)
