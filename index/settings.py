"""Settings of the index: where articles and index lie, and which model embeds. Read once, checked at once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.errors import SettingsError

MOST_THREADS = 4
"""Threads that read by default, where the machine has as many cores."""

REMEMBERED = 256
"""Verdicts kept; each holds at most three quotes and the articles that they are cut from."""


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """``embedding_model`` None means the packaged all-MiniLM-L6-v2, else a sentence-transformers name or folder;
    ``reader_model`` None means the reader that ships, else the name or folder of an extractive reader.
    ``remembered`` verdicts of questions asked last are given again without reading; 0: each is read anew."""

    articles: Path = Path("articles")
    index: Path = Path(".verbatim")
    embedding_model: str | None = None
    reader_model: str | None = None
    threads: int = field(default_factory=lambda: min(MOST_THREADS, cores()))
    remembered: int = REMEMBERED

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> IndexSettings:
        """Read the settings; an empty value counts as unset.

        Raises:
            SettingsError: a value makes no sense; the message names the setting and what it takes.
        """

        def value(name: str) -> str:
            return environ.get(name, "").strip()

        raw_threads = value("VERBATIM_THREADS") or str(min(MOST_THREADS, cores()))
        if not raw_threads.isascii() or not raw_threads.isdigit() or not 1 <= int(raw_threads) <= 64:
            raise SettingsError(
                f"VERBATIM_THREADS is {raw_threads!r}: it takes a whole number from 1 to 64, the threads that read."
            )
        if value("VERBATIM_STORE"):
            raise SettingsError("VERBATIM_STORE is set, but this version does not have it yet: remove it.")
        return cls(
            articles=Path(value("VERBATIM_ARTICLES") or "articles").expanduser(),
            index=Path(value("VERBATIM_INDEX") or ".verbatim").expanduser(),
            embedding_model=value("VERBATIM_EMBEDDING_MODEL") or None,
            reader_model=value("VERBATIM_READER_MODEL") or None,
            threads=int(raw_threads),
        )
