"""/ask, /summary and /articles. Their answers are for the asker alone, with a button that shares them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot import blocks, wording
from bot.answers import Place
from bot.course import Asker
from bot.incoming import Interaction, read_command

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace

Reply = Callable[["Desk", "Workspace", Interaction], blocks.Message]


def register(app: App, desk: Desk) -> None:
    for name, reply in COMMANDS.items():
        app.command(name)(_listener(desk, name, reply))


def _listener(desk: Desk, name: str, reply: Reply) -> Callable[..., None]:
    def called(ack: Ack, body: dict[str, Any], context: BoltContext) -> None:  # Bolt fills parameters by their names
        ack()
        take(desk, desk.workspaces.of(context), body, name, reply)

    return called


def take(desk: Desk, workspace: Workspace, body: dict[str, Any], name: str, reply: Reply) -> None:
    """Answer a command; ``help`` says what it takes."""
    called = read_command(body)

    def tell(message: blocks.Message) -> None:
        workspace.outbox.respond(called.response_url, message)

    def job() -> None:
        wants_help = called.text.lower() in {"help", "--help", "?"}
        tell(blocks.plain(wording.HELP[name]) if wants_help else reply(desk, workspace, called))

    asker = Asker(workspace.team, called.user, "command")
    desk.handle(called.names, (called.channel, called.user), job, tell, asker=asker)


def ask(desk: Desk, workspace: Workspace, called: Interaction) -> blocks.Message:
    if not called.text:
        return blocks.plain(wording.HELP["/ask"])
    if len(called.text) > wording.LONGEST_QUESTION:
        return blocks.plain(wording.too_long(len(called.text)))
    shown = desk.ask(called.text, Place(workspace.team, called.channel), called.user)
    return _shareable(blocks.answer(shown.answer, question=shown.id is not None), shown.id)


def summary(desk: Desk, workspace: Workspace, called: Interaction) -> blocks.Message:
    with desk.model:
        made = desk.archive.summarise(called.text or None)
    id_ = desk.keep(made, Place(workspace.team, called.channel), called.user) if made.quotes else None
    return _shareable(blocks.summary(made), id_)


def articles(desk: Desk, workspace: Workspace, called: Interaction) -> blocks.Message:
    return blocks.articles(desk.archive.articles())


def _shareable(message: blocks.Message, id_: str | None) -> blocks.Message:
    return message if id_ is None else blocks.with_share_button(message, id_)


COMMANDS: dict[str, Reply] = {"/ask": ask, "/summary": summary, "/articles": articles}
