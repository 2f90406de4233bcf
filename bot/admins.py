"""Who may change articles and channels from Slack: the people and user groups that the settings name."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from slack_sdk.errors import SlackClientError

from bot.memory import Recent

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.workspaces import Workspace

SECONDS_KEPT = 300.0  # who joins or leaves a group is an administrator, or none, after five minutes
SECONDS_FAILED = 30.0  # a group that Slack did not show is asked for again only then
MOST_KEPT = 1_000

log = logging.getLogger("verbatim.slack")


class Groups:
    """The members of user groups, asked of Slack and kept for some minutes; by workspace."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: Recent[tuple[str, str], tuple[float, frozenset[str]]] = Recent(MOST_KEPT)

    def members(self, workspace: Workspace, group: str) -> frozenset[str]:
        """Who is in the group now, or was some minutes ago; nobody where Slack does not say."""
        key, now = (workspace.team, group), self._clock()
        kept = self._kept.get(key)
        if kept is not None and now < kept[0]:
            return kept[1]
        try:
            users = workspace.outbox.client.usergroups_users_list(usergroup=group).get("users") or ()
            until, found = now + SECONDS_KEPT, frozenset(map(str, users))
        except (SlackClientError, OSError) as error:
            log.warning("The members of the group %s cannot be asked for: %s", group, error)
            until, found = now + SECONDS_FAILED, frozenset()
        self._kept.put(key, (until, found))
        return found


def is_admin(desk: Desk, workspace: Workspace, user: str) -> bool:
    """Whether ``user`` may change articles and channels. May ask Slack, and so wait; in doubt it is no."""
    groups = sorted(name for name in desk.settings.admins if name.startswith("S"))
    if not user or user in groups:
        return False
    return user in desk.settings.admins or any(user in desk.groups.members(workspace, group) for group in groups)
