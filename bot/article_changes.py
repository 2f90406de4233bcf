"""What administrators do to the articles from Slack: `/articles add URL` and `/articles rebuild`.

The work is done out of the way of those who ask, one change after another; the person hears at once that it has been
taken up, and when it is done what came of it. What Slack sends is somebody else's input: only addresses of the web are
read, never a path, and `index.fetch` refuses those inside the network.
"""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot import change_message, index_process, wording
from bot.admins import is_admin
from bot.blocks import Message, plain
from bot.delivery import DeliveryError
from bot.incoming import Interaction
from bot.mrkdwn import one_line, web_address
from index.errors import VerbatimError

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.workspaces import Workspace

ADD, REBUILD = "add", "rebuild"


def begin(desk: Desk, workspace: Workspace, called: Interaction) -> Message | None:
    """Take up what ``called.text`` asks for, and say so; or the message that says why not. Words that ask for nothing
    get the help."""
    verb, *rest = called.text.split()
    verb = verb.lower()
    if verb not in (ADD, REBUILD) or (verb == REBUILD and rest):
        return plain(wording.HELP["/articles"])
    if not is_admin(desk, workspace, called.user):
        return plain(wording.ADMINS_ONLY if desk.settings.admins else wording.NO_ADMINS)
    url = _address(rest) if verb == ADD else None
    if verb == ADD and url is None:
        return plain(wording.WEB_ONLY)
    desk.log.info("%s asked to %s", called.user, f"add {url}" if url else "rebuild the index")
    announced = Event()
    if not desk.changes.put("index", lambda: _change(desk, workspace, called, url, announced)):
        return plain(wording.TOO_MANY_CHANGES)
    try:
        workspace.outbox.respond(called.response_url, plain(wording.adding(url) if url else wording.REBUILDING))
    except (DeliveryError, OSError) as error:
        desk.report(error)  # it goes on, and the person hears of its end
    finally:
        announced.set()
    return None


def _address(words: list[str]) -> str | None:
    """The one web address that was given; None where it is none, or names somebody to log in as."""
    url = words[0] if len(words) == 1 else ""
    return url if web_address(url) and urlsplit(url).username is None else None


def _change(desk: Desk, workspace: Workspace, called: Interaction, url: str | None, announced: Event) -> None:
    try:
        before = {entry.article.id: entry.article for entry in desk.archive.articles()}
        report = index_process.change(desk.archive.settings, url)
        message = change_message.done(report, before, desk.archive.articles(), rebuilt=url is None)
    except VerbatimError as error:
        # Its first line says what is wrong; the others are remedies for the command line.
        message = plain(wording.unchanged(one_line(str(error).split("\n")[0], 600)))
    except Exception as error:  # noqa: BLE001 - whatever it was, the person hears of it and the log has it
        message = plain(wording.apology(desk.report(error)))
    announced.wait()  # nobody hears of the end before the beginning
    try:
        _tell(workspace, called, message)
    except Exception as error:  # noqa: BLE001 - Slack refuses or is away; there is nobody left to tell
        desk.report(error)


def _tell(workspace: Workspace, called: Interaction, message: Message) -> None:
    """Tell the person where they asked, or, where Slack's half hour for that is over, directly."""
    try:
        workspace.outbox.respond(called.response_url, message)
    except (DeliveryError, OSError):
        workspace.outbox.post(called.user, message)
