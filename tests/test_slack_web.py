"""The stand-in's Web API answers slack_sdk's own client as Slack would, refusals included."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler
from slack_standin.pace import Pace
from slack_standin.refusal import Refused
from slack_standin.scopes import Grants
from slack_standin.standin import Slack

pytest_plugins = ("slack_fixtures",)


def refusal(call: Callable[[], Any]) -> str:
    """The error that a call is refused with."""
    with pytest.raises(SlackApiError) as caught:
        call()
    return str(caught.value.response["error"])


def test_checks_tokens(open_slack: Slack, client: WebClient) -> None:
    """No token, a wrong one, and one of the wrong kind are told apart."""
    assert client.auth_test()["user_id"] == open_slack.workspace.bot.id
    client.token = None
    assert refusal(client.auth_test) == "not_authed"
    client.token = "xoxb-wrong"
    assert refusal(client.auth_test) == "invalid_auth"
    assert refusal(lambda: client.apps_connections_open(app_token="xapp-wrong")) == "invalid_auth"
    client.token = open_slack.bot_token
    kind = "not_allowed_token_type"
    assert refusal(lambda: client.apps_connections_open(app_token=open_slack.bot_token)) == kind
    assert refusal(lambda: client.api_call("chat.everything")) == "unknown_method"


def test_checks_scopes() -> None:
    """A method without its scope is refused, and the answer names the scope."""
    with Slack(Grants(frozenset({"commands"}), frozenset(), frozenset())) as slack:
        client = WebClient(token=slack.bot_token, base_url=slack.base_url)
        with pytest.raises(SlackApiError) as caught:
            client.chat_postMessage(channel="C1", text="x")
        assert caught.value.response["error"] == "missing_scope"
        assert caught.value.response["needed"] == "chat:write"
        assert client.auth_test().headers["X-OAuth-Scopes"] == "commands"


def test_reads_the_grants_of_a_manifest() -> None:
    """A manifest that subscribes to an event without its scope is not accepted."""
    manifest = {
        "oauth_config": {"scopes": {"bot": ["chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
        "features": {},
    }
    with pytest.raises(ValueError, match="app_mention"):
        Grants.of_manifest(manifest)
    manifest["oauth_config"] = {"scopes": {"bot": ["chat:write", "app_mentions:read"]}}
    assert Grants.of_manifest(manifest).events == {"app_mention"}


def test_checks_where_a_message_goes(open_slack: Slack, client: WebClient) -> None:
    """Only channels that the bot is in, and threads that exist."""
    inside = open_slack.workspace.channel("inside")
    outside = open_slack.workspace.channel("outside", bot=False)
    secret = open_slack.workspace.channel("secret", bot=False, kind="group")
    assert refusal(lambda: client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert refusal(lambda: client.chat_postMessage(channel=outside.id, text="x")) == "not_in_channel"
    assert refusal(lambda: client.chat_postMessage(channel=secret.id, text="x")) == "channel_not_found"
    wrong = "1700000000.000001"
    post = client.chat_postMessage
    assert refusal(lambda: post(channel=inside.id, text="x", thread_ts=wrong)) == "thread_not_found"
    root = post(channel=inside.id, text="root")
    reply = post(channel=inside.id, text="reply", thread_ts=root["ts"])
    assert reply["message"]["thread_ts"] == root["ts"]
    assert [m["text"] for m in client.conversations_replies(channel=inside.id, ts=root["ts"])["messages"]] == [
        "root",
        "reply",
    ]


def test_checks_what_a_message_says(open_slack: Slack, client: WebClient) -> None:
    """Nothing at all, too much, and wrong blocks are refused; the blocks with their reasons."""
    room = open_slack.workspace.channel("room").id
    post = client.chat_postMessage
    divider = {"type": "divider"}
    empty = {"channel": room, "text": " "}
    assert refusal(lambda: client.api_call("chat.postMessage", json=empty)) == "no_text"
    assert refusal(lambda: post(channel=room, text="x" * 40_001)) == "msg_too_long"
    assert refusal(lambda: post(channel=room, text="x", blocks=[divider] * 51)) == "invalid_blocks"
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5
    assert refusal(lambda: post(channel=room, text="x", blocks=long)) == "msg_blocks_too_long"
    with pytest.raises(SlackApiError) as caught:
        post(channel=room, text="x", blocks=[{"type": "nothing"}])
    assert "/blocks/0" in caught.value.response["response_metadata"]["messages"][0]
    assert not open_slack.workspace.messages


def test_notes_pings_and_links(open_slack: Slack, client: WebClient) -> None:
    """What mrkdwn would ping or link is noted; escaped text and rich text do neither."""
    room = open_slack.workspace.channel("room").id
    text, quote = "<!channel>", {"type": "text", "text": "<!here> <@U1>"}
    rich = {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [quote]}]}
    client.chat_postMessage(channel=room, text="&lt;!channel&gt; a &amp; b", blocks=[rich])
    client.chat_postMessage(channel=room, text=text)
    context = {"type": "context", "elements": [{"type": "mrkdwn", "text": "<@U1> <https://e.com|e>"}]}
    client.chat_postMessage(channel=room, text="x", blocks=[context])
    client.chat_postMessage(channel=room, text="@here", link_names=True)
    broadcast = {"type": "broadcast", "range": "here"}
    loud = {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [broadcast]}]}
    client.chat_postMessage(channel=room, text="x", blocks=[loud])
    messages = open_slack.workspace.messages
    assert [len(message.pings) for message in messages] == [0, 1, 1, 1, 1]
    assert [len(message.links) for message in messages] == [0, 0, 1, 0, 0]


def test_keeps_the_pace_of_a_channel(open_slack: Slack, client: WebClient) -> None:
    """Beyond the burst a channel takes one message a second, and Retry-After says how long to wait."""
    now = [0.0]
    open_slack.pace = Pace(burst=2, clock=lambda: now[0])
    room, other = (open_slack.workspace.channel(name).id for name in ("room", "other"))
    for _ in range(2):
        client.chat_postMessage(channel=room, text="x")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=room, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "1"
    client.chat_postMessage(channel=other, text="x")
    now[0] = 1.0
    client.chat_postMessage(channel=room, text="x")


def test_the_pace_refuses_by_the_clock() -> None:
    """An empty bucket fills with time and not with asking."""
    now = [0.0]
    pace = Pace(burst=1, rate=0.5, clock=lambda: now[0])
    pace.take("C1")
    for _ in range(3):
        with pytest.raises(Refused):
            pace.take("C1")
    now[0] = 2.0
    pace.take("C1")


def test_fails_by_script(open_slack: Slack, client: WebClient) -> None:
    """429, 500 and a broken connection come as ordered, and slack_sdk's retry handlers get through them."""
    open_slack.faults.answer("auth.test", 500)
    open_slack.faults.answer("auth.test", 429, retry_after=0)
    open_slack.faults.refuse("auth.test", "internal_error")
    open_slack.faults.cut("auth.test")
    client.retry_handlers = [
        RateLimitErrorRetryHandler(max_retry_count=2),
        ServerErrorRetryHandler(max_retry_count=2),
    ]
    assert refusal(client.auth_test) == "internal_error"
    with pytest.raises(OSError, match=r"."):
        client.auth_test()
    assert client.auth_test()["ok"]
    assert [call.status for call in open_slack.web.called("auth.test")] == [500, 429, 200, 0, 200]


