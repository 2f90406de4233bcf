"""The rich_text block: the one place where text is shown as it is, unparsed."""

from __future__ import annotations

from slack_standin.shape import Rule, flag, listing, number, one_of, record, string, typed

_FONT = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), flag))
_CHIP = record(
    {},
    dict.fromkeys(("bold", "italic", "strike", "code", "highlight", "client_highlight", "unlink"), flag),
)

_TEXT = record({"text": string()}, {"style": _FONT})
_LINK = record({"url": string(3000)}, {"text": string(), "unsafe": flag, "style": _FONT})

_CITATION = record(
    {"url": string(3000), "text": string()},
    {
        "index": number(1),
        "details": record(
            {"citation_type": one_of("file", "external", "web", "message", "memory")},
            {"display_name": string(), "title": string(), "snippet": string()},
        ),
    },
)

INLINE: dict[str, Rule] = {
    "text": _TEXT,
    "link": _LINK,
    "emoji": record({"name": string()}, {"unicode": string(), "skin_tone": number(1, 6), "style": _CHIP}),
    "user": record({"user_id": string()}, {"style": _CHIP}),
    "usergroup": record({"usergroup_id": string()}, {"style": _CHIP}),
    "channel": record({"channel_id": string()}, {"style": _CHIP}),
    "broadcast": record({"range": one_of("here", "channel", "everyone")}, {"style": _CHIP}),
    "date": record(
        {"timestamp": number(0), "format": string()},
        {"url": string(3000), "fallback": string(), "style": _FONT},
    ),
    "color": record({"value": string(7)}),
    "citation": _CITATION,
}

_INLINE = listing(typed(INLINE), least=1)
_SECTION = record({"elements": _INLINE})

PARTS: dict[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_quote": record({"elements": _INLINE}, {"border": number(0)}),
    "rich_text_preformatted": record(
        {"elements": listing(typed({"text": _TEXT, "link": _LINK}), least=1)},
        {"border": number(0), "language": string()},
    ),
    "rich_text_list": record(
        {
            "style": one_of("bullet", "ordered"),
            "elements": listing(typed({"rich_text_section": _SECTION}), least=1),
        },
        {"indent": number(0, 8), "offset": number(0), "border": number(0)},
    ),
}

RICH_TEXT = record({"elements": listing(typed(PARTS), least=1)}, {"block_id": string(255)})
