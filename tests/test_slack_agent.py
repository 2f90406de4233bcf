"""The direct message as an agent's view: prompts that are answered, a status while work is under way, a title."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from slack_questions import NO_ANSWER, QUESTION, REFUSAL, Serve
from slack_standin import events, parsing
from slack_standin.standin import Slack
from slack_standin.web import Call
from slack_standin.workspace import Channel, Message, User

from bot import wording
from index.archive import Archive

pytest_plugins = ("slack_fixtures",)

STATUS, TITLE = "assistant.threads.setStatus", "assistant.threads.setTitle"
PROMPTS = "assistant.threads.setSuggestedPrompts"


def ask_after(monkeypatch: pytest.MonkeyPatch, happened: Callable[[], object]) -> None:
    """The archive answers only when something has happened."""
    ask = Archive.ask

    def slowly(*args: Any) -> Any:
        assert happened()
        return ask(*args)

    monkeypatch.setattr(Archive, "ask", slowly)


def calls(slack: Slack, method: str, number: int) -> list[Call]:
    """Wait until a method was called so often."""
    return slack.workspace.wait_for(
        lambda: got if len(got := slack.web.called(method)) >= number else None, f"{number} calls of {method}"
    )


def settled_titles(slack: Slack) -> list[str]:
    slack.quiet()
    return list(slack.titles.values())


@pytest.mark.usefixtures("bot")
def test_every_prompt_gets_an_answer(slack: Slack, ada: User) -> None:
    """Opening the messages tab brings up to four prompts, without a thread; pressing one is answered and not refused."""
    slack.open_tab(ada, "messages")
    (call,) = calls(slack, PROMPTS, 1)
    assert "thread_ts" not in call.args
    prompts = slack.prompts[slack.dm_of(ada.id).id, ""]
    assert 2 <= len(prompts) <= 4
    for prompt in prompts:
        reply = slack.reply_to(slack.tell(ada, prompt["message"]))
        assert not reply.text.startswith(REFUSAL)
        assert parsing.quotes(reply.blocks) or prompt["message"] == wording.HELP_WORD


@pytest.mark.usefixtures("bot")
def test_opening_the_tab_is_answered_by_prompts_alone(slack: Slack, ada: User, bob: User) -> None:
    """Nobody who only looks gets a message; the same opening twice is one, another person's is another."""
    opened = slack.open_tab(ada, "messages")
    assert opened
    slack.send_again(opened)
    slack.open_tab(bob, "messages")
    calls(slack, PROMPTS, 2)
    slack.quiet()
    assert len(slack.web.called(PROMPTS)) == 2
    assert slack.workspace.from_bot() == []
    assert slack.web.called("views.publish") == []


@pytest.mark.usefixtures("bot")
def test_prompts_that_slack_refuses(slack: Slack, ada: User) -> None:
    """A workspace without the feature is no trouble: nobody is told, and questions are answered."""
    slack.forgiven.add("not_allowed")
    slack.faults.refuse(PROMPTS, "not_allowed")
    slack.open_tab(ada, "messages")
    calls(slack, PROMPTS, 1)
    assert parsing.quotes(slack.reply_to(slack.tell(ada, QUESTION)).blocks)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 1