def test_holds_a_call_until_it_is_let_go(open_slack: Slack, client: WebClient) -> None:
    """A slow answer is slow for as long as the test wants."""
    held = open_slack.faults.hold("auth.test")
    caller = Thread(target=client.auth_test)
    caller.start()
    assert held.arrived.wait(5)
    assert not open_slack.web.called("auth.test")
    held.let_go()
    caller.join(5)
    assert open_slack.web.called("auth.test")


def test_updates_and_deletes_its_own_messages_only(open_slack: Slack, client: WebClient) -> None:
    """A bot changes its own messages, not other people's and not ephemeral ones."""
    ada = open_slack.workspace.user("ada")
    room = open_slack.workspace.channel("room", ada)
    theirs = open_slack.say(ada, room, "mine")
    ours = client.chat_postMessage(channel=room.id, text="first")["ts"]
    whisper = client.chat_postEphemeral(channel=room.id, user=ada.id, text="psst")["message_ts"]
    client.chat_update(channel=room.id, ts=ours, text="second")
    update = client.chat_update
    assert refusal(lambda: update(channel=room.id, ts=theirs.ts, text="x")) == "cant_update_message"
    assert refusal(lambda: update(channel=room.id, ts=whisper, text="x")) == "message_not_found"
    assert [m.text for m in open_slack.workspace.from_bot(room)] == ["second", "psst"]
    client.chat_delete(channel=room.id, ts=ours)
    assert [m.text for m in open_slack.workspace.from_bot(room)] == ["psst"]
    bob = open_slack.workspace.user("bob")
    whisper_to_bob = lambda: client.chat_postEphemeral(channel=room.id, user=bob.id, text="x")  # noqa: E731
    assert refusal(whisper_to_bob) == "user_not_in_channel"


