"""/ask, /summary and /articles. Their answers are for the asker alone, with a button that shares them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot import blocks, wording
from bot.incoming import read_command

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from bot.desk import Desk

Reply = Callable[["Desk", str], blocks.Message]


def register(app: App, desk: Desk) -> None:
    for name, reply in COMMANDS.items():
        app.command(name)(_listener(desk, name, reply))


def _listener(desk: Desk, name: str, reply: Reply) -> Callable[..., None]:
    def called(ack: Ack, body: dict[str, Any]) -> None:  # Bolt fills parameters by their names
        ack()
        take(desk, body, name, reply)

    return called


def take(desk: Desk, body: dict[str, Any], name: str, reply: Reply) -> None:
    """Answer a command; ``help`` says what it takes."""
    called = read_command(body)

    def tell(message: blocks.Message) -> None:
        desk.outbox.respond(called.response_url, message)

    def job() -> None:
        wants_help = called.text.lower() in {"help", "--help", "?"}
        tell(blocks.plain(wording.HELP[name]) if wants_help else reply(desk, called.text))

    desk.handle(called.names, (called.channel, called.user), job, tell)


def ask(desk: Desk, text: str) -> blocks.Message:
    if not text:
        return blocks.plain(wording.HELP["/ask"])
    if len(text) > wording.LONGEST_QUESTION:
        return blocks.plain(wording.too_long(len(text)))
    found = desk.ask(text)
    return _shareable(desk, blocks.answer(found, question=True)) if found.is_question else blocks.answer(found)


def summary(desk: Desk, text: str) -> blocks.Message:
    with desk.model:
        made = desk.archive.summarise(text or None)
    return _shareable(desk, blocks.summary(made)) if made.quotes else blocks.summary(made)


def articles(desk: Desk, text: str) -> blocks.Message:
    return blocks.articles(desk.archive.articles())


def _shareable(desk: Desk, message: blocks.Message) -> blocks.Message:
    return blocks.with_share_button(message, desk.keep(message))


COMMANDS: dict[str, Reply] = {"/ask": ask, "/summary": summary, "/articles": articles}
