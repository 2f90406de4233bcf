"""``python -m bot serve`` as operators run it: signals, wrong settings, and logs that show no token."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from slack_questions import QUESTION
from slack_standin import parsing
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from index.settings import IndexSettings

pytest_plugins = ("slack_fixtures",)

LOGGED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")  # a line of the log, not of the command
ROOT = Path(__file__).parent.parent


class Process:
    """A bot of its own, with a log to read."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        self.log_file = folder / "log.txt"
        with self.log_file.open("wb") as log:
            self.child = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                cwd=folder,
                env={**environ, "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def log(self) -> str:
        return self.log_file.read_text(encoding="utf-8")

    def end(self, timeout: float = 30) -> int:
        return self.child.wait(timeout)


@pytest.fixture
def environ(slack: Slack, built_index: IndexSettings, tmp_path: Path) -> dict[str, str]:
    """Complete settings, and of the rest of the environment only what a process needs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "VERBATIM_"))}
    return own | {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": slack.base_url,
        "VERBATIM_ARTICLES": str(built_index.articles.resolve()),
        "VERBATIM_INDEX": str(built_index.index.resolve()),
        # Beside the index that all tests share, events of another test's Slack would be known already.
        "VERBATIM_DATABASE": f"sqlite:///{tmp_path / 'bot.sqlite'}",
        "VERBATIM_LOG_LEVEL": "debug",
    }


@pytest.fixture
def process(environ: dict[str, str], tmp_path: Path) -> Iterator[Process]:
    process = Process(environ, tmp_path)
    yield process
    process.child.kill()
    process.child.wait()


def test_sigterm_finishes_what_is_in_flight(slack: Slack, ada: User, news: Channel, process: Process) -> None:
    """SIGTERM while an answer is on its way: it still arrives, and the exit status is 0."""
    slack.sockets.wait_for(1, timeout=60)
    held = slack.faults.hold("chat.postMessage")
    asked = slack.mention(ada, news, QUESTION)
    assert held.arrived.wait(10)
    process.child.send_signal(signal.SIGTERM)
    with pytest.raises(subprocess.TimeoutExpired):
        process.end(timeout=0.5)
    held.let_go()
    assert process.end() == 0
    assert parsing.quotes(slack.reply_to(asked).blocks)
    assert "Traceback" not in process.log()


def test_no_log_shows_a_token(slack: Slack, ada: User, news: Channel, process: Process) -> None:
    """Answers, refusals, cuts and retries at level debug: no token and no secret is in the log."""
    slack.sockets.wait_for(1, timeout=60)
    slack.faults.answer("chat.postMessage", 500)
    slack.reply_to(slack.mention(ada, news, QUESTION))
    slack.command(ada, news, "/ask", f"What is {slack.bot_token}?")
    slack.whisper_to(ada)
    greeted = slack.sockets.greeted
    slack.sockets.cut()
    slack.sockets.wait_for_hello(greeted + 1)
    slack.forgiven.add("fatal_error")
    slack.faults.refuse("chat.postMessage", "fatal_error")
    slack.tell(ada, QUESTION)
    slack.workspace.wait_for(lambda: any(call.error == "fatal_error" for call in slack.web.calls), "the refused call")
    slack.quiet()
    process.child.send_signal(signal.SIGINT)
    assert process.end() == 0
    log = process.log()
    assert "DEBUG" in log.upper()
    questions = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [(line["event"], line["surface"]) for line in questions] == [
        ("question", "mention"),
        ("question", "command"),
        ("question", "direct"),
    ]
    for secret in (slack.bot_token, slack.app_token, slack.signing_secret):
        assert secret not in log


WRONG: dict[str, tuple[dict[str, str], str]] = {
    "no bot token": ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN"),
    "no way in": ({"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": ""}, "SLACK_APP_TOKEN"),
    "tokens swapped": (
        {"SLACK_BOT_TOKEN": Slack.app_token, "SLACK_APP_TOKEN": Slack.bot_token},
        "SLACK_BOT_TOKEN",
    ),
    "a bot token that Slack refuses": ({"SLACK_BOT_TOKEN": "xoxb-wrong-wrong"}, "SLACK_BOT_TOKEN"),
    "an app token that Slack refuses": ({"SLACK_APP_TOKEN": "xapp-wrong-wrong"}, "SLACK_APP_TOKEN"),
    "a refused bot token in HTTP mode": (
        {"SLACK_BOT_TOKEN": "xoxb-wrong-wrong", "SLACK_APP_TOKEN": "", "PORT": "39317"},
        "SLACK_BOT_TOKEN",
    ),
    "nobody at the address": ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "127.0.0.1:9"),
    "a port that is none": ({"PORT": "http"}, "PORT"),
    "a database that is away": ({"VERBATIM_DATABASE": "postgresql://u:wrong-wrong@127.0.0.1:9/d"}, "VERBATIM_DATABASE"),
    "no index": ({"VERBATIM_INDEX": "nowhere"}, "index rebuild"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_settings_end_with_one_clear_line(
    slack: Slack, environ: dict[str, str], tmp_path: Path, what: str
) -> None:
    """What is wrong is named in a line or two, with no token in it; exit status 1, no traceback."""
    change, named = WRONG[what]
    slack.forgiven.add("invalid_auth")
    process = Process(environ | change | {"VERBATIM_LOG_LEVEL": "info"}, tmp_path)
    try:
        assert process.end() == 1
    finally:
        process.child.kill()
        process.child.wait()
    log = process.log()
    assert "Traceback" not in log
    said = [line for line in log.splitlines() if not LOGGED.match(line)]
    assert 1 <= len(said) <= 2, log
    assert named in " ".join(said)
    for token in (slack.bot_token, slack.app_token, "wrong-wrong"):
        assert token not in log
