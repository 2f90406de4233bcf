"""The command line: what it takes, and the one place where errors become words and an exit status.

What a command does stands in `bot.commands`, which is loaded only when one runs, so that ``--help`` is quick.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from index.errors import VerbatimError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit status: 0 done, 1 it could not be done, 2 wrong usage."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w"))  # noqa: PTH123, SIM115 - stays open for the whole run
    for stream in (sys.stdout, sys.stderr):
        # An article may hold what the terminal's encoding lacks; better a "?" than a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        arguments = build_parser().parse_args(argv)
    except SystemExit as exit_:
        return int(exit_.code or 0)
    try:
        from bot import commands

        status: int = getattr(commands, arguments.command_function)(arguments)
        sys.stdout.flush()
        return status
    except VerbatimError as error:
        print(f"verbatim: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has had enough; Python must not complain of it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        print(f"verbatim: {error.filename or 'output'}: {error.strerror or error}", file=sys.stderr)
        return 1
    except Exception as error:
        if os.environ.get("VERBATIM_LOG_LEVEL", "").lower() == "debug":
            raise
        print(
            f"verbatim: this should not have happened ({type(error).__name__}: {str(error).partition(chr(10))[0]}).\n"
            "Please report it; VERBATIM_LOG_LEVEL=debug shows where.",
            file=sys.stderr,
        )
        return 1


def build_parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    parser = argparse.ArgumentParser(
        prog="verbatim",
        description="Ask your articles, get the answer in their own words.",
        epilog="Settings are read from the environment and from .env; .env.example lists them.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    ask = _command(commands, "ask", "answer a question with a quote, or say that the articles do not say")
    ask.add_argument(
        "question", nargs="+", metavar="QUESTION", help="the question; - reads one a line from standard input"
    )
    _reading(ask)

    chat = _command(commands, "chat", "ask in turns; follow-up questions are understood")
    _reading(chat)

    summary = _command(commands, "summary", "the sentences that say most of an article")
    summary.add_argument(
        "article", nargs="*", metavar="ARTICLE", help="its id or words of its title (default: the newest)"
    )
    summary.add_argument("--sentences", type=_positive, default=5, metavar="N", help="how many sentences (default: 5)")
    summary.add_argument("--about", metavar="TOPIC", help="those that say most about a topic")
    _reading(summary)

    _command(commands, "serve", "run the Slack app")

    index = commands.add_parser(
        "index", help="build, change and show the index", description="Build, change and show the index."
    )
    actions = index.add_subparsers(metavar="ACTION", required=True)
    rebuild = _command(
        actions, "rebuild", "build a new index from files, folders or URLs and swap it in", "index_rebuild"
    )
    rebuild.add_argument("paths", nargs="*", metavar="PATH", help="what to read (default: VERBATIM_ARTICLES)")
    _reading(rebuild)
    add = _command(actions, "add", "add articles, or replace those of the same source", "index_add")
    add.add_argument("paths", nargs="+", metavar="PATH", help="files, folders or URLs")
    _reading(add)
    remove = _command(actions, "remove", "take articles out", "index_remove")
    remove.add_argument("ids", nargs="+", metavar="ID", help="as `verbatim index list` shows them")
    _reading(remove)
    _reading(_command(actions, "list", "the articles of the index", "index_list"))
    _reading(_command(actions, "stats", "how much the index holds, and how it was built", "index_stats"))
    _reading(_command(actions, "verify", "prove the index whole", "index_verify"))

    feedback = commands.add_parser(
        "feedback",
        help="what people thought of the answers",
        description="What people thought of the answers.",
    )
    actions = feedback.add_subparsers(metavar="ACTION", required=True)
    export = _command(actions, "export", "every kept answer with its votes, a JSON object a line", "feedback_export")
    export.add_argument("--output", metavar="FILE", help="write to a file (default: standard output)")
    _reading(export)
    _reading(_command(actions, "report", "how well confidence and votes agree", "feedback_report"))

    data = commands.add_parser(
        "data",
        help="what is kept of what people asked, and how to forget it",
        description="What is kept of what people asked, and how to forget it.",
    )
    actions = data.add_subparsers(metavar="ACTION", required=True)
    forget = _command(actions, "forget", "remove a person's questions and votes, in every workspace", "data_forget")
    forget.add_argument("user", metavar="USER", help="the person's Slack user id (U… or W…)")
    _reading(forget)
    _reading(_command(actions, "stats", "how much is kept, since when, and where", "data_stats"))

    _reading(_command(commands, "doctor", "say what is missing or wrong, and how to mend it"))
    return parser


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, does: str, function: str | None = None
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    parser.set_defaults(command_function=function or name)
    return parser


def _reading(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--index", metavar="DIR", help="folder of the index (default: VERBATIM_INDEX or .verbatim)")


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100")
    return int(text)
