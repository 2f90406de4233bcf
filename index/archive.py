"""The archive: ask it, summarise it, list it. Everything that a surface (terminal, Slack) needs of the index.

Work in progress; the signatures below are settled.
"""

from __future__ import annotations

from index.records import Answer, Article, Summary
from index.settings import IndexSettings


class Archive:
    """An opened index and its models. Safe to use from several threads.

    A rebuilt index is picked up by itself: every call looks whether the current generation changed
    and goes on with the new one; while the new one cannot be opened, the old one goes on answering.
    """

    def __init__(self, settings: IndexSettings) -> None: ...

    @classmethod
    def open(cls, settings: IndexSettings) -> Archive:
        """Open the current generation, load the models.

        Raises:
            IndexProblem: there is no index, or it is damaged or of another format or model.
            ModelError: the model that asks is missing or altered.
        """
        raise NotImplementedError

    def ask(self, question: str, conversation: Conversation | None = None) -> Answer:
        """Find the passages that answer and quote them, or say that none does. Never raises for any question text."""
        raise NotImplementedError

    def summarise(self, article: str | None = None, *, about: str | None = None, sentences: int = 5) -> Summary:
        """Pick the sentences that say most. ``article`` is an id, or words of a title; None: the only or newest one.

        Raises:
            ArticleError: no article of that name, or several; the message names those that come close.
        """
        raise NotImplementedError

    def articles(self) -> list[ArticleEntry]:
        """Every article of the index, newest first: (article: Article, passages: int)."""
        raise NotImplementedError

    def stats(self) -> dict[str, object]:
        """Counts, model, build time (ISO 8601, UTC) and bytes of the current generation."""
        raise NotImplementedError

    def close(self) -> None: ...
