"""No log shows a token: secrets are cut out of messages and tracebacks before any handler sees them."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable

HIDDEN = "[hidden]"

_PATTERNS = (
    # Tokens of every kind (xoxb-, xoxp-, xapp-, xwfp-, …).
    (re.compile(r"\bx(?:ox[a-z]|app|wfp)[-.][\w.-]+"), HIDDEN),
    # The ticket in a Socket Mode address.
    (re.compile(r"(?i)\b(ticket(?:=|%3D))[^&\s\"'<>]+"), rf"\1{HIDDEN}"),
    # Fields that let whoever reads them act for the bot: as JSON or a dict's repr, and as a form.
    (
        re.compile(
            r"""(?ix)(\\?["'](?:response_url|trigger_id|token|\w+_token|client_secret|wss_uri)\\?["']\s*:\s*\\?["'])
                [^"'\\]*"""
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"(?i)\b((?:response_url|trigger_id|(?:\w+_)?token|client_secret)=)[^&\s\"']+"), rf"\1{HIDDEN}"),
    # Client id and secret as they travel, and the codes that Slack exchanges for tokens.
    (re.compile(r"(?i)\b(basic )[a-z0-9+/]{16,}={0,2}"), rf"\1{HIDDEN}"),
    (re.compile(r"\b\d{4,}\.\d{4,}\.[0-9a-f]{16,}\b"), HIDDEN),
    (re.compile(r"https?(?:://|%3A%2F%2F)hooks\.slack\.com[^\s\"'<>&]*"), HIDDEN),
)


class Redaction(logging.Filter):
    """A filter for loggers and handlers: it renders each record once, with every secret replaced.

    The traceback is rendered here too, since a formatter appends it after all filters.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = tuple(sorted((secret for secret in secrets if secret), key=len, reverse=True))

    def text(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, HIDDEN)
        for pattern, replacement in _PATTERNS:
            text = pattern.sub(replacement, text)
        return text

    def filter(self, record: logging.LogRecord) -> bool:
        try:
            message = record.getMessage()
        except (TypeError, ValueError):  # arguments that do not fit: logging's own report of it would show them
            message = str(record.msg)
        record.msg, record.args = self.text(message), None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.text(record.exc_text)
        if isinstance(fields := getattr(record, "fields", None), dict):
            record.fields = {
                name: self.text(value) if isinstance(value, str) else value for name, value in fields.items()
            }
        if record.stack_info:
            record.stack_info = self.text(record.stack_info)
        return True
