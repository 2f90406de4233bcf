"""Socket Mode as it is in life: sockets that are cut, refreshed, shared, and bots that were away."""

from __future__ import annotations

import threading
import time

from slack_questions import QUESTION, Serve
from slack_standin import parsing
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from bot.serve import Server

pytest_plugins = ("slack_fixtures",)


def test_a_cut_is_mended_in_seconds(slack: Slack, ada: User, news: Channel, bot: Server) -> None:
    """After a hard cut the bot is back within seconds, and answers what was asked meanwhile."""
    greeted = slack.sockets.greeted
    slack.sockets.cut()
    cut_at = time.monotonic()
    asked = slack.mention(ada, news, QUESTION)
    slack.sockets.wait_for_hello(greeted + 1)
    assert parsing.quotes(slack.reply_to(asked).blocks)
    assert time.monotonic() - cut_at < 8
    slack.quiet()
    assert len(slack.workspace.from_bot()) == 1


def test_a_cut_at_a_bad_moment_is_mended_too(slack: Slack, ada: User, news: Channel, bot: Server) -> None:
    """A cut while Slack refuses new sockets: the bot keeps trying until it gets one."""
    greeted = slack.sockets.greeted
    slack.faults.answer("apps.connections.open", 500, times=2)
    slack.faults.cut("apps.connections.open")
    slack.sockets.cut()
    slack.sockets.wait_for_hello(greeted + 1, timeout=30)
    assert parsing.quotes(slack.reply_to(slack.mention(ada, news, QUESTION)).blocks)


def test_a_refresh_loses_nothing(slack: Slack, ada: User, news: Channel, bot: Server) -> None:
    """Questions before, during and after a refresh of the socket are each answered once."""
    greeted = slack.sockets.greeted
    asked = [slack.mention(ada, news, QUESTION)]
    slack.sockets.disconnect("refresh_requested", grace=0.3)
    asked += [slack.mention(ada, news, QUESTION) for _ in range(3)]
    slack.sockets.wait_for_hello(greeted + 1)
    asked += [slack.mention(ada, news, QUESTION)]
    for message in asked:
        slack.reply_to(message, timeout=20)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == len(asked)


def test_a_warning_loses_nothing(slack: Slack, ada: User, news: Channel, bot: Server) -> None:
    """A warning that the socket will go does not keep the bot from answering."""
    slack.sockets.disconnect("warning", grace=0.3)
    asked = [slack.mention(ada, news, QUESTION) for _ in range(3)]
    for message in asked:
        slack.reply_to(message, timeout=20)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == len(asked)


def test_what_was_asked_while_the_bot_was_away_is_answered(
    slack: Slack, ada: User, news: Channel, serve: Serve
) -> None:
    """After downtime the retry is the only copy: it is answered, once."""
    asked = slack.mention(ada, news, QUESTION)
    told = slack.tell(ada, QUESTION)
    serve()
    assert parsing.quotes(slack.reply_to(asked).blocks)
    assert parsing.quotes(slack.reply_to(told).blocks)
    slack.quiet()
    late = [*slack.deliveries_of(asked), *slack.deliveries_of(told)]
    assert {delivery.attempt for delivery in late} == {1}
    assert len(slack.workspace.from_bot()) == 2


def test_a_stopped_bot_takes_nothing_more(slack: Slack, ada: User, news: Channel, bot: Server) -> None:
    """After ``stop`` no socket is left open, and stopping twice does no harm."""
    bot.stop()
    bot.stop()
    slack.workspace.wait_for(lambda: not slack.sockets.open, "the socket to close")
    slack.mention(ada, news, QUESTION)
    assert bot.wait(5)
    assert not slack.workspace.from_bot()


def test_stop_finishes_what_is_in_flight(slack: Slack, ada: User, news: Channel, bot: Server) -> None:
    """An answer that is on its way when the bot is stopped arrives, and ``stop`` waits for it."""
    held = slack.faults.hold("chat.postMessage")
    asked = slack.mention(ada, news, QUESTION)
    assert held.arrived.wait(5)
    stopping = threading.Thread(target=bot.stop)
    stopping.start()
    stopping.join(0.3)
    assert stopping.is_alive()
    held.let_go()
    stopping.join(10)
    assert not stopping.is_alive()
    assert parsing.quotes(slack.reply_to(asked).blocks)


def test_two_bots_share_the_sockets(slack: Slack, ada: User, news: Channel, serve: Serve) -> None:
    """With two bots each payload goes to one of them, and every question is answered."""
    serve()
    serve()
    slack.sockets.wait_for(2)
    told = [slack.tell(ada, QUESTION) for _ in range(6)]
    for message in told:
        slack.reply_to(message)
    slack.quiet()
    assert len(slack.workspace.from_bot()) == len(told)
