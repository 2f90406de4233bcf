"""The words that the bot says in Slack, apart from quotes. Plain text: whoever posts them escapes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from types import MappingProxyType

from index.articles import MONTHS

MOST_CHECKED = 20  # sentences of a message that are looked for in the articles
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
ADMINS_ONLY = "Only administrators may change the articles: those whom VERBATIM_ADMINS names in my settings."
NO_ADMINS = (
    "Nobody may change the articles from Slack yet. Whoever runs me names administrators in my settings: "
    "VERBATIM_ADMINS takes ids of users (U…) and of user groups (S…), as their profiles in Slack show them, "
    "with commas between."
)
WEB_ONLY = (
    "From Slack I read pages of the web only: /articles add takes one address that begins with https:// or http://."
)
TOO_MANY_CHANGES = "Several changes are waiting already. Please try again when they are done."
REBUILDING = (
    "I am reading the folder of articles anew, one change after another, and tell you when it is done. "
    "Until then I answer from what I have."
)
NO_LONGER = "No longer among them:"
NOTHING_CHANGED = "It is among the articles already, and has not changed since."
NOTHING_TO_SUMMARISE = "There is no sentence in this article that could be quoted."
NO_ARTICLES = "The index holds no articles yet."
SHARE = "Share in channel"
FORGOTTEN = "I no longer have that answer at hand, or the articles have changed since. Please ask again."
OUT_OF_REACH = "Sorry, I cannot get at what I have kept just now. Please try again in a minute."
NOT_IN_CHANNEL = (
    "I cannot post here, because I am not a member of this channel. Invite me with /invite, then share again."
)
JOINED = (
    "Hello! Mention me with a question about the articles, for example “Which countries sent troops?”, and I answer "
    "in a thread with what they say, word for word. /ask answers for you alone, /articles lists what I have read."
)
NOT_A_MEMBER_HERE = (
    "I cannot answer here, because I am not a member of this channel. Invite me with /invite and ask again; "
    "/ask answers for you alone, wherever you are."
)
ARCHIVED = "I cannot answer here, because this channel is archived. Ask me in a direct message, or with /ask elsewhere."
MAY_NOT_POST = "I may not post here. /ask answers for you alone, and in a direct message you can just write."

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

CHECK = "Check against articles"  # the shortcut's name in manifest.json, and its window's title: at most 24 characters
CHECK_LEAD = (
    "For each sentence the passage that comes nearest to it, word for word. "
    "What that says of the sentence is for you to judge."
)
CHECKING = "Reading the articles …"
NO_PASSAGE = "No passage of the articles is about this."
NOTHING_TO_CHECK = "There is no sentence in this message that I could look for in the articles."

TOO_MANY_WAITING = "So much is waiting just now that I have not taken this up. Please try it again in a minute or two."

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
        "/articles": (
            "/articles – lists the articles that I answer from. For administrators: /articles add URL reads a page from "
            "the web into them, or reads it again; /articles rebuild reads the folder of articles anew, and what was "
            "added from the web is then no longer among them."
        ),
    }
)


def not_in_passage(details: Sequence[str]) -> str:
    return f"Not in this passage: {', '.join(details)}"


def left_unchecked(sentences: int) -> str:
    """Sentences for which there was no room."""
    verb = "was" if sentences == 1 else "were"
    more = "One sentence more" if sentences == 1 else f"{sentences:,} sentences more"
    return f"{more} {verb} left out: I take at most {MOST_CHECKED} of a message, and fewer where they are long."


def questions_unchecked(questions: int) -> str:
    if questions == 1:
        return "One question was left out: mention me or write to me to ask it."
    return f"{questions:,} questions were left out: mention me or write to me to ask them."


def adding(url: str) -> str:
    return f"I am reading {url}, one change after another, and tell you when it is done."


def unchanged(reason: str) -> str:
    """A change that came to nothing."""
    return f"The articles stay as they were. {reason}"


def held(articles: int, passages_: int) -> str:
    """What the index holds now."""
    return f"Done. I answer from {articles:,} article{'' if articles == 1 else 's'} now, with {passages(passages_)}."


def differences(new: int, changed: int, gone: int) -> str:
    """How a rebuilt index differs from the one before."""
    parts = [f"{count:,} {what}" for count, what in ((new, "new"), (changed, "changed"), (gone, "gone")) if count]
    return f"Since before: {', '.join(parts)}." if parts else "All of them are as they were before."


def unread(count: int) -> str:
    return f"Left out, {count:,} in all:" if count > 1 else "Left out:"


def more(count: int) -> str:
    return f"… and {count:,} more"


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


def cannot_post(code: str) -> str:
    """Why there is no answer, by Slack's word for it."""
    if code in ("not_in_channel", "channel_not_found"):
        return NOT_A_MEMBER_HERE
    return ARCHIVED if code == "is_archived" else MAY_NOT_POST


def searched(articles: int, first: str | None, last: str | None) -> str:
    """What was searched: how many articles, from when to when (ISO dates)."""
    if not articles:
        return NO_ARTICLES
    said = f"Searched {articles:,} article" + ("" if articles == 1 else "s")
    if first and last:
        said += f", of {day(first)}" if first == last else f", from {day(first)} to {day(last)}"
    return said + "."


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
