"""Two hundred questions at once: how soon each is acknowledged, how many a second are answered, and each once.

    python -m benchmarks.load [--questions 200]

The bot runs as a process of its own, in Socket Mode, against the stand-in for Slack of `tests/`. Articles and questions
are our own invented news; no data set is needed. Every question comes from another person. Rates are of two questions a
channel, so that no channel's pace is measured; once every call to Slack takes no time, once 100 ms, as over a network.
What comes from remembering verdicts is measured apart: elsewhere the bot remembers none.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.report import save
from index.archive import Archive
from index.build import build
from index.settings import REMEMBERED, IndexSettings
from index.training.corpora import load_news

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from slack_standin.pace import Pace  # noqa: E402 - the stand-in for Slack belongs to the tests
from slack_standin.scopes import Grants  # noqa: E402
from slack_standin.standin import Slack  # noqa: E402
from slack_standin.workspace import Channel, Message  # noqa: E402

DELAY = 0.1
TIMES = 5
BOT = """
import os, sys
from dataclasses import replace
from pathlib import Path
from bot.database import Database
from bot.serve import run
from bot.settings import SlackSettings
from index.archive import Archive
from index.settings import IndexSettings

index = replace(IndexSettings.from_env(os.environ), remembered=int(sys.argv[1]))
run(SlackSettings.from_env(os.environ), lambda: Archive.open(index), lambda: Database.open(None, Path(sys.argv[2])))
"""

Figures = dict[str, Any]
Ask = Callable[[Sequence[str], int], list[float]]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200, help="how many are asked")
    parser.add_argument("--data", type=Path, help="not used; taken so that all benchmarks are called alike")
    number = parser.parse_args().questions
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), number)
    save("load", figures)
    return 0


def measure(folder: Path, number: int) -> Figures:
    news = load_news("test")
    settings = IndexSettings(index=folder / "index")
    build(settings, news.articles)
    different = list(dict.fromkeys(question.text for question in news.questions))[:number]
    repeated = different[: max(1, number // TIMES)] * TIMES
    figures: Figures = {"questions": number, "threads": settings.threads}
    steps: dict[str, Callable[[], Figures]] = {
        "the archive alone, without Slack": lambda: _archive_alone(settings, different[: max(8, number // 4)]),
        "different questions": lambda: _rates(settings, different),
        f"different questions, {DELAY * 1000:.0f} ms a call": lambda: _rates(settings, different, delay=DELAY),
        f"each asked {TIMES} times, none remembered": lambda: _rates(settings, repeated),
        f"each asked {TIMES} times": lambda: _rates(settings, repeated, remembered=REMEMBERED),
        "in 20 channels, at Slack's pace": lambda: _burst(settings, different, 20),
        "in one channel, at Slack's pace": lambda: _burst(settings, different, 1),
    }
    for name, step in steps.items():
        figures[name] = step()
        print(f"{name}: {figures[name]}", flush=True)
    return figures


def _archive_alone(settings: IndexSettings, questions: Sequence[str]) -> Figures:
    """One after another, and several at a time."""
    archive = Archive.open(replace(settings, remembered=0))
    archive.ask(questions[0])
    found: Figures = {}
    for at_once in (1, 2, 4):
        with ThreadPoolExecutor(at_once) as pool:
            started = time.perf_counter()
            list(pool.map(archive.ask, questions))
            found[f"{at_once} at once, questions a second"] = len(questions) / (time.perf_counter() - started)
    archive.close()
    return _rounded(found)


def _rates(settings: IndexSettings, questions: Sequence[str], *, delay: float = 0.0, remembered: int = 0) -> Figures:
    """The same questions one at a time and all at once, each time by a fresh bot."""
    channels = len(questions) // 2
    with _bot(settings, remembered, delay) as ask:
        started = time.perf_counter()
        for question in questions:
            ask([question], channels)
        alone = len(questions) / (time.perf_counter() - started)
    before = _processor_seconds()
    with _bot(settings, remembered, delay) as ask:
        started = time.perf_counter()
        acks = ask(questions, channels)
        together = len(questions) / (time.perf_counter() - started)
    return _rounded(
        {
            "one at a time, questions a second": alone,
            "all at once, questions a second": together,
            "gain": together / alone,
            "the bot's processor seconds, start included": _processor_seconds() - before,
            **_latencies(acks),
        }
    )


def _burst(settings: IndexSettings, questions: Sequence[str], channels: int) -> Figures:
    with _bot(settings, REMEMBERED, 0.0) as ask:
        started = time.perf_counter()
        acks = ask(questions, channels)
        return _rounded({"seconds until all are answered": time.perf_counter() - started, **_latencies(acks)})


@contextmanager
def _bot(settings: IndexSettings, remembered: int, delay: float) -> Iterator[Ask]:
    """A bot in a process of its own, warmed by one question. What is yielded asks questions all at once, in so many
    channels in turn; waits; sees that each was answered exactly once and in its channel's order; and gives the latencies
    of the acknowledgements in seconds."""
    slack = Slack(Grants.read(ROOT / "manifest.json"), pace=Pace(burst=5), ack_within=30.0)
    slack.web.delay = delay
    own = tempfile.mkdtemp(dir=settings.index.parent)
    with slack, (Path(own) / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", BOT, str(remembered), own],
            cwd=ROOT,
            env=os.environ
            | {
                "SLACK_BOT_TOKEN": slack.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.base_url,
                "VERBATIM_INDEX": str(settings.index),
                "VERBATIM_THREADS": str(settings.threads),
                "PORT": "",
                "PYTHONPATH": str(ROOT),
            },
            stdout=log,
            stderr=log,
        )
        rooms: dict[int, Channel] = {}
        turns = iter(range(1_000_000))

        def ask(questions: Sequence[str], channels: int) -> list[float]:
            with slack.workspace.changed:  # nothing is sent before everything is said
                asked = []
                for question in questions:
                    number = next(turns)
                    if number % channels not in rooms:
                        rooms[number % channels] = slack.workspace.channel(f"room-{number % channels}")
                    person = slack.workspace.user(f"person-{number}")
                    asked.append(slack.mention(person, rooms[number % channels], question))
            _wait(slack, asked)
            sent = [delivery for message in asked for delivery in slack.deliveries_of(message)]
            return [slack.wait_acked(delivery, timeout=60).latency for delivery in sent]

        try:
            slack.sockets.wait_for(1, timeout=120)
            ask(["Who is the first to ask?"], 1_000_000)
            yield ask
        finally:
            process.terminate()
            process.wait(60)


def _wait(slack: Slack, asked: Sequence[Message]) -> None:
    """Until each is answered, exactly once, and those of one channel in the order in which they were asked."""
    wanted = {message.ts for message in asked}

    def replies() -> list[str | None]:
        return [message.thread_ts for message in slack.workspace.from_bot() if message.thread_ts in wanted]

    slack.workspace.wait_for(lambda: len(replies()) >= len(asked), "all answers", timeout=900)
    if len(asked) == 1:
        return
    slack.quiet()
    found = replies()
    assert len(found) == len(asked), "a question was answered twice"
    for channel in {message.channel for message in asked}:
        here = [message.ts for message in asked if message.channel == channel]
        assert [ts for ts in found if ts in set(here)] == here, "a channel was answered out of order, or not each once"


def _processor_seconds() -> float:
    """Of the bots that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _latencies(seconds: Sequence[float]) -> Figures:
    ordered = sorted(seconds)
    return {
        "ack, ms (median)": statistics.median(ordered) * 1000,
        "ack, ms (95th percentile)": ordered[int(0.95 * (len(ordered) - 1))] * 1000,
        "ack, ms (most)": ordered[-1] * 1000,
    }


def _rounded(found: Figures) -> Figures:
    return {name: round(value, 2) if isinstance(value, float) else value for name, value in found.items()}


if __name__ == "__main__":
    raise SystemExit(main())
