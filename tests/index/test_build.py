"""Building, changing and proving the index; and what is left when a build dies."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from index import generations
from index.archive import Archive
from index.build import add, rebuild, remove
from index.embedding_model import EmbeddingModel
from index.errors import ArticleError, IndexProblem, VerbatimError
from index.generations import current_folder, current_name
from index.settings import IndexSettings
from index.stores.local import CATALOG, VECTORS
from index.verify import verify

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(built_index: IndexSettings, tmp_path: Path) -> IndexSettings:
    """A copy of the built index to change, over a copy of the articles."""
    shutil.copytree(built_index.index, tmp_path / "index")
    shutil.copytree(built_index.articles, tmp_path / "articles")
    return replace(built_index, index=tmp_path / "index", articles=tmp_path / "articles")


def test_a_built_index_is_whole(built_index: IndexSettings) -> None:
    """What was just built has no problem."""
    assert verify(built_index) == []


def test_unchanged_articles_are_not_embedded_again(settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Adding what is there already needs no embedding model, and the index answers as before."""
    before = {entry.article for entry in Archive.open(settings).articles()}
    monkeypatch.chdir(ROOT)

    def refuse(*_: object) -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(EmbeddingModel, "__init__", refuse)
    report = add(settings, ["articles"])
    assert report.embedded == 0
    assert {entry.article for entry in Archive.open(settings).articles()} == before
    assert verify(settings) == []


def test_a_changed_article_replaces_its_old_self(settings: IndexSettings, tmp_path: Path) -> None:
    """The same source is the same article: its new text is found and its old one is gone."""
    story = tmp_path / "story.txt"
    story.write_text("Bridge news\n\nThe old bridge at Tarn was closed for three weeks.")
    add(settings, [story])
    story.write_text("Bridge news\n\nThe old bridge at Tarn was painted green by volunteers.")
    report = add(settings, [story])
    assert report.embedded == 1
    archive = Archive.open(settings)
    assert "painted green" in archive.ask("Who painted the bridge at Tarn?").quotes[0].text
    assert all("three weeks" not in entry.article.text for entry in archive.articles())
    assert verify(settings) == []


def test_a_removed_article_is_never_quoted_again(settings: IndexSettings) -> None:
    """Its passages, words and vectors go with it; the rest stays whole."""
    archive = Archive.open(settings)
    ferry = next(e.article for e in archive.articles() if "ferry" in e.article.title.lower())
    assert archive.ask("How many passengers does the Marigold carry?").quotes[0].article.id == ferry.id
    remove(settings, [ferry.id])
    assert ferry.id not in {q.article.id for q in archive.ask("How many passengers does the Marigold carry?").quotes}
    assert verify(settings) == []


def test_removing_what_is_not_there_changes_nothing(settings: IndexSettings) -> None:
    """An unknown id is named, and the generation stays the same."""
    name = current_name(settings.index)
    with pytest.raises(ArticleError, match="no article nonsense"):
        remove(settings, ["nonsense"])
    with pytest.raises(ArticleError, match="no article at all"):
        remove(settings, [e.article.id for e in Archive.open(settings).articles()])
    assert current_name(settings.index) == name


def test_a_rebuild_that_finds_nothing_leaves_the_old_index(settings: IndexSettings, tmp_path: Path) -> None:
    """A wrong path is an error with a remedy, and the bot goes on with what it had."""
    name = current_name(settings.index)
    with pytest.raises(ArticleError, match="no such file"):
        rebuild(settings, [tmp_path / "nowhere"])
    assert current_name(settings.index) == name
    assert verify(settings) == []


KILLED = """
import os, signal, sys
from pathlib import Path
from index import build, generations
from index.settings import IndexSettings

victim = sys.argv[3]
calls = 0
def die(*arguments, **named):
    os.kill(os.getpid(), signal.SIGKILL)

if victim == "store":
    build.write_store = die
elif victim == "manifest":
    generations.write_manifest = die
elif victim == "rename":
    Path.rename = die
elif victim == "pointer":
    Path.replace = die
elif victim == "sweep":
    generations.shutil.rmtree = die
build.rebuild(IndexSettings(articles=Path(sys.argv[2]), index=Path(sys.argv[1])))
"""


@pytest.mark.parametrize("moment", ["store", "manifest", "rename", "pointer", "sweep"])
def test_killed_at_any_step_the_old_index_or_the_new_one_is_whole(settings: IndexSettings, moment: str) -> None:
    """kill -9 in the middle of a rebuild leaves an index that answers, and the next rebuild clears up."""
    rebuild(settings)  # so that there is an older generation to sweep away
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, settings.index, settings.articles, moment],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    assert verify(settings) == []
    assert Archive.open(settings).ask("Which countries sent troops?").quotes
    rebuild(settings)
    assert verify(settings) == []
    assert not list((settings.index / "generations").glob("*.partial"))
    assert len(list((settings.index / "generations").iterdir())) <= 2


