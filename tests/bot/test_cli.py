"""The command line: what people type, what they see, and the exit status."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import build_parser, main
from index.settings import IndexSettings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(built_index: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment names the built index; no .env is in the working folder."""
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("VERBATIM_INDEX", str(built_index.index))
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "VERBATIM_ARTICLES"):
        monkeypatch.setenv(name, "")
    return built_index.index


def run(*words: str, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        env={**os.environ, **environ},
        check=False,
    )


def test_an_answer_is_the_quote_and_its_source(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The passage, then a line with title, file and paragraph."""
    assert main(["ask", "Which countries sent troops?"]) == 0
    shown = capsys.readouterr().out
    assert "Armenia, Belarus, Kyrgyzstan, Russia and Tajikistan" in " ".join(shown.replace("│", " ").split())
    assert "articles/kazakhstan-intervention.txt · paragraph" in shown


def test_no_answer_is_said_plainly(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit status is 0: that the articles do not say is an answer too."""
    assert main(["ask", "What is the capital of France?"]) == 0
    assert capsys.readouterr().out.startswith("The articles do not say.")


def test_ask_json_keeps_the_contract(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Keys, types and offsets are those that scripts rely on."""
    assert main(["ask", "--json", "Which countries sent troops?"]) == 0
    given = json.loads(capsys.readouterr().out)
    assert {"question", "answerable", "answer", "confidence", "ms", "quotes"} <= set(given)
    assert given["answerable"] is True
    (first, *_) = given["quotes"]
    assert {"text", "start", "end", "answer", "score", "article", "paragraph"} <= set(first)
    assert {"id", "title", "source"} <= set(first["article"])
    text = (ROOT / first["article"]["source"]).read_text(encoding="utf-8")
    assert text[first["start"] : first["end"]] == first["text"]
    if first["answer"]:
        assert first["text"][slice(*first["answer"])] == given["answer"]


def test_a_refusal_in_json_has_no_answer(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`answerable` false and `answer` null go together."""
    assert main(["ask", "--json", "What is the capital of France?"]) == 0
    given = json.loads(capsys.readouterr().out)
    assert (given["answerable"], given["answer"]) == (False, None)


def test_many_questions_are_answered_in_order(environment: Path) -> None:
    """`ask -` gives one object a line, whatever bytes and blank lines come between."""
    lines = "Which countries sent troops?\n\nWho is Max Bergmann?\r\n\u00e9\nhello\n"
    done = run("ask", "--json", "-", stdin=lines, VERBATIM_INDEX=str(environment))
    assert done.returncode == 0, done.stderr
    questions = [json.loads(line)["question"] for line in done.stdout.splitlines()]
    assert questions == ["Which countries sent troops?", "Who is Max Bergmann?", "é", "hello"]


def test_chat_understands_follow_ups_until_an_empty_line(environment: Path) -> None:
    """A turn that leans on the one before is understood; after an empty line it is on its own."""
    lines = "Where do American and Russian delegations meet?\nand when?\n\nand when?\n"
    done = run("chat", "--json", stdin=lines, VERBATIM_INDEX=str(environment))
    first, second, third = [json.loads(line) for line in done.stdout.splitlines()]
    assert "Geneva" in first["quotes"][0]["text"]
    assert "10 January" in second["quotes"][0]["text"]
    assert third["answerable"] is False


def test_summary_json_keeps_the_contract(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sentences with offsets, in the article's order, as many as asked for."""
    assert main(["summary", "night", "ferry", "--sentences", "2", "--json"]) == 0
    given = json.loads(capsys.readouterr().out)
    assert set(given) == {"article", "about", "sentences"}
    assert len(given["sentences"]) == 2
    text = (ROOT / given["article"]["source"]).read_text(encoding="utf-8")
    assert all(text[s["start"] : s["end"]] == s["text"] for s in given["sentences"])


def test_list_stats_and_verify_keep_the_contract(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What scripts read of the index."""
    assert main(["index", "list", "--json"]) == 0
    articles = json.loads(capsys.readouterr().out)["articles"]
    assert {"id", "title", "source", "published", "passages"} <= set(articles[0])
    assert main(["index", "stats", "--json"]) == 0
    assert {"articles", "passages", "sentences", "model", "built", "bytes"} <= set(json.loads(capsys.readouterr().out))
    assert main(["index", "verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"ok": True, "problems": []}


def test_rebuild_add_and_remove_in_one_folder(
    environment: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An index of one's own by --index, from nothing to an article less."""
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(f"Title {name}\n\nThe {name} boat sails at noon.")
    index = str(tmp_path / "index")
    assert main(["index", "rebuild", str(tmp_path / "one.txt"), "--index", index]) == 0
    assert main(["index", "add", str(tmp_path / "two.txt"), "--index", index]) == 0
    capsys.readouterr()
    main(["index", "list", "--json", "--index", index])
    ids = {a["title"]: a["id"] for a in json.loads(capsys.readouterr().out)["articles"]}
    assert set(ids) == {"Title one", "Title two"}
    assert main(["index", "remove", ids["Title one"], "--index", index]) == 0
    capsys.readouterr()
    main(["index", "list", "--json", "--index", index])
    assert [a["title"] for a in json.loads(capsys.readouterr().out)["articles"]] == ["Title two"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["ask", "--index", "/nonexistent/index", "Who?"], "verbatim index rebuild"),
        (["summary", "zebra"], "No article fits"),
        (["index", "remove", "nonsense"], "verbatim index list"),
        (["index", "add", "/nonexistent/file.txt"], "no such file"),
        (["serve"], "SLACK_BOT_TOKEN"),
    ],
)
def test_what_cannot_be_done_is_said_in_two_lines_at_most(
    environment: Path, capsys: pytest.CaptureFixture[str], words: list[str], says: str
) -> None:
    """Exit status 1, the reason and the remedy on standard error, and no traceback."""
    assert main(words) == 1
    shown = capsys.readouterr()
    assert says in shown.err
    assert "Traceback" not in shown.err
    assert len(shown.err.strip().splitlines()) <= 2
    assert shown.out == ""


@pytest.mark.parametrize(
    "words",
    [[], ["ask"], ["ask", " "], ["frobnicate"], ["summary", "--sentences", "0"], ["index"], ["ask", "--nope", "x"]],
)
def test_wrong_usage_is_status_2(environment: Path, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    """What was typed is wrong, and standard error says how it goes."""
    assert main(words) == 2
    assert capsys.readouterr().err


def test_a_reader_that_stops_listening_is_no_error(environment: Path) -> None:
    """`verbatim … | head -1` ends quietly."""
    command = f"{sys.executable} -m bot ask - --index {environment} | head -1"
    questions = "Which countries sent troops?\n" * 30
    done = subprocess.run(command, shell=True, cwd=ROOT, input=questions, capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_help_loads_nothing_heavy() -> None:
    """The first `verbatim --help` answers at once: no model, no index, no Slack library is imported for it."""
    heavy = "{'torch', 'faiss', 'sentence_transformers', 'transformers', 'slack_bolt', 'slack_sdk', 'onnxruntime', 'numpy', 'dotenv'}"
    code = f"import sys\nfrom bot.cli import main\nmain(['--help'])\nprint(sorted({heavy} & set(sys.modules)), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "ask" in done.stdout


def test_settings_of_dotenv_are_used_and_the_environment_wins(built_index: IndexSettings, tmp_path: Path) -> None:
    """A .env in the working folder counts; what is set outside is stronger."""
    (tmp_path / ".env").write_text(f"VERBATIM_INDEX={built_index.index}\n")
    environ = {k: v for k, v in os.environ.items() if not k.startswith("VERBATIM")} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "index", "stats"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env=environ | {"VERBATIM_INDEX": "elsewhere"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "elsewhere" in done.stderr


def test_a_setting_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    """A broken .env is one line with its name."""
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00bin")
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "index", "stats"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert ".env cannot be read" in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 2


def test_a_question_in_the_terminals_own_encoding_is_taken(environment: Path) -> None:
    """Bytes that are not UTF-8 on the command line are no reason to fail."""
    command = [sys.executable, "-m", "bot", "ask", b"caf\xe9 owner"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_full_output_is_said_in_words(environment: Path) -> None:
    """A device without space is named as such."""
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        command = [sys.executable, "-m", "bot", "ask", "Who?"]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "should not have happened" not in done.stderr


def test_make_passes_the_question_on_as_it_was_typed(tmp_path: Path) -> None:
    """Dollars, quotes and back-ticks in Q are neither make's nor the shell's to expand."""
    typed = f"what $(shell touch {tmp_path}/pwned) `id` $HOME $5 \"x\" 'y'?"
    shown = subprocess.run(
        ["make", "--eval", 'show: ; @printf %s "$$VERBATIM_QUESTION"', "show", f"Q={typed}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        # As a person calls it, also where the tests themselves were started by make.
        env={name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))},
        check=True,
    )
    assert shown.stdout == typed
    assert list(tmp_path.iterdir()) == []


def test_doctor_names_what_is_missing_and_what_is_well(environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Index and model are found well; the missing tokens are named with where to get them."""
    assert main(["doctor", "--json"]) == 1
    given = json.loads(capsys.readouterr().out)
    assert given["ok"] is False
    wrong = [f["what"] for f in given["findings"] if not f["ok"]]
    assert len(wrong) == 1
    assert "SLACK_BOT_TOKEN" in wrong[0]
    assert any("Index in" in f["what"] and f["ok"] for f in given["findings"])


def test_every_command_is_a_function() -> None:
    """Nothing in the grammar leads nowhere."""
    import argparse

    from bot import commands

    def leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
        below = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
        return [leaf for a in below for child in a.choices.values() for leaf in leaves(child)] or [parser]

    functions = {leaf.get_default("command_function") for leaf in leaves(build_parser())}
    assert len(functions) == 15
    assert all(callable(getattr(commands, name)) for name in functions)
