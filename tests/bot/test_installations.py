"""Who has installed the app, and who is about to: over SQLite and over a real PostgreSQL."""

from __future__ import annotations

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from clocks import Clock
from slack_sdk.oauth.installation_store import Installation

from bot.database import Database
from bot.installations import STATE_SECONDS, Installations, States
from bot.manifest import bot_scopes

pytest_plugins = ("database_fixtures",)

LOG = logging.getLogger("tests.installations")
CLIENT = "111.222"


@pytest.fixture
def installations(shared: Database) -> Installations:
    """The installations of one app."""
    return Installations(CLIENT, shared, LOG)


def made(team: str, token: str, **more: Any) -> Installation:
    """An installation in a workspace."""
    given: dict[str, Any] = {
        "app_id": "A1",
        "team_id": team,
        "team_name": f"The {team}",
        "bot_token": token,
        "bot_id": f"B{team}",
        "bot_user_id": f"U{team}",
        "bot_scopes": ",".join(bot_scopes()),
        "user_id": "U1",
    }
    return Installation(**{**given, **more})


def rows(database: Database) -> int:
    """How many rows the tables of tokens hold."""
    with database.begin() as connection:
        return sum(
            connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0
            for table in ("slack_bots", "slack_installations")
        )


def test_each_workspace_has_its_own_token(installations: Installations, shared: Database) -> None:
    """Found by enterprise and team, by another process too; what is not installed is not found."""
    installations.save(made("T1", "xoxb-one"))
    installations.save(made("T2", "xoxb-two", enterprise_id="E2"))
    elsewhere = Installations(CLIENT, shared, LOG)
    one, two = elsewhere.of(None, "T1"), elsewhere.of("E2", "T2")
    assert one is not None
    assert two is not None
    assert (one.bot_token, one.bot_user_id, one.bot_id, list(one.bot_scopes)) == (
        "xoxb-one",
        "UT1",
        "BT1",
        bot_scopes(),
    )
    assert two.bot_token == "xoxb-two"
    assert elsewhere.of(None, "T2") is None
    assert elsewhere.of("E1", "T3") is None
    assert Installations("another.client", shared, LOG).of(None, "T1") is None


@pytest.mark.parametrize("wrong", ["", 7, ["T1"], {"id": "T1"}, "T1\0", "T" * 40, "T1' OR '1'='1"], ids=repr)
def test_a_payload_that_is_amiss_names_no_workspace(installations: Installations, wrong: object) -> None:
    """Whatever stands where an id should, the database is not asked what it cannot answer."""
    installations.save(made("T1", "xoxb-one"))
    assert installations.of(None, wrong) is None
    assert installations.of(wrong, "T1") is None
    assert installations.of(None, None) is None


def test_installing_again_replaces_the_token(installations: Installations, shared: Database) -> None:
    """The newest counts, and no token that is not needed is kept; others' are."""
    installations.save(made("T2", "xoxb-two"))
    installations.save(made("T1", "xoxb-old", installed_at=time.time() - 60))
    installations.save(made("T1", "xoxb-new", enterprise_id="E1"))
    assert [bot.bot_token for bot in installations.of_team("T1")] == ["xoxb-new"]
    assert sorted(bot.bot_token for bot in installations.all()) == ["xoxb-new", "xoxb-two"]
    assert rows(shared) == 4


def test_a_workspace_is_removed(installations: Installations, shared: Database) -> None:
    """With every token of it, whichever enterprise it was in; another workspace, and another app, stay."""
    other = Installations("another.client", shared, LOG)
    other.save(made("T1", "xoxb-other"))
    for team, enterprise in (("T1", None), ("T1", "E1"), ("T2", None)):
        installations.save(made(team, f"xoxb-{team}", enterprise_id=enterprise))
    installations.remove("T1")
    assert installations.of_team("T1") == []
    assert installations.of(None, "T2") is not None
    assert other.of(None, "T1") is not None
    assert rows(shared) == 4


def test_whoever_looks_up_waits_for_nobody_who_writes(installations: Installations, shared: Database) -> None:
    """Looking up comes before the acknowledgement, and Slack waits three seconds for that."""
    installations.save(made("T1", "xoxb-one"))
    with shared.begin() as connection:
        connection.execute(sa.text("DELETE FROM verbatim_claims"))
        started = time.monotonic()
        assert installations.of(None, "T1") is not None
        assert time.monotonic() - started < 2


def test_a_state_is_good_once(shared: Database) -> None:
    """In whichever process it comes back; what was never issued is not good."""
    state = States(shared, LOG).issue()
    assert States(shared, LOG).consume(state)
    assert not States(shared, LOG).consume(state)
    for other in ("", "x", "0" * 36, state + "0", "\0" * 36, "' OR 1=1 --"):
        assert not States(shared, LOG).consume(other)


def test_a_state_is_good_for_one_of_many_at_once(shared: Database) -> None:
    """Of eight that come with the same state at the same moment one is let in."""
    for _ in range(5):
        state = States(shared, LOG).issue()
        with ThreadPoolExecutor(8) as pool:
            assert sum(pool.map(lambda _: States(shared, LOG).consume(state), range(8))) == 1  # noqa: B023


def test_a_state_is_good_for_ten_minutes(shared: Database) -> None:
    """Not a second longer."""
    clock = Clock(time.time())
    states = States(shared, LOG, clock)
    early, late = states.issue(), states.issue()
    clock.now += STATE_SECONDS - 5
    assert states.consume(early)
    clock.now += 10
    assert not states.consume(late)


def test_states_that_nobody_came_back_with_are_swept_away(shared: Database) -> None:
    """Opening the page a hundred times leaves nothing behind for ever."""
    clock = Clock(time.time())
    states = States(shared, LOG, clock)
    for _ in range(3):
        states.issue()
    clock.now += STATE_SECONDS + 5
    fresh = states.issue()
    with shared.begin() as connection:
        assert connection.scalars(sa.text("SELECT state FROM slack_oauth_states")).all() == [fresh]
