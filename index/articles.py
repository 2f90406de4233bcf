"""Reads articles: files, folders of files and web pages, whatever state they are in.

What cannot be read is named with its reason and the rest goes on; only when nothing at all could be
read is that an error.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from index.boilerplate import is_boilerplate
from index.decoding import decode, settle, unescape
from index.errors import ArticleError
from index.markup import PlainPage, from_html, from_markdown
from index.records import Article

MAX_BYTES = 10_000_000
"""Largest file or page read, in bytes: a novel is 1 MB."""

_LOADERS: dict[str, Callable[[str], PlainPage]] = {
    ".txt": lambda text: PlainPage(unescape(text)),
    ".text": lambda text: PlainPage(unescape(text)),
    ".md": from_markdown,
    ".markdown": from_markdown,
    ".html": from_html,
    ".htm": from_html,
}
SUFFIXES = tuple(_LOADERS)


@dataclass(frozen=True, slots=True)
class Unread:
    """A file or page that could not be read, and why."""

    source: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading: articles sorted by source, each source once, and what was left out."""

    articles: tuple[Article, ...]
    unread: tuple[Unread, ...]


def read_articles(paths: Sequence[str | Path]) -> Reading:
    """Read files, folders (all levels, hidden ones left out) and ``http(s)://`` addresses.

    Raises:
        ArticleError: not one article could be read; the message names the reasons and the remedy.
    """
    articles: dict[str, Article] = {}
    unread: list[Unread] = []
    for source in _sources(paths, unread):
        if source in articles:
            continue
        try:
            articles[source] = read_article(source)
        except ArticleError as error:
            unread.append(Unread(source, str(error)))
    if not articles:
        raise ArticleError(_nothing(paths, unread))
    return Reading(tuple(articles[source] for source in sorted(articles)), tuple(unread))


def read_article(source: str) -> Article:
    """Read one file or address.

    Raises:
        ArticleError: it cannot be read; the message is the reason alone, for use behind the source's name.
    """
    if is_url(source):
        from index.fetch import fetch

        page = fetch(source, max_bytes=MAX_BYTES)
        plain = _LOADERS[".html" if page.is_html else ".txt"](decode(page.body))
    else:
        plain = _LOADERS[Path(source).suffix.lower()](decode(_bytes(Path(source))))
    text = settle(plain.text)
    if not text.strip():
        raise ArticleError("it holds no text")
    title = plain.title or _first_line_title(text) or _title_from_name(source)
    return Article(
        id=article_id(source),
        title=" ".join(settle(title).split())[:300],
        source=source,
        published=iso_date(plain.published) if plain.published else dateline(text),
        text=text,
    )


def is_url(path: str | Path) -> bool:
    return bool(re.match(r"https?:/", str(path), re.IGNORECASE))


