"""The questions that people voted on, asked again: is what they found good still quoted first, what they found bad gone?

    verbatim feedback export --output FILE
    python -m benchmarks.answers --feedback FILE

They are asked of the index of the settings, by the archive's own `ask`. Nothing is written: what people asked is theirs.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

from bot import terminal
from bot.feedback import report
from index.archive import Archive
from index.conversation import leans_back
from index.errors import ArticleError
from index.records import Answer
from index.settings import IndexSettings

EXPORT = "verbatim feedback export --output"
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "question": str,
    "answerable": bool,
    "confidence": (int, float),
    "quotes": list,
    "votes": dict,
}


def compare(file: Path) -> None:
    """Print what has become of the answers in an export.

    Raises:
        ArticleError: the file is missing, empty or no whole export.
        VerbatimError: the index cannot be opened.
    """
    exported = read_export(file)
    load_dotenv(Path.cwd() / ".env", override=False)
    archive = Archive.open(IndexSettings.from_env(os.environ))
    try:
        print(terminal.report(report(exported)), end="\n\n")
        print(table(ask_again(exported, archive)))
    finally:
        archive.close()


def read_export(file: Path) -> list[dict[str, Any]]:
    """The objects of an export.

    Raises:
        ArticleError: it is missing, empty, cut off or something else; the message says which.
    """
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no UTF-8 text"
        raise ArticleError(f"{file} cannot be read ({why}): make it with {EXPORT} {file}") from None
    if not text.strip():
        raise ArticleError(f"{file} is empty: nothing was kept when it was made. Later: {EXPORT} {file}")
    exported = []
    for number, line in enumerate(text.rstrip("\n").split("\n"), 1):  # articles may hold other separators of lines
        try:
            one = json.loads(line)
        except ValueError:
            one = None
        if not _is_whole(one):
            raise ArticleError(
                f"{file}, line {number}, is no whole answer: cut off, or no export. Make it anew: {EXPORT} {file}"
            )
        exported.append(one)
    return exported


def ask_again(exported: Sequence[dict[str, Any]], archive: Archive) -> Counter[tuple[str, str]]:
    """How many of each kind (a good or bad quote or refusal) have become what.

    Each answer counts once, as good or bad as most of its votes say; where they are even it is left out.
    """
    found: Counter[tuple[str, str]] = Counter()
    for one in exported:
        good, bad = one["votes"]["good"], one["votes"]["bad"]
        if good == bad:
            continue
        what = ("good " if good > bad else "bad ") + ("quote" if one["answerable"] else "refusal")
        if leans_back(one["question"]):
            found[what, "left out"] += 1  # its thread is not in the export
            continue
        found[what, _became(one, archive.ask(one["question"]))] += 1
    return found


def table(found: Mapping[tuple[str, str], int]) -> str:
    """The counts in words, a line a kind; plain words where there is none."""
    if not found:
        return "No answer has more votes of one kind than of the other: there is nothing to ask again."
    says = (
        ("good quote", "same", "of {n} quotes found good, quoted first now"),
        ("bad quote", "same", "of {n} quotes found bad, still given"),
        ("good refusal", "refused", "of {n} refusals found good, still refused"),
        ("bad refusal", "refused", "of {n} refusals found bad, still refused"),
    )
    lines = []
    for kind, outcome, words in says:
        asked = sum(number for (what, became), number in found.items() if what == kind and became != "left out")
        if asked:
            hits = found.get((kind, outcome), 0)
            refused = found.get((kind, "refused"), 0) if outcome == "same" else 0
            also = f"; refused now: {refused}" if refused else ""
            lines.append(f"{hits:>5} {words.format(n=asked)} ({hits / asked:.0%}){also}")
    if left := sum(number for (_, became), number in found.items() if became == "left out"):
        lines.append(f"{left:>5} left out: they lean on questions before them, which an export does not tell")
    return "\n".join(lines)


def _became(one: Mapping[str, Any], now: Answer) -> str:
    """``same``, ``other`` or ``refused``."""
    if not now.answerable or not now.quotes:
        return "refused"
    quote = now.quotes[0]
    # A passage may have been cut differently since, or stand elsewhere in an article that was edited.
    before = one["quotes"][0] if one["quotes"] else None
    if before is None or before["article"] != quote.article.id:
        return "other"
    return "same" if before["text"] in quote.text or quote.text in before["text"] else "other"


def _is_whole(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and all(isinstance(one.get(name), kind) for name, kind in _KINDS.items())
        and all(type(one["votes"].get(vote)) is int for vote in ("good", "bad"))
        and 0 <= one["confidence"] <= 1
        and all(
            isinstance(quote, dict) and all(isinstance(quote.get(name), str) for name in ("article", "text"))
            for quote in one["quotes"]
        )
    )
