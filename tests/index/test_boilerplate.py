"""Lines about the page, and news that looks like them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.boilerplate import is_boilerplate

LINES = json.loads((Path(__file__).parents[1] / "data" / "boilerplate.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("line", LINES["boilerplate"])
def test_page_furniture_is_told(line: str) -> None:
    """Subscriptions, sharing, credits, cookies and rights are never quoted as news."""
    assert is_boilerplate(line)


@pytest.mark.parametrize("line", LINES["not_boilerplate"])
def test_news_about_subscribers_and_cookies_is_news(line: str) -> None:
    """A report on subscriptions, shares, cookies or copyright can be quoted."""
    assert not is_boilerplate(line)
