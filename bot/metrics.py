"""The bot seen from outside: counters and latencies for Prometheus, served by `bot.website` at ``/metrics``.

No label carries a person, a channel or a workspace, and nothing here holds words of a question.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from slack_sdk.errors import SlackApiError

from bot.course import Course
from bot.delivery import DeliveryError

if TYPE_CHECKING:
    from bot.lanes import Lanes
    from index.archive import Archive

_ACK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0)  # Slack waits for three seconds
_ANSWER = (0.001, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 10.0)
_WAITING = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

log = logging.getLogger(__name__)


class Metrics:
    """One app's numbers, in a registry of its own. Everything in it is safe to use from several threads."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self.registry = CollectorRegistry()
        self._questions = Counter(
            "verbatim_questions", "Questions by surface and outcome.", ("surface", "outcome"), registry=self.registry
        )
        self._acks = Histogram(
            "verbatim_ack_seconds", "From a payload to its acknowledgement.", registry=self.registry, buckets=_ACK
        )
        self._answering = Histogram(
            "verbatim_answer_seconds",
            "Finding an answer, or making a summary.",
            registry=self.registry,
            buckets=_ANSWER,
        )
        self._waiting = Histogram(
            "verbatim_waiting_seconds",
            "From taking a question up to looking for its answer.",
            registry=self.registry,
            buckets=_WAITING,
        )
        self._posting = Histogram(
            "verbatim_posting_seconds",
            "From the answer to its arrival at Slack, its channel's pace included.",
            registry=self.registry,
            buckets=_WAITING,
        )
        self._posts = Counter(
            "verbatim_posts",
            "Messages and windows to Slack, and parents of threads asked of it, by kind and outcome.",
            ("kind", "outcome"),
            registry=self.registry,
        )
        self._retries = Counter(
            "verbatim_slack_retries", "Calls to Slack made again, by reason.", ("reason",), registry=self.registry
        )
        self._votes = Counter("verbatim_votes", "Votes on answers.", ("vote",), registry=self.registry)

    def watch(self, lanes: Lanes, archive: Archive) -> None:
        """From now on show the queue and the index, as they are when somebody looks."""
        queue = Gauge("verbatim_queue_length", "Jobs taken up and not done.", registry=self.registry)
        queue.set_function(lambda: lanes.waiting)
        articles = Gauge("verbatim_index_articles", "Articles in the index.", registry=self.registry)
        articles.set_function(lambda: _number(lambda: float(str(archive.stats()["articles"]))))
        age = Gauge("verbatim_index_age_seconds", "Since the index was built.", registry=self.registry)
        age.set_function(
            lambda: _number(lambda: self._clock() - datetime.fromisoformat(str(archive.stats()["built"])).timestamp())
        )

    def acknowledged(self, seconds: float) -> None:
        self._acks.observe(seconds)

    def question(self, course: Course) -> None:
        """Count a question that is over."""
        self._questions.labels(course.surface, course.outcome.value).inc()
        for histogram, seconds in (
            (self._waiting, course.seconds_waiting),
            (self._answering, course.seconds_answering),
            (self._posting, course.seconds_posting),
        ):
            if seconds is not None:
                histogram.observe(seconds)

    @contextmanager
    def posting(self, kind: str) -> Iterator[None]:
        """Count what goes to Slack by how the block ends: posted, refused by Slack, or failed on the way."""
        try:
            yield
        except (SlackApiError, DeliveryError):
            self._posts.labels(kind, "refused").inc()
            raise
        except Exception:
            self._posts.labels(kind, "failed").inc()
            raise
        self._posts.labels(kind, "posted").inc()

    def tried_again(self, reason: str) -> None:
        self._retries.labels(reason).inc()

    def voted(self, vote: str) -> None:
        self._votes.labels(vote).inc()

    def shown(self, accept: str) -> tuple[bytes, str]:
        """Everything as Prometheus reads it, in the form that ``accept`` (the header) asks for, and its content type."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type


def _number(look: Callable[[], float]) -> float:
    """What cannot be told just now must not cost the rest."""
    try:
        return look()
    except Exception as error:  # noqa: BLE001 - an index that is being replaced or damaged; asking says what it is
        log.debug("A number cannot be told: %s", error)
        return float("nan")
