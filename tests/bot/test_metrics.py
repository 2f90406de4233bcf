"""Numbers for Prometheus: in its format, bounded in what they distinguish, and each app's its own."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from slack_sdk.errors import SlackApiError

from bot.course import Asker, Course, Outcome
from bot.delivery import DeliveryError
from bot.lanes import Lanes
from bot.metrics import Metrics
from bot.website import Website
from index.archive import Archive
from index.records import Answer


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_questions_are_counted_by_surface_and_outcome() -> None:
    """And their waiting, answering and posting timed where they happened."""
    metrics = Metrics()
    course = Course(Asker("T1", "U1", "mention"))
    course.begin()
    course.found(Answer("q", (), True, 0.9, 1.0))
    course.end()
    metrics.question(course)
    left = Course(Asker("T1", "U1", "command"))
    left.end(Outcome.FLOODED)
    metrics.question(left)
    assert value(metrics, "verbatim_questions_total", surface="mention", outcome="answered") == 1
    assert value(metrics, "verbatim_questions_total", surface="command", outcome="flooded") == 1
    assert value(metrics, "verbatim_answer_seconds_count") == 1
    assert value(metrics, "verbatim_waiting_seconds_count") == 1


def test_posts_are_counted_by_how_they_end() -> None:
    """Errors go on to whoever handles them."""
    metrics = Metrics()
    with metrics.posting("message"):
        pass
    for error in (
        SlackApiError("no", cast(Any, {"error": "not_in_channel"})),
        DeliveryError("used up"),
        OSError("away"),
    ):
        with pytest.raises(type(error)), metrics.posting("message"):
            raise error
    found = [value(metrics, "verbatim_posts_total", kind="message", outcome=o) for o in ("posted", "refused", "failed")]
    assert found == [1, 2, 1]


def test_queue_and_index_are_shown_as_they_are(archive: Archive) -> None:
    """Looked at when somebody asks; an index that cannot be read costs the others nothing."""
    metrics, lanes = Metrics(), Lanes()
    metrics.watch(lanes, archive)
    assert value(metrics, "verbatim_queue_length") == 0
    assert value(metrics, "verbatim_index_articles") == len(archive.articles())
    age = value(metrics, "verbatim_index_age_seconds")
    assert age is not None
    assert 0 <= age < 86_400
    assert lanes.close(1)

    def broken() -> dict[str, object]:
        raise OSError("torn")

    torn = Metrics()
    torn.watch(lanes, cast(Archive, SimpleNamespace(stats=broken)))
    articles = value(torn, "verbatim_index_articles")
    assert articles is not None
    assert articles != articles
    assert value(torn, "verbatim_queue_length") == 0


def test_apps_do_not_share_numbers() -> None:
    """Two apps in one process count apart, and nothing lands in the library's own registry."""
    one, two = Metrics(), Metrics()
    one.voted("good")
    assert value(one, "verbatim_votes_total", vote="good") == 1
    assert value(two, "verbatim_votes_total", vote="good") is None
    assert [family.name for family in REGISTRY.collect() if family.name.startswith("verbatim")] == []


@pytest.mark.parametrize(
    "accept", ["", "text/plain", "application/openmetrics-text; version=1.0.0", "x;version=\xff,,;"]
)
def test_prometheus_can_read_it(accept: str) -> None:
    """In the form that is asked for; a header that makes no sense gets the plain one."""
    metrics = Metrics()
    metrics.acknowledged(0.02)
    body, content_type = metrics.shown(accept)
    assert ("openmetrics" in content_type) == ("openmetrics" in accept)
    if "openmetrics" not in accept:
        names = {family.name for family in text_string_to_metric_families(body.decode())}
        assert {"verbatim_ack_seconds", "verbatim_questions"} <= names


def get(site: Website, path: str, method: str = "GET", **environ: str) -> tuple[str, dict[str, str], bytes]:
    """What the site answers."""
    said: list[Any] = []
    body = b"".join(
        site(
            {"REQUEST_METHOD": method, "PATH_INFO": path, **environ},
            lambda status, headers: said.extend((status, headers)),
        )
    )
    return said[0], dict(said[1]), body


def test_the_website_shows_them() -> None:
    """To GET alone, from the first moment, with the library's content type."""
    site = Website(Metrics())
    status, headers, body = get(site, "/metrics")
    assert status == "200 OK"
    assert headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert int(headers["Content-Length"]) == len(body)
    assert b"verbatim_ack_seconds_bucket" in body
    assert get(site, "/metrics", "POST")[0].startswith("405")
    assert get(site, "/metrics/")[0].startswith("404")


def test_a_site_without_events_takes_none() -> None:
    """In Socket Mode nobody may hand the bot payloads over HTTP: there may be no secret to check them with."""
    site = Website(Metrics(), events=False)
    site.serve(cast(Any, None))
    forged = {"CONTENT_LENGTH": "2", "HTTP_X_SLACK_REQUEST_TIMESTAMP": str(int(time.time()))}
    assert get(site, "/slack/events", "POST", **forged)[0].startswith("404")
    assert get(site, "/healthz")[0] == "200 OK"
