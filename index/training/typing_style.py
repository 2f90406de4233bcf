"""Questions as people type them: lower case, without their mark, with words left out and slips of the fingers."""

from __future__ import annotations

import random

from index.terms import terms


def as_typed(question: str, rng: random.Random) -> str:
    """Half of the questions as they are; the others in lower case, terse, or with a typing error."""
    style = rng.random()
    if style < 0.5:
        return question
    typed = question.rstrip("? ")
    if style < 0.8:
        typed = typed.lower()
    if style >= 0.65:
        typed = terse(typed, rng)
    if rng.random() < 0.3:
        typed = with_slip(typed, rng)
    return typed if rng.random() < 0.6 else typed + "?"


def terse(question: str, rng: random.Random) -> str:
    """Without its small words, and sometimes without one of its content words; at least two words are left."""
    words = question.split()
    kept = [word for word in words if terms(word) or word.lower() in _KEPT or rng.random() < 0.25]
    if len(kept) > 4 and rng.random() < 0.4:
        kept.pop(rng.randrange(len(kept)))
    return " ".join(kept) if len(kept) >= 2 else question


_KEPT = frozenset("who whom whose when where why how many much which what not no never".split())


def with_slip(question: str, rng: random.Random) -> str:
    """One letter of one longer word left out, doubled, swapped with the next, or hit beside."""
    words = question.split()
    places = [i for i, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not places:
        return question
    place = rng.choice(places)
    word = words[place]
    at = rng.randrange(1, len(word) - 1)
    slip = rng.randrange(4)
    words[place] = {
        0: word[:at] + word[at + 1 :],
        1: word[:at] + word[at] + word[at:],
        2: word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        3: word[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + word[at + 1 :],
    }[slip]
    return " ".join(words)
