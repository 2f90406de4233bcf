"""The slash commands of the real bot: private answers, the share button, summaries and the list of articles."""

from __future__ import annotations

import pytest
from slack_questions import NO_ANSWER, QUESTION, REFUSAL
from slack_standin import parsing
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot import wording
from bot.buttons import SHARE
from index.archive import Archive

pytest_plugins = ("slack_fixtures",)
pytestmark = pytest.mark.usefixtures("bot")


def ask(slack: Slack, user: User, channel: Channel, command: str, text: str = "") -> Message:
    """The one message that a command brings, which only its author sees."""
    delivery = slack.wait_acked(slack.command(user, channel, command, text))
    assert delivery.latency < 1.0
    slack.whisper_to(user)
    slack.quiet()
    said = slack.workspace.from_bot()
    assert len(said) == 1, slack.workspace.transcript()
    assert (said[0].to, said[0].channel) == (user.id, channel.id)
    return said[0]


def test_ask_answers_its_author_alone(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """``/ask`` quotes as a mention does, restates the question, and nobody else sees it."""
    whisper = ask(slack, ada, news, "/ask", QUESTION)
    assert parsing.quotes(whisper.blocks)[0] == archive.ask(QUESTION).quotes[0].text
    assert parsing.visible(whisper.text, whisper.blocks).startswith(QUESTION)


def test_share_posts_the_answer_and_removes_the_private_copy(
    slack: Slack, ada: User, news: Channel, archive: Archive
) -> None:
    """The button posts the same quote for all to see, with the sharer's name, and takes the private one away."""
    whisper = ask(slack, ada, news, "/ask", QUESTION)
    button = parsing.button(whisper.blocks, SHARE)
    assert archive.ask(QUESTION).quotes[0].text not in str(button)
    slack.forgiven.add(str({"type": "user", "user_id": ada.id}))
    pressed = slack.wait_acked(slack.press(ada, whisper, button))
    assert pressed.latency < 1.0
    slack.workspace.wait_for(lambda: whisper.deleted, "the private copy to go")
    slack.quiet()
    (shared,) = slack.workspace.from_bot()
    assert (shared.to, shared.channel) == (None, news.id)
    assert parsing.quotes(shared.blocks) == parsing.quotes(whisper.blocks)
    assert "ada" in shared.text or ada.id in str(shared.blocks)
    assert SHARE not in [one["action_id"] for one in parsing.buttons(shared.blocks)]


def test_pressing_share_twice_shares_once(slack: Slack, ada: User, news: Channel) -> None:
    """A double click, or a payload that comes twice, posts one message."""
    whisper = ask(slack, ada, news, "/ask", QUESTION)
    slack.forgiven |= {str({"type": "user", "user_id": ada.id}), "message_not_found"}
    button = parsing.button(whisper.blocks, SHARE)
    pressed = [slack.press(ada, whisper, button) for _ in range(2)]
    for delivery in [*pressed, slack.send_again(pressed[0], attempt=0, reason="")]:
        slack.wait_acked(delivery)
    slack.workspace.wait_for(lambda: whisper.deleted, "the private copy to go")
    slack.quiet()
    public = [message for message in slack.workspace.from_bot() if message.to is None]
    assert len(public) == 1, slack.workspace.transcript()


def test_ask_works_where_the_bot_is_no_member(slack: Slack, ada: User) -> None:
    """A private answer needs no membership; sharing there does, and the bot says how to get it."""
    slack.forgiven.add("not_in_channel")
    outside = slack.workspace.channel("outside", ada, bot=False)
    whisper = ask(slack, ada, outside, "/ask", QUESTION)
    button = parsing.button(whisper.blocks, SHARE)
    slack.wait_acked(slack.press(ada, whisper, button))
    second = slack.whisper_to(ada, 2)
    assert "/invite" in second.text
    assert not whisper.deleted


def test_share_says_where_nothing_may_be_posted(
    slack: Slack, ada: User, news: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """In a channel that takes no posts the person keeps the private answer and hears why; that is no error."""
    slack.forgiven.add("restricted_action")
    slack.faults.refuse("chat.postMessage", "restricted_action")
    whisper = ask(slack, ada, news, "/ask", QUESTION)
    slack.wait_acked(slack.press(ada, whisper, parsing.button(whisper.blocks, SHARE)))
    assert slack.whisper_to(ada, 2).text == parsing.escape(wording.MAY_NOT_POST)
    assert not whisper.deleted
    assert [record for record in caplog.records if record.exc_info] == []


def test_ask_says_when_there_is_no_answer(slack: Slack, ada: User, news: Channel) -> None:
    """A refusal is as private and as plain as an answer."""
    whisper = ask(slack, ada, news, "/ask", NO_ANSWER)
    assert whisper.text.startswith(REFUSAL)
    assert parsing.bold(whisper.blocks) == []


@pytest.mark.parametrize("command", ["/ask", "/summary", "/articles"])
def test_every_command_has_help(slack: Slack, ada: User, news: Channel, command: str) -> None:
    """``help`` says what the command takes."""
    whisper = ask(slack, ada, news, command, "help")
    assert command in whisper.text
    assert parsing.quotes(whisper.blocks) == []


def test_ask_without_a_question_says_how_to_ask(slack: Slack, ada: User, news: Channel) -> None:
    """``/ask`` alone is answered with how to use it."""
    assert "ask" in ask(slack, ada, news, "/ask").text.lower()


def test_summary_of_an_article_by_its_title(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """``/summary TITLE`` shows sentences of that article, word for word and in its order."""
    for entry in archive.articles():
        made = archive.summarise(entry.article.title)
        slack.command(ada, news, "/summary", entry.article.title)
        whisper = slack.whisper_to(ada, len(slack.workspace.from_bot()) + 1)
        assert parsing.quotes(whisper.blocks) == [quote.text for quote in made.quotes]
        assert parsing.quotes(whisper.blocks)
        assert entry.article.title in parsing.visible(whisper.text, whisper.blocks)


def test_summary_alone_takes_the_newest(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """``/summary`` without an argument summarises the only or newest article."""
    whisper = ask(slack, ada, news, "/summary")
    assert parsing.quotes(whisper.blocks) == [quote.text for quote in archive.summarise().quotes]


def test_summary_of_an_unknown_article_names_the_way_out(slack: Slack, ada: User, news: Channel) -> None:
    """A title that no article has gets a friendly line, not an apology."""
    whisper = ask(slack, ada, news, "/summary", "the history of <!channel> button making")
    assert "Sorry" not in whisper.text
    assert parsing.quotes(whisper.blocks) == []


def test_articles_lists_every_article(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """``/articles`` shows each article's title."""
    whisper = ask(slack, ada, news, "/articles")
    shown = parsing.visible(whisper.text, whisper.blocks)
    assert archive.articles()
    for entry in archive.articles():
        assert entry.article.title in shown
