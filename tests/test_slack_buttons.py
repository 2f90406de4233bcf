"""The buttons under an answer, pressed: windows, votes, and what happens late, twice, or after the articles changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from slack_questions import NO_ANSWER, QUESTION, Serve
from slack_standin import parsing
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot import wording
from bot.buttons import CONTEXT, FEEDBACK, MORE, SHARE
from bot.database import Database
from bot.feedback import Feedback
from bot.serve import Server
from index.archive import Archive
from index.build import build, remove
from index.records import Article
from index.settings import IndexSettings

pytest_plugins = ("slack_fixtures",)


def answered(slack: Slack, ada: User, news: Channel, question: str = QUESTION) -> Message:
    return slack.reply_to(slack.mention(ada, news, question))


def window(slack: Slack, number: int = 1) -> dict[str, object]:
    """The window that the bot opened."""
    slack.workspace.wait_for(lambda: len(slack.views) >= number, "a window")
    return slack.views[number - 1]


def test_in_context_shows_the_paragraphs_around(
    slack: Slack, ada: User, bob: User, news: Channel, bot: Server, archive: Archive
) -> None:
    """For whoever presses it: the quote bold between its neighbours, all of it the article's own words."""
    reply = answered(slack, ada, news)
    best = archive.ask(QUESTION).quotes[0]
    slack.wait_acked(slack.press(bob, reply, parsing.button(reply.blocks, CONTEXT)))
    view = window(slack)
    shown = parsing.quotes(view["blocks"])
    assert "".join(parsing.bold(view["blocks"])) == best.text
    assert len(shown) >= 2
    assert all(text in best.article.text for text in shown)
    assert best.article.title in parsing.unescape(parsing.context(view["blocks"]))


def test_more_passages_shows_others(slack: Slack, ada: User, news: Channel, bot: Server, archive: Archive) -> None:
    """Passages that the answer did not show, word for word, none of them marked as an answer."""
    reply = answered(slack, ada, news)
    slack.press(ada, reply, parsing.button(reply.blocks, MORE))
    shown = parsing.quotes(window(slack)["blocks"])
    assert shown
    assert parsing.bold(window(slack)["blocks"]) == []
    assert not set(shown) & set(parsing.quotes(reply.blocks))
    assert all(any(text in entry.article.text for entry in archive.articles()) for text in shown)


def test_a_refusal_has_its_nearest_passages_behind_a_button(
    slack: Slack, ada: User, news: Channel, bot: Server
) -> None:
    """No quote below a no; who wants to judge for themselves presses for them."""
    reply = answered(slack, ada, news, NO_ANSWER)
    assert parsing.quotes(reply.blocks) == []
    slack.press(ada, reply, parsing.button(reply.blocks, MORE))
    view = window(slack)
    assert parsing.quotes(view["blocks"])
    assert wording.NEAREST in parsing.visible(None, view["blocks"])


def test_a_window_that_comes_too_late_is_a_private_message(slack: Slack, ada: User, news: Channel, bot: Server) -> None:
    """Slack takes a window for three seconds; then the same stands in a message for that person."""
    reply = answered(slack, ada, news)
    slack.forgiven.add("expired_trigger_id")
    slack.faults.refuse("views.open", "expired_trigger_id")
    slack.press(ada, reply, parsing.button(reply.blocks, CONTEXT))
    assert parsing.bold(slack.whisper_to(ada).blocks)


def test_thumbs_are_counted_once_a_person(
    slack: Slack, ada: User, bob: User, news: Channel, bot: Server, database: Database
) -> None:
    """The last one counts, thanks are said once, and pressing anything twice does no harm."""
    reply = answered(slack, ada, news)
    for user, good in ((ada, False), (ada, True), (bob, True), (bob, True)):
        slack.wait_acked(slack.press(user, reply, parsing.thumb(reply.blocks, good=good)))
    slack.whisper_to(ada)
    slack.whisper_to(bob)
    slack.quiet()
    (exported,) = Feedback(database).export()
    assert exported["votes"] == {"good": 2, "bad": 0}
    assert [m.text for m in slack.workspace.from_bot() if m.to] == [wording.THANKS] * 2


