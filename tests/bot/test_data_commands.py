"""What is kept over time, got out and forgotten by the command line."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from databases import locked

from bot import database_engine, terminal
from bot.answers import Answers, Place
from bot.channels import Channels, ChannelSettings
from bot.claims import Claims
from bot.cli import main
from bot.database import VERSION, Database, metadata
from bot.feedback import Feedback, Vote, report
from bot.shared_claims import SharedClaims
from bot.whole_file import write_lines
from index.archive import Archive

pytest_plugins = ("database_fixtures",)

ROOT = Path(__file__).parents[2]
QUESTION = "Which countries sent troops?"
ADA, BOB = "U0ADAADAADA", "W0BOBBOBBOB"

Ask = Callable[..., str]


@pytest.fixture(autouse=True)
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index folder of the test's own, no token, and no .env."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBATIM_INDEX", str(tmp_path))
    monkeypatch.setenv("VERBATIM_DATABASE", "")
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def ask(shared: Database, database_url: str, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Somebody asks in the database that the settings name, others vote; the id of the answer."""
    monkeypatch.setenv("VERBATIM_DATABASE", database_url)

    def asked(user: str, team: str = "T1", question: str = QUESTION, **voted: Vote) -> str:
        id_ = Answers(shared, archive).keep(archive.ask(question), Place(team, "C1", "1.1"), user)
        for who, vote in voted.items():
            assert Feedback(shared).vote(team, id_, who, vote)
        return id_

    return asked


def rows(database: Database) -> str:
    """Everything that is in it, as one text."""
    with database.reading() as connection:
        return str([connection.execute(sa.select(table)).all() for table in metadata.sorted_tables])


