"""Where sentences begin and end, as offsets.

sentencex (Wikimedia's splitter) finds the boundaries; it treats a quotation as one unbreakable unit and
loses its place at unpaired quotation marks, which news is full of. So quotation marks are blanked
before it looks, and closing ones are given back to the sentence they end. What it still gets wrong on
news (``Dr. No``, ``approx. 5``, ``"Why?" he asked``) is joined again here; what it misses after
``U.S.`` is cut. `tests/data/sentences.json` keeps the hard cases.
"""

from __future__ import annotations

import re

import sentencex

from index.records import Span

_QUOTES = re.compile("[\"“”„‟«»]|''|``|(?<!\\w)['‘’]|['’](?!\\w)")
_CLOSERS = "\"“”‟»'’)]}"
# After these a new sentence cannot begin, whatever follows.
_NEVER_FINAL = re.compile(
    r"(?:^|[\s(\"“‘])(?:Mr|Mrs|Ms|Mx|Dr|Drs|Prof|Rev|Hon|Sen|Sens|Rep|Reps|Gov|Gen|Col|Maj|Capt|Cpl|Cmdr|Lt|Sgt"
    r"|Adm|Brig|Insp|Supt|Messrs|Mme|Mlle|vs|approx|est|ca|cf|fig|figs|pp|vol|e\.g|i\.e|viz)\.$"
)
_NUMBERED = re.compile(r"(?:^|\s)(?:No|Nos|no|nos|p|pp|art|Art|sec|Sec|ch|Ch)\.$")
_INITIAL = re.compile(r"(?:^|\s)(?:[A-Z]\.){1,3}$")
# "U.S. The …": an abbreviation that may end a sentence, before a word that seldom stands inside one in capitals.
_MAYBE_FINAL = re.compile(
    r"(?:(?:[A-Za-z]\.){2,}|\b[A-Z]\.|\b(?:St|Inc|Corp|Ltd|Co|Bros|Jr|Sr|etc|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\.)"
    r"[\"”’')]*(?=\s+[\"“‘'(]*"
    r"(?:The|This|That|These|Those|He|She|It|They|We|You|His|Her|Its|Their|Our|In|On|At|But|And|Or|So|If|When"
    r"|While|After|Before|Since|Although|However|Meanwhile|Then|There|Here|What|Who|Why|How|Some|Many|Most"
    r"|Both|Each|One|Last|Now|No|Not|As|For|By|With|An|A)\s)"
)
_AFTER_BRACKET = re.compile(r"[.!?][\"”’']*\)(?=\s+[A-Z\"“‘'(])")
# "St. Louis", "Mt. Etna": part of a name, unless a word follows that seldom is.
_PLACE = re.compile(r"(?:^|[\s(\"“‘])(?:St|Ste|Mt|Ft)\.$")
_LOWER_START = re.compile(r"[\"“”‘’'(\[\s]*[a-z](?![A-Z])")  # "iPhone sales" may begin a sentence


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """The sentences of ``text[start:end]``, in order, trimmed of white space, covering all else.

    Line breaks count as spaces: a paragraph is cut out (`index.passages`) before its sentences are.
    """
    stop = len(text) if end is None else end
    raw = text[start:stop]
    spans: list[Span] = []
    begin = 0
    for cut in [*_cuts(raw), len(raw)]:
        piece = raw[begin:cut]
        trimmed = piece.strip()
        if trimmed:
            lead = len(piece) - len(piece.lstrip())
            spans.append(Span(start + begin + lead, start + begin + lead + len(trimmed)))
        begin = cut
    return spans


def _cuts(raw: str) -> list[int]:
    """Positions of the white space between two sentences of ``raw``, ascending."""
    blank = _QUOTES.sub(lambda match: " " * len(match.group()), re.sub(r"\s", " ", raw))
    proposed = {
        cut
        for boundary in sentencex.get_sentence_boundaries("en", blank)[1:]
        if (cut := _settle(raw, blank, boundary["start_index"])) is not None
    }
    for pattern in (_MAYBE_FINAL, _AFTER_BRACKET):
        proposed.update(match.end() for match in pattern.finditer(raw))
    cuts: list[int] = []
    for cut in sorted(proposed):
        if _may_end(raw[cuts[-1] if cuts else 0 : cut], raw[cut:]):
            cuts.append(cut)
    return cuts


def _settle(raw: str, blank: str, index: int) -> int | None:
    """Move a boundary behind the closing quotation marks; None where no white space parts the two sides."""
    final = len(blank[:index].rstrip())
    while final < index and raw[final] in _CLOSERS:
        final += 1
    return final if final < len(raw) and raw[final].isspace() else None


def _may_end(before: str, after: str) -> bool:
    """Whether a sentence may end with ``before`` where the text goes on with ``after``."""
    if not before.strip() or _NEVER_FINAL.search(before) or _LOWER_START.match(after):
        return False
    follow = after.lstrip()
    if _NUMBERED.search(before) and follow[:1].isdigit():
        return False
    if re.search(r"[ap]\.m\.$", before) and re.match(
        r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z]{2,4}\b", follow
    ):
        return False
    # "J. K. Rowling", "St. Louis": an end only before a word that opens sentences, which _MAYBE_FINAL lists.
    named = _PLACE.search(before) or (_INITIAL.search(before) and before[-3:-2] in " .")
    return not named or bool(_MAYBE_FINAL.search(before[-12:] + after[:24]))
