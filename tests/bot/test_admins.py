"""Who administers: people by their ids, groups by asking Slack now and then."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.admins import SECONDS_FAILED, SECONDS_KEPT, Groups, is_admin


class Client:
    """Answers for one workspace; ``error`` fails every call."""

    def __init__(self, members: Any) -> None:
        self.members = members
        self.error: Exception | None = None
        self.calls = 0

    def usergroups_users_list(self, usergroup: str) -> dict[str, Any]:
        self.calls += 1
        if self.error:
            raise self.error
        return {"users": self.members}


def workspace(client: Client, team: str = "T1") -> Any:
    return SimpleNamespace(team=team, outbox=SimpleNamespace(client=client))


def desk(*admins: str, clock: Any = lambda: 0.0) -> Any:
    return SimpleNamespace(settings=SimpleNamespace(admins=frozenset(admins)), groups=Groups(clock))


def test_people_are_named_by_id() -> None:
    """Those named and nobody else, without a call to Slack."""
    client = Client([])
    at = workspace(client)
    named = desk("U1", "W2")
    assert is_admin(named, at, "U1")
    assert is_admin(named, at, "W2")
    assert not is_admin(named, at, "U3")
    assert not is_admin(named, at, "")
    assert not is_admin(desk(), at, "U1")
    assert client.calls == 0


def test_a_group_is_asked_for_and_kept() -> None:
    """Its members are administrators; Slack is asked again after some minutes, and what it says then holds."""
    now, client = [0.0], Client(["U1"])
    named, at = desk("S1", clock=lambda: now[0]), workspace(client)
    assert is_admin(named, at, "U1")
    assert not is_admin(named, at, "U2")
    assert client.calls == 1
    client.members = ["U2"]
    now[0] = SECONDS_KEPT - 1
    assert is_admin(named, at, "U1")
    now[0] = SECONDS_KEPT
    assert not is_admin(named, at, "U1")
    assert is_admin(named, at, "U2")
    assert client.calls == 2


def test_a_group_of_one_workspace_says_nothing_of_another() -> None:
    """The same id in another workspace is another group."""
    named = desk("S1")
    assert is_admin(named, workspace(Client(["U1"]), "T1"), "U1")
    assert not is_admin(named, workspace(Client([]), "T2"), "U1")


def test_where_slack_does_not_say_it_is_no() -> None:
    """A refusal, a Slack out of reach or a strange answer make nobody an administrator, and Slack is left in peace."""
    for error in (SlackApiError("x", {"error": "missing_scope"}), TimeoutError()):
        now, client = [0.0], Client(["U1"])
        client.error = error
        named, at = desk("S1", "U9", clock=lambda now=now: now[0]), workspace(client)
        assert not is_admin(named, at, "U1")
        assert not is_admin(named, at, "U1")
        assert is_admin(named, at, "U9")
        assert client.calls == 1
        client.error, now[0] = None, SECONDS_FAILED
        assert is_admin(named, at, "U1")
    assert not is_admin(desk("S1"), workspace(Client(None)), "U1")


def test_a_group_is_no_person() -> None:
    """Its id is no user's, even where a payload claims so: nobody administers by being called like a group."""
    assert not is_admin(desk("S1"), workspace(Client([])), "S1")
