"""The words that the bot says in Slack, apart from quotes. Plain text: whoever posts them escapes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from index.articles import MONTHS

LONGEST_QUESTION = 1000  # characters; the longest of 20,000 questions people asked of articles had 300

HOW_TO_ASK = (
    "Ask me a question about the articles, for example “Which countries sent troops?”. "
    "I answer only with what they say, word for word. "
    "In a channel mention me, here or in a direct message just write; /ask answers for you alone, "
    "/summary gives an article in its main sentences, /articles lists what I have read."
)
NOT_SAID = "The articles do not say."
NEAREST = "The nearest passages, which do not answer it:"
ALSO = "The articles also say:"
SHORTENED = "… the passage goes on; shortened here."
NOTHING_TO_SUMMARISE = "There is no sentence in this article that could be quoted."
NO_ARTICLES = "The index holds no articles yet."
SHARE = "Share in channel"
FORGOTTEN = "I no longer have that answer at hand. Please ask again with /ask, then share it."
NOT_IN_CHANNEL = (
    "I cannot post here, because I am not a member of this channel. Invite me with /invite, then share again."
)

TOO_MANY_WAITING = (
    "So many questions are waiting just now that I have not taken this one up. Please ask it again in a minute or two."
)

HELP: Mapping[str, str] = MappingProxyType(
    {
        "/ask": (
            "/ask QUESTION – answers with an exact quote from the articles, for you alone; "
            "a button shares the answer with the channel. Example: /ask Which countries sent troops?"
        ),
        "/summary": (
            "/summary [ARTICLE] – the main sentences of an article, word for word. ARTICLE is an id or words "
            "of its title; without it, the only or newest article. /articles lists them."
        ),
        "/articles": "/articles – lists the articles that I answer from. It takes nothing else.",
    }
)


def too_long(length: int) -> str:
    return (
        f"That is {length:,} characters long, and I take up to {LONGEST_QUESTION:,}. "
        "Please ask one short question at a time."
    )


def apology(reference: str) -> str:
    return (
        f"Sorry, something went wrong and I could not answer. Please try again; if it happens again, "
        f"give your administrator this reference: {reference}"
    )


def flooded(burst: int, seconds: float) -> str:
    return (
        f"You are asking faster than I answer: I take {burst} questions in a row, then one every {seconds:.0f} seconds, "
        "so that everybody gets a turn. What comes above that I leave out, this one too. "
        "Please ask it again in a little while."
    )


def shared_by(name: str) -> str:
    return f"Shared by {name}"


def paragraph(number: int) -> str:
    return f"paragraph {number}"


def passages(count: int) -> str:
    return f"{count:,} passage" + ("" if count == 1 else "s")


def more_articles(count: int) -> str:
    return f"… and {count:,} more; `verbatim index list` shows all of them."


def day(iso: str) -> str:
    """``2022-01-06`` → ``6 January 2022``; what is no such date stays as it is."""
    try:
        when = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"
