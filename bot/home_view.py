"""The home tab and the modals that open from it, as Slack's views. Pure functions of records.

Text of articles and people stands in ``rich_text`` and ``plain_text``, which Slack does not parse. Buttons carry ids.
Slack takes 100 blocks; everything that could grow is cut long before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot import wording
from bot.answer_message import answer
from bot.answers import Kept
from bot.article_list import articles
from bot.blocks import Block, Message
from bot.channels import ChannelSettings
from bot.citations import without_citations
from bot.mrkdwn import escape, one_line
from bot.overview import Overview
from index.records import Answer

View = dict[str, Any]

SHOW_ACTION = "show_answer"
CHANNEL_ACTION = "change_channel"
CHANNEL_CALLBACK = "channel_settings"
CHANNEL, UNASKED = "channel", "unasked"  # the fields of the modal, by block and action id

MOST_ASKED = 5
MOST_CHANNELS = 30
LONGEST_QUESTION = 200


def home(
    index: Overview,
    asked: Sequence[Kept] | None,
    channels: Mapping[str, ChannelSettings] | None,
) -> View:
    """The home tab of one person. ``asked`` None: it cannot be read just now; ``channels`` None: no administrator."""
    parts = [*_intro(), *_articles(index), *_asked(asked)]
    if channels is not None:
        parts += _channels(channels)
    return {"type": "home", "blocks": parts}


def only(message: Message) -> View:
    """A home tab that says one thing, such as that something went wrong."""
    return {"type": "home", "blocks": message.blocks}


def answer_modal(kept: Kept) -> View:
    """An answer shown again; where the articles have changed under it, that is said instead."""
    if isinstance(kept.shown, Answer):
        # Without its buttons, for a modal has no channel to answer in; without citations, which a modal may not take and
        # whose refusal would cost the whole view. The line under a quote says the same.
        shown = without_citations(answer(kept.shown, question=True)).blocks
    else:
        question = [_line(one_line(kept.question, LONGEST_QUESTION), bold=True)] if kept.question.strip() else []
        shown = [*question, _line(wording.CHANGED_SINCE)]
    return _modal(wording.ANSWER, shown)


def notice_modal(text: str) -> View:
    """A word in a modal, where there is no channel to say it in."""
    return _modal(wording.ANSWER, [_line(text)])


def channel_modal(channel: str | None, settings: ChannelSettings) -> View:
    """The settings of a channel; ``channel`` None: it is yet to be chosen."""
    select: Block = {
        "type": "conversations_select",
        "action_id": CHANNEL,
        "placeholder": _plain(wording.CHOOSE_CHANNEL),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if channel:
        select["initial_conversation"] = channel
    option = {"text": _plain(wording.UNASKED), "value": "unasked"}
    ticks: Block = {"type": "checkboxes", "action_id": UNASKED, "options": [option]}
    if settings.unasked:
        ticks["initial_options"] = [option]
    parts: list[Block] = [
        {
            "type": "input",
            "block_id": CHANNEL,
            "label": _plain(wording.CHANNEL),
            "hint": _plain(wording.BE_A_MEMBER),
            "element": select,
        },
        {
            "type": "input",
            "block_id": UNASKED,
            "optional": True,
            "label": _plain(wording.WITHOUT_MENTION),
            "element": ticks,
        },
        _line(wording.collections(settings.collections)),
    ]
    return _modal(wording.CHANNEL_SETTINGS, parts) | {
        "callback_id": CHANNEL_CALLBACK,
        "submit": _plain(wording.SAVE),
        "close": _plain(wording.CANCEL),
    }


def _intro() -> list[Block]:
    ways = [_section(_text(way)) for way in wording.WAYS_TO_ASK]
    return [
        _line(wording.WHAT_I_DO),
        _header(wording.HOW_DO_I_ASK),
        {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": ways}]},
    ]


def _articles(index: Overview) -> list[Block]:
    head = _header(wording.WHAT_I_READ)
    if not index.articles:
        return [head, _line(wording.NO_ARTICLES)]
    elements = [_text(wording.index_holds(index.articles, one_line(index.first, 40), one_line(index.last, 40)))]
    if index.built is not None:
        elements += [_text(" " + wording.LAST_REBUILT + " "), _moment(index.built), _text(".")]
    return [
        head,
        {"type": "rich_text", "elements": [_section(*elements)]},
        *articles(index.newest, index.articles).blocks,
    ]


def _asked(asked: Sequence[Kept] | None) -> list[Block]:
    head = _header(wording.YOUR_QUESTIONS)
    if asked is None:
        return [head, _line(wording.NOT_READABLE)]
    if not asked:
        return [head, _line(wording.NOTHING_ASKED)]
    return [head, *(_question(kept) for kept in asked[:MOST_ASKED])]


def _question(kept: Kept) -> Block:
    said = one_line(kept.question, LONGEST_QUESTION) or "?"
    if isinstance(kept.shown, Answer) and not kept.shown.answerable:
        said += f"\n{wording.NOT_SAID}"
    return {
        "type": "section",
        "text": _plain(said),
        "accessory": _button(SHOW_ACTION, wording.SHOW_ANSWER, kept.id),
    }


def _channels(channels: Mapping[str, ChannelSettings]) -> list[Block]:
    shown = sorted(channels)[:MOST_CHANNELS]
    parts = [{"type": "divider"}, _header(wording.CHANNEL_SETTINGS), _line(wording.ABOUT_CHANNELS)]
    for channel in shown:
        settings = channels[channel]
        what = f"{wording.answers_unasked(settings.unasked)} {wording.collections(settings.collections)}"
        parts.append(
            {
                "type": "section",
                # A reference, which each person sees as the name of the channel, if they may.
                "text": {"type": "mrkdwn", "text": f"<#{escape(channel)}>\n{escape(what)}", "verbatim": True},
                "accessory": _button(CHANNEL_ACTION, wording.CHANGE, channel),
            }
        )
    if len(channels) > len(shown):
        parts.append(_line(wording.more_channels(len(channels) - len(shown))))
    parts.append({"type": "actions", "elements": [_button(CHANNEL_ACTION, wording.SET_UP_CHANNEL, "")]})
    return parts


def _modal(title: str, parts: list[Block]) -> View:
    return {"type": "modal", "title": _plain(title), "close": _plain(wording.CLOSE), "blocks": parts}


def _button(action: str, label: str, value: str) -> Block:
    button: Block = {"type": "button", "action_id": action, "text": _plain(label)}
    return button | {"value": value} if value else button


def _header(text: str) -> Block:
    return {"type": "header", "text": _plain(text)}


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text, "emoji": False}


def _line(text: str, *, bold: bool = False) -> Block:
    return {"type": "rich_text", "elements": [_section(_text(text, bold=bold))]}


def _section(*elements: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(elements)}


def _text(text: str, *, bold: bool = False) -> Block:
    return {"type": "text", "text": text} | ({"style": {"bold": True}} if bold else {})


def _moment(seconds: int) -> Block:
    """A time as each person's own clock and calendar have it."""
    return {
        "type": "date",
        "timestamp": seconds,
        "format": "{date_long_pretty} at {time}",
        "fallback": wording.moment(seconds),
    }
