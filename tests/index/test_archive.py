"""Asking: the answers people get, and the index under them changing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from index.archive import Archive
from index.build import add, remove
from index.conversation import Conversation
from index.errors import ArticleError
from index.generations import current_folder
from index.records import Answer
from index.settings import IndexSettings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("question", "evidence"),
    [
        ("Which countries sent troops?", "Armenia, Belarus, Kyrgyzstan, Russia and Tajikistan"),
        ("which contries sent soldeirs", "Armenia, Belarus, Kyrgyzstan, Russia and Tajikistan"),
        ("When do the talks in Geneva begin?", "10 January"),
        ("Who is Max Bergmann?", "Center for American Progress"),
        ("How much is a single ticket?", "7.50 crowns"),
        ("How many signatures did the nurse gather?", "2,700 signatures"),
        ("wat does Trennin call the task", "a sensitive one"),
    ],
)
def test_the_passage_that_answers_is_quoted_first(archive: Archive, question: str, evidence: str) -> None:
    """Plain, terse and misspelt questions find the sentence that answers, in the right one of several articles."""
    answer = archive.ask(question)
    assert answer.answerable
    assert evidence in answer.quotes[0].text


OFF_TOPIC = (
    "What is the capital of France?",
    "How do I reset my password?",
    "Who won the football match?",
    "asdf qwer zxcv",
    "Which film won the most awards last year?",
    "When was the telephone invented?",
    "how to bake sourdough",
    "What is the speed of light?",
    "Who wrote Hamlet?",
    "Why is the sky blue?",
    "What did the judge decide about the merger of the two banks?",
    "How many goals did the striker score?",
)


def test_what_the_articles_do_not_say_is_refused(archive: Archive) -> None:
    """Of questions on something else at least nine in ten get no answer, only the nearest passages."""
    answers = [archive.ask(question) for question in OFF_TOPIC]
    refused = [answer for answer in answers if not answer.answerable]
    assert len(refused) >= 0.9 * len(OFF_TOPIC)
    assert all(answer.is_question and answer.answer is None for answer in refused)


@pytest.mark.parametrize("text", ["hello", "Thanks a lot!", "", "???", "👍", "who are you?", "good morning everyone"])
def test_small_talk_is_no_question(archive: Archive, text: str) -> None:
    """Nothing is searched for a greeting."""
    answer = archive.ask(text)
    assert not answer.is_question
    assert not answer.answerable
    assert answer.quotes == ()


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.text(max_size=200)
    | st.sampled_from(["a" * 100_000, '"; DROP TABLE words; --', "\ud800", "NEAR/2 * ^ OR"])
)
def test_no_question_can_break_it_and_quotes_are_verbatim(archive: Archive, question: str) -> None:
    """Any text whatever gets an answer object; each quote is a slice of the article as stored."""
    answer = archive.ask(question)
    stored = {entry.article.id: entry.article.text for entry in archive.articles()}
    for quote in answer.quotes:
        assert quote.text == stored[quote.article.id][quote.start : quote.end]
        assert quote.text.strip() == quote.text != ""
        if quote.answer:
            assert 0 <= quote.answer[0] < quote.answer[1] <= len(quote.text)
    assert 0 <= answer.confidence <= 1


def test_the_same_question_gets_the_same_answer(archive: Archive) -> None:
    """Nothing random is on the way of a question."""
    one, two = (archive.ask("Why does Kazakhstan matter to Russia?") for _ in range(2))
    assert one == replace(two, ms=one.ms)


def test_threads_ask_at_once(archive: Archive) -> None:
    """Questions from several threads get the answers they get alone."""
    questions = ["Which countries sent troops?", "How much does a ticket cost?", "Who is Max Bergmann?"] * 4
    alone = {q: archive.ask(q).quotes for q in questions}
    found: list[bool] = []

    def work(question: str) -> None:
        found.append(archive.ask(question).quotes == alone[question])

    threads = [threading.Thread(target=work, args=(q,)) for q in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * len(questions)


def test_a_rebuilt_index_is_picked_up(built_index: IndexSettings, tmp_path: Path) -> None:
    """An open archive answers from the new index with the next question, and from articles taken out no more."""
    settings = replace(built_index, index=tmp_path / "index")
    shutil.copytree(built_index.index, settings.index)
    archive = Archive.open(settings)
    assert not archive.ask("How many lamps hang in Crane Street?").answerable
    (tmp_path / "lamps.txt").write_text("Lamps\n\nThere are 48 lamps hanging in Crane Street, the town clerk counted.")
    add(settings, [tmp_path / "lamps.txt"])
    answer = archive.ask("How many lamps hang in Crane Street?")
    assert answer.answerable
    assert "48 lamps" in answer.quotes[0].text
    remove(settings, [answer.quotes[0].article.id])
    assert not archive.ask("How many lamps hang in Crane Street?").answerable


def test_a_damaged_new_index_leaves_the_old_one_answering(built_index: IndexSettings, tmp_path: Path) -> None:
    """Yesterday's index is better than none: a new one that cannot be opened is logged and passed over."""
    settings = replace(built_index, index=tmp_path / "index")
    shutil.copytree(built_index.index, settings.index)
    archive = Archive.open(settings)
    before = archive.ask("Which countries sent troops?")
    (tmp_path / "lamps.txt").write_text("Lamps\n\nThere are 48 lamps hanging in Crane Street.")
    add(settings, [tmp_path / "lamps.txt"])
    (current_folder(settings.index) / "manifest.json").write_text("{")
    assert archive.ask("Which countries sent troops?").quotes == before.quotes
    (settings.index / "current").write_text("../../etc")
    assert archive.ask("Which countries sent troops?").quotes == before.quotes


