"""What bots share, over SQLite and over a real PostgreSQL: claims, answers, votes, settings, and what is forgotten."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from clocks import Clock

from bot import retention
from bot.answers import Answers, Place
from bot.channels import Channels, ChannelSettings
from bot.claims import Claims
from bot.database import VERSION, Database, schema
from bot.database import answers as kept_answers
from bot.feedback import Feedback, against_votes
from bot.shared_claims import LEASE, SharedClaims
from index.archive import Archive
from index.conversation import leans_back
from index.errors import SettingsError
from index.records import Answer, Summary

pytest_plugins = ("database_fixtures",)

THREAD = Place("T1", "C1", "100.1")
QUESTION = "Which countries sent troops?"


@pytest.fixture
def found(archive: Archive) -> Answer:
    """An answer with a quote and a span."""
    answer = archive.ask(QUESTION)
    assert answer.answerable
    return answer


def test_an_event_is_taken_once_among_processes(shared: Database) -> None:
    """Whichever of two bots is first has it, under any of its names, until it gives it back."""
    one, two = Claims(SharedClaims(shared)), Claims(SharedClaims(shared))
    claim = one.take([("event", "E1"), ("message", "C1", "1.1")])
    assert claim is not None
    assert two.take([("event", "E2"), ("message", "C1", "1.1")]) is None
    assert two.take([("event", "E2")]) is None
    assert one.release(claim) is True  # it came again to the other one, which turned it away
    assert one.release(claim) is False
    assert two.take([("message", "C1", "1.1")]) is not None


def test_what_is_done_is_never_taken_again(shared: Database) -> None:
    """Not by another process, not after the lease."""
    clock = Clock()
    one, two = Claims(SharedClaims(shared, clock)), Claims(SharedClaims(shared, clock))
    claim = one.take([("event", "E1")])
    assert claim is not None
    one.done(claim)
    clock.now += 10 * LEASE
    assert two.take([("event", "E1")]) is None


def test_the_claim_of_a_process_that_died_is_taken_over(shared: Database) -> None:
    """After the lease, and not before."""
    clock = Clock()
    assert Claims(SharedClaims(shared, clock)).take([("event", "E1")]) is not None
    other = Claims(SharedClaims(shared, clock))
    clock.now += LEASE / 2
    assert other.take([("event", "E1")]) is None
    clock.now += LEASE
    assert other.take([("event", "E1")]) is not None


def test_many_take_at_once(shared: Database) -> None:
    """Of 8 that reach for the same 20 events in any order each event has exactly one taker."""
    takers = [Claims(SharedClaims(shared)) for _ in range(8)]

    def work(number: int) -> list[int]:
        order = range(20) if number % 2 else range(19, -1, -1)
        return [e for e in order if takers[number].take([("event", e), ("message", "C", e)]) is not None]

    with ThreadPoolExecutor(8) as pool:
        taken = [event for events in pool.map(work, range(8)) for event in events]
    assert sorted(taken) == list(range(20))


def test_without_the_database_one_process_goes_on(shared: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Better answered twice than never; the log says why, and this process still answers once."""
    claims = Claims(SharedClaims(shared))
    with shared.begin() as connection:
        connection.execute(sa.text("DROP TABLE verbatim_claims"))
    claim = claims.take([("event", "E1")])
    assert claim is not None
    assert claims.take([("event", "E1")]) is None
    claims.done(claim)
    assert "cannot be shared" in caplog.text


def test_an_answer_is_found_again_word_for_word(shared: Database, archive: Archive, found: Answer) -> None:
    """By its id, in its own workspace alone."""
    answers = Answers(shared, archive)
    id_ = answers.keep(found, THREAD, "U1")
    kept = Answers(shared, archive).find("T1", id_)
    assert kept is not None
    assert (kept.shown, kept.place, kept.user, kept.question) == (found, THREAD, "U1", QUESTION)
    assert answers.find("T2", id_) is None
    assert answers.find("T1", "no such id") is None


def test_a_summary_is_found_again(shared: Database, archive: Archive) -> None:
    """With its sentences, which are cut anew from the article."""
    made = archive.summarise()
    kept = (answers := Answers(shared, archive)).find("T1", answers.keep(made, THREAD, "U1"))
    assert kept is not None
    assert isinstance(kept.shown, Summary)
    assert kept.shown == made