def test_two_writers_do_not_meet(settings: IndexSettings) -> None:
    """While one process writes, another is told so at once and changes nothing."""
    name = current_name(settings.index)
    with FileLock(settings.index / "writing.lock"), pytest.raises(IndexProblem, match="Another process is writing"):
        rebuild(settings)
    assert current_name(settings.index) == name


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_leaves_the_old_index(settings: IndexSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """No space left is said in words with a remedy, and nothing half-written stays."""

    def full(*_: object) -> None:
        with open("/dev/full", "wb", buffering=0) as device:  # noqa: PTH123 - a device, not a path to keep
            device.write(b"x")

    monkeypatch.setattr("index.build.write_store", full)
    with pytest.raises(IndexProblem, match=r"No space left(?s:.*)unchanged(?s:.*)free space"):
        rebuild(settings)
    assert verify(settings) == []
    assert not list((settings.index / "generations").glob("*.partial"))


@pytest.mark.parametrize("name", [CATALOG, VECTORS, "encoder.onnx", "encoder.json", "tokenizer.json", "manifest.json"])
def test_one_wrong_byte_is_refused_and_found_and_mended(settings: IndexSettings, name: str) -> None:
    """A flipped bit in any file: opening refuses with the command that mends, verify names it, rebuild mends it."""
    file = current_folder(settings.index) / name
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 0x10
    file.unlink()  # generations share unchanged files: write beside, not into
    file.write_bytes(data)
    with pytest.raises(VerbatimError, match="verbatim index rebuild"):
        Archive.open(settings)
    assert any(name in problem for problem in verify(settings))
    rebuild(settings)
    assert verify(settings) == []
    assert Archive.open(settings).ask("Which countries sent troops?").quotes


@pytest.mark.parametrize("name", [CATALOG, VECTORS, "encoder.onnx", "encoder.json", "tokenizer.json", "manifest.json"])
def test_a_missing_file_is_refused(settings: IndexSettings, name: str) -> None:
    """A file that is gone is a refusal with the command that mends, never a traceback."""
    (current_folder(settings.index) / name).unlink()
    with pytest.raises(VerbatimError, match="verbatim index rebuild"):
        Archive.open(settings)
    assert verify(settings)


def test_verify_proves_more_than_checksums(settings: IndexSettings) -> None:
    """Contents that do not agree are found even where every checksum was written anew over them."""
    folder = current_folder(settings.index)
    with sqlite3.connect(folder / CATALOG) as catalog:
        catalog.execute("UPDATE passages SET start = start + 1 WHERE row = 0")
        catalog.execute("DELETE FROM sentences WHERE id = (SELECT max(id) FROM sentences)")
        catalog.execute("UPDATE frequencies SET passages = passages + 1 WHERE term = 'ferri'")
    catalog.close()
    manifest = generations.read_manifest(folder)
    counts = {"articles": manifest.articles, "passages": manifest.passages, "sentences": manifest.sentences}
    (folder / generations.MANIFEST).unlink()
    generations.write_manifest(folder, manifest.encoder, counts)
    problems = "\n".join(verify(settings))
    assert "passages do not agree" in problems
    assert "sentences are in the catalog" in problems
    assert "document frequencies" in problems


def test_another_model_or_format_is_refused_with_the_remedy(settings: IndexSettings) -> None:
    """Vectors of one model are never compared with another's."""
    with pytest.raises(IndexProblem, match=r"built with the model all-MiniLM-L6-v2(?s:.*)verbatim index rebuild"):
        Archive.open(replace(settings, embedding_model="other/model"))
    manifest = current_folder(settings.index) / generations.MANIFEST
    raw = json.loads(manifest.read_text()) | {"format": 99}
    del raw["sha256"]
    manifest.write_text(json.dumps(raw | {"sha256": generations._sha256_of_manifest(raw)}))
    with pytest.raises(IndexProblem, match=r"format 99(?s:.*)verbatim index rebuild"):
        Archive.open(settings)


def test_no_index_yet_is_said_with_the_command_that_builds_it(tmp_path: Path) -> None:
    """The first thing a newcomer may see is a remedy."""
    with pytest.raises(IndexProblem, match=r"no index(?s:.*)verbatim index rebuild"):
        Archive.open(IndexSettings(index=tmp_path / "none"))
