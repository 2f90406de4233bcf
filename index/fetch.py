"""Fetches a page from the web, within limits: size, time, redirects; http(s) only; never from inside the network.

The address is checked where it counts, on the connected socket: a name that resolves to a public address
for a check and to a private one for the request gets nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from index.errors import ArticleError

SECONDS = 20.0
"""For a whole page, redirects and all."""

REDIRECTS = 5
AGENT = "verbatim-bot/0.1 (reads articles for quoting)"
_HTML = ("text/html", "application/xhtml+xml")
_TEXT = ("text/plain", "text/markdown")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: its bytes, and whether they are HTML or plain text."""

    body: bytes
    is_html: bool


def fetch(url: str, *, max_bytes: int) -> Page:
    """Get a page.

    Raises:
        ArticleError: with the reason alone, for use behind the address.
    """
    deadline = time.monotonic() + SECONDS
    for _ in range(REDIRECTS + 1):
        response = _get(url, deadline)
        try:
            location = response.get_redirect_location()
            if location:
                url = urllib3.util.parse_url(urllib3.util.url.urljoin(url, location)).url  # type: ignore[attr-defined]
                continue
            if response.status != 200:
                raise ArticleError(f"the server answered {response.status} {response.reason or ''}".strip())
            kind = (response.headers.get("Content-Type") or "text/html").split(";")[0].strip().lower()
            if kind not in _HTML + _TEXT:
                raise ArticleError(f"it is {kind}, not a page of text")
            return Page(_body(response, max_bytes, deadline), kind in _HTML)
        finally:
            response.release_conn()
    raise ArticleError(f"it redirects more than {REDIRECTS} times")
