"""A hostile article is quoted as it is, pings nobody, and stays within Slack's limits."""

from __future__ import annotations

import shutil

import pytest
from slack_questions import Serve
from slack_standin import parsing
from slack_standin.standin import Slack
from slack_standin.workspace import Channel, User

from index.archive import Archive
from index.build import add
from index.settings import IndexSettings

pytest_plugins = ("slack_fixtures",)

TITLE = "<!channel> *Bold* Harvest | of Quillon & <https://evil.example|click>"

# Each line: a question, and the sentence that answers it, as it must be quoted.
SENTENCES = {
    "How many barrels did the farmers of Quillon fill?": (
        "The farmers of Quillon filled *nine hundred* barrels, said <!channel> and <@U0SOMEBODY>."
    ),
    "What does the mayor of Quillon call the harvest?": (
        "The mayor of Quillon calls the harvest _golden_ ~and~ `ripe` & <https://evil.example|splendid>."
    ),
    "Which river floods the orchards of Quillon?": (
        "The river Tamblin floods the orchards of Quillon, \u202eesrever\u202c and zero\u200bwidth\u200d "
        "signs notwithstanding."
    ),
    "Who repairs the cider press of Quillon?": (
        "The cider press of Quillon is repaired by Amalia Brock \U0001f34e, whom @here and @everyone know."
    ),
    "When was the bridge at Quillon painted?": (
        "The bridge at Quillon was painted in 1911 :tada:, <!here|here> says <!subteam^S123|a plaque>."
    ),
}


@pytest.fixture(scope="session")
def hostile_index(built_index: IndexSettings, tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    """The project's index with one article more, which tries everything."""
    folder = tmp_path_factory.mktemp("hostile")
    article = folder / "quillon.txt"
    article.write_text("\n\n".join([TITLE, *SENTENCES.values()]) + "\n", encoding="utf-8")
    shutil.copytree(built_index.index, folder / "index")
    settings = IndexSettings(
        articles=built_index.articles,
        index=folder / "index",
        embedding_model=built_index.embedding_model,
    )
    add(settings, [article])
    return settings


def test_every_sentence_is_quoted_as_it_is(
    slack: Slack, ada: User, news: Channel, serve: Serve, hostile_index: IndexSettings
) -> None:
    """Markup, mentions, entities, emoji, right-to-left and zero-width characters come back unchanged."""
    serve(index=hostile_index)
    archive = Archive.open(hostile_index)
    for question, sentence in SENTENCES.items():
        assert archive.ask(question).answerable, question
        reply = slack.reply_to(slack.mention(ada, news, question))
        assert sentence in parsing.quotes(reply.blocks)[0]
        assert reply.pings == []
        assert reply.links == []
        assert "<" not in reply.text
    archive.close()


def test_a_hostile_title_is_only_a_title(
    slack: Slack, ada: User, news: Channel, serve: Serve, hostile_index: IndexSettings
) -> None:
    """Lists, summaries and source lines show the title's characters and make nothing of them."""
    serve(index=hostile_index)
    for number, (command, text) in enumerate(
        [("/articles", ""), ("/summary", "Harvest of Quillon"), ("/ask", next(iter(SENTENCES)))], start=1
    ):
        slack.command(ada, news, command, text)
        whisper = slack.whisper_to(ada, number)
        shown = parsing.unescape(parsing.visible(whisper.text, whisper.blocks))
        assert "<!channel> *Bold* Harvest" in shown
        assert whisper.pings == []
        assert "<" not in whisper.text


def test_a_hostile_question_pings_nobody(slack: Slack, ada: User, news: Channel, serve: Serve) -> None:
    """A question with markup in it is restated harmlessly."""
    serve()
    slack.command(ada, news, "/ask", "Is <!channel> *here* & <@U0SOMEBODY> in the troops?")
    whisper = slack.whisper_to(ada)
    assert whisper.pings == []
    assert "<" not in whisper.text
