"""What retrieval needs of a store, in words. Every store keeps this contract; one test file holds them all to it.

- A *row* is a store's number for a passage: stable while the store is open, meaningless outside it.
- Only passages of kind BODY have rows; headings and boilerplate stay in the article's text.
- Cosines are of unit vectors, higher is better, exact for what is returned.
- ``k`` larger than what there is returns what there is; an empty store or question returns nothing.
- Ties go to the smaller row, so that the same index gives the same answer every time.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.records import Article, Passage

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A passage that may answer, as the ranking sees it: its terms and its sentences' vectors (n, dimension).

    ``article`` is a number that the passages of one article share, meaningless outside the store.
    """

    row: int
    article: int
    terms: tuple[str, ...]
    vectors: Vectors


class Store(ABC):
    """A readable archive. Safe to use from several threads."""

    @property
    @abstractmethod
    def passages_total(self) -> int:
        """How many passages have rows."""

    @property
    @abstractmethod
    def average_terms(self) -> float:
        """Mean number of terms of a passage."""

    @abstractmethod
    def nearest(self, vector: Vectors, k: int) -> list[int]:
        """Rows of the passages that hold the ``k`` sentences nearest to ``vector`` (dimension,), best first, each once."""

    @abstractmethod
    def matching(self, terms: Collection[str], k: int) -> list[int]:
        """Rows of the ``k`` passages that share most with ``terms`` by BM25, best first."""

    @abstractmethod
    def document_frequencies(self, terms: Collection[str]) -> dict[str, int]:
        """In how many passages each term stands; a term that stands in none is given as 0."""

    @abstractmethod
    def words(self, prefix: str) -> list[tuple[str, int]]:
        """The words of the articles that begin with ``prefix`` as they are spelt, lower case, and how often they stand."""

    @abstractmethod
    def candidates(self, rows: Sequence[int]) -> list[Candidate]:
        """What the ranking needs of these rows, in their order."""

    @abstractmethod
    def passages(self, rows: Sequence[int]) -> list[Passage]:
        """These rows as passages, in their order."""

    @abstractmethod
    def article(self, article: str) -> Article | None:
        """The article of that id."""

    @abstractmethod
    def articles(self) -> list[tuple[Article, int]]:
        """Every article with its number of passages, newest first, those without a date last."""

    @abstractmethod
    def rows_of(self, article: str) -> list[int]:
        """The rows of an article, in its order."""

    @abstractmethod
    def close(self) -> None: ...
