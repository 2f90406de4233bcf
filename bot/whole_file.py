"""A file that is there whole, or as it was before."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path


def write_lines(file: Path, lines: Iterable[str]) -> int:
    """Write beside ``file``, then rename; how many lines. A new file is for its owner's eyes alone.

    Raises:
        OSError: it cannot be written; what was there before is untouched.
    """
    if file.exists() and not file.is_file():  # a device or a pipe; renaming over it would remove it
        with file.open("w", encoding="utf-8") as out:
            return _write(out.write, lines)
    file = file.resolve()  # a link goes on pointing to the file
    try:
        handle, name = tempfile.mkstemp(prefix=f"{file.name[:100]}.", suffix=".partial", dir=file.parent)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(file)) from None  # named as the person knows it
    partial = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            count = _write(out.write, lines)
            out.flush()
            os.fsync(out.fileno())
        if file.exists():
            shutil.copymode(file, partial)
        partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    return count


def _write(write: Callable[[str], object], lines: Iterable[str]) -> int:
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007 - the last one counts
        write(line + "\n")
    return count
