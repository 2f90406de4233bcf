"""The real bot in HTTP mode: health, signatures, events, commands and buttons over signed requests."""

from __future__ import annotations

import json
import threading
from urllib.parse import urlencode

import pytest
from slack_questions import QUESTION, Serve
from slack_standin import events, parsing
from slack_standin.signed_requests import FORM
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from bot.buttons import SHARE
from bot.database import Database
from bot.metrics import Metrics
from bot.serve import Server, _Web
from bot.settings import SlackSettings
from index.archive import Archive
from index.settings import IndexSettings

pytest_plugins = ("slack_fixtures",)


@pytest.fixture
def web_bot(slack: Slack, serve: Serve, http_settings: SlackSettings) -> Server:
    """The real bot in HTTP mode; Slack's payloads go to its port."""
    server = serve(http_settings)
    assert server.port
    slack.use_http(server.port)
    return server


class Opening:
    """An archive that opens only once it may."""

    def __init__(self, index: IndexSettings) -> None:
        self._index = index
        self.begun, self.allowed = threading.Event(), threading.Event()

    def __call__(self) -> Archive:
        self.begun.set()
        self.allowed.wait(30)
        return Archive.open(self._index)


def body(slack: Slack, user: User, channel: Channel) -> bytes:
    asked = slack.mention(user, channel, QUESTION)
    return json.dumps(events.callback(slack.workspace, events.app_mention(slack.workspace, asked))).encode()


@pytest.mark.usefixtures("web_bot")
def test_events_commands_and_buttons_are_answered(slack: Slack, ada: User, news: Channel) -> None:
    """A mention, a direct message, a command and a pressed button work as in Socket Mode."""
    assert parsing.quotes(slack.reply_to(slack.mention(ada, news, QUESTION)).blocks)
    assert parsing.quotes(slack.reply_to(slack.tell(ada, QUESTION)).blocks)
    slack.command(ada, news, "/ask", QUESTION)
    whisper = slack.whisper_to(ada)
    slack.forgiven.add(str({"type": "user", "user_id": ada.id}))
    slack.press(ada, whisper, parsing.button(whisper.blocks, SHARE))
    slack.workspace.wait_for(lambda: whisper.deleted, "the private copy to go")
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 3
    assert {status for delivery in slack.courier.deliveries for status in delivery.statuses} == {200}


@pytest.mark.usefixtures("web_bot")
def test_retries_are_not_answered_again(slack: Slack, ada: User, news: Channel) -> None:
    """The retry headers change nothing for what was taken up, and do not hide what was not."""
    asked = slack.mention(ada, news, QUESTION)
    slack.reply_to(asked)
    for delivery in slack.deliveries_of(asked):
        slack.wait_acked(slack.send_again(delivery))
    fresh = slack.say(ada, news, "unrelated")
    fresh.text = f"<@{slack.workspace.bot.id}> {QUESTION}"
    late = events.callback(slack.workspace, events.app_mention(slack.workspace, fresh))
    slack.courier.send("events_api", late, attempt=2, reason="http_timeout")
    assert parsing.quotes(slack.reply_to(fresh).blocks)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 2


@pytest.mark.usefixtures("web_bot")
@pytest.mark.parametrize(
    "forged",
    [
        {"signed": "v0=" + "0" * 64},
        {"signed": ""},
        {"signed": "v1=abc"},
        {"signed": "v0=ü"},
        {"timestamp": "1500000000"},
        {"timestamp": "99999999999"},
        {"timestamp": "yesterday"},
        {"timestamp": "1e9"},
        {"timestamp": "-1"},
        {"timestamp": "٣"},
        {"timestamp": ""},
    ],
    ids=str,
)
def test_forged_and_old_requests_are_turned_away(
    slack: Slack, ada: User, news: Channel, forged: dict[str, str]
) -> None:
    """A wrong signature, an old or future timestamp and one that is no number are all 401, and do nothing."""
    slack.courier.transport = None
    quoted = {name: value.encode().decode("latin-1") for name, value in forged.items()}
    assert slack.http.post(body(slack, ada, news), **quoted).status == 401
    assert slack.http.post(urlencode({"command": "/ask"}).encode(), FORM, **quoted).status == 401
    assert not slack.workspace.from_bot()


@pytest.mark.usefixtures("web_bot")
def test_a_request_without_signature_is_turned_away(slack: Slack, ada: User, news: Channel) -> None:
    """Neither header: 401."""
    slack.courier.transport = None
    reply = slack.http.post_unsigned(body(slack, ada, news))
    assert reply.status == 401


@pytest.mark.usefixtures("web_bot")
def test_the_url_check_is_answered(slack: Slack) -> None:
    """Slack's url_verification gets its challenge back; signed rubbish does no harm."""
    reply = slack.http.post(b'{"type": "url_verification", "challenge": "c0ffee"}')
    assert (reply.status, "c0ffee" in reply.body) == (200, True)
    for rubbish in (b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"type": 7}'):
        assert slack.http.post(rubbish).status < 500
    assert slack.http.get("/healthz").status == 200


def test_health_follows_the_index(
    slack: Slack, ada: User, http_settings: SlackSettings, built_index: IndexSettings, database: Database
) -> None:
    """While index and models are loading, /healthz is 503 and nothing asked is lost; then it is 200."""
    opening = Opening(built_index)
    server = Server(http_settings, opening, lambda: database, host="127.0.0.1")
    starting = threading.Thread(target=server.start)
    starting.start()
    try:
        assert opening.begun.wait(10)
        assert server.port
        slack.use_http(server.port)
        assert slack.http.get("/healthz").status == 503
        assert not server.ready
        told = slack.tell(ada, QUESTION)
        slack.workspace.wait_for(lambda: slack.deliveries_of(told)[0].statuses, "the first try")
        opening.allowed.set()
        starting.join(20)
        assert slack.http.get("/healthz").status == 200
        assert server.ready
        assert parsing.quotes(slack.reply_to(told).blocks)
    finally:
        opening.allowed.set()
        starting.join(20)
        server.stop()


@pytest.mark.usefixtures("web_bot")
def test_other_paths_are_not_found(slack: Slack) -> None:
    """Only the two addresses exist."""
    assert slack.http.get("/").status == 404
    assert slack.http.get("/slack/events").status in (404, 405)


def test_a_loop_that_is_faster_than_its_closing_does_no_harm() -> None:
    """A request that ends in the same moment wakes the server's loop, which closes all before it is told to."""
    web = _Web("127.0.0.1", 0, Metrics(), events=True, installs=False)
    trigger, pull = web._server.trigger, web._server.trigger._physical_pull

    def pull_late() -> None:
        pull()  # what a request's end does
        web._thread.join(5.0)
        pull()

    trigger._physical_pull = pull_late
    web.close()
    assert not web._thread.is_alive()
