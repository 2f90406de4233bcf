"""When Slack stumbles the bot tries again, and when the bot stumbles it says so, briefly."""

from __future__ import annotations

import logging
import re
import shutil
from pathlib import Path

import pytest
from slack_questions import QUESTION, REFUSAL, Serve
from slack_standin import parsing
from slack_standin.pace import Pace
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from bot.settings import SlackSettings
from index.build import add
from index.settings import IndexSettings

pytest_plugins = ("slack_fixtures",)


LATER = """A lighthouse for Vellmar

VELLMAR, 3 March 2031 - The harbour board of Vellmar opened a new lighthouse on Tuesday.

The lighthouse of Vellmar is painted green and white, and its lamp reaches nineteen miles.
"""


@pytest.fixture
def own_index(built_index: IndexSettings, tmp_path: Path) -> IndexSettings:
    """A copy of the index that a test may change or break."""
    folder = tmp_path / "index"
    shutil.copytree(built_index.index, folder)
    return IndexSettings(articles=built_index.articles, index=folder, embedding_model=built_index.embedding_model)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_slack_refuses_for_now_is_tried_again(slack: Slack, ada: User, news: Channel, status: int) -> None:
    """A 429 or 5xx of chat.postMessage delays the answer and loses nothing."""
    slack.faults.answer("chat.postMessage", status, retry_after=1 if status == 429 else None)
    asked = slack.mention(ada, news, QUESTION)
    assert parsing.quotes(slack.reply_to(asked).blocks)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 1
    assert [call.status for call in slack.web.called("chat.postMessage")] == [status, 200]


@pytest.mark.usefixtures("bot")
def test_a_broken_connection_is_tried_again(slack: Slack, ada: User, news: Channel) -> None:
    """A call that is cut off before its answer is made again."""
    slack.faults.cut("chat.postMessage")
    asked = slack.mention(ada, news, QUESTION)
    assert parsing.quotes(slack.reply_to(asked).blocks)


@pytest.mark.usefixtures("bot")
def test_a_response_url_is_tried_again(slack: Slack, ada: User, news: Channel) -> None:
    """Private answers survive a 500 as well."""
    slack.faults.answer("response_url", 500)
    slack.faults.answer("chat.postEphemeral", 500)
    slack.command(ada, news, "/ask", QUESTION)
    assert parsing.quotes(slack.whisper_to(ada).blocks)


@pytest.mark.usefixtures("bot")
def test_the_pace_of_a_channel_is_kept(slack: Slack, ada: User, news: Channel) -> None:
    """Three questions in a channel that takes a message a second are all answered, in time."""
    slack.pace = Pace(burst=1)
    asked = [slack.mention(ada, news, QUESTION) for _ in range(3)]
    for message in asked:
        assert parsing.quotes(slack.reply_to(message, timeout=15).blocks)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 3


def test_a_rebuilt_index_is_picked_up(
    slack: Slack, ada: User, news: Channel, serve: Serve, own_index: IndexSettings, tmp_path: Path
) -> None:
    """An article that is added while the bot runs is quoted without a restart."""
    serve(index=own_index)
    question = "What colour is the lighthouse of Vellmar?"
    before = slack.reply_to(slack.mention(ada, news, question))
    assert before.text.startswith(REFUSAL)
    (tmp_path / "vellmar.txt").write_text(LATER, encoding="utf-8")
    add(own_index, [tmp_path / "vellmar.txt"])
    after = slack.reply_to(slack.mention(ada, news, question))
    assert "painted green and white" in parsing.quotes(after.blocks)[0]


def test_an_error_gets_a_short_apology(
    slack: Slack,
    ada: User,
    news: Channel,
    serve: Serve,
    settings: SlackSettings,
    own_index: IndexSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An index that breaks under the bot: people get an apology with a reference, the log gets the traceback."""
    serve(index=own_index)
    for file in own_index.index.rglob("*.sqlite"):
        with file.open("r+b") as catalog:
            catalog.write(b"\0" * file.stat().st_size)
    with caplog.at_level(logging.DEBUG):
        asked = slack.mention(ada, news, QUESTION)
        reply = slack.reply_to(asked)
        slack.command(ada, news, "/ask", QUESTION)
        whisper = slack.whisper_to(ada)
    slack.quiet()
    for message in (reply, whisper):
        shown = message.text + parsing.visible(message.text, message.blocks)
        assert "Sorry" in shown
        assert not re.search(r"Traceback|sqlite|Error|malformed|database|\.py", shown, re.IGNORECASE)
        reference = message.text.split()[-1].strip(".:")
        told = [record for record in caplog.records if reference in record.getMessage()]
        assert told
        assert told[0].exc_info
    assert len(slack.workspace.from_bot()) == 2
