"""No log shows a token."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from bot.redaction import HIDDEN, Redaction

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FIELDS = {
    "token": "legacy-verification",
    "response_url": "http://127.0.0.1:1/response/R1",
    "trigger_id": "123.456.abc",
    "access_token": "no-known-form-1",
    "client_secret": "no-known-form-2",
}
CODE = "1234567890.9876543210.0123456789abcdef0123456789abcdef"


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """What a logger with the filter writes, through a handler that knows nothing of it."""
    written = io.StringIO()
    handler, logger, hide = logging.StreamHandler(written), logging.getLogger("tests.redaction"), Redaction([SECRET])
    logger.addHandler(handler)
    logger.addFilter(hide)
    yield written
    logger.removeHandler(handler)
    logger.removeFilter(hide)


log = logging.getLogger("tests.redaction")


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("Authorization: Bearer xoxb-1-2-abc", "xoxb-1-2-abc"),
        ("{'token': 'xapp-1-A0-99-ff'}", "xapp-1-A0-99-ff"),
        ('"xwfp-abc-1"', "xwfp-abc-1"),
        ("xoxe.xoxp-1-Mi0y", "Mi0y"),
        (f"secret {SECRET}!", SECRET),
        ("wss://wss.slack.com/link/?ticket=1234-5678&app_id=5", "1234-5678"),
        ("see https://hooks.slack.com/commands/T1/2/zzz now", "T1/2/zzz"),
        (json.dumps(FIELDS), "R1"),
        (json.dumps(json.dumps(FIELDS)), "123.456.abc"),
        (repr(FIELDS), "legacy-verification"),
        (urlencode(FIELDS), "123.456.abc"),
        (urlencode(FIELDS), "R1"),
        (repr(FIELDS), "no-known-form-1"),
        (json.dumps(FIELDS), "no-known-form-2"),
        (urlencode(FIELDS), "no-known-form-1"),
        (urlencode(FIELDS), "no-known-form-2"),
        ("Authorization: Basic MS4yOjVlYzdlN2MxMWU=", "MS4yOjVlYzdlN2MxMWU"),
        (f"/slack/oauth_redirect?code={CODE}&state=1", CODE),
    ],
)
def test_secrets_are_hidden_in_messages(out: io.StringIO, text: str, hidden: str) -> None:
    """As argument and as message, in JSON, as a dict's repr and as a form; what stands around it stays."""
    log.error("before %s after", text)
    assert hidden not in out.getvalue()
    assert HIDDEN in out.getvalue()
    assert out.getvalue().startswith("before ")
    assert out.getvalue().endswith(" after\n")


def test_secrets_are_hidden_in_tracebacks(out: io.StringIO) -> None:
    """A formatter adds the traceback after all filters; it is clean by then, and it is there."""
    try:
        raise ValueError(f"no good: {SECRET} xoxb-1")
    except ValueError:
        log.exception("failed")
    assert SECRET not in out.getvalue()
    assert "xoxb-1" not in out.getvalue()
    assert "Traceback" in out.getvalue()
    assert "ValueError: no good" in out.getvalue()


def test_arguments_that_do_not_fit_are_not_shown(out: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """logging would print the arguments on standard error."""
    log.error("%d", SECRET)
    assert SECRET not in out.getvalue() + capsys.readouterr().err


def test_ordinary_text_stays() -> None:
    """Words that look only a little like secrets are left alone."""
    text = "The box-office token of 2,500 tickets (taxapp, xo) stays, a basic understanding of 3.14 and 10.0.0.1 too."
    assert Redaction([SECRET]).text(text) == text
