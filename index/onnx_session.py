"""Opens a model of ONNX Runtime the way every question uses it: on the CPU, with few threads, and quiet."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def open_session(model: Path, threads: int) -> Any:
    """The session of a model file. Raises: what ONNX Runtime raises for a missing or damaged file."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
