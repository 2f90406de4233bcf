"""What people see on the terminal: pure functions from records to text, and the progress of a build."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from bot.mrkdwn import folded
from index.records import Answer, Article, Quote, Summary

if TYPE_CHECKING:
    from bot.doctor import Finding
    from bot.feedback import Report
    from bot.retention import Forgotten
    from index.archive import ArticleEntry
    from index.build import BuildReport, Progress

HOW_TO_ASK = "Ask me something about the articles, in a whole question: who, what, when, where, how many, why."
NO_ANSWER = "The articles do not say."

_BOLD, _PLAIN = "\033[1m", "\033[0m"


def answer(given: Answer, *, echo: bool = False) -> str:
    """The quote with the answer in bold and its source, or plainly that there is none."""
    lines = [f"> {_clean(given.question)}"] if echo else []
    if not given.is_question:
        lines.append(HOW_TO_ASK)
    elif given.answerable:
        lines += [_quoted(quote, bold=True) for quote in given.quotes]
    else:
        lines.append(NO_ANSWER)
        if given.quotes:
            lines += ["The nearest passages, which do not answer it:", *(_quoted(quote) for quote in given.quotes[:2])]
    return "\n\n".join(lines) + ("\n" if echo else "")


def summary(given: Summary) -> str:
    if not given.quotes:
        return f"The article says nothing about {given.about}.\n— {_source(given.article)}"
    head = given.article.title + (f" – about {given.about}" if given.about else "")
    body = [_wrapped(quote.text, "• ", "  ") for quote in given.quotes]
    return "\n".join([_bold(head), *body, f"— {_source(given.article)}"])


def articles(entries: Sequence[ArticleEntry]) -> str:
    width = max(len(entry.article.id) for entry in entries)
    return "\n".join(
        f"{entry.article.id:<{width}}  {entry.article.published or '          '}  {entry.passages:>4} passages  "
        f"{entry.article.title}  ({entry.article.source})"
        for entry in entries
    )


def stats(numbers: Mapping[str, object]) -> str:
    return "\n".join(
        f"{name:<11} {value:,}" if isinstance(value, int) else f"{name:<11} {value}" for name, value in numbers.items()
    )


def build(report: BuildReport) -> str:
    lines = [f"not read: {unread}" for unread in report.unread]
    lines.append(
        f"{_count(report.articles, 'article')}, {_count(report.passages, 'passage')}, "
        f"{_count(report.sentences, 'sentence')} "
        f"({report.embedded} embedded anew) in {report.seconds:.1f} s; questions run by {report.engine}."
    )
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def verdict(problems: Sequence[str]) -> str:
    if not problems:
        return "The index is whole."
    return "\n".join([*(f"- {problem}" for problem in problems), "Build it anew: verbatim index rebuild"])


def forgotten(user: str, gone: Forgotten) -> str:
    if not any(gone):
        return f"Nothing was kept of {user}."
    return f"Forgotten: {_count(gone.questions, 'question')} and {_count(gone.votes, 'vote')} of {user}."


def exported(answers: int, file: str) -> str:
    return f"{_count(answers, 'answer')} written to {file}"


def report(made: Report) -> str:
    """Confidence held against votes as a small table; in words where there is nothing to hold it against."""
    if not made.answers:
        return "No answer is kept yet, so there is nothing to vote on."
    if not (made.good or made.bad):
        return f"Nobody has voted yet on the {_count(made.answers, 'answer')} that {'is' if made.answers == 1 else 'are'} kept."
    lines = [f"{_count(made.answers, 'answer')}; votes: {made.good:,} good, {made.bad:,} bad."]
    if not any(b.voted for b in made.bins):
        return lines[0] + " None tells on a confidence yet: that takes more of one kind, on an answer that was given."
    lines += ["", "confidence   voted on   found good   mean confidence"]
    for b in made.bins:
        said = f"{b.share:>10.0%}   {b.confidence:>15.2f}" if b.voted else f"{'–':>10}   {'–':>15}"
        lines.append(f"{b.least:.1f} – {b.most:.1f}    {b.voted:>8,}   {said}")
    return "\n".join(lines)


def findings(found: Sequence[Finding]) -> str:
    return "\n".join(
        f"{'ok  ' if finding.ok else 'MEND'} {finding.what}" + (f"\n     → {finding.remedy}" if finding.remedy else "")
        for finding in found
    )


@contextmanager
def progress(*, quiet: bool = False) -> Iterator[Progress]:
    """A bar where a person watches standard error, a line a step where not."""
    if quiet:
        yield lambda what, done, total: None
    elif sys.stderr.isatty():
        yield from _bars()
    else:
        yield _lines()


def _bars() -> Iterator[Progress]:
    from tqdm import tqdm

    bars: dict[str, Any] = {}

    def show(what: str, done: int, total: int) -> None:
        if what not in bars:
            bars[what] = tqdm(total=total, desc=what, unit="", leave=True)
        bars[what].update(done - bars[what].n)

    try:
        yield show
    finally:
        for bar in bars.values():
            bar.close()


def _lines() -> Callable[[str, int, int], None]:
    tenths: dict[str, int] = {}

    def show(what: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        # At the end, and for long steps at every tenth.
        if tenth > tenths.get(what, 0) and (done == total or total >= 1000):
            tenths[what] = tenth
            print(f"{what}: {done} of {total}", file=sys.stderr, flush=True)

    return show


def _quoted(quote: Quote, *, bold: bool = False) -> str:
    text = quote.text
    if bold:
        start, end = quote.answer or (0, len(text))
        # Wrapping counts characters: the marks go in afterwards, so private ones stand for them meanwhile.
        text = f"{text[:start]}\ue000{text[start:end]}\ue001{text[end:]}"
    return f"{_marked(_wrapped(text, '  │ ', '  │ '))}\n  — {_source(quote.article, quote.paragraph)}"


def _marked(text: str) -> str:
    if not _colourful():
        return text.replace("\ue000", "").replace("\ue001", "")
    return text.replace("\ue000", _BOLD).replace("\ue001", _PLAIN)


def _source(article: Article, paragraph: int | None = None) -> str:
    parts = [article.title, article.published, article.source, f"paragraph {paragraph}" if paragraph else None]
    return " · ".join(_clean(part) for part in parts if part)


def _wrapped(text: str, first: str, rest: str) -> str:
    """Wrapped to the terminal; only line breaks are folded, as those of an article's file mean nothing here."""
    width = min(100, max(40, shutil.get_terminal_size((100, 24)).columns))
    return textwrap.fill(
        folded(text),
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _bold(text: str) -> str:
    return f"{_BOLD}{text}{_PLAIN}" if _colourful() else text


def _colourful() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()
