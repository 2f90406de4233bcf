"""The words that the bot says in Slack, apart from quotes. Plain text: whoever posts them escapes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
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
DIFFER = "The articles differ:"
UNDATED = "Undated"
IN_CONTEXT = "In context"
MORE_PASSAGES = "More passages"
NEAREST_PASSAGES = "Nearest passages"
FURTHER = "Passages that come next; whether they answer too is for you to judge:"
NO_MORE_PASSAGES = "There are no further passages near to this question."
CLOSE = "Close"
GOOD = "Good answer"
GOOD_LABEL = "This answer is right"
BAD = "Bad answer"
BAD_LABEL = "This answer is wrong"
THANKS = "Thank you, that is noted."
SHORTENED = "… the passage goes on; shortened here."
NOTHING_TO_SUMMARISE = "There is no sentence in this article that could be quoted."
NO_ARTICLES = "The index holds no articles yet."
SHARE = "Share in channel"
FORGOTTEN = "I no longer have that answer at hand, or the articles have changed since. Please ask again."
OUT_OF_REACH = "Sorry, I cannot get at what I have kept just now. Please try again in a minute."
NOT_IN_CHANNEL = (
    "I cannot post here, because I am not a member of this channel. Invite me with /invite, then share again."
)

HOW_DO_I_ASK = "How do I ask?"
HELP_WORD = "help"
PROMPTS = "Ask, for example:"
GREETING = "Hello! Ask me about the articles; I answer only with what they say, word for word."
WORKING = "is reading the articles…"
WHAT_I_DO = "I answer questions about the articles with their own words, or say that they do not say."
WAYS_TO_ASK = (
    "Here, under Messages: just write.",
    "In a channel: invite me, then mention me with your question.",
    "Anywhere: /ask answers for you alone, with a button that shares the answer.",
    "/summary gives an article in its main sentences, /articles lists what I have read.",
)
WHAT_I_READ = "What I have read"
LAST_REBUILT = "Last rebuilt"
YOUR_QUESTIONS = "Your last questions"
NOTHING_ASKED = "You have not asked me anything yet."
NOT_READABLE = "They cannot be shown just now."
SHOW_ANSWER = "Show answer"
ANSWER = "Answer"
CHANGED_SINCE = "The articles have changed since, and that answer stands in them no longer. Please ask again."
GONE = "I no longer have that answer. Please ask again."
TOO_LATE = "That took me too long. Please press the button again."
CHANNEL_SETTINGS = "Channel settings"
ABOUT_CHANNELS = "Only administrators see this. In every other channel I answer when I am mentioned, from all articles."
CHANNEL = "Channel"
CHOOSE_CHANNEL = "Choose a channel"
BE_A_MEMBER = "I have to be a member there: /invite me."
WITHOUT_MENTION = "Questions without a mention"
UNASKED = "Answer questions there without being mentioned, when the articles can"
SET_UP_CHANNEL = "Set up a channel"
CHANGE = "Change"
SAVE, CANCEL = "Save", "Cancel"
NO_ADMIN = "Channel settings are for the administrators whom VERBATIM_ADMINS names. Nothing was changed."
INSTALLED = "Verbatim is installed in {team}."
WHAT_NOW = (
    "In Slack, invite it to a channel with /invite @verbatim and ask, for example, "
    "“@verbatim Which countries sent troops?”. You may close this page."
)
OPEN_SLACK = "Open Slack"
BEGIN_AGAIN = "Begin the installation again"
NOT_INSTALLED: Mapping[str, str] = MappingProxyType(
    {
        "access_denied": "Nothing was installed, because it was declined in Slack.",
        "invalid_browser": "Nothing was installed: this page does not belong to an installation begun in this browser.",
        "invalid_state": "Nothing was installed: this installation was finished before, or took over ten minutes.",
        "missing_code": "Nothing was installed: Slack's answer is incomplete.",
        "invalid_code": "Nothing was installed: Slack did not confirm the installation.",
        "unreachable": "Nothing was installed: Slack cannot be reached just now. Please try again in a few minutes.",
        "storage_error": "Nothing was installed: it could not be stored just now. Please try again in a few minutes.",
        "busy": "Nothing was installed: others are installing at this moment. Please try again in a minute.",
        "failed": "Nothing was installed: something went wrong, and the log of the bot says what.",
        "org_wide": "Nothing was installed: Verbatim is installed in one workspace at a time, not organisation-wide.",
        "rotating": "Nothing was installed: token rotation is switched on for this app, and Verbatim needs it off.",
    }
)
REFUSED = "Nothing was installed: Slack reported an error."

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


def summarise(title: str) -> str:
    """The words that ask for the summary of an article; `bot.prompts.read_summary` reads them."""
    return f"Summarise “{title}”"


def apology(reference: str) -> str:
    return (
        f"Sorry, something went wrong and I could not answer. Please try again; if it happens again, "
        f"give your administrator this reference: {reference}"
    )


def searched(articles: int, first: str | None, last: str | None) -> str:
    """What was searched: how many articles, from when to when (ISO dates)."""
    if not articles:
        return NO_ARTICLES
    said = f"Searched {articles:,} article" + ("" if articles == 1 else "s")
    if first and last:
        said += f", of {day(first)}" if first == last else f", from {day(first)} to {day(last)}"
    return said + "."


def shared_by(name: str) -> str:
    return f"Shared by {name}"


def paragraph(number: int) -> str:
    return f"paragraph {number}"


def passages(count: int) -> str:
    return f"{count:,} passage" + ("" if count == 1 else "s")


def index_holds(count: int, first: str, last: str) -> str:
    """``3 articles, from 1 May 2020 to 14 March 2024.``"""
    articles = f"{count:,} article" + ("" if count == 1 else "s")
    if not first:
        return f"{articles}."
    return f"{articles}, of {day(last)}." if first == last else f"{articles}, from {day(first)} to {day(last)}."


def answers_unasked(unasked: bool) -> str:
    return "I answer there without being mentioned, when the articles can." if unasked else "I answer when mentioned."


def collections(names: Sequence[str]) -> str:
    return f"Collections: {', '.join(names) if names else 'all articles'}."


def more_channels(count: int) -> str:
    return f"… and {count:,} more; set one up to change it."


def moment(seconds: int) -> str:
    """``25 November 2026, 15:41 UTC``"""
    when = datetime.fromtimestamp(seconds, timezone.utc)
    return f"{day(when.date().isoformat())}, {when:%H:%M} UTC"


def more_articles(count: int) -> str:
    return f"… and {count:,} more; `verbatim index list` shows all of them."


def day(iso: str) -> str:
    """``2022-01-06`` → ``6 January 2022``; what is no such date stays as it is."""
    try:
        when = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"