def test_an_answer_whose_article_changed_is_not_shown(shared: Database, archive: Archive, found: Answer) -> None:
    """A quote is only ever what the article says now."""
    answers = Answers(shared, archive)
    id_ = answers.keep(found, THREAD, "U1")
    with shared.begin() as connection:
        content = connection.scalar(sa.select(kept_answers.c.content))
        content["quotes"][0]["text"] = "Something else stood here."
        connection.execute(sa.update(kept_answers).values(content=content))
    kept = answers.find("T1", id_)
    assert kept is not None
    assert kept.shown is None


def test_what_a_thread_began_with_is_remembered(shared: Database, archive: Archive, found: Answer) -> None:
    """Where the first question leaned on it: for later ones, and for the buttons under the first."""
    answers, said = Answers(shared, archive), "The troops have landed."
    id_ = answers.keep(found, THREAD, "U1", said)
    answers.keep(found, THREAD, "U1")
    assert answers.conversation(THREAD).questions == (said, QUESTION, QUESTION)
    kept = answers.find("T1", id_)
    assert kept is not None
    assert kept.before == said
    assert answers.conversation_before(kept).questions == (said,)
    assert answers.conversation(THREAD._replace(channel="C2")).questions == ()


def test_a_thread_is_remembered(shared: Database, archive: Archive, found: Answer) -> None:
    """What is asked later leans on what was asked before, in that thread of that workspace, after a restart too."""
    Answers(shared, archive).keep(found, THREAD, "U1")
    later = Answers(shared, archive)
    assert leans_back("And when?")
    assert later.conversation(THREAD).before("And when?") == QUESTION
    assert later.conversation(THREAD._replace(thread="200.2")).before("And when?") == ""
    assert later.conversation(THREAD._replace(team="T2")).before("And when?") == ""
    assert later.answered_in(THREAD)
    assert not later.answered_in(THREAD._replace(channel="C2"))


def test_a_persons_last_questions(shared: Database, archive: Archive, found: Answer) -> None:
    """Newest first, theirs alone."""
    clock = Clock()
    answers = Answers(shared, archive, clock)
    ids = []
    for _ in range(3):
        clock.now += 1
        ids.append(answers.keep(found, THREAD, "U1"))
    answers.keep(found, THREAD, "U2")
    assert [kept.id for kept in answers.asked_by("T1", "U1", 2)] == ids[:0:-1]


def test_votes_count_once_a_person(shared: Database, archive: Archive, found: Answer) -> None:
    """The last one counts; what a workspace does not know cannot be voted on."""
    id_ = Answers(shared, archive).keep(found, THREAD, "U1")
    feedback = Feedback(shared)
    assert feedback.vote("T1", id_, "U1", "bad")
    assert feedback.vote("T1", id_, "U1", "good")
    assert feedback.vote("T1", id_, "U2", "good")
    assert not feedback.vote("T2", id_, "U3", "good")
    assert not feedback.vote("T1", "unknown", "U3", "good")
    (exported,) = feedback.export()
    assert exported["votes"] == {"good": 2, "bad": 0}
    assert (exported["question"], exported["quotes"][0]["text"]) == (QUESTION, found.quotes[0].text)
    assert "U1" not in str(exported)


def test_confidence_is_held_against_votes() -> None:
    """Answers by confidence, each once, refusals and ties left out."""

    def one(confidence: float, good: int, bad: int, answerable: bool = True) -> dict[str, object]:
        return {"confidence": confidence, "answerable": answerable, "votes": {"good": good, "bad": bad}}

    bins = against_votes([one(0.9, 2, 1), one(1.0, 0, 1), one(0.1, 1, 0), one(0.95, 1, 1), one(0.9, 1, 0, False)])
    assert [(b.voted, b.good) for b in bins] == [(1, 1), (0, 0), (0, 0), (0, 0), (2, 1)]
    assert bins[-1].share == 0.5
    assert bins[-1].confidence == pytest.approx(0.95)


