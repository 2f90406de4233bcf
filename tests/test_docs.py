"""The documents say what is so."""

from __future__ import annotations

import argparse
import re
import shlex
from pathlib import Path

import pytest

from bot import terminal
from bot.cli import build_parser
from bot.settings import SlackSettings
from index.archive import Archive
from index.settings import IndexSettings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / ".env.example").read_text(encoding="utf-8")
SETTINGS = re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE)
COMMANDS = sorted(set(re.findall(r"^(?:\$ )?(verbatim .+?)(?:\s+#.*)?$", README, re.MULTILINE)))


def test_the_readme_names_commands() -> None:
    """There is something to check below."""
    assert len(COMMANDS) >= 8


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_is_one(command: str) -> None:
    """What the README tells people to type is understood."""
    words = shlex.split(command.split(" | ")[0].split(" < ")[0])
    build_parser().parse_args(words[1:])


def commands(parser: argparse.ArgumentParser) -> list[str]:
    """Every command below a parser, as it is typed."""
    below = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return [name for action in below for child in action.choices.values() for name in commands(child)] or [parser.prog]


@pytest.mark.parametrize("command", commands(build_parser()))
def test_the_readme_names_every_command(command: str) -> None:
    """Nothing that people could use is left unsaid."""
    assert command in README


def test_the_example_settings_are_those_that_are_read() -> None:
    """Every setting of `.env.example` is read by the code, and every one that is read stands there."""
    code = "".join((ROOT / f).read_text(encoding="utf-8") for f in ("index/settings.py", "bot/settings.py"))
    read = set(re.findall(r'"((?:SLACK|VERBATIM)_[A-Z_]+|PORT)"', code))
    later = {"VERBATIM_STORE"}
    assert {name for name, _ in SETTINGS} == read - later


def test_the_example_settings_are_the_defaults() -> None:
    """Copying the file unchanged changes nothing, but that Slack still wants its tokens."""
    given = {name: value for name, value in SETTINGS if value}
    assert IndexSettings.from_env(given) == IndexSettings()
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    assert SlackSettings.from_env(given | tokens) == SlackSettings.from_env(tokens)


def test_the_readme_names_every_setting() -> None:
    """People find each setting where they look first."""
    assert [name for name, _ in SETTINGS if name not in README] == []


def test_links_inside_the_project_lead_somewhere() -> None:
    """No document points to a file that is not there."""
    for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


@pytest.mark.parametrize("question", re.findall(r'^\$ (?:make ask Q=|verbatim ask )"(.+)"$', README, re.MULTILINE))
def test_the_shown_output_is_the_real_one(question: str, archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the README shows under a question is what the command prints."""
    monkeypatch.setenv("COLUMNS", "100")
    shown = README.split(f'"{question}"\n', 1)[1]
    assert shown.startswith(terminal.answer(archive.ask(question)))
