"""The same question is read once on the same index, and never from the one before."""

from __future__ import annotations

import shutil
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from index.archive import Archive
from index.build import add, remove
from index.conversation import Conversation
from index.reader import Verdict
from index.records import Answer
from index.settings import IndexSettings
from index.verdicts import Verdicts

QUESTION = "Which countries sent troops?"
NOTHING, SOMETHING = Verdict((), False, 0.1), Verdict((), False, 0.2)


@pytest.fixture
def own(built_index: IndexSettings, tmp_path: Path) -> IndexSettings:
    """A copy of the index that a test may change."""
    shutil.copytree(built_index.index, tmp_path / "index")
    return replace(built_index, index=tmp_path / "index")


def reads_of(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question that the archive's reader is given from now on."""
    read: list[str] = []
    reader = archive._reader()
    mark = reader.mark

    def noted(question: str, windows):  # type: ignore[no-untyped-def]
        read.append(question)
        return mark(question, windows)

    monkeypatch.setattr(reader, "mark", noted)
    return read


def test_what_was_read_is_given_again() -> None:
    """One reading for one key; another key is another reading."""
    verdicts = Verdicts(4)
    assert verdicts.get("a", lambda: NOTHING) is NOTHING
    assert verdicts.get("a", lambda: SOMETHING) is NOTHING
    assert verdicts.get("b", lambda: SOMETHING) is SOMETHING


def test_verdicts_are_bounded() -> None:
    """The one unused for longest goes; with room for none, each is read anew."""
    verdicts = Verdicts(2)
    for key in ("a", "b"):
        verdicts.get(key, lambda: NOTHING)
    verdicts.get("a", lambda: SOMETHING)
    verdicts.get("c", lambda: NOTHING)
    assert len(verdicts) == 2
    assert verdicts.get("a", lambda: SOMETHING) is NOTHING
    assert verdicts.get("b", lambda: SOMETHING) is SOMETHING
    none = Verdicts(0)
    none.get("a", lambda: NOTHING)
    assert none.get("a", lambda: SOMETHING) is SOMETHING


def test_who_asks_meanwhile_waits_for_the_same_reading() -> None:
    """Eight at once: one reads, all have it; nobody waits for another question's reading."""
    verdicts, begun, go_on = Verdicts(4), threading.Event(), threading.Event()
    readings: list[int] = []

    def slow() -> Verdict:
        readings.append(1)
        begun.set()
        assert go_on.wait(10)
        return NOTHING

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(verdicts.get, "a", slow) for _ in range(8)]
        assert begun.wait(10)
        assert verdicts.get("b", lambda: SOMETHING) is SOMETHING
        go_on.set()
        assert [one.result(10) for one in asked] == [NOTHING] * 8
    assert len(readings) == 1


def test_an_error_is_not_remembered() -> None:
    """Whoever read hears of it, whoever waited reads anew, and so does the next."""
    verdicts, begun, go_on = Verdicts(4), threading.Event(), threading.Event()

    def broken() -> Verdict:
        begun.set()
        assert go_on.wait(10)
        raise ValueError("torn page")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(verdicts.get, "a", broken)
        assert begun.wait(10)
        second = pool.submit(verdicts.get, "a", lambda: SOMETHING)
        go_on.set()
        with pytest.raises(ValueError, match="torn page"):
            first.result(10)
        assert second.result(10) is SOMETHING


def test_an_entry_that_was_crowded_out_while_being_read_answers_all_the_same() -> None:
    """Forgetting a reading that is not done loses it for the next one alone."""
    verdicts = Verdicts(1)

    def crowded() -> Verdict:
        verdicts.get("b", lambda: SOMETHING)
        return NOTHING

    assert verdicts.get("a", crowded) is NOTHING
    assert verdicts.get("b", lambda: NOTHING) is SOMETHING
    assert verdicts.get("a", lambda: SOMETHING) is SOMETHING


def without_time(answer: Answer) -> Answer:
    return replace(answer, ms=0.0)


def test_the_archive_reads_the_same_question_once(built_index: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it is spaced; each answer keeps the words as typed and the time that it took itself."""
    archive = Archive.open(built_index)
    read = reads_of(archive, monkeypatch)
    first, again, spaced = (archive.ask(q) for q in (QUESTION, QUESTION, f"  {QUESTION.replace(' ', '  ')}"))
    assert len(read) == 1
    assert without_time(first) == without_time(again)
    assert (spaced.quotes, spaced.question) == (first.quotes, f"  {QUESTION.replace(' ', '  ')}")
    assert 0 < again.ms < first.ms
    archive.close()


def test_remembering_changes_no_answer(built_index: IndexSettings) -> None:
    """Answers, refusals and follow-ups are those of an archive that remembers nothing."""
    forgetful, remembering = Archive.open(replace(built_index, remembered=0)), Archive.open(built_index)
    asked = (QUESTION, "When do the talks in Geneva begin?", "Who won the chess championship of Atlantis?")
    for question in asked:
        turns = Conversation().after(question, forgetful.ask(question))
        for _ in range(2):
            assert without_time(remembering.ask(question)) == without_time(forgetful.ask(question))
            assert without_time(remembering.ask("and when?", turns)) == without_time(forgetful.ask("and when?", turns))
    forgetful.close()
    remembering.close()


def test_the_turn_before_is_part_of_the_question(built_index: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "And when?" of one thread is not answered with that of another."""
    archive = Archive.open(built_index)
    read = reads_of(archive, monkeypatch)
    for before in ("Who leads the talks in Geneva?", "Who gathered signatures for the ferry?"):
        archive.ask("and when?", Conversation((before,)))
    assert len(read) == len(set(read)) == 2
    archive.close()


def test_a_new_index_answers_anew(own: IndexSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked before an article came or went is read again after it."""
    question = "What colour is the lighthouse of Vellmar?"
    archive = Archive.open(own)
    read = reads_of(archive, monkeypatch)
    assert not archive.ask(question).answerable
    page = tmp_path / "vellmar.txt"
    page.write_text(
        "A lighthouse for Vellmar\n\nThe lighthouse of Vellmar is painted green and white, and reaches nineteen miles.\n",
        encoding="utf-8",
    )
    add(own, [page])
    found = archive.ask(question)
    assert "green and white" in found.quotes[0].text
    remove(own, [found.quotes[0].article.id])
    assert not archive.ask(question).answerable
    assert len(read) == 3
    archive.close()
