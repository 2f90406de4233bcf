"""The bot among people: follow-ups without a mention, threads that others began, channels that let it in, or do not."""

from __future__ import annotations

import logging
from collections.abc import Callable

import pytest
from slack_questions import NO_ANSWER, QUESTION, REFUSAL, Serve
from slack_standin import events, parsing
from slack_standin.pace import Pace
from slack_standin.scopes import Grants
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, Message, User

from bot import wording
from bot.buttons import MORE, SHARE
from bot.channels import Channels, ChannelSettings
from bot.database import Database
from bot.listeners.overheard import UNASKED
from index.archive import Archive
from index.conversation import Conversation

pytest_plugins = ("slack_fixtures",)

OTHER = "How many passengers does the Marigold carry?"
# Asked where nobody wants to hear a no, and by its form a question.
UNSAID = "Did the king of Atlantis win the chess championship?"


@pytest.fixture(autouse=True)
def in_a_hurry(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace of a channel is tested elsewhere."""
    monkeypatch.setattr("bot.delivery.SECONDS_BETWEEN", 0.0)
    slack.pace = Pace(burst=1000)


def answered(slack: Slack, user: User, channel: Channel, question: str = QUESTION) -> Message:
    """A question that was put to the bot, and answered in its thread."""
    asked = slack.mention(user, channel, question)
    slack.reply_to(asked)
    return asked


def replies(slack: Slack, root: Message) -> list[Message]:
    """The bot's replies in a thread, after all that was said in the channel has been looked at, and all is at rest."""
    control = slack.mention(slack.workspace.user("control"), slack.workspace.channels[root.channel], QUESTION)
    slack.reply_to(control)
    slack.quiet()
    return slack.workspace.from_bot(thread=root)


def let_in(slack: Slack, database: Database, channel: Channel) -> None:
    """An administrator wants answers in a channel to what nobody asked the bot."""
    Channels(database).put(slack.workspace.team, channel.id, ChannelSettings(unasked=True), "U1")


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("kind", ["channel", "group"])
def test_a_follow_up_needs_no_mention(slack: Slack, ada: User, bob: User, archive: Archive, kind: str) -> None:
    """In a thread where the bot has answered, by whoever asks, understood from what was asked before."""
    room = slack.workspace.channel("room", ada, bob, kind=kind)
    root = answered(slack, ada, room)
    slack.say(bob, room, "and when?", thread=root)
    slack.say(bob, room, OTHER, thread=root)
    expected = [
        archive.ask(QUESTION),
        archive.ask("and when?", Conversation((QUESTION,))),
        archive.ask(OTHER),
    ]
    shown = [parsing.quotes(reply.blocks)[0] for reply in replies(slack, root)]
    assert shown == [answer.quotes[0].text for answer in expected if answer.answerable]
    assert len(shown) >= 2


@pytest.mark.usefixtures("bot")
def test_a_follow_up_may_come_before_the_answer(slack: Slack, ada: User, news: Channel) -> None:
    """Somebody who types faster than Slack posts is answered all the same."""
    held = slack.faults.hold("chat.postMessage")
    root = slack.mention(ada, news, QUESTION)
    assert held.arrived.wait(10)
    slack.say(ada, news, OTHER, thread=root)
    held.let_go()
    assert len(replies(slack, root)) == 2


@pytest.mark.usefixtures("bot")
def test_people_who_talk_in_its_thread_are_left_alone(slack: Slack, ada: User, bob: User, news: Channel) -> None:
    """No remark is answered, no question to somebody else, none about a file, none that the articles do not answer."""
    root = answered(slack, ada, news)
    for text in (
        "Thanks, that helps!",
        "2,500 soldiers were sent, I read.",
        "What do you think?",
        "The boat stays, right?",
        UNSAID,
        f"<@{bob.id}> {OTHER}",
        f"Hey <@{bob.id}>, {OTHER}",
        f"<!subteam^S0DESK|@desk> {OTHER}",
        f"{OTHER} <@{bob.id}>",
    ):
        slack.say(ada, news, text, thread=root)
    slack.say(ada, news, OTHER, thread=root, subtype="file_share", files=[{"id": "F1"}])
    slack.say(ada, news, OTHER, thread=root, bot_id="B0THER")
    slack.say(ada, news, OTHER, thread=root, edited={"user": ada.id, "ts": "1.2"})
    assert len(replies(slack, root)) == 1, slack.workspace.transcript()


@pytest.mark.usefixtures("bot")
def test_whoever_mentions_it_gets_a_no(slack: Slack, ada: User, bob: User, news: Channel) -> None:
    """In its own thread too, and though another person is named first."""
    root = answered(slack, ada, news)
    slack.mention(ada, news, NO_ANSWER, thread=root)
    slack.say(bob, news, f"<@{ada.id}> <@{slack.workspace.bot.id}> {NO_ANSWER}", thread=root)
    assert [reply.text.startswith(REFUSAL) for reply in replies(slack, root)] == [False, True, True]


@pytest.mark.usefixtures("bot")
def test_what_it_did_not_answer_is_not_remembered(slack: Slack, ada: User, news: Channel, archive: Archive) -> None:
    """Talk among people is no turn of the conversation: the next follow-up leans on what was asked of the bot."""
    root = answered(slack, ada, news, OTHER)
    slack.say(ada, news, UNSAID, thread=root)
    slack.say(ada, news, "when was she built?", thread=root)
    expected = archive.ask("when was she built?", Conversation((OTHER,)))
    assert expected.answerable
    assert parsing.quotes(replies(slack, root)[-1].blocks)[0] == expected.quotes[0].text


@pytest.mark.usefixtures("bot")
def test_threads_of_others_and_channels_are_left_alone(
    slack: Slack, ada: User, bob: User, news: Channel, database: Database
) -> None:
    """Where nobody mentioned it and no administrator let it in, no question is answered; collections change nothing."""
    Channels(database).put(slack.workspace.team, news.id, ChannelSettings(collections=("sport",)), "U1")
    root = slack.say(bob, news, QUESTION)
    slack.say(ada, news, QUESTION, thread=root)
    assert replies(slack, root) == []
    assert parsing.quotes(slack.reply_to(slack.mention(ada, news, QUESTION)).blocks)


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("mention_first", [True, False])
def test_a_mention_told_twice_is_answered_once(slack: Slack, ada: User, news: Channel, mention_first: bool) -> None:
    """As message and as app_mention, in either order, at the top and in a thread, answer or no."""
    root = answered(slack, ada, news)
    me = f"<@{slack.workspace.bot.id}>"
    said = []
    for text, thread in ((QUESTION, None), (NO_ANSWER, None), (OTHER, root), (NO_ANSWER, root)):
        message = Message(news.id, slack.workspace.timestamp(), ada.id, f"{me} {text}", thread_ts=thread and thread.ts)
        said.append(slack.workspace.add(message))
        both = [events.app_mention(slack.workspace, message), events.message(slack.workspace, message)]
        for event in both if mention_first else reversed(both):
            slack.courier.send("events_api", events.callback(slack.workspace, event))
    assert len(replies(slack, root)) == 3
    assert [len(replies(slack, message)) for message in said[:2]] == [1, 1]


@pytest.mark.usefixtures("bot")
def test_a_mention_is_answered_though_only_the_message_comes(slack: Slack, ada: User, news: Channel) -> None:
    """Either copy will do."""
    message = Message(news.id, slack.workspace.timestamp(), ada.id, f"<@{slack.workspace.bot.id}> {NO_ANSWER}")
    slack.workspace.add(message)
    event = events.message(slack.workspace, message)
    slack.courier.send("events_api", events.callback(slack.workspace, event))
    assert slack.reply_to(message).text.startswith(REFUSAL)


@pytest.mark.usefixtures("bot")
def test_questions_in_the_thread_of_a_shared_answer(slack: Slack, ada: User, news: Channel) -> None:
    """What somebody has shared is an answer of the bot's, too."""
    slack.command(ada, news, "/ask", QUESTION)
    whisper = slack.whisper_to(ada)
    slack.forgiven.add(str({"type": "user", "user_id": ada.id}))
    slack.wait_acked(slack.press(ada, whisper, parsing.button(whisper.blocks, SHARE)))
    slack.workspace.wait_for(lambda: whisper.deleted, "the private copy to go")
    (shared,) = slack.workspace.from_bot()
    slack.say(ada, news, OTHER, thread=shared)
    slack.say(ada, news, UNSAID, thread=shared)
    assert len(replies(slack, shared)) == 1


@pytest.fixture
def fewer(slack: Slack) -> Slack:
    """The stand-in as for an app that was installed with the scopes of an earlier version."""
    scopes = slack.grants.scopes - {"channels:history", "groups:history"}
    kinds = slack.grants.events - {"message.channels", "message.groups"}
    slack.grants = Grants(scopes, kinds, slack.grants.commands)
    return slack


def test_with_fewer_scopes_mentions_are_answered(
    fewer: Slack, ada: User, bob: User, news: Channel, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names once what is missing, however often it is missed."""
    fewer.forgiven.add("missing_scope")
    with caplog.at_level(logging.INFO):
        serve()
        for _ in range(2):
            root = fewer.say(bob, news, "The troops have landed in Kazakhstan.")
            asked = fewer.mention(ada, news, "which countries sent them?", thread=root)
            assert fewer.reply_to(asked)
        fewer.quiet()
    told = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len([line for line in told if "channels:history" in line]) == 1
    assert len([line for line in told if "missing_scope" in line]) == 1
    assert len(told) == 2


# channels that let the bot in


@pytest.mark.usefixtures("bot")
def test_a_channel_may_let_it_answer_unasked(
    slack: Slack, ada: User, news: Channel, database: Database, archive: Archive
) -> None:
    """A question at the top that the articles answer is answered in its thread, where it can be followed up."""
    let_in(slack, database, news)
    asked = slack.say(ada, news, QUESTION)
    slack.say(ada, news, OTHER, thread=asked)
    shown = replies(slack, asked)
    expected = [archive.ask(question).quotes[0].text for question in (QUESTION, OTHER)]
    assert [parsing.quotes(reply.blocks)[0] for reply in shown] == expected


@pytest.mark.usefixtures("bot")
def test_even_there_it_says_no_to_nobody(
    slack: Slack, ada: User, bob: User, news: Channel, database: Database, archive: Archive
) -> None:
    """Not to what the articles do not surely answer, and not to remarks, threads of others, bots, edits, files and /me."""
    let_in(slack, database, news)
    unsure = "Who is against the ferry?"
    found = archive.ask(unsure)
    assert found.answerable
    assert found.confidence < UNASKED
    for text in (
        NO_ANSWER,
        UNSAID,
        unsure,
        "and when?",
        "What a day!",
        "Anyone up for lunch?",
        f"<@{bob.id}> {QUESTION}",
    ):
        slack.say(ada, news, text)
    slack.say(ada, news, QUESTION, thread=slack.say(bob, news, "Look at this."))
    for more in (
        {"subtype": "me_message"},
        {"subtype": "file_share"},
        {"subtype": "channel_topic"},
        {"bot_id": "B0THER"},
        {"edited": {"user": ada.id, "ts": "1.2"}},
        {"hidden": True},
    ):
        slack.say(ada, news, QUESTION, **more)
    asked = slack.say(ada, news, QUESTION)
    assert len(replies(slack, asked)) == 1
    assert len(slack.workspace.from_bot(news)) == 2, slack.workspace.transcript()


@pytest.mark.usefixtures("bot")
def test_other_channels_stay_as_they_are(slack: Slack, ada: User, news: Channel, database: Database) -> None:
    """What is set for one channel holds there alone; the same channel in another workspace has its own settings."""
    other = slack.workspace.channel("other", ada)
    let_in(slack, database, other)
    Channels(database).put("T0ELSEWHERE", news.id, ChannelSettings(unasked=True), "U1")
    assert len(replies(slack, slack.say(ada, other, QUESTION))) == 1
    assert replies(slack, slack.say(ada, news, QUESTION)) == []


# threads that others began


@pytest.mark.usefixtures("bot")
def test_a_question_may_lean_on_the_message_above(
    slack: Slack, ada: User, bob: User, news: Channel, archive: Archive
) -> None:
    """The first mention in a thread of others is understood from its first message, later ones from what was asked; of
    that message nothing is shown, and Slack is asked for it once."""
    said = "Reading about the troops that the CSTO flew into Kazakhstan this week."
    root = slack.say(bob, news, f"Morning all! {said} <!here> *Look*: <https://kz.example|here>")
    first = slack.mention(ada, news, "how many of them are there?", thread=root)
    slack.reply_to(first)
    slack.mention(ada, news, "and which countries sent them?", thread=root)
    slack.say(ada, news, "and when?", thread=root)
    shown = replies(slack, root)
    thread = Conversation((said,))
    alone, leaning = archive.ask("how many of them are there?"), archive.ask("how many of them are there?", thread)
    assert not alone.answerable
    assert leaning.answerable
    assert parsing.quotes(shown[0].blocks)[0] == leaning.quotes[0].text
    thread = thread.after("how many of them are there?", leaning)
    assert parsing.quotes(shown[1].blocks)[0] == archive.ask("and which countries sent them?", thread).quotes[0].text
    for reply in shown:
        assert "Reading about" not in reply.text + parsing.visible(reply.text, reply.blocks)
    calls = slack.web.called("conversations.replies")
    assert [(call.args["ts"], call.args["limit"]) for call in calls] == [(root.ts, "1")]


@pytest.mark.usefixtures("bot")
def test_more_passages_lean_on_it_too(slack: Slack, ada: User, bob: User, news: Channel, archive: Archive) -> None:
    """What is looked for under the answer's button is what was looked for above."""
    said = "Reading about the troops that the CSTO flew into Kazakhstan this week."
    root = slack.say(bob, news, said)
    reply = slack.reply_to(slack.mention(ada, news, "how many of them are there?", thread=root))
    slack.wait_acked(slack.press(ada, reply, parsing.button(reply.blocks, MORE)))
    slack.workspace.wait_for(lambda: slack.views, "a window")
    nearest = archive.passages("how many of them are there?", Conversation((said,)))
    seen = parsing.quotes(slack.views[0]["blocks"])
    assert seen
    assert set(seen) <= {quote.text for quote in nearest}


@pytest.mark.usefixtures("bot")
def test_the_message_above_is_read_only_where_it_is_needed(slack: Slack, ada: User, bob: User, news: Channel) -> None:
    """Not for a question that stands alone, not at the top of a channel, not in a direct message, not for small talk."""
    root = slack.say(bob, news, "The troops have landed in Kazakhstan.")
    for text in (QUESTION, "thanks"):
        slack.mention(ada, news, text, thread=root)
    slack.mention(ada, news, "why?")
    slack.tell(ada, "why?", thread=slack.tell(ada, "hi"))
    assert len(replies(slack, root)) == 2
    assert slack.web.called("conversations.replies") == []


@pytest.mark.usefixtures("bot")
def test_trouble_with_the_message_above_costs_nothing(
    slack: Slack, ada: User, bob: User, caplog: pytest.LogCaptureFixture
) -> None:
    """The question is answered as it stands and at once, Slack is not asked again in that thread, the log has a line."""
    slack.forgiven |= {"ratelimited", "missing_scope"}
    troubles: dict[str, Callable[[str], None]] = {
        "refused": lambda method: slack.faults.refuse(method, "ratelimited"),
        "without scope": lambda method: slack.faults.refuse(method, "missing_scope"),
        "asked too often": lambda method: slack.faults.answer(method, 429, retry_after=60),
        "down": lambda method: slack.faults.answer(method, 500),
        "cut": lambda method: slack.faults.cut(method),
    }
    with caplog.at_level(logging.INFO):
        for name, trouble in troubles.items():
            room = slack.workspace.channel(name, ada, bob)
            trouble("conversations.replies")
            root = slack.say(bob, room, "The troops have landed in Kazakhstan.")
            slack.reply_to(slack.mention(ada, room, "which countries sent them?", thread=root))
            slack.mention(ada, room, "why?", thread=root)
            assert len(replies(slack, root)) == 2
    assert len(slack.web.called("conversations.replies")) == len(troubles)
    assert len([record for record in caplog.records if "cannot be read" in record.getMessage()]) == len(troubles)


# group direct messages


@pytest.mark.usefixtures("bot")
def test_a_group_message_needs_a_mention(slack: Slack, ada: User, bob: User) -> None:
    """As in a channel; the bot hears of mentions there, and of nothing else."""
    group = slack.workspace.channel("group", ada, bob, kind="mpim")
    left, asked = slack.say(ada, group, QUESTION), slack.mention(ada, group, QUESTION)
    assert len(replies(slack, asked)) == 1
    assert replies(slack, left) == []
    assert slack.deliveries_of(left) == []
    assert len(slack.deliveries_of(asked)) == 1


# where the bot may not post


REFUSALS = {
    "not_in_channel": wording.NOT_A_MEMBER_HERE,
    "channel_not_found": wording.NOT_A_MEMBER_HERE,
    "is_archived": wording.ARCHIVED,
    "restricted_action": wording.MAY_NOT_POST,
    "restricted_action_read_only_channel": wording.MAY_NOT_POST,
    "restricted_action_thread_locked": wording.MAY_NOT_POST,
}


@pytest.mark.usefixtures("bot")
def test_who_asks_where_it_may_not_post_is_told(slack: Slack, ada: User, caplog: pytest.LogCaptureFixture) -> None:
    """By a message for their eyes, once; nothing is tried again, and the log has one line and no traceback."""
    with caplog.at_level(logging.INFO):
        for number, (error, why) in enumerate(REFUSALS.items(), 1):
            slack.forgiven.add(error)
            slack.faults.refuse("chat.postMessage", error)
            slack.mention(ada, slack.workspace.channel(error, ada), QUESTION)
            assert slack.whisper_to(ada, number).text == parsing.escape(why)
        slack.quiet()
    tries = [call.method for call in slack.web.calls if call.method.startswith("chat.")]
    assert tries == ["chat.postMessage", "chat.postEphemeral"] * len(REFUSALS)
    lines = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [error in line.getMessage() for error, line in zip(REFUSALS, lines, strict=True)] == [True] * len(REFUSALS)
    assert [line.exc_info for line in lines] == [None] * len(REFUSALS)


@pytest.mark.usefixtures("bot")
def test_where_not_even_that_is_possible_nothing_follows(
    slack: Slack, ada: User, news: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """A bot that was removed between question and answer says one line in the log, and nothing else."""
    slack.forgiven.add("not_in_channel")
    held = slack.faults.hold("chat.postMessage")
    with caplog.at_level(logging.INFO):
        asked = slack.mention(ada, news, QUESTION, thread=slack.say(ada, news, "Look."))
        assert held.arrived.wait(10)
        news.members.remove(slack.workspace.bot.id)
        held.let_go()
        slack.workspace.wait_for(lambda: slack.web.called("chat.postEphemeral"), "an attempt to tell")
        for delivery in slack.deliveries_of(asked):
            slack.send_again(delivery)
        slack.quiet()
    assert slack.workspace.from_bot() == []
    assert len(slack.web.called("chat.postEphemeral")) == 1
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


@pytest.mark.usefixtures("bot")
def test_unasked_it_does_not_try_again_where_it_may_not_post(
    slack: Slack, ada: User, news: Channel, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody is told who did not ask, and the channel has its peace; who asks is answered."""
    let_in(slack, database, news)
    slack.forgiven.add("restricted_action")
    slack.faults.refuse("chat.postMessage", "restricted_action")
    with caplog.at_level(logging.INFO):
        for _ in range(3):
            slack.say(ada, news, QUESTION)
        asked = slack.mention(ada, news, QUESTION)
        assert len(replies(slack, asked)) == 1
    assert slack.web.called("chat.postEphemeral") == []
    assert len(slack.workspace.from_bot(news)) == 2
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1


# joining


def join(slack: Slack, user: User, channel: Channel, subtype: str = "channel_join") -> None:
    """Somebody joins a channel, and Slack says so in it."""
    channel.members.add(user.id)
    slack.say(user, channel, f"<@{user.id}> has joined the channel", subtype=subtype, inviter="U0HOST")


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize(("kind", "subtype"), [("channel", "channel_join"), ("group", "group_join")])
def test_it_greets_a_channel_that_it_joins(slack: Slack, ada: User, bob: User, kind: str, subtype: str) -> None:
    """Once, at the top, in a line on how to ask; not when people join."""
    room = slack.workspace.channel("room", ada, kind=kind, bot=False)
    join(slack, slack.workspace.bot, room, subtype)
    join(slack, bob, room, subtype)
    join(slack, slack.workspace.bot, room, subtype)
    slack.workspace.wait_for(lambda: slack.workspace.from_bot(room), "a greeting")
    assert len(replies(slack, slack.mention(ada, room, QUESTION))) == 1
    greeting, *answers = slack.workspace.from_bot(room)
    assert len(answers) == 2
    assert greeting.text == parsing.escape(wording.JOINED)
    assert greeting.thread_ts is None


@pytest.mark.usefixtures("bot")
def test_a_channel_in_which_it_may_not_post_is_not_greeted(
    slack: Slack, ada: User, news: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    """One try, one line in the log."""
    slack.forgiven.add("restricted_action")
    slack.faults.refuse("chat.postMessage", "restricted_action")
    with caplog.at_level(logging.INFO):
        join(slack, slack.workspace.bot, news)
        slack.workspace.wait_for(lambda: slack.web.called("chat.postMessage"), "an attempt to greet")
        assert len(replies(slack, slack.mention(ada, news, QUESTION))) == 1
    assert len([record for record in caplog.records if record.levelno >= logging.WARNING]) == 1
