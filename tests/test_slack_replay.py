"""Every event of the table in `slack_events`, replayed to the real bot: answered as often as it says, or not at all."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from functools import lru_cache

import pytest
from slack_events import ADA, BOB, CASES, CHANNEL, DIRECT, ROOT, Case
from slack_questions import Serve
from slack_standin import events
from slack_standin.pace import Pace
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot.settings import SlackSettings
from index.archive import Archive

pytest_plugins = ("slack_fixtures",)


def replay(slack: Slack, case: Case, number: int) -> Channel:
    """Send the events of a case, each acknowledged, in a channel of its own where the messages that they tell of stand."""
    home = slack.workspace
    letter = {"channel": "C", "group": "G", "mpim": "G", "im": "D"}[case.kind]
    room = Channel(f"{letter}1{number:08d}", f"room-{number}", case.kind, {ADA, BOB, home.bot.id})
    home.channels[room.id] = room
    home.add(Message(room.id, ROOT, BOB, "Have you read this?"))
    for event in case.events:
        mine = json.loads(json.dumps(event).replace(CHANNEL, room.id).replace(DIRECT, room.id))
        ts = mine.get("ts")
        if isinstance(ts, str) and home.find(room.id, ts) is None:
            thread = mine.get("thread_ts")
            text = str(mine.get("text"))
            home.add(Message(room.id, ts, ADA, text, thread_ts=thread if isinstance(thread, str) and thread else None))
        slack.wait_acked(slack.courier.send("events_api", events.callback(home, mine)))
    return room


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, slack: Slack) -> None:
    """The same questions are asked again and again here: each is read once; paces and floods are tested elsewhere."""
    monkeypatch.setattr("bot.flood.BURST", 1000)
    monkeypatch.setattr(Archive, "ask", lru_cache(Archive.ask))
    monkeypatch.setattr("bot.delivery.SECONDS_BETWEEN", 0.0)
    slack.pace = Pace(burst=1000)


@pytest.mark.usefixtures("quick")
def test_every_event_is_answered_as_labelled(
    slack: Slack, serve: Serve, settings: SlackSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """Each case says as much as it should, everything is acknowledged, and nothing comes to grief."""
    bot = serve(replace(settings, log_level=logging.INFO))
    for person in (ADA, BOB):
        slack.workspace.users[person] = User(person, person.lower())
    with caplog.at_level(logging.INFO):
        rooms = {name: replay(slack, case, number) for number, (name, case) in enumerate(CASES.items())}
        bot.stop(60.0)  # takes nothing more, and finishes what it has taken: after this nothing comes any more
    found = {name: len(slack.workspace.from_bot(room)) for name, room in rooms.items()}
    assert {name: found[name] for name in CASES if found[name] != CASES[name].says} == {}
    lines = [record.getMessage() for record in caplog.records]
    assert [line for line in lines if line.startswith("Reference") or "Unhandled request" in line] == []