def article_id(source: str) -> str:
    """A name to type: the file's own, and six digits that keep two ``news.txt`` apart. The same for the same source."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(source.split("?")[0]).stem.lower()).strip("-")[:40] or "article"
    return f"{stem}-{hashlib.sha256(source.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _sources(paths: Sequence[str | Path], unread: list[Unread]) -> Iterator[str]:
    for path in paths:
        if is_url(path):
            # pathlib and shells fold "//"; the address wants both.
            yield re.sub(r"^(https?):/+", r"\1://", str(path), flags=re.IGNORECASE)
            continue
        if re.match(r"[a-z][a-z0-9+.-]*://", str(path), re.IGNORECASE):
            unread.append(Unread(str(path), "only http:// and https:// addresses are read"))
            continue
        place = Path(path).expanduser()
        if place.is_dir():
            yield from _folder(place, unread)
        elif not place.exists():
            unread.append(Unread(str(path), "there is no such file or folder"))
        elif place.suffix.lower() not in _LOADERS:
            unread.append(Unread(str(path), _unknown_format(place)))
        else:
            yield _display(place)


def _folder(folder: Path, unread: list[Unread]) -> Iterator[str]:
    def denied(error: OSError) -> None:
        unread.append(Unread(str(error.filename), "this folder cannot be opened; check its permissions"))

    for place, folders, files in os.walk(folder, onerror=denied):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            file = Path(place) / name
            if name.startswith("."):
                continue
            if any("\ud800" <= c <= "\udfff" for c in str(file)):
                unread.append(Unread(repr(str(file)), "its name is not valid UTF-8; rename it"))
                continue
            if file.suffix.lower() in _LOADERS:
                yield _display(file)
            else:
                unread.append(Unread(_display(file), _unknown_format(file)))


def _unknown_format(file: Path) -> str:
    return f"{file.suffix or 'a name without ending'} is not a format read here ({' '.join(SUFFIXES)})"


def _display(file: Path) -> str:
    """One spelling for a file, however it was named: below the working folder relative, else absolute."""
    whole = Path(os.path.abspath(file))  # noqa: PTH100 - resolve() would follow links and rename the source
    try:
        shown = whole.relative_to(Path.cwd())
    except ValueError:
        shown = whole
    return shown.as_posix()


def _bytes(file: Path) -> bytes:
    try:
        if not file.is_file():
            raise ArticleError("it is not a regular file")  # a pipe or device would be read for ever
        size = file.stat().st_size
        if size > MAX_BYTES:
            raise ArticleError(f"it is too large ({size / 1e6:.1f} MB; {MAX_BYTES // 1_000_000} MB are read)")
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except PermissionError:
        raise ArticleError("it cannot be opened; check its permissions") from None
    except OSError as error:
        raise ArticleError(f"it cannot be read ({error.strerror or error})") from None
    if len(data) > MAX_BYTES:
        raise ArticleError(f"it is too large (over {MAX_BYTES // 1_000_000} MB)")
    if not data:
        raise ArticleError("it is empty")
    return data


def _nothing(paths: Sequence[str | Path], unread: Iterable[Unread]) -> str:
    where = ", ".join(map(str, paths)) or "nothing"
    reasons = [str(problem) for problem in unread]
    shown = "; ".join(reasons[:3]) + (f"; and {len(reasons) - 3} more" if len(reasons) > 3 else "")
    why = f" ({shown})" if shown else ""
    return f"No article could be read from {where}{why}.\nPut .txt, .md or .html files there, or name others."


def _first_line_title(text: str) -> str | None:
    """The first line, where it reads as a title: short, without a full stop, and more follows it."""
    lines = [line.strip() for line in text.strip().split("\n")]
    first = lines[0]
    has_more = any(lines[1:])
    if not has_more or len(first) > 200 or len(first.split()) > 30 or is_boilerplate(first):
        return None
    if re.search(r"[.:;,][\"”’')]*$", first) and not re.search(r"\b[A-Z]\.$", first):
        return None
    return first.lstrip("#=*• ").strip() or None


def _title_from_name(source: str) -> str:
    stem = Path(source.split("?")[0].rstrip("/")).stem
    return re.sub(r"[-_\s]+", " ", stem).strip().capitalize() or source


MONTHS = "January February March April May June July August September October November December".split()
"""Named here and not by ``strftime``, which follows the locale."""

_MONTH = (
    r"(?P<month>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = re.compile(
    rf"\b(?:{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>(?:19|20)\d\d)"
    rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.replace('month', 'month2')},?\s+(?P<year2>(?:19|20)\d\d)"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))(?!\d)"
)


def dateline(text: str) -> str | None:
    """The date of publication, where one of the first lines gives it: alone, after "Published", or before a dash."""
    for line in [line.strip() for line in text.split("\n") if line.strip()][:4]:
        match = _DATE.search(line)
        if not match:
            continue
        before, after = line[: match.start()], line[match.end() :]
        announced = re.match(
            r"\W*(?:by\b.*|(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s*|(?:first )?(?:published|posted|updated|date)\b.*)?$",
            before,
            re.IGNORECASE,
        )
        placed = (
            len(before) <= 60 and re.match(r"\s*\)?\s*[—–:|-]", after) and not re.search(r"[a-z]{3} [a-z]{3}", before)
        )
        if (announced and len(after) <= 40) or placed:
            return iso_date(match.group())
    return None


def iso_date(value: str) -> str | None:
    """``2022-01-06`` from the ways articles write a date; None where it is none."""
    match = _DATE.search(value)
    if not match:
        return None
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"]).isoformat()
        month = next(i for i, name in enumerate(MONTHS, 1) if name.startswith((match["month"] or match["month2"])[:3]))
        return (
            datetime(int(match["year"] or match["year2"]), month, int(match["day"] or match["day2"])).date().isoformat()
        )
    except ValueError:
        return None