def test_channel_settings_are_kept_by_workspace(shared: Database) -> None:
    """Set anew they replace what was; nobody set any: the defaults."""
    channels = Channels(shared)
    assert channels.get("T1", "C1") == ChannelSettings()
    channels.put("T1", "C1", ChannelSettings(("news",), True), "U1")
    channels.put("T1", "C1", ChannelSettings(("sport",), False), "U2")
    assert channels.get("T1", "C1") == ChannelSettings(("sport",), False)
    assert channels.get("T2", "C1") == ChannelSettings()
    assert channels.all("T1") == {"C1": ChannelSettings(("sport",), False)}


def test_what_is_old_is_swept_away(shared: Database, archive: Archive, found: Answer) -> None:
    """Questions and votes beyond the retention, and nothing younger."""
    clock = Clock()
    answers, feedback = Answers(shared, archive, clock), Feedback(shared, clock)
    old = answers.keep(found, THREAD, "U1")
    feedback.vote("T1", old, "U1", "good")
    clock.now += 20 * retention.DAY
    new = answers.keep(found, THREAD, "U1")
    feedback.vote("T1", new, "U1", "good")
    clock.now += 15 * retention.DAY
    assert retention.sweep(shared, 30, clock) == (1, 1)
    assert retention.sweep(shared, 30, clock) == (0, 0)
    assert answers.find("T1", old) is None
    assert answers.find("T1", new) is not None


def test_a_person_is_forgotten(shared: Database, archive: Archive, found: Answer) -> None:
    """What they asked and voted, in every workspace; others' stays."""
    answers, feedback = Answers(shared, archive), Feedback(shared)
    hers, his = answers.keep(found, THREAD, "U1"), answers.keep(found, THREAD, "U2")
    answers.keep(found, THREAD._replace(team="T2"), "U1")
    feedback.vote("T1", hers, "U2", "good")
    feedback.vote("T1", his, "U1", "good")
    feedback.vote("T1", his, "U2", "bad")
    assert retention.forget_person(shared, "U1") == (2, 2)
    assert answers.asked_by("T1", "U1", 9) == []
    assert [one["votes"] for one in feedback.export()] == [{"good": 0, "bad": 1}]


def test_a_workspace_is_forgotten(shared: Database, archive: Archive, found: Answer) -> None:
    """All of it, and nothing of another."""
    answers, channels = Answers(shared, archive), Channels(shared)
    for team in ("T1", "T2"):
        Feedback(shared).vote(team, answers.keep(found, THREAD._replace(team=team), "U1"), "U1", "good")
        channels.put(team, "C1", ChannelSettings(unasked=True), "U1")
    assert retention.forget_team(shared, "T1") == (1, 1)
    assert channels.all("T1") == {}
    assert len(answers.asked_by("T2", "U1", 9)) == len(channels.all("T2")) == 1


def test_a_later_version_is_refused(database_url: str, tmp_path: Path) -> None:
    """Two lines say what to do; nothing is written."""
    database = Database.open(database_url, tmp_path)
    with database.begin() as connection:
        connection.execute(sa.update(schema).values(version=VERSION + 1))
    database.close()
    with pytest.raises(SettingsError, match="later version"):
        Database.open(database_url, tmp_path)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("rubbish", "no database address"),
        ("mysql://u:secret@h/d", "mysql"),
        ("sqlite:////nowhere/at/all.sqlite", "cannot be used"),
        ("postgresql://u:secret@127.0.0.1:9/d", "cannot be used"),
    ],
)
def test_a_bad_address_is_explained_without_its_password(url: str, says: str, tmp_path: Path) -> None:
    """What is wrong and what to do; a password is never shown."""
    with pytest.raises(SettingsError, match=says) as caught:
        Database.open(url, tmp_path)
    assert "secret" not in str(caught.value)
    assert "VERBATIM_DATABASE" in str(caught.value)


def test_it_lies_beside_the_index_and_survives_a_kill(tmp_path: Path) -> None:
    """What a process wrote before it was killed is there for the next."""
    code = (
        "import os, sys; from pathlib import Path; from bot.channels import *; from bot.database import Database;"
        "d = Database.open(None, Path(sys.argv[1])); Channels(d).put('T1', 'C1', ChannelSettings(unasked=True), 'U1');"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "index")], check=False, timeout=60)
    database = Database.open(None, tmp_path / "index")
    assert Channels(database).get("T1", "C1").unasked
    database.close()
