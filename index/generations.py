"""Generations of the index: each a folder, whole or not there, and a file that names the current one.

    .verbatim/
        current                              the name of the generation in use, replaced by one rename
        generations/20261123T201500-1a2b3c/  catalog.sqlite vectors.faiss encoder.onnx … manifest.json
        writing.lock                         one writer at a time

A generation is written under a name that ends in ``.partial``, flushed to disk, renamed, and only then
named in ``current``. Whatever dies in between, and at whatever moment, leaves the old one current and
whole; the next writer clears away what was left behind. The one before the current is kept for readers
that are about to open it.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path

from filelock import FileLock, Timeout

from index.embedding_model import sha256_of
from index.encoder import EncoderCard
from index.errors import IndexProblem

FORMAT = 1
"""Raised with every change that makes older indexes unreadable."""

MANIFEST = "manifest.json"
REBUILD = "Build it anew: verbatim index rebuild"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds. ``files`` gives each file's size in bytes and sha256; ``built`` is ISO 8601, UTC."""

    format: int
    built: str
    encoder: EncoderCard
    articles: int
    passages: int
    sentences: int
    files: dict[str, tuple[int, str]]


def current_name(index: Path) -> str | None:
    """The name of the current generation; None where nothing was built yet."""
    try:
        name = (index / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except PermissionError:
        raise IndexProblem(f"The index in {index} cannot be opened.\nCheck the permissions of that folder.") from None
    except (OSError, ValueError) as error:
        raise IndexProblem(f"{index / 'current'} cannot be read ({error}).\n{REBUILD}") from error
    if not name or Path(name).name != name:
        raise IndexProblem(f"{index / 'current'} is damaged.\n{REBUILD}")
    return name


def current_folder(index: Path) -> Path:
    """The folder of the current generation.

    Raises:
        IndexProblem: there is none.
    """
    name = current_name(index)
    if name is None:
        where = "" if index == Path(".verbatim") else f" --index {shlex.quote(str(index))}"
        raise IndexProblem(f"There is no index in {index} yet.\nBuild it: verbatim index rebuild{where}")
    return index / "generations" / name


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a generation.

    Raises:
        IndexProblem: it is missing, damaged, or of another format.
    """
    try:
        raw = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if raw.pop("sha256") != _sha256_of_manifest(raw):
            raise ValueError("it is not what was written")
        if raw["format"] != FORMAT:
            raise IndexProblem(
                f"The index in {folder.parent.parent} has format {raw['format']}, this version reads format {FORMAT}.\n{REBUILD}"
            )
        files = {str(name): (int(size), str(sha256)) for name, (size, sha256) in raw.pop("files").items()}
        return Manifest(files=files, encoder=EncoderCard(**raw.pop("encoder")), **raw)
    except IndexProblem:
        raise
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise IndexProblem(
            f"The index in {folder.parent.parent} is damaged: {MANIFEST} cannot be read.\n{REBUILD}"
        ) from error


def write_manifest(folder: Path, encoder: EncoderCard, counts: dict[str, int]) -> Manifest:
    """Describe the files of ``folder`` as they lie there."""
    files = {file.name: (file.stat().st_size, sha256_of(file)) for file in sorted(folder.iterdir())}
    built = datetime.now(timezone.utc).isoformat(timespec="seconds")
    manifest = Manifest(FORMAT, built, encoder, counts["articles"], counts["passages"], counts["sentences"], files)
    raw = asdict(manifest)
    (folder / MANIFEST).write_text(json.dumps(raw | {"sha256": _sha256_of_manifest(raw)}, indent=1), encoding="utf-8")
    return manifest


def _sha256_of_manifest(raw: dict[str, object]) -> str:
    """Its own checksum, so that no wrong byte in it goes unseen either."""
    return hashlib.sha256(json.dumps(raw, sort_keys=True).encode("utf-8")).hexdigest()


def damaged_files(folder: Path, manifest: Manifest, *, hashed_up_to: float = float("inf")) -> list[str]:
    """What is wrong with the files of a generation: missing, of another size, or of another checksum.

    The checksum of files over ``hashed_up_to`` bytes is left out.
    """
    problems = []
    for name, (size, sha256) in manifest.files.items():
        file = folder / name
        try:
            if file.stat().st_size != size:
                problems.append(f"{name} has {file.stat().st_size} bytes, {size} were written")
            elif size <= hashed_up_to and sha256_of(file) != sha256:
                problems.append(f"{name} is not what was written: its sha256 differs")
        except OSError as error:
            problems.append(f"{name} cannot be read ({error.strerror})")
    return problems


@contextmanager
def new_generation(index: Path) -> Iterator[Path]:
    """An empty folder to write a generation into; leaving the block makes it the current one, all at once.

    Raises:
        IndexProblem: another process is writing, or the folder cannot be written; the old index is untouched.
    """
    try:
        (index / "generations").mkdir(parents=True, exist_ok=True)
        lock = FileLock(index / "writing.lock", timeout=0)
        with lock:
            _clear_leftovers(index)
            name = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
            partial = index / "generations" / f"{name}.partial"
            partial.mkdir()
            try:
                yield partial
                _make_current(index, partial, name)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
    except Timeout:
        raise IndexProblem(
            f"Another process is writing the index in {index}.\nWait until it is done and try again."
        ) from None
    except OSError as error:
        raise IndexProblem(
            f"The index in {index} cannot be written ({error.strerror or error}); what was there before is unchanged.\n"
            "Check free space and permissions, or name another folder in VERBATIM_INDEX."
        ) from error


def _make_current(index: Path, partial: Path, name: str) -> None:
    for file in partial.iterdir():
        _flush(file)
    _flush(partial)
    previous = current_name_or_none(index)
    partial.rename(partial.with_name(name))
    _flush(index / "generations")
    pointer = index / "current.new"
    pointer.write_text(name + "\n", encoding="utf-8")
    _flush(pointer)
    pointer.replace(index / "current")
    _flush(index)
    for folder in (index / "generations").iterdir():
        if folder.name not in (name, previous):
            shutil.rmtree(folder, ignore_errors=True)


def current_name_or_none(index: Path) -> str | None:
    """The current name, and None where it cannot be told: a damaged pointer must not stop the rebuild that mends it."""
    try:
        return current_name(index)
    except IndexProblem:
        return None


def _clear_leftovers(index: Path) -> None:
    # Under the lock nobody else writes: what is partial now was left by a process that died.
    for folder in (index / "generations").glob("*.partial"):
        shutil.rmtree(folder, ignore_errors=True)


def _flush(path: Path) -> None:
    """Have the system write a file or folder to disk before anything points to it."""
    if os.name == "nt" and path.is_dir():
        return  # Windows cannot open folders; its renames are journalled
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
