"""What people voted on, asked again by the benchmark: what it counts, and what it says of files that are no export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import answers
from benchmarks.feedback import ask_again, read_export, table
from bot.answers import Answers, Place
from bot.cli import main
from bot.database import Database
from bot.feedback import Feedback, Vote
from index.archive import Archive
from index.errors import ArticleError
from index.settings import IndexSettings

QUESTION = "Which countries sent troops?"
NOWHERE = "Who won the chess championship of Atlantis in 1998?"


@pytest.fixture
def ask(archive: Archive, tmp_path: Path) -> Any:
    """Asks a question, has people vote on its answer, and gives what would be exported."""
    database = Database.open(None, tmp_path)

    def asked(question: str, *voted: Vote) -> dict[str, Any]:
        id_ = Answers(database, archive).keep(archive.ask(question), Place("T1", "C1"), "U1")
        for number, vote in enumerate(voted):
            Feedback(database).vote("T1", id_, f"U{number}", vote)
        return list(Feedback(database).export())[-1]

    yield asked
    database.close()


def test_each_answer_counts_once_as_most_people_say(ask: Any, archive: Archive) -> None:
    """Good and bad, quotes and refusals, the same or another now; even votes and follow-ups are left out."""
    moved = ask(QUESTION, "good")
    moved["quotes"][0]["article"] = "another-article"
    given_now = ask(NOWHERE, "bad")
    given_now["question"] = QUESTION
    refused_now = ask(QUESTION, "good")
    refused_now["question"] = NOWHERE
    found = ask_again(
        [
            ask(QUESTION, "good", "good", "bad"),
            moved,
            refused_now,
            ask(QUESTION, "bad"),
            ask(NOWHERE, "good"),
            given_now,
            ask(QUESTION, "good", "bad"),
            ask(QUESTION),
            ask("And when?", "bad"),
        ],
        archive,
    )
    assert found == {
        ("good quote", "same"): 1,
        ("good quote", "other"): 1,
        ("good quote", "refused"): 1,
        ("bad quote", "same"): 1,
        ("good refusal", "refused"): 1,
        ("bad refusal", "other"): 1,
        ("bad refusal", "left out"): 1,
    }
    said = table(found)
    assert "1 of 3 quotes found good, quoted first now (33%); refused now: 1" in said
    assert "1 of 1 quotes found bad, still given (100%)" in said
    assert "0 of 1 refusals found bad, still refused (0%)" in said
    assert "1 left out" in said


def test_a_quote_that_is_cut_differently_is_the_same(ask: Any, archive: Archive) -> None:
    """A sentence more or less around it, in the same article."""
    one = ask(QUESTION, "good")
    one["quotes"][0]["text"] = one["quotes"][0]["text"][10:-10]
    assert ask_again([one], archive) == {("good quote", "same"): 1}


def test_the_whole_way(
    ask: Any,
    built_index: IndexSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Exported by the command, asked again by the benchmark of the index of the settings."""
    ask(QUESTION, "good")
    file = tmp_path / "votes.jsonl"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBATIM_DATABASE", "")
    assert main(["feedback", "export", "--output", str(file), "--index", str(tmp_path)]) == 0
    monkeypatch.setenv("VERBATIM_INDEX", str(built_index.index))
    monkeypatch.setattr("sys.argv", ["answers", "--feedback", str(file)])
    assert answers.main() == 0
    said = capsys.readouterr().out
    assert "1 of 1 quotes found good, quoted first now (100%)" in said
    assert "votes: 1 good, 0 bad" in said
    assert "mean confidence" in said


def test_an_article_may_hold_any_separator_of_lines(ask: Any, tmp_path: Path) -> None:
    """Only a line feed ends an object."""
    one = ask(QUESTION, "good")
    one["question"] = "a\u2028b\x85c\x0bd"
    file = tmp_path / "votes.jsonl"
    file.write_text(json.dumps(one, ensure_ascii=False) + "\n", encoding="utf-8")
    assert read_export(file) == [one]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"\xff\xfe", "no UTF-8"),
        (b"WHOLE\nHALF", "line 2"),
        (b"WHOLE\n\nWHOLE", "line 2"),
        (b"[]", "line 1"),
        (b"{}", "line 1"),
        (b"null", "line 1"),
        (b'{"question": 1}', "line 1"),
    ],
)
def test_what_is_no_export_is_named(
    ask: Any,
    tmp_path: Path,
    content: bytes | None,
    says: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Missing, empty, cut off or something else: a line says so, and how to make one."""
    file = tmp_path / "votes.jsonl"
    if content is not None:
        whole = json.dumps(ask(QUESTION, "good")).encode()
        file.write_bytes(content.replace(b"WHOLE", whole).replace(b"HALF", whole[:-20]))
    with pytest.raises(ArticleError, match=says):
        read_export(file)
    monkeypatch.setattr("sys.argv", ["answers", "--feedback", str(file)])
    assert answers.main() == 1
    said = capsys.readouterr().out
    assert "verbatim feedback export --output" in said
    assert len(said.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"votes": {"good": 1}},
        {"votes": {"good": "1", "bad": 0}},
        {"confidence": 7},
        {"confidence": None},
        {"answerable": 1},
        {"quotes": [None]},
        {"quotes": [{"text": 1, "article": "a"}]},
    ],
)
def test_a_line_of_the_wrong_shape_is_named(ask: Any, tmp_path: Path, broken: dict[str, Any]) -> None:
    """Not a traceback later on."""
    file = tmp_path / "votes.jsonl"
    file.write_text(json.dumps(ask(QUESTION, "good") | broken), encoding="utf-8")
    with pytest.raises(ArticleError, match="line 1"):
        read_export(file)


def test_without_votes_there_is_nothing_to_ask(ask: Any, archive: Archive) -> None:
    """And that is said."""
    assert "nothing to ask again" in table(ask_again([ask(QUESTION)], archive))
