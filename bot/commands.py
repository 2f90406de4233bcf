"""What each command of the command line does: check its words, make one call, show what came back."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bot import json_output, terminal
from index.errors import SettingsError
from index.settings import IndexSettings

if TYPE_CHECKING:
    from bot.database import Database
    from index.archive import Archive
    from index.build import BuildReport


def ask(arguments: argparse.Namespace) -> int:
    """One question, or with ``-`` one a line from standard input; the models are loaded once."""
    question = " ".join(arguments.question).strip()
    if not question:
        print("verbatim ask: the question is empty; try: verbatim ask 'Who said what?'", file=sys.stderr)
        return 2
    archive = _archive(arguments)
    for text in filter(str.strip, _lines()) if question == "-" else [question]:
        answer = archive.ask(text)
        _show(
            json_output.answer(answer) if arguments.json else terminal.answer(answer, echo=question == "-"), arguments
        )
    return 0


def chat(arguments: argparse.Namespace) -> int:
    """A conversation: one turn a line; an empty line begins a new one."""
    from index.conversation import Conversation

    archive = _archive(arguments)
    conversation = Conversation()
    prompt = sys.stdin.isatty() and not arguments.json
    if prompt:
        print("Ask away. An empty line begins a new conversation, exit or Ctrl-D ends.")
    for text in _lines("? " if prompt else ""):
        if prompt and text.strip().lower() in ("exit", "quit", "q", "bye"):
            break
        if not text.strip():
            conversation = Conversation()
            continue
        answer = archive.ask(text, conversation)
        conversation = conversation.after(text, answer)
        _show(json_output.answer(answer) if arguments.json else terminal.answer(answer, echo=not prompt), arguments)
    return 0


def summary(arguments: argparse.Namespace) -> int:
    archive = _archive(arguments)
    found = archive.summarise(" ".join(arguments.article) or None, about=arguments.about, sentences=arguments.sentences)
    _show(json_output.summary(found) if arguments.json else terminal.summary(found), arguments)
    return 0


def serve(arguments: argparse.Namespace) -> int:
    environ = _environ()
    from bot.settings import SlackSettings

    settings = SlackSettings.from_env(environ)
    index_settings = IndexSettings.from_env(environ)
    from bot.database import Database
    from bot.serve import run
    from index.archive import Archive

    return run(
        settings,
        lambda: Archive.open(index_settings),
        lambda: Database.open(settings.database, index_settings.index),
    )


def index_rebuild(arguments: argparse.Namespace) -> int:
    from index.build import rebuild

    return _build(rebuild, arguments.paths, arguments)


def index_add(arguments: argparse.Namespace) -> int:
    from index.build import add

    return _build(add, arguments.paths, arguments)


def index_remove(arguments: argparse.Namespace) -> int:
    from index.build import remove

    return _build(remove, arguments.ids, arguments)


def _build(change: Callable[..., BuildReport], what: Sequence[str], arguments: argparse.Namespace) -> int:
    with terminal.progress(quiet=arguments.json) as progress:
        report = change(_settings(arguments), what, progress)
    _show(json_output.build(report) if arguments.json else terminal.build(report), arguments)
    return 0


def index_list(arguments: argparse.Namespace) -> int:
    entries = _archive(arguments).articles()
    _show(json_output.articles(entries) if arguments.json else terminal.articles(entries), arguments)
    return 0


def index_stats(arguments: argparse.Namespace) -> int:
    stats = _archive(arguments).stats()
    _show(stats if arguments.json else terminal.stats(stats), arguments)
    return 0


def index_verify(arguments: argparse.Namespace) -> int:
    """Exit status 1 where there is a problem, for scripts."""
    from index.verify import verify

    problems = verify(_settings(arguments))
    _show({"ok": not problems, "problems": problems} if arguments.json else terminal.verdict(problems), arguments)
    return 1 if problems else 0


def feedback_export(arguments: argparse.Namespace) -> int:
    """Every kept answer, a JSON object a line; to a file whole or not at all."""
    from bot.feedback import Feedback
    from bot.whole_file import write_lines

    with _database(arguments) as database:
        lines = [json_output.dump(one) for one in Feedback(database).export()]
    if arguments.output is None:
        for line in lines:
            print(line)
        return 0
    count, file = write_lines(Path(arguments.output), lines), arguments.output
    _show({"file": file, "answers": count} if arguments.json else terminal.exported(count, file), arguments)
    return 0


def feedback_report(arguments: argparse.Namespace) -> int:
    from bot.feedback import Feedback, report

    with _database(arguments) as database:
        made = report(list(Feedback(database).export()))
    _show(json_output.report(made) if arguments.json else terminal.report(made), arguments)
    return 0


def data_forget(arguments: argparse.Namespace) -> int:
    from bot import retention

    user = arguments.user
    if not re.fullmatch(r"[UW][A-Z0-9]+", user):
        print(
            f"verbatim data forget: {user!r} is no Slack user id; the person's profile in Slack shows it (U… or W…)",
            file=sys.stderr,
        )
        return 2
    with _database(arguments) as database:
        gone = retention.forget_person(database, user)
        database.purge()
    _show(json_output.forgotten(user, gone) if arguments.json else terminal.forgotten(user, gone), arguments)
    return 0


def data_stats(arguments: argparse.Namespace) -> int:
    from bot import retention
    from bot.database import VERSION

    with _database(arguments) as database:
        held = json_output.held(database.shown, VERSION, retention.held(database))
    _show(held if arguments.json else terminal.stats({k: v for k, v in held.items() if v is not None}), arguments)
    return 0


def doctor(arguments: argparse.Namespace) -> int:
    """Exit status 1 where something keeps Verbatim from answering in the terminal or in Slack."""
    from bot.doctor import examine

    environ = dict(_environ())
    if arguments.index:
        environ["VERBATIM_INDEX"] = arguments.index
    findings = examine(environ)
    _show(json_output.findings(findings) if arguments.json else terminal.findings(findings), arguments)
    return 0 if all(finding.ok for finding in findings) else 1


def _environ() -> Mapping[str, str]:
    """The environment, and below it what ``.env`` in the working folder says."""
    from dotenv import load_dotenv

    file = Path.cwd() / ".env"
    try:
        load_dotenv(file, override=False)
    except (UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{file} cannot be read ({error}).\nSave it as UTF-8 text, as in .env.example.") from None
    return os.environ


def _settings(arguments: argparse.Namespace) -> IndexSettings:
    settings = IndexSettings.from_env(_environ())
    return replace(settings, index=Path(arguments.index).expanduser()) if arguments.index else settings


def _archive(arguments: argparse.Namespace) -> Archive:
    from index.archive import Archive

    return Archive.open(_settings(arguments))


@contextmanager
def _database(arguments: argparse.Namespace) -> Iterator[Database]:
    """What the bot keeps, where the settings say; never made anew by a command that only looks."""
    from sqlalchemy.exc import SQLAlchemyError

    from bot.database import Database
    from bot.settings import database_address

    folder = _settings(arguments).index  # reads .env as well
    database = Database.open(database_address(os.environ), folder, create=False)
    try:
        yield database
    except SQLAlchemyError as error:
        raise database.unusable(error) from error
    finally:
        database.close()


def _lines(prompt: str = "") -> Iterator[str]:
    """Lines of standard input, whatever bytes they hold, each as soon as it is there."""
    if sys.stdin is None:
        raise SettingsError("There is no standard input to read questions from.")
    while True:
        if prompt:
            print(prompt, end="", flush=True)
        line = sys.stdin.buffer.readline()
        if not line:
            return
        yield line.decode("utf-8", "replace").rstrip("\r\n")


def _show(what: object, arguments: argparse.Namespace) -> None:
    # Flushed line by line: whoever feeds questions through a pipe waits for each answer.
    print(json_output.dump(what) if arguments.json else what, flush=True)
