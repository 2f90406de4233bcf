"""Who may import what: the architecture, as a test."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted([*(ROOT / "index").rglob("*.py"), *(ROOT / "bot").rglob("*.py")])

TRAINING = {f"index/training/{name}.py" for name in ("reader_model", "train_reader", "export_reader", "held_out")}
ONLY_IN = {
    "faiss": {"index/stores/local.py", "index/verify.py"},
    "sqlite3": {"index/stores/local.py", "index/verify.py", "bot/doctor.py"},
    "torch": {"index/onnx_export.py", "index/other_reader.py", *TRAINING},
    "sentence_transformers": {"index/embedding_model.py"},
    "transformers": {"index/embedding_model.py", "index/other_reader.py", "index/training/reader_model.py"},
    "onnxruntime": {
        "index/onnx_session.py",
        "index/onnx_export.py",
        "index/training/export_reader.py",
    },
    "trafilatura": {"index/markup.py"},
    "sentencex": {"index/sentences.py"},
    "Stemmer": {"index/terms.py"},
    "urllib3": {"index/fetch.py"},
    "prometheus_client": {"bot/metrics.py"},
    "waitress": {"bot/http.py", "bot/serve.py"},
    "sklearn": {"index/training/fit_confidence.py", "index/training/held_out.py"},
}


def imported(file: Path) -> set[str]:
    """Every module that a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize("file", MODULES, ids=[str(m.relative_to(ROOT)) for m in MODULES])
def test_imports_go_one_way(file: Path) -> None:
    """`bot` imports `index`, never back; Slack stays in `bot`; a heavy library stays in the files that need it."""
    name = file.relative_to(ROOT).as_posix()
    roots = {module.split(".")[0] for module in imported(file)}
    if name.startswith("index/"):
        assert not roots & {"bot", "slack_bolt", "slack_sdk"}
    for library in roots & set(ONLY_IN):
        assert name in ONLY_IN[library], f"{library} belongs in {ONLY_IN[library]}"
    if not name.startswith("index/training/"):
        assert not any(module.startswith("index.training") for module in imported(file))


def test_no_module_hides_one_of_the_standard_library() -> None:
    """A `types.py` of ours would break whoever runs from that folder."""
    clashes = [m for m in MODULES if m.stem in sys.stdlib_module_names and m.parent in (ROOT / "index", ROOT / "bot")]
    assert [m.name for m in clashes if m.name not in ("http.py",)] == []
