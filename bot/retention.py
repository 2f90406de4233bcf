"""How long the bot remembers: what is older than the settings say is swept away, and one person is forgotten on demand."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from bot.database import Database, answers, channels, claims, votes

DAY = 86_400.0


class Forgotten(NamedTuple):
    """How many questions and votes are gone."""

    questions: int
    votes: int


def sweep(database: Database, days: int, clock: Callable[[], float] = time.time) -> Forgotten:
    """Delete questions and votes older than ``days``, and the votes on what was deleted."""
    before = clock() - days * DAY
    with database.begin() as connection:
        gone = connection.execute(sa.delete(answers).where(answers.c.at < before)).rowcount
        lost = connection.execute(
            sa.delete(votes).where(sa.or_(votes.c.at < before, votes.c.answer.not_in(sa.select(answers.c.id))))
        ).rowcount
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
    return Forgotten(gone, lost)


def forget_team(database: Database, team: str) -> Forgotten:
    """Delete everything of a workspace: what is kept of it when it uninstalls the app is nothing."""
    with database.begin() as connection:
        lost = connection.execute(sa.delete(votes).where(votes.c.team == team)).rowcount
        gone = connection.execute(sa.delete(answers).where(answers.c.team == team)).rowcount
        connection.execute(sa.delete(channels).where(channels.c.team == team))
        connection.execute(sa.delete(claims).where(claims.c.name.contains(f":{team}:", autoescape=True)))
    return Forgotten(gone, lost)
