"""/ask, /summary and /articles. Their answers are for the asker alone, with a button that shares them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot import article_changes, article_list, wording
from bot.answer_message import answer
from bot.answers import Place
from bot.blocks import Message, plain
from bot.course import Asker
from bot.incoming import Interaction, read_command
from bot.summary_message import summary as summary_message

if TYPE_CHECKING:
    from slack_bolt import Ack, App, BoltContext

    from bot.desk import Desk
    from bot.workspaces import Workspace

# None: what was to be said has been said.
Reply = Callable[["Desk", "Workspace", Interaction], "Message | None"]


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

    def tell(message: Message) -> None:
        workspace.outbox.respond(called.response_url, message)

    def job() -> None:
        wants_help = called.text.lower() in {"help", "--help", "?"}
        if message := plain(wording.HELP[name]) if wants_help else reply(desk, workspace, called):
            tell(message)

    asker = Asker(workspace.team, called.user, "command")
    desk.handle(called.names, (called.channel, called.user), job, tell, asker=asker)


def ask(desk: Desk, workspace: Workspace, called: Interaction) -> Message:
    if not called.text:
        return plain(wording.HELP["/ask"])
    if len(called.text) > wording.LONGEST_QUESTION:
        return plain(wording.too_long(len(called.text)))
    shown = desk.ask(called.text, Place(workspace.team, called.channel), called.user)
    return answer(
        shown.answer, shown.id, question=shown.answer.is_question, private=True, covered=desk.covered(shown.answer)
    )


def summary(desk: Desk, workspace: Workspace, called: Interaction) -> Message:
    made = desk.summarise(called.text or None)
    id_ = desk.keep(made, Place(workspace.team, called.channel), called.user) if made.quotes else None
    return summary_message(made, id_, private=True)


def articles(desk: Desk, workspace: Workspace, called: Interaction) -> Message | None:
    if called.text:
        return article_changes.begin(desk, workspace, called)
    return article_list.articles(desk.archive.articles())


COMMANDS: dict[str, Reply] = {"/ask": ask, "/summary": summary, "/articles": articles}
