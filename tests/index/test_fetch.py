"""Pages from the web, against a local server that misbehaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index import fetch as fetching
from index.articles import read_articles
from index.errors import ArticleError
from index.fetch import fetch

PAGE = b"<html><title>Ferry</title><p>The ferry sails again.</p></html>"


class Misbehaving(BaseHTTPRequestHandler):
    """Answers by path."""

    def do_GET(self) -> None:
        status, headers, body = {
            "/page": (200, {"Content-Type": "text/html"}, PAGE),
            "/moved": (302, {"Location": "/page"}, b""),
            "/loop": (302, {"Location": "/loop"}, b""),
            "/to-file": (302, {"Location": "file:///etc/passwd"}, b""),
            "/gone": (404, {}, b"nothing"),
            "/film": (200, {"Content-Type": "video/mp4"}, b"\0\0"),
            "/big": (200, {"Content-Type": "text/plain"}, b"x" * 200_000),
            "/short": (200, {"Content-Type": "text/plain", "Content-Length": "999"}, b"cut off"),
        }[self.path]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a running server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Misbehaving) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("path", ["/page", "/moved"])
def test_a_page_is_read_also_behind_a_redirect(server: str, path: str) -> None:
    """The body comes whole, and HTML is told from plain text."""
    page = fetch(server + path, max_bytes=1000, allow_private=True)
    assert (page.body, page.is_html) == (PAGE, True)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/loop", "redirects more than"),
        ("/to-file", "only http"),
        ("/gone", "404"),
        ("/film", "video/mp4"),
        ("/big", "too large"),
        ("/short", "broke off"),
    ],
)
def test_what_misbehaves_is_named_with_its_reason(server: str, path: str, reason: str) -> None:
    """Loops, other schemes, errors, films, floods and broken connections end with a word each."""
    with pytest.raises(ArticleError, match=reason):
        fetch(server + path, max_bytes=100_000, allow_private=True)


def test_a_server_that_never_ends_is_left_in_time(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit of time holds for the body as well."""
    monkeypatch.setattr(fetching, "SECONDS", 0.0)
    with pytest.raises(ArticleError, match=r"longer than|cannot be fetched|broke off"):
        fetch(server + "/page", max_bytes=1000, allow_private=True)


def test_addresses_inside_the_network_are_never_called(server: str) -> None:
    """Loopback is refused on the connected socket, so that no name can talk its way around."""
    reading_error = pytest.raises(ArticleError, match="private network")
    with reading_error:
        fetch(server + "/page", max_bytes=1000)
    with pytest.raises(ArticleError, match="private network"):
        fetch(server.replace("127.0.0.1", "localhost") + "/page", max_bytes=1000)


def test_an_unreachable_address_is_an_unread_source(server: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    """A URL that fails is listed like a file that fails, and the rest is read."""
    (tmp_path / "a.txt").write_text("One sentence.")
    reading = read_articles([tmp_path, server + "/page"])
    assert len(reading.articles) == 1
    assert [unread.source for unread in reading.unread] == [server + "/page"]
