"""Whether what people say among themselves asks something, or remarks on it.

Made for words that nobody put to us: where the form does not tell, it is a remark. So a question has a question's
form (a mark at its end is not enough, and a missing one proves nothing), and is not about those who talk ("you", "we"):
what they plan, think or want stands in no article.
"""

from __future__ import annotations

import re

from index.questions import is_small_talk

LONGEST = 300
"""Characters; the longest of 20,000 questions people asked of articles had as many. What is longer is a story."""

_WH = r"(?:who|whom|whose|what|which|where|when|why|how)"
_TO_BE_AND_SO_ON = "is are was were did does do has have had will would can could should may might must"
_AUX = rf"(?:(?:{_TO_BE_AND_SO_ON.replace(' ', '|')})(?:n['’]?t)?|can['’]?t|won['’]?t)"
_IT = r"(?:he|she|it|they|that|this|there|these|those)"

# What is not the person's own words, or none.
_QUOTED = re.compile(r"^\s*>.*$", re.MULTILINE)
_CODE = re.compile(r"```.*?(?:```|$)|`[^`]*`", re.DOTALL)
_LINK = re.compile(r"https?://\S+")
_EMOJI_BEHIND = re.compile(r"(?:[\s\"'”’)]|:[\w+-]+:|[^\w\s?!.…,;:)\]%$€£'\"”’-])+$")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+|\n+")

# How people begin before they ask: "Ok so who …", "Hey all, when …", "Quick question: where …".
_LEAD_IN = re.compile(
    r"(?:(?:and|but|so|or|also|then|now|ok(?:ay)?|well|hm+|ah|oh|um+|wait|hey|hi|hello|sorry|please|right|yes|no|btw|fyi"
    r"|by the way|just|actually|(?:a |one )?(?:quick |another |last |silly |stupid )?question|out of curiosity"
    r"|all|everyone|everybody|folks|team|guys)\b[\s,.:;–—-]*)+",
    re.IGNORECASE,
)
# Words around a question that is put to whoever knows: "Does anybody know …", "I wonder …".
_FRAME = re.compile(
    r"(?:(?:does|do|did) (?:any(?:one|body)|some(?:one|body)|you|we)(?: all| guys| here)?"
    r" (?:(?:happen to )?(?:know|remember|recall)|have (?:any|an) idea)"
    r"|(?:can|could|would|will) (?:any(?:one|body)|some(?:one|body)|you|we)(?: please)? (?:tell(?: me| us)?|say|remind (?:me|us))"
    r"|any(?:one|body) (?:know|remember)s?|any (?:idea|clue)s?"
    r"|i(?:['’]?m| am)? wonder(?:ing)?|(?:i|we)(?: would|['’]d) (?:like|love) to know|who (?:here )?knows)"
    r"[\s,:]+(?:(?:if|whether|about|as to)\b\s*)?(?=\w)",
    re.IGNORECASE,
)
_AMONG_US = re.compile(
    r"\b(?:i|me|my|mine|myself|you|u|ur|yours?|yourself|we|us|ours?|ourselves|let['’]?s|guys|folks"
    r"|any(?:one|body)|every(?:one|body)|some(?:one|body))\b",
    re.IGNORECASE,
)
_THE_COUNTRY = re.compile(r"\bU\.?S\.?(?:A\.?)?(?!\w)")

# Questions by their form that nobody expects an article to answer.
_PHATIC = re.compile(
    r"(?:what|huh|eh|so|really|seriously|honestly|right|correct|true|sure|see|deal|so what|what now|now what|what else is new"
    r"|what(?:['’]s| is) (?:this|that|it|next|wrong|the (?:matter|point|deal|story|catch|plan|rush|problem))|what (?:a|an|the)\b.*"
    r"|who (?:cares|knew|knows|else|would have thought)|says who|who wants .*|whose turn .*"
    r"|who(?:['’]s| is) (?:in|on|up|out|coming|going|joining|free|there|here|around|ready|next)\b.*"
    r"|why (?:bother|not|though)|how so|how about .*|how (?:are|is) (?:things|life)|how (?:nice|cool|sad|funny|great|lovely|awful"
    r"|strange|weird)\b.*|(?:does |did )?(?:(?:that|this|it) )?(?:makes? sense|helps?|sounds? (?:good|ok|fair))"
    r"|(?:good|any) (?:idea|question|thought|news|taker|update)s?|shall .*"
    rf"|{_AUX} {_IT}(?: (?:really|so|now|not|true|right|ok(?:ay)?|all))?)(?: (?:then|again|now|please|though))?",
    re.IGNORECASE,
)
# "It stays, doesn't it?", "That was the last boat, right?": a statement that wants a nod.
_TAG = re.compile(rf"[,–—-]\s*(?:right|no|yes|eh|huh|ok(?:ay)?|correct|{_AUX} {_IT})$", re.IGNORECASE)

