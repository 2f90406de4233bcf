"""Each event is answered exactly once, in whatever guise it comes, and nobody who did not ask is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from slack_questions import ALL, QUESTION
from slack_standin import events, parsing
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

pytest_plugins = ("slack_fixtures",)
pytestmark = pytest.mark.usefixtures("bot")


@pytest.fixture
def slack() -> Iterator[Slack]:
    """A stand-in that tells the bot of everything, more than its manifest asks for."""
    with Slack(ALL) as slack:
        yield slack


def settled(slack: Slack, asked: Message) -> int:
    """The number of replies to a message, after another question has been answered and all is at rest."""
    control = slack.tell(slack.workspace.user("control"), QUESTION)
    slack.reply_to(control)
    slack.quiet()
    return len(slack.workspace.from_bot(thread=asked))


def test_the_same_event_again_is_not_answered_again(slack: Slack, ada: User, news: Channel) -> None:
    """A redelivery after the answer, numbered as such, changes nothing."""
    asked = slack.mention(ada, news, QUESTION)
    slack.reply_to(asked)
    for delivery in slack.deliveries_of(asked):
        for attempt in (1, 2, 3):
            slack.send_again(delivery, attempt=attempt)
    assert settled(slack, asked) == 1


def test_the_same_event_while_it_is_answered(slack: Slack, ada: User, news: Channel) -> None:
    """Redeliveries that come while the first is still being posted change nothing."""
    held = slack.faults.hold("chat.postMessage")
    asked = slack.mention(ada, news, QUESTION)
    again = [slack.send_again(d) for d in slack.deliveries_of(asked) for _ in range(4)]
    for delivery in again:
        slack.wait_acked(delivery)
    assert held.arrived.wait(5)
    held.let_go()
    assert settled(slack, asked) == 1


def test_a_first_delivery_may_come_twice(slack: Slack, ada: User, news: Channel) -> None:
    """Two deliveries that both say attempt 0 are one question."""
    asked = slack.mention(ada, news, QUESTION)
    for delivery in slack.deliveries_of(asked):
        slack.send_again(delivery, attempt=0, reason="")
    assert settled(slack, asked) == 1


def test_one_message_in_two_events(slack: Slack, ada: User, news: Channel) -> None:
    """The message event and the app_mention of one message, with different event ids, are one question."""
    asked = slack.mention(ada, news, QUESTION)
    both = [events.app_mention(slack.workspace, asked), events.message(slack.workspace, asked)]
    for event in both * 3:
        slack.courier.send("events_api", events.callback(slack.workspace, event))
    assert settled(slack, asked) == 1


def test_a_direct_message_that_comes_again(slack: Slack, ada: User) -> None:
    """The same holds in direct messages, mention or not."""
    asked = slack.tell(ada, f"<@{slack.workspace.bot.id}> {QUESTION}")
    slack.reply_to(asked)
    told = slack.tell(ada, QUESTION)
    slack.reply_to(told)
    for delivery in [*slack.deliveries_of(asked), *slack.deliveries_of(told)]:
        slack.send_again(delivery)
    assert settled(slack, told) == 1
    assert settled(slack, asked) == 1


def test_the_same_words_again_are_a_new_question(slack: Slack, ada: User, news: Channel) -> None:
    """Asking twice gets two answers: what counts is the message, not its words."""
    first, second = slack.mention(ada, news, QUESTION), slack.mention(ada, news, QUESTION)
    slack.reply_to(first)
    slack.reply_to(second)
    assert settled(slack, first) == settled(slack, second) == 1


def test_an_edit_is_not_a_new_question(slack: Slack, ada: User, news: Channel) -> None:
    """Correcting a question that was answered, or adding a mention later, gets no further answer."""
    asked = slack.mention(ada, news, QUESTION)
    slack.reply_to(asked)
    slack.edit(asked, f"<@{slack.workspace.bot.id}> Which countries sent soldiers?")
    assert settled(slack, asked) == 1


def test_a_deleted_question_leaves_its_answer(slack: Slack, ada: User, news: Channel) -> None:
    """Deleting the question brings nothing new."""
    asked = slack.mention(ada, news, QUESTION)
    slack.reply_to(asked)
    slack.remove(asked)
    assert settled(slack, asked) == 1


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_questions_with_a_file_or_sent_to_the_channel_too(
    slack: Slack, ada: User, bob: User, news: Channel, subtype: str
) -> None:
    """A mention with a file, and a threaded one that is also sent to the channel, are questions."""
    root = slack.say(bob, news, "Look at this.")
    thread = root if subtype == "thread_broadcast" else None
    asked = slack.mention(ada, news, QUESTION, thread=thread, subtype=subtype)
    assert parsing.quotes(slack.reply_to(asked).blocks)
    assert settled(slack, asked) == 1


def in_direct_message(slack: Slack, user: User, **more: Any) -> Message:
    return slack.say(user, slack.dm_of(user.id), QUESTION, **more)


Deed = Callable[[Slack, User, Channel], Message]

UNASKED: dict[str, Deed] = {
    "a message without a mention": lambda s, u, c: s.say(u, c, QUESTION),
    "a mention of somebody else": lambda s, u, c: s.say(u, c, f"<@U0SOMEBODY> {QUESTION}"),
    "a thread among people": lambda s, u, c: s.say(u, c, QUESTION, thread=s.say(u, c, "Well?")),
    "another bot's mention": lambda s, u, c: s.mention(u, c, QUESTION, bot_id="B0THER"),
    "another bot's message of the old kind": lambda s, u, c: s.mention(
        u, c, QUESTION, subtype="bot_message", bot_id="B0THER"
    ),
    "a bot known by its profile": lambda s, u, c: s.mention(u, c, QUESTION, bot_profile={"id": "B0THER"}),
    "another bot's direct message": lambda s, u, c: in_direct_message(s, u, bot_id="B0THER"),
    "the bot itself": lambda s, u, c: s.mention(s.workspace.bot, c, QUESTION),
    "the bot itself, directly": lambda s, u, c: s.say(s.workspace.bot, s.dm_of(u.id), QUESTION),
    "Slackbot": lambda s, u, c: s.mention(User("USLACKBOT", "slackbot"), c, QUESTION),
    "Slackbot, directly": lambda s, u, c: s.say(User("USLACKBOT", "slackbot"), s.dm_of(u.id), QUESTION),
    "Slack itself": lambda s, u, c: s.say(User("USLACK", "slack"), s.dm_of(u.id), QUESTION),
    "a hidden message": lambda s, u, c: s.mention(u, c, QUESTION, hidden=True),
    "an edited message": lambda s, u, c: s.mention(u, c, QUESTION, edited={"user": u.id, "ts": "1.2"}),
    "an edited direct message": lambda s, u, c: in_direct_message(s, u, edited={"user": u.id, "ts": "1.2"}),
}

SYSTEM = (
    "bot_add",
    "channel_archive",
    "channel_join",
    "channel_leave",
    "channel_name",
    "channel_posting_permissions",
    "channel_purpose",
    "channel_topic",
    "channel_unarchive",
    "ekm_access_denied",
    "group_join",
    "group_topic",
    "me_message",
    "message_changed",
    "message_deleted",
    "message_replied",
    "pinned_item",
    "reminder_add",
    "reply_broadcast",
    "tombstone",
)


def test_who_did_not_ask_is_not_answered(slack: Slack, ada: User, news: Channel) -> None:
    """Bots, the bot itself, Slack's own words, edits and talk among people get no answer."""
    said = {deed: UNASKED[deed](slack, ada, news) for deed in UNASKED}
    control = slack.tell(slack.workspace.user("control"), QUESTION)
    slack.reply_to(control)
    assert settled(slack, control) == 1
    assert [deed for deed in said if slack.workspace.from_bot(thread=said[deed])] == []
    assert len(slack.workspace.from_bot()) == 2


def test_system_messages_are_not_answered(slack: Slack, ada: User, news: Channel) -> None:
    """Joins, topics, reminders and all else that carries such a subtype get no answer, channel or direct."""
    for subtype in SYSTEM:
        slack.mention(ada, news, QUESTION, subtype=subtype)
        in_direct_message(slack, ada, subtype=subtype)
    control = slack.tell(slack.workspace.user("control"), QUESTION)
    slack.reply_to(control)
    assert settled(slack, control) == 1
    assert len(slack.workspace.from_bot()) == 2, slack.workspace.transcript()