def test_asking_loads_nothing_of_torch(built_index: IndexSettings) -> None:
    """On the way of a question neither torch nor transformers nor sentence_transformers is imported."""
    code = (
        "import sys\nfrom pathlib import Path\nfrom index.archive import Archive\nfrom index.settings import IndexSettings\n"
        f"answer = Archive.open(IndexSettings(index=Path({str(built_index.index)!r}))).ask('Which countries sent troops?')\n"
        "assert answer.answerable\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'trafilatura', 'scipy', 'slack_bolt'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_asking_calls_nobody_and_leaves_nothing_behind(built_index: IndexSettings, tmp_path: Path) -> None:
    """No library reports its use: asking writes nothing into the home folder and opens no connection."""
    code = (
        "import socket\nfrom pathlib import Path\n"
        "def refuse(*_, **__): raise AssertionError('a connection was opened')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from index.archive import Archive\nfrom index.settings import IndexSettings\n"
        f"Archive.open(IndexSettings(index=Path({str(built_index.index)!r}))).ask('Which countries sent troops?')\n"
    )
    environ = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    environ = {name: value for name, value in environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environ, check=True)
    assert list(tmp_path.rglob("*")) == []


def test_a_summary_about_what_is_not_there_is_empty(archive: Archive) -> None:
    """A topic that the article does not touch gets no sentences instead of others."""
    assert archive.summarise("kazakhstan", about="walruses on Mars").quotes == ()


def test_a_summary_is_the_articles_own_sentences_in_its_order(archive: Archive) -> None:
    """Every sentence stands in the article; as many come as were asked for, or as there are."""
    summary = archive.summarise("kazakhstan", sentences=4)
    assert len(summary.quotes) == 4
    assert [q.start for q in summary.quotes] == sorted(q.start for q in summary.quotes)
    assert all(q.text in summary.article.text for q in summary.quotes)
    assert not any("Subscribe" in q.text for q in archive.summarise("kazakhstan", sentences=100).quotes)


def test_a_summary_about_a_topic_says_more_of_it(archive: Archive) -> None:
    """With a topic the sentences on it come first."""
    (quote,) = archive.summarise("kazakhstan", about="talks in Geneva", sentences=1).quotes
    assert "Geneva" in quote.text


def test_the_newest_article_is_summarised_where_none_is_named(archive: Archive) -> None:
    """The date decides; the dated articles come first."""
    dated = [e.article for e in archive.articles() if e.article.published]
    assert dated == sorted(dated, key=lambda a: a.published or "", reverse=True)
    assert archive.summarise().article == dated[0]


def test_an_article_is_found_by_words_of_its_title_or_named_back(archive: Archive) -> None:
    """A wrong or ambiguous name says what there is."""
    assert "ferry" in archive.summarise("night ferry").article.title.lower()
    with pytest.raises(ArticleError, match=r"No article fits 'zebra'(?s:.*)Kazakhstan"):
        archive.summarise("zebra")


def test_a_follow_up_is_understood_from_the_turn_before(archive: Archive) -> None:
    """ "And when?" is asked of what was talked about; a new subject is not held back by the old one."""
    question = "Where do American and Russian delegations meet?"
    conversation = Conversation().after(question, archive.ask(question))
    assert "10 January" in archive.ask("and when?", conversation).quotes[0].text
    assert "7.50 crowns" in archive.ask("How much is a single ticket for the ferry now?", conversation).quotes[0].text


def test_a_whole_question_is_not_held_back_by_the_one_before(archive: Archive) -> None:
    """However short, a question that names what it is about stands alone."""
    conversation = Conversation().after("Who leads the CSTO?", archive.ask("Who leads the CSTO?"))
    assert conversation.in_full("who voted against the ferry?") == "who voted against the ferry?"
    assert conversation.in_full("who was fined?") == "who was fined?"
    assert conversation.in_full("and when?") == "Who leads the CSTO? and when?"
    assert conversation.in_full("why did she refuse?") == "Who leads the CSTO? why did she refuse?"


def test_the_same_story_in_two_papers_is_quoted_once(built_index: IndexSettings, tmp_path: Path) -> None:
    """A copy of an article does not crowd out other answers."""
    settings = replace(built_index, index=tmp_path / "index")
    shutil.copytree(built_index.index, settings.index)
    copy = tmp_path / "copy.txt"
    copy.write_bytes((ROOT / "articles" / "night-ferry.txt").read_bytes())
    add(settings, [copy])
    texts = [quote.text for quote in Archive.open(settings).ask("How many passengers does the Marigold carry?").quotes]
    assert len(texts) == len(set(texts))


def test_a_conversation_is_bounded_and_keeps_no_small_talk() -> None:
    """However long people talk, only the last few questions are kept."""
    nothing = Answer("", (), False, 0.0, 0.0, is_question=False)
    something = replace(nothing, is_question=True)
    conversation = Conversation().after("hi", nothing)
    assert conversation == Conversation()
    for number in range(100):
        conversation = conversation.after(f"What about zebra number {number} in the big old zoo?" * 20, something)
    assert len(conversation.questions) <= 4
    assert all(len(q) <= 700 for q in conversation.questions)
