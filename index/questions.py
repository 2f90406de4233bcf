"""What a question asks for: its terms and the type of answer; and whether it is one at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from index.terms import terms

MAX_LENGTH = 1000
"""Characters of a question that are read; what people ask is seldom over 200."""


class AnswerType(str, Enum):
    """What kind of thing would answer."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    NUMBER = "number"
    REASON = "reason"
    YES_NO = "yes/no"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Question:
    """A question as read. ``in_full`` has the turn before in front where it leans on that, else it is ``text``;
    ``terms`` are its distinct content words, stemmed, in order."""

    text: str
    in_full: str
    terms: tuple[str, ...]
    answer_type: AnswerType


def read_question(text: str, before: str = "") -> Question:
    """Never fails: an empty or senseless text has no terms. ``before`` is the turn that the question leans on."""
    clean = " ".join(text[:MAX_LENGTH].split())
    in_full = " ".join(f"{before[-MAX_LENGTH:]} {clean}".split())
    kind = answer_type(clean)
    return Question(
        text=clean,
        in_full=in_full,
        terms=tuple(dict.fromkeys(terms(in_full))),
        # "And in 2019?" asks for what was asked before.
        answer_type=answer_type(before) if before and kind is AnswerType.OTHER else kind,
    )


_TYPES: tuple[tuple[AnswerType, str], ...] = (
    (
        AnswerType.NUMBER,
        r"\bhow (?:many|much|old|long|far|big|large|tall|high|often|fast|deep|wide|heavy)\b|\bhw many\b"
        r"|\bwhat (?:percent\w*|number|amount|share|proportion|fraction|price|cost|age|size|salary|sum|total|rate)\b"
        r"|^(?:number|amount|cost|price) of\b|\bpercentage\b|\b(?:numbers|cost|price|total|amount)\b\W*$",
    ),
    (
        AnswerType.TIME,
        r"\bwhen\b|\b(?:what|which) (?:year|day|date|month|time|week|decade|century|season)\b|\bhow (?:soon|recently)\b"
        r"|\bsince when\b|\buntil when\b|\bdates?\b\W*$|\b(?:year|day|date)\W*$",
    ),
    (
        AnswerType.PLACE,
        r"\bwhere(?:abouts)?\b|\b(?:what|which|whose) (?:city|country|countries|town|place|state|region|village|continent|island|location)\b",
    ),
    (AnswerType.PERSON, r"\bwho(?:m|se)?\b|\b(?:what|which) (?:person|man|woman|expert|minister|player|author)\b"),
    (
        AnswerType.REASON,
        r"\bwhy\b|\bhow come\b|\bwhat (?:caused?|reasons?|explains?)\b|\breasons?\b|\bfor what (?:reason|purpose)\b",
    ),
    (
        AnswerType.YES_NO,
        r"^(?:and |but |so )?(?:is|are|was|were|did|does|do|has|have|had|will|would|can|could|should|may|might|isn't|didn't)\b",
    ),
)


def answer_type(question: str) -> AnswerType:
    """The type of answer by the question's form; OTHER where the form does not tell."""
    lowered = question.casefold()
    return next((kind for kind, pattern in _TYPES if re.search(pattern, lowered)), AnswerType.OTHER)


_SMALL_TALK = re.compile(
    r"(?:(?:hi+|hey+|hello+|hiya|howdy|yo|greetings|good (?:morning|afternoon|evening|night|day)|morning|evening"
    r"|thanks?(?: you| u| a lot| so much| a bunch| again)*|thank you(?: very much| so much)?|thx|ty|cheers|ta"
    r"|ok(?:ay)?|k|cool|great|nice(?: one| work)?|good (?:job|bot|work|one)|well done|awesome|perfect|lovely|wow|lol|haha+"
    r"|yes|no|yep|nope|sure|right|got it|i see|never ?mind|sorry|please|bye+|goodbye|see (?:you|ya)(?: later)?|later"
    r"|there|all|everyone|everybody|team|folks|guys|bot|verbatim|friend|again|test(?:ing)?|ping"
    r"|how are (?:you|u|things)(?: doing)?(?: today)?|how(?:'s| is) it going|what(?:'s| is|s) up|sup"
    r"|who are you|what are you|what(?:'s| is) your name|are you (?:there|a bot|human|real|ok|alive|an? ai)"
    r"|what (?:can|do) you do|how do(?:es)? (?:you|this|it) work|can you help(?: me)?|help(?: me)?(?: please)?"
    r"|tell me a joke|i love you|you(?:'re| are) (?:great|awesome|the best|stupid|useless|funny|welcome))"
    r"[\s,.!?:;)('*~…-]*)+",
    re.IGNORECASE,
)


def is_small_talk(text: str) -> bool:
    """Whether the words ask nothing of the articles: greetings, thanks, questions about the bot, no words at all."""
    clean = " ".join(text.replace("’", "'").split())
    return not any(c.isalnum() for c in clean) or bool(_SMALL_TALK.fullmatch(clean))
