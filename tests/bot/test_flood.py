"""A person may ask a few questions in a row, then one now and then; who floods is told once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from clocks import Clock

from bot.flood import BURST, OVER, SECONDS_EACH, Flood, Flow


def test_a_burst_then_one_every_few_seconds() -> None:
    """Ten at once, the eleventh is told of, the next are left; each six seconds bring one more."""
    clock = Clock(1_000.0)
    flood = Flood(clock)
    flows = [flood.take("T1", "U1") for _ in range(BURST + 5)]
    assert flows == [Flow.ANSWER] * BURST + [Flow.TELL] + [Flow.LEAVE] * 4
    for _ in range(3):
        clock.now += SECONDS_EACH
        assert [flood.take("T1", "U1") for _ in range(2)] == [Flow.ANSWER, Flow.LEAVE]


def test_a_flood_that_goes_on_is_told_of_once() -> None:
    """A question a second for ten minutes: a sixth of them answered, one word about the rest."""
    clock = Clock(1_000.0)
    flood, flows = Flood(clock), []
    for _ in range(600):
        flows.append(flood.take("T1", "U1"))
        clock.now += 1.0
    assert flows.count(Flow.TELL) == 1
    assert 100 <= flows.count(Flow.ANSWER) <= 100 + BURST


def test_a_later_flood_is_told_of_again() -> None:
    """After a while without a question too many the person may have forgotten."""
    clock = Clock(1_000.0)
    flood = Flood(clock)
    for _ in range(2):
        flows = [flood.take("T1", "U1") for _ in range(BURST + 2)]
        assert flows == [Flow.ANSWER] * BURST + [Flow.TELL, Flow.LEAVE]
        clock.now += OVER


def test_a_steady_asker_is_never_held_up() -> None:
    """One question every six seconds goes on for ever."""
    clock = Clock(1_000.0)
    flood = Flood(clock)
    for _ in range(500):
        assert flood.take("T1", "U1") is Flow.ANSWER
        clock.now += SECONDS_EACH


def test_people_and_workspaces_are_counted_apart() -> None:
    """Nobody pays for another's flood, nor for somebody of the same id elsewhere."""
    flood = Flood(Clock(1_000.0))
    for _ in range(BURST + 1):
        flood.take("T1", "U1")
    assert flood.take("T1", "U1") is Flow.LEAVE
    assert flood.take("T1", "U2") is Flow.ANSWER
    assert flood.take("T2", "U1") is Flow.ANSWER


def test_memory_is_bounded() -> None:
    """Of many people those quiet for longest are forgotten; one who asks stays."""
    flood = Flood(Clock(1_000.0), most=10)
    for _ in range(BURST + 1):
        flood.take("T1", "U0")
    for number in range(1_000):
        assert flood.take("T1", f"U{number + 1}") is Flow.ANSWER
        assert flood.take("T1", "U0") is Flow.LEAVE
    assert len(flood) == 10


def test_threads_share_one_bucket() -> None:
    """However many threads ask for a person at once, no more than the burst get through."""
    flood = Flood(Clock(1_000.0))
    with ThreadPoolExecutor(8) as pool:
        flows = list(pool.map(lambda _: flood.take("T1", "U1"), range(200)))
    assert flows.count(Flow.ANSWER) == BURST
    assert flows.count(Flow.TELL) == 1
