"""Where figures go: one JSON file a benchmark, committed, with the machine and the versions that gave them."""

from __future__ import annotations

import json
import os
import platform
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
_PACKAGES = ("faiss-cpu", "numpy", "onnxruntime", "sentence-transformers", "torch", "transformers")


def save(name: str, figures: dict[str, Any], arguments: str = " --data DIR") -> Path:
    """Write `results/NAME.json` and return where it is."""
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    about = {
        "made_by": f"python -m benchmarks.{name}{arguments}",
        "at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "versions": {package: version(package) for package in _PACKAGES},
    }
    file.write_text(json.dumps(about | {"figures": figures}, indent=1) + "\n", encoding="utf-8")
    print(f"\nwritten: {file}")
    return file