@pytest.mark.usefixtures("bot")
def test_a_status_stands_until_the_answer_comes(slack: Slack, ada: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """While a direct question is worked on its thread says so; the answer clears it, without a further call."""
    ask_after(monkeypatch, lambda: calls(slack, STATUS, 1))
    asked = slack.tell(ada, QUESTION)
    slack.reply_to(asked)
    slack.quiet()
    assert slack.statuses == {}
    (call,) = slack.web.called(STATUS)
    assert (call.args["channel_id"], call.args["thread_ts"]) == (asked.channel, asked.ts)
    assert call.args["status"] == wording.WORKING


@pytest.mark.usefixtures("bot")
def test_channels_show_no_status_and_no_title(slack: Slack, ada: User, news: Channel) -> None:
    """Both belong to the direct message."""
    slack.reply_to(slack.mention(ada, news, QUESTION))
    slack.quiet()
    assert slack.web.called(STATUS) == []
    assert slack.web.called(TITLE) == []


@pytest.mark.usefixtures("bot")
def test_a_status_that_hangs_delays_nothing_and_is_taken_back(
    slack: Slack, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer does not wait for it; arriving after the answer, it does not stay."""
    held = slack.faults.hold(STATUS)
    ask_after(monkeypatch, lambda: held.arrived.wait(10))
    reply = slack.reply_to(slack.tell(ada, QUESTION))
    assert parsing.quotes(reply.blocks)
    held.let_go()
    first, second = calls(slack, STATUS, 2)
    assert [first.args["status"], second.args["status"]] == [wording.WORKING, ""]
    assert slack.statuses == {}
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 1


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("method", [STATUS, TITLE])
def test_a_status_or_title_that_fails_costs_nothing(slack: Slack, ada: User, method: str) -> None:
    """Refused, cut off or answered by an error of Slack's: the answer comes all the same, and no apology with it."""
    slack.forgiven.add("internal_error")
    slack.faults.refuse(method, "internal_error")
    slack.faults.cut(method)
    slack.faults.answer(method, 500)
    slack.faults.answer(method, 429, retry_after=30)
    asked = [slack.tell(ada, QUESTION) for _ in range(4)]
    for message in asked:
        assert parsing.quotes(slack.reply_to(message).blocks)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 4


@pytest.mark.usefixtures("bot")
def test_the_first_question_is_the_title_of_its_thread(slack: Slack, ada: User) -> None:
    """Once a thread: not again for follow-ups, not for greetings; markup in it means nothing."""
    greeted = slack.tell(ada, "hello")
    slack.reply_to(greeted)
    assert settled_titles(slack) == []
    slack.tell(ada, "<!channel> " + QUESTION, thread=greeted)
    calls(slack, TITLE, 1)
    slack.tell(ada, NO_ANSWER, thread=greeted)
    other = slack.tell(ada, NO_ANSWER + " x" * 200)
    slack.reply_to(other)
    calls(slack, TITLE, 2)
    slack.quiet()
    assert slack.titles.keys() == {(greeted.channel, greeted.ts), (other.channel, other.ts)}
    assert slack.titles[greeted.channel, greeted.ts] == f"‹!channel› {QUESTION}"
    assert len(slack.titles[other.channel, other.ts]) <= 80
    assert len(slack.web.called(TITLE)) == 2


def test_the_title_stays_after_a_restart(slack: Slack, ada: User, serve: Serve) -> None:
    """A bot that was started anew knows that the thread has its title."""
    first = serve()
    asked = slack.tell(ada, QUESTION)
    slack.reply_to(asked)
    calls(slack, TITLE, 1)
    first.stop()
    serve()
    slack.tell(ada, NO_ANSWER, thread=asked)
    slack.workspace.wait_for(lambda: len(slack.workspace.from_bot(thread=asked)) == 2, "the second answer")
    slack.quiet()
    assert len(slack.web.called(TITLE)) == 1


@pytest.mark.usefixtures("bot")
def test_an_assistants_pane_is_greeted(slack: Slack, ada: User, archive: Archive) -> None:
    """An app of the older kind: a greeting in the thread that Slack starts, and prompts for that thread, once."""
    slack.is_assistant = True
    root = slack.start_thread(ada)
    greeting = slack.reply_to(root)
    assert greeting.text == wording.GREETING
    prompts = slack.workspace.wait_for(lambda: slack.prompts.get((root.channel, root.ts)), "prompts")
    for delivery in list(slack.courier.deliveries):
        slack.send_again(delivery)
    asked = slack.tell(ada, prompts[0]["message"], thread=root)
    slack.workspace.wait_for(lambda: len(slack.workspace.from_bot(thread=root)) == 2, "the answer")
    calls(slack, TITLE, 1)
    slack.quiet()
    _, reply = slack.workspace.from_bot(thread=root)
    assert reply.thread_ts == asked.thread_ts == root.ts
    assert parsing.quotes(reply.blocks)[0] == archive.ask(prompts[0]["message"]).quotes[0].text
    assert slack.titles == {(root.channel, root.ts): prompts[0]["message"]}
    assert len(slack.web.called(PROMPTS)) == 1


@pytest.mark.usefixtures("bot")
def test_looking_at_another_channel_is_left_alone(slack: Slack, ada: User) -> None:
    """``assistant_thread_context_changed`` is acknowledged and brings nothing."""
    root = slack.workspace.add(Message(slack.dm_of(ada.id).id, slack.workspace.timestamp(), ada.id, "x"))
    event = events.assistant_thread(slack.workspace, "assistant_thread_context_changed", ada, root)
    before = len(slack.web.calls)
    slack.wait_acked(slack.courier.send("events_api", events.callback(slack.workspace, event)))
    slack.quiet()
    assert len(slack.web.calls) == before


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("kind", ["app_home_opened", "assistant_thread_started", "assistant_thread_context_changed"])
def test_broken_openings_are_acknowledged(slack: Slack, ada: User, kind: str) -> None:
    """Missing, null and strange values bring nothing, no redelivery either, and the next question is answered."""
    whole = {
        "app_home_opened": {"tab": "messages", "user": ada.id, "channel": slack.dm_of(ada.id).id},
        "assistant_thread_started": {"assistant_thread": {"user_id": ada.id, "channel_id": "", "thread_ts": "1.2"}},
        "assistant_thread_context_changed": {"assistant_thread": None},
    }[kind]
    broken: list[dict[str, Any]] = [{}, *({**whole, key: value} for key in whole for value in (None, "", [], {}))]
    for fields in broken:
        delivery = slack.courier.send("events_api", events.callback(slack.workspace, {"type": kind, **fields}))
        slack.wait_acked(delivery)
        assert len(delivery.sent) == 1
    assert parsing.quotes(slack.reply_to(slack.tell(ada, QUESTION)).blocks)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 1
    assert slack.web.called(PROMPTS) == []
