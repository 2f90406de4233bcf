"""Each event once, each channel in order, and a bounded memory."""

from __future__ import annotations

from threading import Barrier, Event

import pytest

from bot.claims import Claims
from bot.delivery import BURST, Pace
from bot.lanes import MOST_ASIDE, Lanes
from bot.memory import Recent


def test_an_event_is_taken_once_under_any_of_its_names() -> None:
    """The same place under another event id is the same; from then on that id is known, too."""
    claims = Claims()
    assert claims.take(["event 1", "place"]) is not None
    assert claims.take(["event 2", "place"]) is None
    assert claims.take(["event 2"]) is None
    assert claims.take(["event 3"]) is not None


def test_a_released_event_is_taken_again() -> None:
    """Nothing was answered: the next delivery gets its chance, under any name."""
    claims = Claims()
    claim = claims.take(["event", "place"])
    assert claim is not None
    assert claims.release(claim) is False
    assert claims.take(["place"]) is not None


def test_a_delivery_that_was_turned_away_is_not_lost() -> None:
    """It came while the first one was worked on, and may have been the last: the holder must try again, once."""
    claims = Claims()
    claim = claims.take(["event"])
    assert claim is not None
    assert claims.take(["event"]) is None
    assert claims.release(claim) is True
    assert claims.take(["event"]) is None
    assert claims.release(claim) is True
    assert claims.release(claim) is False


def test_once_is_given_back_after_an_error() -> None:
    """What failed may be tried again, what was done may not."""
    claims = Claims()
    with pytest.raises(ValueError, match="away"), claims.once("share"):
        raise ValueError("away")
    with claims.once("share") as first:
        assert first
    with claims.once("share") as first:
        assert not first


def test_claims_are_bounded() -> None:
    """The oldest names are forgotten."""
    claims = Claims(most=10)
    for number in range(100):
        claims.take([("event", number), ("place", number)])
    assert len(claims) == 10
    assert claims.take([("event", 99)]) is None
    assert claims.take([("event", 0)]) is not None


def test_recent_forgets_what_was_unused_for_longest() -> None:
    """Reading counts as use."""
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c"), len(recent)) == (1, None, 3, 2)


def test_a_lane_keeps_its_order_and_lanes_run_side_by_side() -> None:
    """Jobs of one lane come out as they went in; a slow lane does not hold another up."""
    lanes, done, hold = Lanes(threads=4), [], Event()
    together = Barrier(2, timeout=5)
    lanes.put("slow", lambda: hold.wait(5) and None)
    for number in range(20):
        lanes.put("slow", lambda number=number: done.append(number))
    lanes.put("left", lambda: together.wait() and None)
    lanes.put("right", lambda: together.wait() and None)
    hold.set()
    assert lanes.close(5)
    assert done == list(range(20))


def test_a_job_that_fails_does_not_stop_its_lane(caplog: pytest.LogCaptureFixture) -> None:
    """The next job runs, and the log has the error."""
    lanes, after = Lanes(), Event()
    lanes.put("lane", lambda: 1 // 0 and None)
    lanes.put("lane", after.set)
    assert lanes.close(5)
    assert after.is_set()
    assert "ZeroDivisionError" in caplog.text


def test_lanes_are_bounded_and_close() -> None:
    """Too many waiting, or closed: not taken. Closing says whether everything was done in time."""
    lanes, hold, started = Lanes(most_waiting=2), Event(), Event()

    def held() -> None:
        started.set()
        hold.wait(5)

    assert lanes.put("a", held)
    assert started.wait(5)
    assert lanes.put("a", lambda: None)
    assert not lanes.put("b", lambda: None)
    assert not lanes.close(0.0)
    assert not lanes.put("c", lambda: None)
    hold.set()
    assert lanes.close(5)


def test_a_word_aside_does_not_wait_behind_the_jobs() -> None:
    """Though every thread is busy and the queue is full; these words are bounded too, and closing waits for them."""
    lanes, hold, started, said = Lanes(threads=1, most_waiting=1), Event(), Event(), Event()

    def held() -> None:
        started.set()
        hold.wait(5)

    assert lanes.put("a", held)
    assert started.wait(5)
    assert not lanes.put("a", lambda: None)
    assert lanes.aside("a", said.set)
    assert said.wait(5)
    assert lanes.waiting == 1
    stuck = Event()
    taken = [lanes.aside("a", lambda: stuck.wait(5) and None) for _ in range(MOST_ASIDE + 5)]
    assert taken.count(False) >= 5
    assert not lanes.close(0.0)
    assert not lanes.aside("a", said.set)
    hold.set()
    assert not lanes.close(0.05)
    stuck.set()
    assert lanes.close(5)


def test_the_pace_of_a_channel() -> None:
    """A short burst at once, then one message a second; another channel is not held up; a pause earns a burst."""
    now, slept = [100.0], []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    pace = Pace(clock=lambda: now[0], sleep=sleep)
    for _ in range(BURST + 2):
        pace.wait("C1")
    assert slept == [1.0, 1.0]
    pace.wait("C2")
    assert slept == [1.0, 1.0]
    now[0] += 60
    for _ in range(BURST):
        pace.wait("C1")
    assert slept == [1.0, 1.0]
