"""What was asked before: lets "and when?" be understood. Bounded, frozen, no text of answers kept."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.records import Answer
from index.terms import terms, words

TURNS = 4
"""Questions remembered."""

MAX_CONTEXT = 600
"""Characters of each."""

_OPENS_ON = re.compile(
    r"(?:and|but|so|or|also|then|what about|how about|what else|who else|where else|anything else|why not)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|this|that|these|those|there|then|one|ones|the same)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """The questions of a thread, oldest first."""

    questions: tuple[str, ...] = ()

    def after(self, question: str, answer: Answer) -> Conversation:
        """This conversation with one more turn; small talk leaves it as it is."""
        if not answer.is_question:
            return self
        return Conversation((*self.questions, self.in_full(question)[-MAX_CONTEXT:])[-TURNS:])

    def before(self, question: str) -> str:
        """The turn that ``question`` leans on; "" for one that stands alone."""
        return self.questions[-1] if self.questions and leans_back(question) else ""

    def in_full(self, question: str) -> str:
        """``question`` with the turn that it leans on in front."""
        return f"{self.before(question)} {question}".strip()[-MAX_CONTEXT:]


def leans_back(question: str) -> bool:
    """Whether a question cannot be understood without the one before."""
    content = terms(question)
    if _OPENS_ON.match(question.strip()):
        return len(content) <= 4
    # "How many yellow cards did he show in all?" names nobody; "what did he say of Ida Brandvik?" may well stand alone.
    named = any(word[:1].isupper() for word in words(question)[1:])
    return not content or (len(content) <= (3 if named else 6) and bool(_POINTS_BACK.search(question)))
