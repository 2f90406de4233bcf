"""The error of a Web API call that Slack refuses."""

from __future__ import annotations

from typing import Any


class Refused(Exception):
    """Answered as ``{"ok": false, "error": …}``; ``more`` joins the answer, ``status`` is the HTTP status."""

    def __init__(self, error: str, status: int = 200, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.retry_after = retry_after
        self.more = more

    def body(self) -> dict[str, Any]:
        return {"ok": False, "error": self.error, **self.more}
