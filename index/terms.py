"""Words for the lexical side: how a text becomes terms. One analysis for articles, questions and every store."""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

_ACRONYM = re.compile(r"\b(?:[A-Za-z]\.){2,}(?:[A-Za-z]\b)?")
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)?")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))

STOP_WORDS = frozenset(
    """
    a about above after again against all also am an and any are as at be because been before being below
    between both but by can cannot could did do does doing down during each few for from further had has have
    having he her here hers herself him himself his how i if in into is it its itself just me more most my
    myself no nor not of off on once only or other our ours ourselves out over own same she should so some such
    than that the their theirs them themselves then there these they this those through to too under until up us
    very was we were what when where which while who whom whose why will with would you your yours yourself
    yourselves shall may might must let tell please give know anyone anything someone something dont doesnt
    didnt isnt arent wasnt werent hasnt havent hadnt wont wouldnt couldnt shouldnt cant thats whats whos theres
    im ive youre theyre say says said saying
    """.split()
)
"""Words that say nothing of a subject: little words, question words, and "said", which stands everywhere in news."""

_local = threading.local()


def terms(text: str) -> list[str]:
    """The stems of the content words of ``text``, in order, repeated as they stand.

    Case, accents, invisible characters and possessive endings are dropped; ``U.S.``, ``US`` and ``USA``
    are one term, ``2,500`` and ``2500`` another; hyphens part words.
    """
    return [term for word in words(text) if (term := stem(word))]


def words(text: str) -> list[str]:
    """The words of ``text`` as written, with dotted acronyms joined and thousands unseparated."""
    plain = _ACRONYM.sub(lambda match: match.group().replace(".", "").upper(), text.translate(_INVISIBLE))
    return [_number(word) for word in _WORD.findall(plain)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The term of one word, "" for a stop word."""
    if word in ("US", "USA"):  # before the case is dropped: "us" is a stop word
        return "usa"
    folded = unicodedata.normalize("NFKD", word).casefold().replace("’", "'")
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = folded.removesuffix("'s").replace("'", "")
    if not folded or folded in STOP_WORDS:
        return ""
    # A stemmer keeps state while it works: one for each thread.
    if not hasattr(_local, "stemmer"):
        _local.stemmer = Stemmer.Stemmer("english")
    return str(_local.stemmer.stemWord(folded))


def _number(word: str) -> str:
    return re.sub(r",(?=\d{3}\b)", "", word) if word[0].isdigit() else word
