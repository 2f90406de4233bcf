"""How long the bot remembers: what is older than the settings say is swept away, and one person is forgotten on demand."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from bot.database import Database, answers, channels, claims, votes

DAY = 86_400.0
SLICE = 500
"""Rows that one transaction of a sweep deletes: others never wait long for it."""


class Forgotten(NamedTuple):
    """How many questions (and summaries) and votes are gone."""

    questions: int
    votes: int


class Held(NamedTuple):
    """How much is kept; ``since`` is the time of the oldest question, None where there is none."""

    questions: int
    summaries: int
    votes: int
    since: float | None


def held(database: Database) -> Held:
    """What is kept just now, of all workspaces."""
    with database.reading() as connection:
        kinds = connection.execute(sa.select(answers.c.kind, sa.func.count()).group_by(answers.c.kind)).all()
        voted = connection.scalar(sa.select(sa.func.count()).select_from(votes)) or 0
        since = connection.scalar(sa.select(sa.func.min(answers.c.at)))
    count = {row[0]: row[1] for row in kinds}
    return Held(count.get("answer", 0), count.get("summary", 0), voted, since)


def sweep(
    database: Database, days: int, clock: Callable[[], float] = time.time, go_on: Callable[[], bool] = lambda: True
) -> Forgotten:
    """Delete questions and votes older than ``days``, and the votes on what was deleted; slice by slice, each a
    transaction, as long as ``go_on()``."""
    before = clock() - days * DAY
    gone = lost = 0
    while go_on():
        with database.begin() as connection:
            # What another bot is sweeping just now is left to it.
            old = sa.select(answers.c.id).where(answers.c.at < before).limit(SLICE).with_for_update(skip_locked=True)
            ids = connection.scalars(old).all()
            lost += connection.execute(sa.delete(votes).where(votes.c.answer.in_(ids))).rowcount
            gone += connection.execute(sa.delete(answers).where(answers.c.id.in_(ids))).rowcount
        if len(ids) < SLICE:
            break
    while go_on():
        # Votes whose answer went while they were given.
        orphan = sa.or_(votes.c.at < before, votes.c.answer.not_in(sa.select(answers.c.id)))
        with database.begin() as connection:
            of = connection.scalars(sa.select(votes.c.answer).where(orphan).distinct().limit(SLICE)).all()
            lost += connection.execute(sa.delete(votes).where(votes.c.answer.in_(of), orphan)).rowcount
        if len(of) < SLICE:
            break
    return Forgotten(gone, lost)


def forget_person(database: Database, user: str) -> Forgotten:
    """Delete everything that ``user`` asked and voted, in every workspace, and the votes of others on what they asked."""
    with database.begin() as connection:
        theirs = sa.select(answers.c.id).where(answers.c.user == user)
        lost = connection.execute(
            sa.delete(votes).where(sa.or_(votes.c.user == user, votes.c.answer.in_(theirs)))
        ).rowcount
        gone = connection.execute(sa.delete(answers).where(answers.c.user == user)).rowcount
        connection.execute(sa.update(channels).where(channels.c.by == user).values(by=""))
        # Some claims are by person: who was thanked for a vote.
        connection.execute(sa.delete(claims).where((":" + claims.c.name + ":").contains(f":{user}:", autoescape=True)))
    return Forgotten(gone, lost)


def forget_team(database: Database, team: str) -> Forgotten:
    """Delete everything of a workspace: what is kept of it when it uninstalls the app is nothing."""
    with database.begin() as connection:
        lost = connection.execute(sa.delete(votes).where(votes.c.team == team)).rowcount
        gone = connection.execute(sa.delete(answers).where(answers.c.team == team)).rowcount
        connection.execute(sa.delete(channels).where(channels.c.team == team))
        connection.execute(sa.delete(claims).where(claims.c.name.contains(f":{team}:", autoescape=True)))
    return Forgotten(gone, lost)
