"""Slack's text formats: what comes in is undone, what goes out is escaped, once each.

Incoming text is escaped (``&amp;``) and carries references such as ``<@U1>`` and ``<https://…|label>``;
:func:`readable` gives back what the person saw. Outgoing mrkdwn (the ``text`` of a message, a context line)
goes through :func:`escape`; text in rich_text blocks is not parsed by Slack and must not be escaped.
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_REFERENCE = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_LINE_BREAK = re.compile(r"\s*[\n\u2028\u2029]\s*")
# Explicit embeddings, overrides and isolates: one of them in a title would turn the rest of the line around.
_BIDI_CONTROLS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LONGEST_URL = 2000  # a link element takes 3,000 characters; beyond this a link is data, not an address


def escape(text: str) -> str:
    """Escape for mrkdwn: ``a < b & c`` → ``a &lt; b &amp; c``. The order matters: ``&`` first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def readable(text: str, *, without_user: str | None = None) -> str:
    """What a person reads in a message: references by their labels, entities undone, spaces trimmed.

    ``without_user`` is the bot's own id: its mentions are dropped, those of others stay (``@U2``), since
    "what did @U2 say" needs its subject.

    >>> readable("<@UBOT> is <https://example.com|this> A&amp;B, <#C1|general>?", without_user="UBOT")
    'is this A&B, #general?'
    """

    def reference(match: re.Match[str]) -> str:
        mark, target, label = match.group(1), match.group(2), match.group(3) or ""
        if mark == "@":
            return " " if target == without_user else "@" + (label.lstrip("@") or target)
        if mark == "#":
            return "#" + (label or target)
        if mark == "!":  # <!here>, <!subteam^S1|@team>, <!date^…|fallback>
            return label or "@" + target.partition("^")[0]
        return label or target.removeprefix("mailto:")

    plain = _REFERENCE.sub(reference, text)
    plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    # A lone surrogate is legal in JSON and in no file, log or request that the text passes through later.
    return plain.encode("utf-8", "replace").decode("utf-8").strip()


def folded(text: str) -> str:
    """Line breaks as spaces, for display only; a hard-wrapped source has them inside its sentences.

    The one place where shown text differs from stored text. Offsets never refer to the result.
    """
    return _LINE_BREAK.sub(" ", text)


def one_line(text: str, longest: int) -> str:
    """A title or name for a line of its own: folded, no bidi controls, at most ``longest`` characters."""
    line = folded(_BIDI_CONTROLS.sub("", text)).strip()
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def web_address(source: str) -> str | None:
    """``source`` as a URL that a link can carry, or None where it is no web address.

    >>> web_address("https://example.com/a|b c")
    'https://example.com/a%7Cb%20c'
    """
    try:
        parts = urlsplit(source)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            return None
    except ValueError:
        return None
    url = quote(source, safe="%:/?#[]@!$&'()*+,;=~-._")
    return url if len(url) <= _LONGEST_URL else None


def link(url: str, label: str) -> str:
    """A mrkdwn link; ``url`` as :func:`web_address` gives it. The label loses ``|``, which would end it."""
    return f"<{escape(url)}|{escape(label.replace('|', '¦'))}>"