_ASKING = re.compile(
    rf"(?:{_WH}|{_AUX})\b|(?:by|from|to|for|in|on|at|of|with|since|until|till|about|after|before|under|into|than) {_WH}\b",
    re.IGNORECASE,
)
# "And the OSCE?", "Or in 2019?", "Compared to 2019?": leans on what was asked before.
_ELLIPTICAL = re.compile(r"(?:and|or|compared (?:to|with))\b", re.IGNORECASE)

# Without a mark: what cannot be a clause ("when the boat stops, …"), nor a sentence whose subject was left out ("was
# nice", "have a look"). A capital or a figure may begin a subject.
_SUBJECT = rf"(?:(?i:the|any|his|her|its|their|{_IT})\b|[A-Z\d])"
_COUNTED = (
    r"(?:year|day|date|month|time|percent\w*|number|amount|share|kind|sort|temperature|price|age|size|countr\w+|\w+s)"
)
_ASKING_WITHOUT_MARK = (
    re.compile(rf"(?i:{_AUX}) {_SUBJECT}"),
    re.compile(rf"(?:who|what|when|where|why|how)(?: {_AUX}\b|['’]s\b)", re.IGNORECASE),
    re.compile(r"how (?:many|much|long|old|far|often|big|large|tall|high|deep|fast|late|early|soon)\b", re.IGNORECASE),
    re.compile(rf"(?:(?:in|since|until|from|on|at) )?(?:what|which) {_COUNTED}\b", re.IGNORECASE),
    re.compile(r"which \w+ (?!is\b|was\b)\w+", re.IGNORECASE),
    re.compile(r"who (?!knows|cares|would)\w+ \w+", re.IGNORECASE),
    re.compile(r"by how (?:many|much)\b|since when\b", re.IGNORECASE),
)
_CLAUSE = re.compile(
    rf"(?:in )?which (?:{_AUX}|case|point|means?|meant|makes?|made)\b|(?:do|have) (?:a|an|it|that|this|not)\b",
    re.IGNORECASE,
)


def asks(text: str) -> bool:
    """Whether a person's words, put to nobody in particular, are a question that an article might answer.

    >>> asks("how many people took the late boat last year"), asks("And in 2019?"), asks("Any idea when it opened?")
    (True, True, True)
    >>> asks("What a day!"), asks("What do you think?"), asks("The boat stays, right?")
    (False, False, False)
    """
    own = _LINK.sub(" ", _CODE.sub(" ", _QUOTED.sub("", text))).strip()
    if not own or len(own) > LONGEST or is_small_talk(own):
        return False
    return any(_asks(" ".join(sentence.split())) for sentence in _SENTENCE_END.split(own))


def _asks(sentence: str) -> bool:
    clean = _EMOJI_BEHIND.sub("", sentence).lstrip("\"'“‘(¿-–—•* ")
    marked = clean.rstrip("!").endswith("?")
    clean = clean.rstrip("?!.,;… ")
    bare = clean[match.end() :] if (match := _LEAD_IN.match(clean)) else clean
    asked = bare[match.end() :] if (match := _FRAME.match(bare)) else bare
    among_us = _AMONG_US.search(_THE_COUNTRY.sub("America", asked))
    if not asked or among_us or is_small_talk(clean) or is_small_talk(asked):
        return False
    if asked != bare:
        return True
    if _PHATIC.fullmatch(asked) or _TAG.search(asked):
        return False
    if marked:
        return bool(_ASKING.match(asked) or _ELLIPTICAL.match(clean))
    if _CLAUSE.match(asked) or "," in asked or len(asked.split()) < 3:
        return False
    return any(form.match(asked) for form in _ASKING_WITHOUT_MARK)
