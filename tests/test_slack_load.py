"""Two hundred questions at once, people who ask too fast, and more than the bot can take: each hears what becomes of it."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from slack_questions import QUESTION, Serve
from slack_standin import parsing
from slack_standin.pace import Pace as SlackPace
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot import wording
from bot.delivery import BURST as POSTS_AT_ONCE
from bot.delivery import Pace
from bot.flood import BURST, SECONDS_EACH
from bot.lanes import Lanes
from bot.serve import Server
from bot.settings import SlackSettings

pytest_plugins = ("slack_fixtures",)

AT_ONCE = 200
QUESTIONS = (QUESTION, "When do the talks in Geneva begin?", "How much is a single ticket?", "Who wrote Hamlet?")
FLOODED = wording.flooded(BURST, SECONDS_EACH)


class Clock:
    """A clock that only sleepers move: what is paced over minutes is over in a moment."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self._lock = threading.Lock()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.now += seconds


@pytest.fixture
def clock(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock by which the bot keeps a channel's pace, and by which Slack holds it to it."""
    clock = Clock()
    slack.pace = SlackPace(burst=20, rate=1.0, clock=clock)
    monkeypatch.setattr("bot.workspaces.Pace", lambda: Pace(clock, clock.sleep))
    return clock


@pytest.fixture
def quiet_bot(slack: Slack, clock: Clock, serve: Serve, settings: SlackSettings) -> Server:
    """The real bot as operators run it, at level info, under the clock."""
    server = serve(replace(settings, log_level=logging.INFO))
    slack.sockets.wait_for(1)
    return server


def all_at_once(slack: Slack, channels: list[Channel]) -> list[Message]:
    """So many mentions by as many people, in the channels in turn, said before the first is sent."""
    people = [slack.workspace.user(f"person-{n}") for n in range(AT_ONCE)]
    with slack.workspace.changed:
        return [
            slack.mention(person, channel, question)
            for person, channel, question in zip(
                people, itertools.cycle(channels), itertools.cycle(QUESTIONS), strict=False
            )
        ]


def answered_in(slack: Slack, channel: Channel) -> list[str | None]:
    """The threads of a channel in which the bot has answered for all to see, in the order in which it did."""
    return [message.thread_ts for message in slack.workspace.from_bot(channel) if message.to is None]


@pytest.mark.parametrize("channels", [20, 1])
def test_two_hundred_at_once(slack: Slack, clock: Clock, quiet_bot: Server, channels: int) -> None:
    """Each is acknowledged in time and answered exactly once, in its channel's order and within Slack's pace."""
    rooms = [slack.workspace.channel(f"room-{n}") for n in range(channels)]
    began = clock.now
    asked = all_at_once(slack, rooms)
    slack.workspace.wait_for(lambda: len(slack.workspace.from_bot()) >= AT_ONCE, "all answers", timeout=100)
    slack.quiet()
    for room in rooms:
        assert answered_in(slack, room) == [message.ts for message in asked if message.channel == room.id]
    # Whatever made the bot wait, no call was refused for coming too fast.
    assert {call.status for call in slack.web.called("chat.postMessage")} == {200}
    assert clock.now - began >= AT_ONCE / channels - POSTS_AT_ONCE
    deliveries = [delivery for message in asked for delivery in slack.deliveries_of(message)]
    assert {delivery.attempt for delivery in deliveries} == {0}
    # Slack's limit; how far below it they stay on a quiet machine, benchmarks/load.py says.
    assert max(delivery.latency for delivery in deliveries) < 3


def test_acks_do_not_wait_for_a_slow_slack(slack: Slack, quiet_bot: Server) -> None:
    """With every thread that answers held up by Slack, what comes next is still acknowledged at once."""
    held = [slack.faults.hold("chat.postMessage") for _ in range(16)]
    rooms = [slack.workspace.channel(f"room-{n}") for n in range(40)]
    asked = [slack.mention(slack.workspace.user(f"person-{n}"), room, QUESTION) for n, room in enumerate(rooms)]
    for one in held:
        assert one.arrived.wait(20)
    for message in asked:
        for delivery in slack.deliveries_of(message):
            assert slack.wait_acked(delivery).latency < 3
    assert not slack.workspace.from_bot()
    for one in held:
        one.let_go()
    slack.workspace.wait_for(lambda: len(slack.workspace.from_bot()) >= len(asked), "all answers", timeout=30)
    slack.quiet()
    assert sorted(m.thread_ts or "" for m in slack.workspace.from_bot()) == sorted(m.ts for m in asked)


def words(slack: Slack, said: str) -> list[Message]:
    """Every message of the bot's that says exactly this."""
    return [message for message in slack.workspace.from_bot() if message.text == parsing.escape(said)]


@pytest.mark.usefixtures("quiet_bot")
def test_who_floods_a_channel_hears_of_it_once_and_holds_nobody_up(
    slack: Slack, clock: Clock, ada: User, bob: User, news: Channel
) -> None:
    """Of thirty questions in a row ten are answered, one whisper tells of the rest, and the next person has their turn."""
    began = clock.now
    with slack.workspace.changed:
        flood = [slack.mention(ada, news, QUESTIONS[n % 4]) for n in range(30)]
        asked = slack.mention(bob, news, QUESTION)
    assert parsing.quotes(slack.reply_to(asked, timeout=30).blocks)
    assert clock.now - began <= BURST
    slack.quiet()
    (told,) = words(slack, FLOODED)
    assert told.to == ada.id
    # In the channel, where she wrote: in a thread that is none yet, Slack would show it to nobody.
    assert told.thread_ts is None
    assert answered_in(slack, news) == [*(message.ts for message in flood[:BURST]), asked.ts]


@pytest.mark.usefixtures("quiet_bot")
def test_a_flood_in_a_thread_or_in_private(slack: Slack, ada: User, bob: User, news: Channel) -> None:
    """The word comes where the person looks: in the thread; in a direct message as a message; to a command as its answer."""
    root = slack.say(bob, news, "Look at this.")
    for _ in range(BURST + 1):
        slack.mention(ada, news, QUESTION, thread=root)
    slack.workspace.wait_for(lambda: words(slack, FLOODED), "the word in the thread", timeout=30)
    assert [(m.thread_ts, m.to) for m in words(slack, FLOODED)] == [(root.ts, ada.id)]

    said = [slack.tell(bob, QUESTION) for _ in range(BURST + 1)]
    slack.workspace.wait_for(lambda: len(words(slack, FLOODED)) == 2, "the word in the direct message", timeout=30)
    assert words(slack, FLOODED)[1].thread_ts == said[-1].ts
    assert words(slack, FLOODED)[1].to is None

    carol = slack.workspace.user("carol")
    for _ in range(BURST + 2):
        slack.command(carol, news, "/ask", QUESTION)
    slack.whisper_to(carol, BURST + 1, timeout=30)
    slack.quiet()
    assert [m.to for m in words(slack, FLOODED)] == [ada.id, None, carol.id]
    assert len([m for m in slack.workspace.from_bot() if m.to == carol.id]) == BURST + 1


@pytest.mark.usefixtures("quiet_bot")
def test_redeliveries_are_no_flood(slack: Slack, ada: User, news: Channel) -> None:
    """What Slack sends again counts once, and what was left in a flood is not taken up by its retry."""
    asked = [slack.mention(ada, news, QUESTION) for _ in range(3)]
    for message in asked:
        for delivery in slack.deliveries_of(message):
            for _ in range(BURST):
                slack.wait_acked(slack.send_again(delivery))
    asked += [slack.mention(ada, news, QUESTION) for _ in range(BURST)]
    slack.workspace.wait_for(lambda: words(slack, FLOODED), "the word", timeout=30)
    for message in asked[BURST:]:
        for delivery in slack.deliveries_of(message):
            slack.wait_acked(slack.send_again(delivery))
    slack.workspace.wait_for(lambda: len(answered_in(slack, news)) >= BURST, "the answers", timeout=30)
    slack.quiet()
    assert answered_in(slack, news) == [message.ts for message in asked[:BURST]]
    assert len(words(slack, FLOODED)) == 1


def test_who_is_turned_away_is_told(
    slack: Slack,
    ada: User,
    bob: User,
    news: Channel,
    serve: Serve,
    monkeypatch: pytest.MonkeyPatch,
    settings: SlackSettings,
) -> None:
    """With as many waiting as the bot takes, one more hears so at once, alone, and is not answered by a retry either."""
    few: Callable[..., Lanes] = lambda threads=4, most_waiting=2: Lanes(threads, most_waiting)  # noqa: E731
    monkeypatch.setattr("bot.lanes.Lanes", few)
    serve(settings)
    slack.sockets.wait_for(1)
    held = slack.faults.hold("chat.postMessage")
    asked = [slack.mention(ada, news, QUESTION) for _ in range(2)]
    assert held.arrived.wait(10)
    late = slack.mention(bob, news, QUESTION)
    told = slack.whisper_to(bob)
    assert told.text == parsing.escape(wording.TOO_MANY_WAITING)
    for delivery in slack.deliveries_of(late):
        slack.wait_acked(slack.send_again(delivery))
    held.let_go()
    for message in asked:
        slack.reply_to(message)
    slack.quiet()
    assert answered_in(slack, news) == [message.ts for message in asked]
    assert len([m for m in slack.workspace.from_bot() if m.to]) == 1