def test_whispers_in_a_thread_are_seen_only_where_it_is_one(open_slack: Slack, client: WebClient) -> None:
    """Slack takes an ephemeral message under a message without replies, and shows it to nobody."""
    ada = open_slack.workspace.user("ada")
    room = open_slack.workspace.channel("room", ada)
    said = open_slack.say(ada, room, "Well?")
    whisper = {"channel": room.id, "user": ada.id, "text": "psst", "thread_ts": said.ts}
    assert client.chat_postEphemeral(**whisper)["ok"]
    assert not open_slack.workspace.from_bot()
    open_slack.say(ada, room, "Anybody?", thread=said)
    client.chat_postEphemeral(**whisper)
    assert [message.thread_ts for message in open_slack.workspace.from_bot()] == [said.ts]


def test_opens_one_view_with_a_trigger(open_slack: Slack, client: WebClient) -> None:
    """A trigger_id opens one view, once, within three seconds."""
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Context"},
        "blocks": [{"type": "divider"}],
    }
    trigger = open_slack.responses.trigger()
    client.views_open(trigger_id=trigger, view=view)
    assert refusal(lambda: client.views_open(trigger_id=trigger, view=view)) == "exchanged_trigger_id"
    late = open_slack.responses.trigger()
    open_slack.workspace.now = lambda real=open_slack.workspace.now: real() + 4
    assert refusal(lambda: client.views_open(trigger_id=late, view=view)) == "expired_trigger_id"
    assert refusal(lambda: client.views_open(trigger_id="x", view=view)) == "invalid_trigger_id"
    assert len(open_slack.views) == 1


def test_updates_a_view_that_is_open_and_as_it_was(open_slack: Slack, client: WebClient) -> None:
    """By its id, and, where a hash is given, only while it shows what it showed then; a closed one is gone."""
    view = {"type": "modal", "title": {"type": "plain_text", "text": "One"}, "blocks": [{"type": "divider"}]}
    opened = client.views_open(trigger_id=open_slack.responses.trigger(), view=view)["view"]
    second = {**view, "title": {"type": "plain_text", "text": "Two"}}
    update = client.views_update
    update(view_id=opened["id"], hash=opened["hash"], view=second)
    assert open_slack.windows[opened["id"]]["title"]["text"] == "Two"
    assert refusal(lambda: update(view_id=opened["id"], hash=opened["hash"], view=view)) == "hash_conflict"
    assert refusal(lambda: update(view_id=opened["id"], view={**view, "blocks": []})) == "invalid_arguments"
    line = {"type": "section", "text": {"type": "mrkdwn", "text": "a" * 2_900}}
    assert refusal(lambda: update(view_id=opened["id"], view={**view, "blocks": [line] * 90})) == "view_too_large"
    open_slack.close(opened["id"])
    assert refusal(lambda: update(view_id=opened["id"], view=view)) == "not_found"


def test_a_shortcut_has_to_be_in_the_manifest(open_slack: Slack) -> None:
    """Slack shows no other; granting one takes the scope for commands."""
    room = open_slack.workspace.channel("room", ada := open_slack.workspace.user("ada"))
    with pytest.raises(AssertionError, match="not in the manifest"):
        open_slack.shortcut(ada, open_slack.say(ada, room, "hi"), "nonsense")
    shortcuts = [{"type": "message", "callback_id": "check_message"}, {"type": "global", "callback_id": "x"}]
    manifest = {"oauth_config": {"scopes": {"bot": ["commands"]}}, "settings": {}, "features": {"shortcuts": shortcuts}}
    assert Grants.of_manifest(manifest).shortcuts == {"check_message"}
    manifest["oauth_config"]["scopes"]["bot"].clear()
    with pytest.raises(ValueError, match="without the scope"):
        Grants.of_manifest(manifest)


