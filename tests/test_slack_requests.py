"""The stand-in's signed requests and response URLs, held against Bolt and slack_sdk themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import waitress
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from slack_sdk.webhook import WebhookClient
from slack_standin import parsing
from slack_standin.signing import signature
from slack_standin.standin import Slack

pytest_plugins = ("slack_fixtures",)

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Share"}, "value": "7"}
BUTTONS = [{"type": "actions", "elements": [BUTTON]}]


@contextmanager
def serving(app: App) -> Iterator[int]:
    """A Bolt app behind waitress; yields its port."""
    server = waitress.create_server(SlackRequestHandler(app), host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        server.close()
        thread.join(5)


@pytest.fixture
def app(open_slack: Slack, client: WebClient) -> App:
    """A Bolt app that repeats what it is told."""
    app = App(client=client, signing_secret=open_slack.signing_secret, process_before_response=True)

    @app.event("app_mention")
    def mentioned(event: dict[str, Any], client: WebClient) -> None:
        client.chat_postMessage(channel=event["channel"], text=event["text"], thread_ts=event["ts"])

    @app.event("message")
    def said() -> None:
        pass

    @app.command("/ask")
    def asked(ack: Any, command: dict[str, Any], respond: Any) -> None:
        ack()
        respond(text=command["text"], blocks=BUTTONS)

    @app.action({"type": "block_actions", "action_id": "a-unknown"})
    def unknown() -> None:
        pass

    return app


def test_signs_as_slack_does(open_slack: Slack) -> None:
    """slack_sdk's verifier accepts the signature, and no other."""
    verifier = SignatureVerifier(open_slack.signing_secret)
    stamp, body = str(int(open_slack.workspace.now())), b'{"a": 1}'
    signed = signature(open_slack.signing_secret, stamp, body)
    assert verifier.is_valid(body, stamp, signed)
    assert not verifier.is_valid(b'{"a": 2}', stamp, signed)


def test_speaks_to_bolt_over_http(open_slack: Slack, app: App) -> None:
    """Events, commands and the URL check reach a Bolt app; forged and old requests are turned away."""
    ada = open_slack.workspace.user("ada")
    news = open_slack.workspace.channel("news", ada)
    with serving(app) as port:
        open_slack.use_http(port)
        asked = open_slack.mention(ada, news, "who?")
        assert open_slack.reply_to(asked).text == asked.text
        open_slack.command(ada, news, "/ask", "x < y")
        assert open_slack.whisper_to(ada).text == "x &lt; y"
        check = open_slack.http.post(b'{"type": "url_verification", "challenge": "c0ffee"}')
        assert (check.status, "c0ffee" in check.body) == (200, True)
        assert open_slack.http.post(b"{}", signed="v0=00").status == 401
        assert open_slack.http.post(b"{}", timestamp="1500000000").status == 401
        open_slack.quiet(0.1)


def test_tries_again_over_http(open_slack: Slack, app: App) -> None:
    """A refused request is sent again with the number and the reason; what waited for a port comes as a retry."""
    seen: list[tuple[str | None, str | None]] = []

    @app.middleware
    def note(req: Any, resp: Any, next: Any) -> Any:
        seen.append(tuple(req.headers.get(f"x-slack-retry-{name}", [None])[0] for name in ("num", "reason")))
        if len(seen) == 1:
            resp.status = 500
            return resp
        return next()

    ada = open_slack.workspace.user("ada")
    open_slack.courier.transport = open_slack.http
    open_slack.tell(ada, "hello")
    with serving(app) as port:
        open_slack.use_http(port)
        open_slack.quiet(0.1)
    assert seen == [("1", "timeout"), ("2", "http_error")]


def test_a_response_url_is_used_five_times(open_slack: Slack) -> None:
    """Five uses, thirty minutes; blocks are checked there too."""
    ada = open_slack.workspace.user("ada")
    room = open_slack.workspace.channel("room", ada)
    hook = WebhookClient(open_slack.responses.url(room.id, ada.id))
    assert hook.send(text="x", blocks=[{"type": "nothing"}]).status_code == 400
    for number in range(4):
        assert hook.send(text=f"answer {number}").status_code == 200
    used = hook.send(text="once more")
    assert (used.status_code, used.body) == (404, "used_url")
    late = WebhookClient(open_slack.responses.url(room.id, ada.id))
    open_slack.workspace.now = lambda real=open_slack.workspace.now: real() + 1801
    assert late.send(text="too late").body == "expired_url"
    assert [message.to for message in open_slack.workspace.from_bot()] == [ada.id] * 4


def test_a_pressed_button_can_replace_and_delete_its_message(open_slack: Slack, client: WebClient) -> None:
    """The response_url of a button replaces or deletes the message it stood in, and posts for all to see."""
    ada = open_slack.workspace.user("ada")
    room = open_slack.workspace.channel("room", ada)
    client.chat_postEphemeral(channel=room.id, user=ada.id, text="for you", blocks=BUTTONS)
    whisper = open_slack.whisper_to(ada)
    button = parsing.buttons(whisper.blocks)[0]
    pressed = open_slack.press(ada, whisper, button).payload
    assert pressed["actions"][0]["value"] == "7"
    assert pressed["container"]["is_ephemeral"]
    assert "message" not in pressed
    hook = WebhookClient(pressed["response_url"])
    hook.send(text="replaced", replace_original=True)
    assert (whisper.text, whisper.blocks) == ("replaced", [])
    hook.send(text="for all", response_type="in_channel", replace_original=False)
    hook.send(delete_original=True)
    assert [(m.text, m.to) for m in open_slack.workspace.from_bot()] == [("for all", None)]
    assert hook.send(delete_original=True).status_code == 404
