"""What people see on the terminal."""

from __future__ import annotations

import sys

import pytest

from bot import terminal
from index.records import Answer, Article, Quote

TEXT = "Title\n\nAnna came at noon. She left\nat one. Nobody saw her."
ARTICLE = Article("a", "Title", "a.txt", "2024-03-05", TEXT)
QUOTE = Quote(ARTICLE, TEXT.index("Anna"), len(TEXT), 2, (19, 35), 0.9)
ANSWER = Answer("When did she leave?", (QUOTE,), True, 0.9, 1.0)


def watched(monkeypatch: pytest.MonkeyPatch, *, tty: bool) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: tty, raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: tty, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_the_answer_is_bold_where_a_person_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly the answer is marked, and the quote's line breaks are folded."""
    watched(monkeypatch, tty=True)
    shown = terminal.answer(ANSWER)
    assert "Anna came at noon. \033[1mShe left at one.\033[0m Nobody saw her." in shown
    assert shown.endswith("— Title · 2024-03-05 · a.txt · paragraph 2")


def test_a_pipe_gets_no_control_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    """What scripts read is plain; NO_COLOR makes it so for people as well."""
    watched(monkeypatch, tty=False)
    plain = terminal.answer(ANSWER)
    assert "\033" not in plain
    watched(monkeypatch, tty=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert terminal.answer(ANSWER) == plain


def test_a_refusal_says_so_first_and_never_marks_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The nearest passages are introduced as such."""
    watched(monkeypatch, tty=True)
    shown = terminal.answer(Answer("Why?", (QUOTE,), False, 0.01, 1.0))
    assert shown.startswith("The articles do not say.")
    assert "which do not answer it" in shown
    assert "\033" not in shown


def test_progress_is_plain_lines_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A log gets a line at each tenth of a long step and one at the end of a short one."""
    watched(monkeypatch, tty=False)
    with terminal.progress() as show:
        for done in range(1, 4):
            show("Cutting articles", done, 3)
        for done in range(0, 2001, 100):
            show("Embedding sentences", done, 2000)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "Cutting articles: 3 of 3"
    assert lines[1:] == [f"Embedding sentences: {n} of 2000" for n in range(200, 2001, 200)]


def test_progress_is_a_bar_where_a_person_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The bar names the step and ends full."""
    watched(monkeypatch, tty=True)
    with terminal.progress() as show:
        show("Embedding sentences", 32, 64)
        show("Embedding sentences", 64, 64)
    shown = capsys.readouterr().err
    assert "Embedding sentences: 100%" in shown
    assert "64/64" in shown
