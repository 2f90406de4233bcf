"""Questions made unanswerable: a name or number swapped, or another kind of answer asked for, so that the passage
that answered no longer does. After the edits by which SQuAD 2.0's annotators made theirs (Rajpurkar et al. 2018)."""

from __future__ import annotations

import random
import re

_NAME = re.compile(r"(?<!^)(?<![.!?] )\b[A-Z][\w’'-]+(?:\s+(?:of\s+|the\s+)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_CUE = re.compile(
    r"^(?P<cue>when|where|why|how)(?P<rest>\s+(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could)\b.*)$",
    re.IGNORECASE,
)
_ANSWERED_BY = {
    "when": re.compile(
        r"\d{4}|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|\bmay\b|june|july|august"
        r"|september|october|november|december|\b(?:year|month|week|day|century|decade|after|before|during|when|while"
        r"|until|since|yesterday|today|tomorrow|morning|evening|night|early|late|now|then|once)s?\b",
        re.IGNORECASE,
    ),
    "where": re.compile(
        r"\b(?:in|at|near|from|to|on|into|outside|inside|across|around|along|off)\s+(?:the\s+|its\s+|a\s+)?[A-Z]|\bwhere\b|\bhere\b|\bthere\b|\b(?:city|town|country|state|area|region|home|house|building|street|river|coast)\b"
    ),
    "why": re.compile(
        r"\b(?:because|since|due|as|so|for|to|after|result\w*|cause\w*|reason\w*|thanks|owing|in order|by|through|that|led|"
        r"allow\w*|help\w*|mean\w*|why|with|given|when|if)\b",
        re.IGNORECASE,
    ),
}


def swapped(question: str, window: str, article: str, answers: list[str], rng: random.Random) -> str | None:
    """The question changed so that ``window``, which answered it, no longer does; None where none of the changes fits."""
    ways = [_other_name, _other_number, _other_cue]
    rng.shuffle(ways)
    return next((new for way in ways if (new := way(question, window, article, answers, rng))), None)


def _other_name(question: str, window: str, article: str, answers: list[str], rng: random.Random) -> str | None:
    names = [match for match in _NAME.finditer(question) if len(match.group()) > 2]
    if not names:
        return None
    old = rng.choice(names)
    known = question.lower() + " " + " ".join(answers).lower()
    others = [
        name
        for name in dict.fromkeys(match.group() for match in _NAME.finditer(article))
        if len(name) > 2
        and name.lower() not in known
        and len(name.split()) <= 4
        # Another of the same sort as far as letters tell: as many words, give or take one.
        and abs(len(name.split()) - len(old.group().split())) <= 1
        # What stands in the window may be answered there as well: seldom taken.
        and (name not in window or rng.random() < 0.25)
    ]
    return question[: old.start()] + rng.choice(others) + question[old.end() :] if others else None


def _other_number(question: str, window: str, article: str, answers: list[str], rng: random.Random) -> str | None:
    numbers = list(_NUMBER.finditer(question))
    if not numbers:
        return None
    old = rng.choice(numbers)
    digits = old.group()
    if re.fullmatch(r"1[0-9]\d\d|20\d\d", digits):
        new = str(int(digits) + rng.choice([-30, -11, -7, -4, -3, -2, -1, 1, 2, 3, 4, 6, 9, 15]))
    else:
        new = "".join(rng.choice("123456789") if c.isdigit() else c for c in digits)
    if new == digits or new in window:
        return None
    return question[: old.start()] + new + question[old.end() :]


def _other_cue(question: str, window: str, article: str, answers: list[str], rng: random.Random) -> str | None:
    match = _CUE.match(question)
    if not match:
        return None
    rest = _NAME.sub("", window)  # what names hold ("May", "May Street") answers nothing by itself
    fitting = [
        cue
        for cue, answered in _ANSWERED_BY.items()
        if cue != match["cue"].lower() and not answered.search(window if cue == "where" else rest)
    ]
    return f"{rng.choice(fitting).capitalize()}{match['rest']}" if fitting else None