@pytest.mark.parametrize("value", ["", "good", "good:", "good:unknown", "meh:x", "good:" + "x" * 500])
def test_a_forged_thumb_counts_for_nothing(
    slack: Slack, ada: User, news: Channel, bot: Server, database: Database, value: str
) -> None:
    """Whatever the value holds: acked, nothing stored, no apology."""
    reply = answered(slack, ada, news)
    slack.wait_acked(slack.press(ada, reply, {**parsing.thumb(reply.blocks, good=True), "value": value}))
    slack.quiet()
    assert [one["votes"] for one in Feedback(database).export()] == [{"good": 0, "bad": 0}]
    assert not any("Sorry" in message.text for message in slack.workspace.from_bot())


@pytest.mark.parametrize("action", [CONTEXT, MORE, SHARE, FEEDBACK])
def test_malformed_presses_are_acked_and_left(slack: Slack, ada: User, news: Channel, bot: Server, action: str) -> None:
    """Missing, null and wrongly typed parts: no window, no post, no apology in the channel."""
    reply = answered(slack, ada, news)
    for broken in ({"value": None}, {"value": 7}, {"value": ["x"]}, {}):
        kind = "feedback_buttons" if action == FEEDBACK else "button"
        delivery = slack.press(ada, reply, {"action_id": action, "type": kind, **broken})
        slack.wait_acked(delivery)
    slack.quiet()
    assert slack.views == []
    assert [m for m in slack.workspace.from_bot() if m.to is None] == [reply]


def test_buttons_work_after_a_restart(slack: Slack, ada: User, news: Channel, serve: Serve) -> None:
    """What is kept lies in the database, not in the process."""
    first = serve()
    slack.sockets.wait_for(1)
    reply = answered(slack, ada, news)
    first.stop()
    serve()
    slack.sockets.wait_for(1)
    slack.press(ada, reply, parsing.button(reply.blocks, CONTEXT))
    assert parsing.bold(window(slack)["blocks"])


def test_what_no_longer_stands_is_not_shown(
    slack: Slack, ada: User, news: Channel, serve: Serve, built_index: IndexSettings, tmp_path: Path
) -> None:
    """The article is gone: every button says so, privately, and nothing of it is shown again."""
    shutil.copytree(built_index.index, tmp_path / "index")
    own = IndexSettings(articles=built_index.articles, index=tmp_path / "index")
    serve(index=own)
    slack.sockets.wait_for(1)
    reply = answered(slack, ada, news)
    opened = Archive.open(own)
    article = opened.ask(QUESTION).quotes[0].article.id
    opened.close()
    remove(own, [article])
    for number, action in enumerate((CONTEXT, MORE), 1):
        slack.press(ada, reply, parsing.button(reply.blocks, action))
        assert slack.whisper_to(ada, number).text == wording.FORGOTTEN
    assert slack.views == []


def test_citations_are_left_out_where_slack_refuses_them(
    slack: Slack, ada: User, news: Channel, serve: Serve, tmp_path: Path
) -> None:
    """An article from the web is cited natively; a Slack that does not take that gets the answer without, at once and
    from then on."""
    text = "Ferry\n\nThe ferry to Aldona carried 412 passengers on Monday.\n\nThe harbour master closed the pier."
    article = Article("ferry", "Ferry", "https://example.com/ferry", "2024-05-01", text)
    own = IndexSettings(index=tmp_path / "index")
    build(own, [article])
    serve(index=own)
    slack.sockets.wait_for(1)
    question = "How many passengers did the ferry to Aldona carry?"

    def cited(message: Message) -> list[str]:
        return [str(node["url"]) for node in parsing.nodes(message.blocks) if node.get("type") == "citation"]

    assert cited(answered(slack, ada, news, question)) == [article.source]
    slack.faults.refuse("chat.postMessage", "invalid_blocks")
    slack.forgiven.add("invalid_blocks")
    for _ in range(2):
        reply = answered(slack, ada, news, question)
        assert cited(reply) == []
        assert parsing.bold(reply.blocks) == ["412"]
        assert article.source in parsing.context(reply.blocks)
    assert len([call for call in slack.web.calls if call.error == "invalid_blocks"]) == 1
