"""Fetches a page from the web within limits of size, time and redirects; http(s) only, never from inside a network.

The address is checked where it counts, on the connected socket and before anything is sent: a name that
resolves to a public address when looked at and to a private one when called gets nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from urllib.parse import urljoin

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from index.errors import ArticleError

SECONDS = 20.0
"""For a whole page, redirects and all."""

REDIRECTS = 5
AGENT = "verbatim-bot (reads articles to quote them)"
_HTML = ("text/html", "application/xhtml+xml")
_TEXT = ("text/plain", "text/markdown")


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: its bytes, and whether they are HTML or plain text."""

    body: bytes
    is_html: bool


def fetch(url: str, *, max_bytes: int, allow_private: bool = False) -> Page:
    """Get a page. ``allow_private`` lets addresses of the local network through.

    Raises:
        ArticleError: with the reason alone, for use behind the address.
    """
    deadline = time.monotonic() + SECONDS
    with _manager(allow_private) as manager:
        for _ in range(REDIRECTS + 1):
            response = _get(manager, url, deadline)
            try:
                if location := response.get_redirect_location():
                    url = urljoin(url, location)
                    continue
                return Page(_body(response, max_bytes, deadline), _is_html(response))
            finally:
                response.close()
    raise ArticleError(f"it redirects more than {REDIRECTS} times")


class _PrivateAddress(Exception):
    pass


def _checked(sock: socket.socket) -> socket.socket:
    address = ipaddress.ip_address(sock.getpeername()[0].split("%")[0])
    mapped = getattr(address, "ipv4_mapped", None) or address
    if not mapped.is_global or mapped.is_multicast:
        sock.close()
        raise _PrivateAddress(str(address))
    return sock


class _PublicHTTP(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn())


class _PublicHTTPS(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _checked(super()._new_conn())


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTP


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPS


def _manager(allow_private: bool) -> urllib3.PoolManager:
    manager = urllib3.PoolManager(num_pools=REDIRECTS + 1, retries=False)
    if not allow_private:
        manager.pool_classes_by_scheme = {"http": _PublicHTTPPool, "https": _PublicHTTPSPool}
    return manager


def _get(manager: urllib3.PoolManager, url: str, deadline: float) -> urllib3.BaseHTTPResponse:
    if not url.lower().startswith(("http://", "https://")):
        raise ArticleError("only http:// and https:// addresses are read")
    try:
        response = manager.request(
            "GET",
            url,
            headers={"User-Agent": AGENT, "Accept": "text/html, text/plain;q=0.8"},
            timeout=urllib3.Timeout(total=max(0.1, deadline - time.monotonic())),
            preload_content=False,
            redirect=False,
        )
    except _PrivateAddress as error:
        raise ArticleError(f"its address {error} is inside a private network") from None
    except (urllib3.exceptions.HTTPError, ValueError, OSError) as error:
        raise ArticleError(f"it cannot be fetched ({_reason(error)})") from None
    if response.status >= 400 or (response.status >= 300 and not response.get_redirect_location()):
        response.close()
        raise ArticleError(f"the server answered {response.status} {response.reason or ''}".strip())
    return response


def _is_html(response: urllib3.BaseHTTPResponse) -> bool:
    kind = (response.headers.get("Content-Type") or "text/html").split(";")[0].strip().lower()
    if kind not in _HTML + _TEXT:
        raise ArticleError(f"it is {kind}, not a page of text")
    return kind in _HTML


def _body(response: urllib3.BaseHTTPResponse, max_bytes: int, deadline: float) -> bytes:
    body = bytearray()
    try:
        for piece in response.stream(1 << 14, decode_content=True):
            body += piece
            if len(body) > max_bytes:
                raise ArticleError(f"it is too large (over {max_bytes // 1_000_000} MB)")
            if time.monotonic() > deadline:
                raise ArticleError(f"it took longer than {SECONDS:.0f} seconds")
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise ArticleError(f"it broke off ({_reason(error)})") from None
    return bytes(body)


def _reason(error: BaseException) -> str:
    text = str(error).split("\n")[0]
    return (text.rsplit(": ", 1)[-1] or type(error).__name__)[:160]
