"""What people thought of the answers: votes, the export that benchmarks read, and confidence held against votes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from bot.database import Database, answers, insert, votes

Vote = Literal["good", "bad"]

BINS = 5


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers of like confidence (``least`` inclusive, ``most`` exclusive, but 1): how many were found good."""

    least: float
    most: float
    voted: int
    good: int
    confidence: float

    @property
    def share(self) -> float:
        return self.good / self.voted if self.voted else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What an export says: how many answers were kept, the votes on them, and confidence held against them."""

    answers: int
    good: int
    bad: int
    bins: tuple[Bin, ...]


class Feedback:
    """The votes. Every method is one transaction, and raises ``SQLAlchemyError`` if that fails."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float] = time.time,
        counted: Callable[[Vote], None] = lambda _: None,
    ) -> None:
        """``counted`` hears of every vote that was kept."""
        self._database = database
        self._clock = clock
        self._counted = counted

    def vote(self, team: str, answer: str, user: str, vote: Vote) -> bool:
        """Count a person's vote, the last one alone; False where this workspace knows no such answer."""
        with self._database.begin() as connection:
            mine = sa.select(answers.c.id).where(answers.c.id == answer, answers.c.team == team)
            if connection.execute(mine).first() is None:
                return False
            values = {"answer": answer, "team": team, "user": user, "vote": vote, "at": self._clock()}
            connection.execute(
                insert(connection, votes)
                .values(values)
                .on_conflict_do_update(
                    index_elements=[votes.c.answer, votes.c.team, votes.c.user],
                    set_={"vote": values["vote"], "at": values["at"]},
                )
            )
        self._counted(vote)
        return True

    def export(self) -> Iterator[dict[str, Any]]:
        """Every kept answer, oldest first, with its votes: one JSON object each. Says nothing of who asked or voted.

        ``{"question", "answerable", "confidence", "quotes": [{"text", "answer", "article", "title", "paragraph",
        "start", "end", "score"}], "votes": {"good": 2, "bad": 0}, "at": seconds}``
        """
        with self._database.reading() as connection:
            counted = connection.execute(
                sa.select(votes.c.answer, votes.c.vote, sa.func.count()).group_by(votes.c.answer, votes.c.vote)
            ).all()
            rows = connection.execute(
                sa.select(answers).where(answers.c.kind == "answer").order_by(answers.c.at, answers.c.id)
            ).all()
        found: dict[str, dict[str, int]] = {}
        for answer, vote, count in counted:
            found.setdefault(answer, {"good": 0, "bad": 0})[vote] = count
        for row in rows:
            content = row.content
            yield {
                "question": content["question"],
                "answerable": content["answerable"],
                "confidence": content["confidence"],
                "quotes": content["quotes"],
                "votes": found.get(row.id, {"good": 0, "bad": 0}),
                "at": row.at,
            }


def against_votes(exported: Sequence[dict[str, Any]], bins: int = BINS) -> list[Bin]:
    """Answers that were given and voted on, by confidence: a calibrated one has ``share`` near ``confidence``.

    Each answer counts once, as good where most of its votes say so. A refusal is not counted: its confidence is
    the one of the answer that was not given.
    """
    given = [
        (one["confidence"], one["votes"]["good"] > one["votes"]["bad"])
        for one in exported
        if one["answerable"] and one["votes"]["good"] != one["votes"]["bad"]
    ]
    found = []
    for number in range(bins):
        least, most = number / bins, (number + 1) / bins
        inside = [(p, good) for p, good in given if least <= p < most or (p == 1.0 and most == 1.0)]
        mean = sum(p for p, _ in inside) / len(inside) if inside else 0.0
        found.append(Bin(least, most, len(inside), sum(good for _, good in inside), mean))
    return found


def report(exported: Sequence[dict[str, Any]]) -> Report:
    """Sum an export up."""
    good, bad = (sum(one["votes"][vote] for one in exported) for vote in ("good", "bad"))
    return Report(len(exported), good, bad, tuple(against_votes(exported)))
