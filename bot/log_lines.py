"""How `verbatim serve` writes its log: lines for people, and one line of JSON for what has fields."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timezone


class LineFormatter(logging.Formatter):
    """A record with ``extra={"fields": {…}}`` becomes a line of JSON, its message the ``event``; others stay readable.

    JSON is kept to ASCII: whatever the fields hold, it is one line.
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", None)
        if not isinstance(fields, dict):
            return super().format(record)
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        head = {"time": at, "level": record.levelname.lower(), "event": record.getMessage()}
        return json.dumps(head | fields, default=str)
