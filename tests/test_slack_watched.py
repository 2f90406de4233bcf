"""The bot as operators see it: a line for each question, numbers for Prometheus, and a port only where one is wanted."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from slack_questions import NO_ANSWER, QUESTION, Serve
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from bot.serve import Server
from bot.settings import SlackSettings

pytest_plugins = ("slack_fixtures",)


def page(server: Server, path: str, method: str = "GET") -> tuple[int, str]:
    """What the bot's own port answers."""
    request = urllib.request.Request(f"http://127.0.0.1:{server.port}{path}", method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def samples(text: str) -> dict[str, float]:
    """The numbers of a page of metrics by ``name{label=value,…}``."""
    return {
        sample.name + "".join(f" {name}={value}" for name, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def counted(slack: Slack, server: Server) -> dict[str, float]:
    """The numbers once every acknowledgement has counted; a socket's counts when it is sent."""
    slack.quiet()
    found: dict[str, float] = {}
    for _ in range(100):
        found = samples(page(server, "/metrics")[1])
        if found["verbatim_ack_seconds_count"] == len(slack.courier.deliveries):
            break
        slack.quiet(0.05)
    return found


def lines(slack: Slack, caplog: pytest.LogCaptureFixture, number: int) -> list[dict[str, Any]]:
    """The lines of so many questions; one is written after the answer has reached Slack."""

    def found() -> list[dict[str, Any]]:
        return [vars(record)["fields"] for record in caplog.records if "fields" in vars(record)]

    for _ in range(100):
        if len(found()) >= number:
            break
        slack.quiet(0.05)
    return found()


def test_every_question_leaves_a_line_and_counts(
    slack: Slack, ada: User, news: Channel, serve: Serve, http_settings: SlackSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """In HTTP mode: answered, not said, no question, a command, a retry of Slack's; in all of it no person and no words."""
    server = serve(replace(http_settings, log_level=logging.INFO))
    assert server.port
    slack.use_http(server.port)
    slack.faults.answer("chat.postMessage", 500)
    slack.reply_to(slack.mention(ada, news, QUESTION))
    slack.reply_to(slack.mention(ada, news, NO_ANSWER))
    slack.reply_to(slack.tell(ada, "hello"))
    slack.command(ada, news, "/ask", QUESTION)
    slack.whisper_to(ada)
    said = lines(slack, caplog, 4)
    assert [(line["surface"], line["outcome"], line["answerable"]) for line in said] == [
        ("mention", "answered", True),
        ("mention", "not_said", False),
        ("direct", "no_question", False),
        ("command", "answered", True),
    ]
    assert {line["team"] for line in said} == {slack.workspace.team}
    assert len({line["id"] for line in said}) == 4
    assert said[0]["confidence"] > 0.5 > said[1]["confidence"]
    assert all(line[part] >= 0 for line in said for part in ("waiting_ms", "answering_ms", "posting_ms"))
    assert not any(word in str(said) for word in (ada.id, news.id, QUESTION, NO_ANSWER))

    found = counted(slack, server)
    status, text = page(server, "/metrics")
    assert status == 200
    assert found["verbatim_questions_total outcome=answered surface=mention"] == 1
    assert found["verbatim_questions_total outcome=not_said surface=mention"] == 1
    assert found["verbatim_questions_total outcome=no_question surface=direct"] == 1
    assert found["verbatim_questions_total outcome=answered surface=command"] == 1
    assert found["verbatim_posts_total kind=message outcome=posted"] == 3
    assert found["verbatim_posts_total kind=response outcome=posted"] == 1
    assert found["verbatim_slack_retries_total reason=server_error"] == 1
    assert found["verbatim_ack_seconds_count"] == len(slack.courier.deliveries)
    assert found["verbatim_answer_seconds_count"] == 4
    assert found["verbatim_queue_length"] == 0
    assert found["verbatim_index_articles"] >= 3
    ids = (slack.workspace.team, slack.workspace.bot.id, ada.id, news.id)
    assert [one for one in ids if one in text] == []


def test_what_is_overheard_and_summarised_counts_too(
    slack: Slack, ada: User, news: Channel, serve: Serve, settings: SlackSettings, caplog: pytest.LogCaptureFixture
) -> None:
    """A follow-up without a mention, one that is left without a word, and summaries; windows and retries as well.

    Where questions may stand in the log, what nobody asked the bot and it did not answer does not.
    """
    unsaid = "Did the king of Atlantis win the chess championship?"
    server = serve(replace(settings, port=0, port_is_given=True, log_level=logging.INFO, log_questions=True))
    slack.sockets.wait_for(1)
    asked = slack.mention(ada, news, QUESTION)
    slack.reply_to(asked)
    slack.say(ada, news, unsaid, thread=asked)
    slack.say(ada, news, "How many passengers does the Marigold carry?", thread=asked)
    slack.workspace.wait_for(lambda: len(slack.workspace.from_bot(news, asked)) >= 2, "the answer to the follow-up")
    slack.command(ada, news, "/summary", "")
    slack.whisper_to(ada)
    slack.command(ada, news, "/articles", "")
    said = sorted(lines(slack, caplog, 5), key=lambda line: (line["surface"], line["outcome"]))
    assert [(line["surface"], line["outcome"]) for line in said] == [
        ("command", "replied"),
        ("command", "replied"),
        ("mention", "answered"),
        ("overheard", "answered"),
        ("overheard", "silent"),
    ]
    assert said[3]["question"] == "How many passengers does the Marigold carry?"
    assert "question" not in said[4]
    assert sum(line["answering_ms"] is not None for line in said) == 4
    assert sum(line["posting_ms"] is not None for line in said) == 5
    found = counted(slack, server)
    assert found["verbatim_questions_total outcome=silent surface=overheard"] == 1
    assert found["verbatim_posts_total kind=message outcome=posted"] == 2
    assert found["verbatim_posts_total kind=response outcome=posted"] == 2


def test_in_socket_mode_a_port_is_opened_only_where_it_is_wanted(
    slack: Slack, ada: User, news: Channel, serve: Serve, settings: SlackSettings
) -> None:
    """By default none. With one: health and metrics, and nothing that takes payloads from whoever knows the address."""
    plain = serve(settings)
    slack.sockets.wait_for(1)
    assert plain.port is None
    plain.stop()
    server = serve(replace(settings, signing_secret=None, port_is_given=True))
    slack.workspace.wait_for(lambda: len(slack.sockets.open) == 1, "the second bot's socket")
    assert page(server, "/healthz") == (200, "ready")
    slack.reply_to(slack.mention(ada, news, QUESTION))
    found = counted(slack, server)
    assert found["verbatim_ack_seconds_count"] == len(slack.courier.deliveries) > 0
    assert found["verbatim_ack_seconds_sum"] < 3
    assert page(server, "/slack/events", "POST")[0] == 404
    server.stop()
    with pytest.raises(urllib.error.URLError):
        page(server, "/healthz")


def test_failures_name_their_reference_and_words_stand_there_if_wanted(
    slack: Slack,
    ada: User,
    bob: User,
    news: Channel,
    serve: Serve,
    settings: SlackSettings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Asked for, the question's text is in its line; a failure has the reference under which the log has the traceback."""
    serve(replace(settings, log_level=logging.INFO, log_questions=True))
    slack.sockets.wait_for(1)
    slack.reply_to(slack.mention(ada, news, f"What is {slack.bot_token}?"))
    slack.forgiven.add("fatal_error")
    slack.faults.refuse("chat.postMessage", "fatal_error")
    apology = slack.reply_to(slack.mention(ada, news, QUESTION))
    # The answer and the apology, for both of the events by which Slack tells of a mention.
    slack.faults.refuse("chat.postMessage", "fatal_error", times=4)
    slack.mention(bob, news, QUESTION)
    said = lines(slack, caplog, 3)
    assert [line["outcome"] for line in said][:3] == ["not_said", "failed", "undelivered"]
    assert "question" in said[0]
    assert slack.bot_token not in str(said)
    assert said[1]["question"] == QUESTION
    assert said[1]["reference"] in apology.text
    told = [record for record in caplog.records if said[1]["reference"] in record.getMessage()]
    assert told[0].exc_info