def test_checks_prompts_statuses_and_titles(open_slack: Slack, client: WebClient) -> None:
    """One to four prompts with a title and a message, for a direct message; the rest belongs to a thread that exists."""
    ada = open_slack.workspace.user("ada")
    dm, asked = open_slack.dm_of(ada.id).id, open_slack.tell(ada, "hello")
    suggest, prompt = client.assistant_threads_setSuggestedPrompts, {"title": "Who?", "message": "Who is it?"}
    suggest(channel_id=dm, prompts=[prompt] * 4)
    assert open_slack.prompts == {(dm, ""): [prompt] * 4}
    suggest(channel_id=dm, thread_ts=asked.ts, prompts=[prompt])
    assert len(open_slack.prompts) == 1
    assert refusal(lambda: suggest(channel_id=dm, prompts=[prompt] * 5)) == "invalid_arguments"
    assert refusal(lambda: suggest(channel_id=dm, prompts=[])) == "invalid_arguments"
    assert refusal(lambda: suggest(channel_id=dm, prompts=[{"title": "Who?"}])) == "invalid_arguments"
    assert refusal(lambda: suggest(channel_id="D404", prompts=[prompt])) == "channel_not_found"
    news = open_slack.workspace.channel("news", ada).id
    assert refusal(lambda: suggest(channel_id=news, prompts=[prompt])) == "channel_not_found"
    open_slack.is_assistant = True
    assert refusal(lambda: suggest(channel_id=dm, prompts=[prompt])) == "thread_not_found"
    suggest(channel_id=dm, thread_ts=asked.ts, prompts=[prompt])
    assert open_slack.prompts[dm, asked.ts] == [prompt]

    work = client.assistant_threads_setStatus
    work(channel_id=dm, thread_ts=asked.ts, status="is at it")
    assert open_slack.statuses == {(dm, asked.ts): "is at it"}
    client.chat_postMessage(channel=dm, text="done", thread_ts=asked.ts)
    assert open_slack.statuses == {}
    assert refusal(lambda: work(channel_id=dm, thread_ts="1.2", status="x")) == "thread_not_found"
    client.assistant_threads_setTitle(channel_id=dm, thread_ts=asked.ts, title="Hello")
    assert open_slack.titles == {(dm, asked.ts): "Hello"}


def test_checks_home_tabs(open_slack: Slack, client: WebClient) -> None:
    """A home view for a person who is there, where the app has the tab; a modal is none, and opens with a trigger only."""
    ada, divider = open_slack.workspace.user("ada"), {"type": "divider"}
    home = {"type": "home", "blocks": [divider]}
    modal = {"type": "modal", "title": {"type": "plain_text", "text": "x"}, "blocks": [divider]}
    client.views_publish(user_id=ada.id, view=home)
    assert open_slack.home_of(ada)["blocks"] == [divider]
    assert refusal(lambda: client.views_publish(user_id="U404", view=home)) == "user_not_found"
    assert refusal(lambda: client.views_publish(user_id=ada.id, view=modal)) == "invalid_arguments"
    long = home | {"blocks": [divider] * 101}
    assert refusal(lambda: client.views_publish(user_id=ada.id, view=long)) == "invalid_arguments"
    trigger = open_slack.responses.trigger()
    assert refusal(lambda: client.views_open(trigger_id=trigger, view=home)) == "invalid_arguments"
    open_slack.grants = Grants(frozenset({"chat:write"}), frozenset(), frozenset(), home_tab=False)
    assert refusal(lambda: client.views_publish(user_id=ada.id, view=home)) == "not_enabled"


def test_lists_the_members_of_a_group(open_slack: Slack, client: WebClient) -> None:
    """A group that is there, and no other."""
    open_slack.groups["S0EDITORS"] = ["U1", "U2"]
    assert client.usergroups_users_list(usergroup="S0EDITORS")["users"] == ["U1", "U2"]
    assert refusal(lambda: client.usergroups_users_list(usergroup="S404")) == "no_such_subteam"


def test_shows_what_was_there_when_it_waited_in_vain(open_slack: Slack, client: WebClient) -> None:
    """A wait that fails says what it waited for and what had been said."""
    room = open_slack.workspace.channel("room")
    client.chat_postMessage(channel=room.id, text="something else")
    with pytest.raises(AssertionError, match=re.compile("for a pony.*something else", re.DOTALL)):
        open_slack.workspace.wait_for(lambda: None, "a pony", timeout=0.01)