def test_a_person_is_forgotten(
    ask: Ask, shared: Database, archive: Archive, capsys: pytest.CaptureFixture[str]
) -> None:
    """Questions, summaries and votes in every workspace: nothing names them any more, and what others did is there."""
    ask(ADA, **{BOB: "good"})
    ask(ADA, team="T2", question="Who is Max Bergmann?")
    Answers(shared, archive).keep(archive.summarise(), Place("T1", "C1"), ADA)
    ask(BOB, **{ADA: "bad", BOB: "good"})
    Channels(shared).put("T1", "C1", ChannelSettings(unasked=True), ADA)
    for user in (ADA, BOB):
        with Claims(SharedClaims(shared)).once(("thanked", "T1", "id", user)):
            pass
    assert main(["data", "forget", ADA, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"user": ADA, "questions": 3, "votes": 2}
    assert ADA not in rows(shared)
    assert f"thanked:T1:id:{BOB}" in rows(shared)
    assert Channels(shared).get("T1", "C1").unasked
    assert main(["data", "forget", ADA]) == 0
    assert capsys.readouterr().out == f"Nothing was kept of {ADA}.\n"
    assert main(["data", "forget", BOB]) == 0
    assert capsys.readouterr().out == f"Forgotten: 1 question and 1 vote of {BOB}.\n"


def test_what_is_forgotten_is_not_left_in_the_file(archive: Archive, tmp_path: Path) -> None:
    """Not in free pages, nor in the log of writes, while a bot has the file open."""
    database = Database.open(None, tmp_path)
    found = archive.ask("Is Quentin Fotheringay ill?")
    for _ in range(50):
        Answers(database, archive).keep(found, Place("T1", "C1"), ADA)
    on_disk = lambda: b"".join(file.read_bytes() for file in tmp_path.glob("bot.sqlite*"))  # noqa: E731
    assert b"Fotheringay" in on_disk()
    assert main(["data", "forget", ADA]) == 0
    assert b"Fotheringay" not in on_disk()
    database.close()


@pytest.mark.parametrize(
    "user",
    ["ada", "@ada", "U", "", " ", "u024be7lh", "C024BE7LH", "B024BE7LH", f"<@{ADA}>", f"{ADA}\n", "U%", "U1' --"],
)
def test_what_is_no_user_id_is_wrong_usage(user: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line says what it takes; no database is touched."""
    assert main(["data", "forget", user]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.splitlines()) == 1
    assert "Slack user id" in shown.err
    assert list(tmp_path.iterdir()) == []


def test_how_much_is_kept(ask: Ask, shared: Database, archive: Archive, capsys: pytest.CaptureFixture[str]) -> None:
    """Questions, summaries, votes, since when, where; no password."""
    assert main(["data", "stats", "--json"]) == 0
    empty = json.loads(capsys.readouterr().out)
    assert empty | {"database": ""} == {
        "database": "", "version": VERSION, "questions": 0, "summaries": 0, "votes": 0, "since": None,
    }  # fmt: skip
    ask(ADA, **{BOB: "good"})
    ask(BOB)
    Answers(shared, archive).keep(archive.summarise(), Place("T1", "C1"), ADA)
    assert main(["data", "stats", "--json"]) == 0
    held = json.loads(capsys.readouterr().out)
    assert (held["questions"], held["summaries"], held["votes"]) == (2, 1, 1)
    assert held["since"].endswith("+00:00")
    assert held["database"] == shared.shown
    assert main(["data", "stats"]) == 0
    assert "questions   2" in capsys.readouterr().out


def test_an_export_is_one_object_a_line(ask: Ask, shared: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """As `Feedback.export` gives them, oldest first, saying nothing of who asked or voted."""
    assert main(["feedback", "export"]) == 0
    assert capsys.readouterr().out == ""
    ask(ADA, **{BOB: "good"})
    ask(BOB, question="Who is “Max”\u2028 Bergmann?")
    assert main(["feedback", "export"]) == 0
    out = capsys.readouterr().out
    lines = out.removesuffix("\n").split("\n")
    assert [json.loads(line) for line in lines] == list(Feedback(shared).export())
    assert "“Max”" in lines[1]
    assert ADA not in out
    assert BOB not in out


def test_an_export_into_a_file(ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same lines, for its owner's eyes; what was there before is replaced whole."""
    ask(ADA, **{BOB: "bad"})
    main(["feedback", "export"])
    lines = capsys.readouterr().out
    (tmp_path / "out").mkdir()
    file = tmp_path / "out" / "votes.jsonl"
    assert main(["feedback", "export", "--output", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == lines
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert capsys.readouterr().out == f"1 answer written to {file}\n"
    ask(BOB)
    file.chmod(0o644)
    assert main(["feedback", "export", "--output", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(file), "answers": 2}
    assert file.read_text(encoding="utf-8").startswith(lines)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize("output", ["no/such/folder/votes.jsonl", "."])
def test_where_an_export_cannot_be_written(
    ask: Ask, output: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line names it as it was typed, or where that is."""
    assert main(["feedback", "export", "--output", output]) == 1
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert output in said
    assert "should not have happened" not in said


def test_a_file_is_there_whole_or_as_it_was(tmp_path: Path) -> None:
    """An error half-way leaves what was there, and nothing beside it."""
    file = tmp_path / "votes.jsonl"
    file.write_text("before")
    link = tmp_path / "link"
    link.symlink_to(file)

    def broken() -> Any:
        yield "one"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_lines(link, broken())
    assert file.read_text() == "before"
    assert sorted(tmp_path.iterdir()) == [link, file]
    assert write_lines(link, ["one", "two"]) == 2
    assert file.read_text() == "one\ntwo\n"
    assert link.is_symlink()


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    """`--output /dev/stdout` must not replace the device."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True) as reader:
        assert write_lines(pipe, ["one"]) == 1
        assert reader.communicate(timeout=10)[0] == "one\n"
    assert pipe.is_fifo()


def test_a_reader_of_an_export_may_stop_listening(archive: Archive, tmp_path: Path) -> None:
    """`verbatim feedback export | head -1` ends quietly."""
    database = Database.open(None, tmp_path)
    for _ in range(300):
        Answers(database, archive).keep(archive.ask("hello"), Place("T1", "C1"), ADA)
    database.close()
    command = f"{sys.executable} -m bot feedback export | head -1"
    done = subprocess.run(
        command, shell=True, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert json.loads(done.stdout)["question"] == "hello"


def test_confidence_against_votes(ask: Ask, shared: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """A table, or an object of the same; plain words where nobody asked or voted, or no vote tells anything."""
    assert main(["feedback", "report"]) == 0
    assert "No answer is kept yet" in capsys.readouterr().out
    first = ask(ADA)
    assert main(["feedback", "report"]) == 0
    assert capsys.readouterr().out == "Nobody has voted yet on the 1 answer that is kept.\n"
    Feedback(shared).vote("T1", first, ADA, "good")
    Feedback(shared).vote("T1", first, BOB, "bad")
    assert main(["feedback", "report"]) == 0
    assert "None tells on a confidence yet" in capsys.readouterr().out
    ask(BOB, **{ADA: "good"})
    ask(BOB, **{ADA: "bad"})
    assert main(["feedback", "report"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "3 answers; votes: 2 good, 2 bad."
    assert len(lines) == 3 + 5
    assert len({len(line) for line in lines[2:]}) == 1  # columns stand under each other
    assert sum("50%" in line for line in lines) == 1
    assert main(["feedback", "report", "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["answers"], made["votes"]) == (3, {"good": 2, "bad": 2})
    (told,) = (one for one in made["bins"] if one["voted"])
    assert (told["voted"], told["good"], told["share"]) == (2, 1, 0.5)
    assert told["least"] <= told["confidence"] <= told["most"]
    assert {one["share"] for one in made["bins"] if not one["voted"]} == {None}
    assert terminal.report(report(list(Feedback(shared).export()))).splitlines() == lines


EVERY = (["data", "forget", ADA], ["data", "stats"], ["feedback", "export"], ["feedback", "report"])


@pytest.mark.parametrize("words", EVERY)
def test_where_nothing_was_kept_yet(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two lines, and no empty database: who is to be forgotten may be kept elsewhere."""
    assert main([*words, "--index", str(tmp_path / "typo")]) == 1
    shown = capsys.readouterr()
    assert "nothing has been kept there" in shown.err
    assert len(shown.err.splitlines()) == 2
    assert shown.out == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", EVERY)
def test_a_database_that_is_away_is_said_without_its_password(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is wrong and what to do, exit status 1."""
    monkeypatch.setenv("VERBATIM_DATABASE", "postgresql://u:hushhush@127.0.0.1:9/d")
    assert main(words) == 1
    said = capsys.readouterr().err
    assert "cannot be used" in said
    assert "hushhush" not in said
    assert len(said.splitlines()) == 2


def test_a_locked_database_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a while, in two lines."""
    monkeypatch.setattr(database_engine, "BUSY_SECONDS", 0.1)
    Database.open(None, tmp_path).close()
    with locked(tmp_path / database_engine.FILE):
        assert main(["data", "forget", ADA]) == 1
    said = capsys.readouterr().err
    assert "locked" in said
    assert len(said.splitlines()) == 2
