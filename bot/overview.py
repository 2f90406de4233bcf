"""What the index holds, at a glance; counted once for each generation of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.archive import Archive, ArticleEntry

MOST_NEWEST = 12


@dataclass(frozen=True, slots=True)
class Overview:
    """``first`` and ``last`` are the dates of the oldest and the newest article (ISO 8601), "" where none has one.

    ``built`` is in seconds since 1970, UTC; None where the index does not say.
    """

    generation: str
    articles: int
    first: str
    last: str
    built: int | None
    newest: tuple[ArticleEntry, ...]


class Overviews:
    """The overview of the index as it is now. Safe to use from several threads."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._known: Overview | None = None

    def current(self) -> Overview:
        """Raises ``VerbatimError`` where the index cannot be read."""
        stats = self._archive.stats()
        generation = str(stats["generation"])
        known = self._known
        if known is not None and known.generation == generation:
            return known
        covered, newest = self._archive.covered(), self._archive.articles()[:MOST_NEWEST]
        built = _seconds(str(stats["built"]))
        known = Overview(generation, covered.articles, covered.first or "", covered.last or "", built, tuple(newest))
        self._known = known
        return known


def _seconds(iso: str) -> int | None:
    try:
        when = datetime.fromisoformat(iso)
    except ValueError:
        return None
    return int((when if when.tzinfo else when.replace(tzinfo=timezone.utc)).timestamp())
