"""What people get who ask the real bot: in a channel, in a thread, in a direct message."""

from __future__ import annotations

import pytest
from slack_questions import NO_ANSWER, QUESTION, REFUSAL
from slack_standin import parsing
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot.serve import Server
from index.archive import Archive

pytest_plugins = ("slack_fixtures",)
pytestmark = pytest.mark.usefixtures("bot")


def only_reply(slack: Slack, asked: Message) -> Message:
    """The bot's one reply to a message, after everything has come to rest."""
    slack.reply_to(asked)
    slack.quiet()
    replies = slack.workspace.from_bot(thread=asked)
    assert len(replies) == 1, slack.workspace.transcript()
    return replies[0]


def test_a_mention_is_answered_with_a_quote(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """One threaded reply: the article's own words as a quote, the answer in bold, and where they stand."""
    reply = only_reply(slack, slack.mention(ada, news, QUESTION))
    best = archive.ask(QUESTION).quotes[0]
    shown = parsing.quotes(reply.blocks)
    assert shown[0] == best.text
    assert "Armenia" in shown[0]
    assert all(any(quote in entry.article.text for entry in archive.articles()) for quote in shown)
    if best.answer_text is not None:
        assert parsing.bold(reply.blocks)[0] == best.answer_text
    source = parsing.unescape(parsing.context(reply.blocks))
    assert best.article.title in source
    assert f"paragraph {best.paragraph}" in source
    assert reply.to is None
    assert len(slack.workspace.from_bot()) == 1


def test_the_fallback_text_carries_the_quote(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """Notifications and screen readers get the quote as well, escaped, and nothing unfurls."""
    reply = only_reply(slack, slack.mention(ada, news, QUESTION))
    assert parsing.escape(archive.ask(QUESTION).quotes[0].text) in reply.text
    assert reply.sent["unfurl_links"] is False
    assert reply.sent["unfurl_media"] is False
    assert "link_names" not in reply.sent


def test_a_mention_in_a_thread_is_answered_in_that_thread(slack: Slack, ada: User, bob: User, news: Channel) -> None:
    """The reply goes to the thread's root, not to a new thread."""
    root = slack.say(bob, news, "Have you read about this?")
    asked = slack.mention(ada, news, QUESTION, thread=root)
    assert only_reply(slack, asked).thread_ts == root.ts


def test_a_direct_message_is_answered_in_its_thread(slack: Slack, ada: User, archive: Archive) -> None:
    """A direct message needs no mention; each is the root of its own thread."""
    reply = only_reply(slack, slack.tell(ada, QUESTION))
    assert parsing.quotes(reply.blocks)[0] == archive.ask(QUESTION).quotes[0].text
    assert reply.channel.startswith("D")


def test_a_direct_message_in_a_thread_stays_in_it(slack: Slack, ada: User) -> None:
    """A second question in a thread of a direct message is answered in the same thread."""
    first = slack.tell(ada, QUESTION)
    slack.reply_to(first)
    second = slack.tell(ada, "Where did the talks take place?", thread=first)
    slack.workspace.wait_for(lambda: len(slack.workspace.from_bot(thread=first)) == 2, "a second reply in the thread")
    assert second.thread_ts == first.ts


def test_no_answer_is_one_plain_line(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """Where the articles do not say, the first line says so, and nothing below looks like an answer."""
    assert not archive.ask(NO_ANSWER).answerable
    reply = only_reply(slack, slack.mention(ada, news, NO_ANSWER))
    assert reply.text.startswith(REFUSAL)
    assert parsing.visible(reply.text, reply.blocks).startswith(REFUSAL)
    assert parsing.bold(reply.blocks) == []
    for quote in parsing.quotes(reply.blocks):
        assert quote not in reply.text


def test_small_talk_gets_a_friendly_line(slack: Slack, ada: User) -> None:
    """An empty mention, a greeting, thanks and ``help`` get a line on how to ask, and no quote."""
    said = {
        text: slack.mention(ada, slack.workspace.channel(f"room-{number}", ada), text)
        for number, text in enumerate(["", "   ", "hello!", "thanks", "help"])
    }
    for asked in said.values():
        reply = only_reply(slack, asked)
        assert "ask" in reply.text.lower()
        assert parsing.quotes(reply.blocks) == []


def test_the_mention_may_stand_anywhere(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """Before, behind and twice: the bot's own mention is no part of the question."""
    me = f"<@{slack.workspace.bot.id}>"
    expected = archive.ask(QUESTION).quotes[0].text
    for text in (f"{QUESTION} {me}", f"Hey {me}: {QUESTION}", f"{me} {me} {QUESTION}"):
        reply = only_reply(slack, slack.say(ada, news, text))
        assert parsing.quotes(reply.blocks)[0] == expected


def test_what_slack_escapes_and_links_is_read_as_typed(
    slack: Slack, ada: User, news: Channel, archive: Archive
) -> None:
    """``&amp;``, links and channel names in a question become the words that the person saw."""
    me = f"<@{slack.workspace.bot.id}>"
    wire = f"{me} Which countries sent troops &amp; soldiers to <https://kz.example/|Kazakhstan>?"
    reply = only_reply(slack, slack.say(ada, news, wire))
    answer = archive.ask("Which countries sent troops & soldiers to Kazakhstan?")
    assert answer.answerable
    assert parsing.quotes(reply.blocks)[0] == answer.quotes[0].text


def test_a_question_of_any_length_is_survived(slack: Slack, ada: User, news: Channel) -> None:
    """A pasted page gets one reply that says something."""
    reply = only_reply(slack, slack.mention(ada, news, "Which countries sent troops? " * 400))
    assert reply.text


def test_several_people_are_answered_each_in_their_thread(
    slack: Slack, ada: User, bob: User, news: Channel, archive: Archive
) -> None:
    """Questions at the same time are not mixed up."""
    questions = [QUESTION, NO_ANSWER, QUESTION, "When do the talks in Geneva begin?"]
    asked = [
        slack.mention(person, news, question) for person, question in zip([ada, bob, bob, ada], questions, strict=True)
    ]
    for message, question in zip(asked, questions, strict=True):
        answer = archive.ask(question)
        reply = only_reply(slack, message)
        if answer.answerable:
            assert parsing.quotes(reply.blocks)[0] == answer.quotes[0].text
        else:
            assert reply.text.startswith(REFUSAL)


def test_everything_is_acknowledged_at_once(slack: Slack, ada: User, news: Channel) -> None:
    """Every payload is acknowledged once, well within Slack's three seconds."""
    for _ in range(5):
        slack.mention(ada, news, QUESTION)
    slack.quiet()
    assert [len(delivery.acked) for delivery in slack.courier.deliveries] == [1] * len(slack.courier.deliveries)
    assert max(delivery.latency for delivery in slack.courier.deliveries) < 1.0


def test_the_bot_says_that_it_is_ready(bot: Server) -> None:
    """``ready`` is true once the bot answers, and Socket Mode has no port."""
    assert bot.ready
    assert bot.port is None
