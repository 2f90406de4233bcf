"""What ``--json`` prints: plain dictionaries from the records."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from index.records import Answer, Article, Quote, Summary

if TYPE_CHECKING:
    from bot.doctor import Finding
    from bot.feedback import Report
    from bot.retention import Forgotten, Held
    from index.archive import ArticleEntry
    from index.build import BuildReport


def dump(what: object) -> str:
    """One line; what is not ASCII stays readable."""
    return json.dumps(what, ensure_ascii=False)


def answer(given: Answer) -> dict[str, Any]:
    return {
        "question": given.question,
        "answerable": given.answerable,
        "answer": given.answer,
        "confidence": round(given.confidence, 4),
        "ms": round(given.ms, 1),
        "quotes": [_quote(quote) for quote in given.quotes],
    }


def summary(given: Summary) -> dict[str, Any]:
    return {
        "article": _article(given.article),
        "about": given.about,
        "sentences": [
            {"text": quote.text, "start": quote.start, "end": quote.end, "paragraph": quote.paragraph}
            for quote in given.quotes
        ],
    }


def articles(entries: Sequence[ArticleEntry]) -> dict[str, Any]:
    return {"articles": [_article(entry.article) | {"passages": entry.passages} for entry in entries]}


def build(report: BuildReport) -> dict[str, Any]:
    return {
        "articles": report.articles,
        "passages": report.passages,
        "sentences": report.sentences,
        "embedded": report.embedded,
        "engine": report.engine,
        "seconds": round(report.seconds, 2),
        "unread": [{"source": unread.source, "reason": unread.reason} for unread in report.unread],
    }


def findings(found: Sequence[Finding]) -> dict[str, Any]:
    return {
        "ok": all(finding.ok for finding in found),
        "findings": [{"ok": f.ok, "what": f.what, "remedy": f.remedy} for f in found],
    }


def forgotten(user: str, gone: Forgotten) -> dict[str, Any]:
    return {"user": user, **gone._asdict()}


def held(where: str, version: int, now: Held) -> dict[str, Any]:
    since = None if now.since is None else iso(now.since)
    return {"database": where, "version": version, **now._asdict(), "since": since}


def report(made: Report) -> dict[str, Any]:
    return {
        "answers": made.answers,
        "votes": {"good": made.good, "bad": made.bad},
        "bins": [
            {
                "least": b.least,
                "most": b.most,
                "voted": b.voted,
                "good": b.good,
                "share": round(b.share, 4) if b.voted else None,
                "confidence": round(b.confidence, 4) if b.voted else None,
            }
            for b in made.bins
        ],
    }


def iso(at: float) -> str:
    """Seconds since 1970 as ISO 8601, UTC."""
    return datetime.fromtimestamp(at, timezone.utc).isoformat(timespec="seconds")


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "text": quote.text,
        "start": quote.start,
        "end": quote.end,
        "answer": list(quote.answer) if quote.answer else None,
        "score": round(quote.score, 4),
        "article": _article(quote.article),
        "paragraph": quote.paragraph,
    }


def _article(article: Article) -> dict[str, Any]:
    return {"id": article.id, "title": article.title, "source": article.source, "published": article.published}
