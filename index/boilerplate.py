"""Lines of a page that are about the page: subscriptions, sharing, credits. Kept in the text, never quoted.

A line counts only where it as a whole speaks to the reader of the site. A report *about* subscriptions
("Subscribers rose by 10 %") is news, so the patterns are anchored and want the imperative.
"""

from __future__ import annotations

import re

_MAX_WORDS = 45

_OPENING = re.compile(
    r"""^[\W_]*(?:
      (?:please\s+)?(?:subscribe|sign\ up|sign\ in|log\ in|register)\b(?!\s+(?:of|as|or|offices?)\b)(?!.*,\ (?:\w+\ ){1,3}(?:said|told|says)\b)
    | (?:like|enjoy(?:ed|ing)?|love)\ (?:this|the|our|what)\ (?:article|story|post|newsletter|piece|site|work|you)
    | (?:get|receive)\ (?:the\ |our\ |more\ |all\ |your\ |market\ |breaking\ |daily\ |a\ )*(?:\w+\ ){0,4}
      (?:newsletter|news|brief|briefing|alerts?|updates?|app|headlines|stories|inbox|digest)\b
    | (?:follow|like|join|find|watch|contact|email)\ us\b
    | (?:follow|share|like)\ (?:@?\w+\ )?on\ (?:the\ )?(?:twitter|facebook|instagram|x|threads|linkedin|bluesky|mastodon|youtube|tiktok|whatsapp)\b
    | (?:(?:share|tweet|e-?mail|print|save|copy\ link|post|whatsapp|facebook)\b[\s|·•/,–-]*){2,}$
    | (?:advertisement|sponsored)\b\s*[–—|:-].*
    | join\ our\ (?:\w+\ ){1,2}(?:channel|group|community|newsletter|list|membership)\b
    | create\ (?:a|your)\ (?:free\ )?account\b
    | you\ have\ (?:\d+|no|one|two|three)\ (?:free\ )?(?:articles?|stories)\ (?:left|remaining)\b
    | watch:\s|listen:\s
    | all\ rights\ reserved\b
    | (?:share|print|save|bookmark|email)\ (?:this|the)\ (?:article|story|page|post)\b
    | (?:share|tweet|advertisement|sponsored|sponsored\ content|promoted|related|related\ (?:articles?|stories|content|topics)
        |recommended(?:\ (?:for\ you|reading|stories))?|most\ (?:read|popular|viewed)|trending(?:\ now)?|comments?|tags|topics
        |more\ (?:on\ this\ story|stories|from\ \w+)|read\ (?:more|next|also)|see\ also|also\ read|continue\ reading(?:\ below)?
        |story\ continues\ below(?:\ advertisement)?|article\ continues\ below(?:\ advertisement)?|skip\ (?:ad|advertisement|to\ \w+(?:\ \w+)?)
        |back\ to\ top|show\ (?:more|less|comments)|load\ more|listen\ to\ this\ article|(?:\d+\ min(?:ute)?s?\ read)|image\ source|photo\ credit)\s*[.:…»>→-]*$
    | (?:read\ (?:more|next|also)|see\ also|also\ read|related(?:\ \w+)?|image\ (?:source|credit|caption)|photo(?:graph)?(?:\ (?:by|credit))?|picture\ credit|tags?|topics?|filed\ under)\s*:
    | credit\s*:\s*[A-Z][^.]*$
    | get\ (?:unlimited|full|digital|free)\ (?:\w+\ )?access\b
    | by\ (?:[A-ZÀ-Þ][\w.'’-]*\ ?){1,4}(?:,\ [\w\ ]{1,40})?(?:\s*[|–—·-]\s*.{0,40})?$
    | staff\ (?:writer|reporter|correspondent)s?$
    | click\ (?:here|below|on\ the)\b
    | tap\ here\b
    | (?:©|\(c\)|copyright\s+(?:©|\(c\)|\d{4}))
    | (?:we|this\ (?:web)?site|our\ (?:web)?site)\ uses?\ cookies\b(?!,|.*[”"]\s)
    | (?:accept|manage|reject)\ (?:all\ )?(?:cookies|preferences)\b
    | by\ (?:continuing|signing\ up|subscribing|clicking|registering|using\ this)\b.*\b(?:you|terms|policy|consent)\b
    | download\ (?:the|our)\ (?:\w+\ ){0,3}app\b
    | (?:already|not\ yet)\ (?:a\ )?(?:subscriber|member|subscribed|registered)\b.*\?
    | (?:become|support)\ (?:a\ (?:member|subscriber|supporter)|(?:our|independent|quality)\ (?:\w+\ )?journalism)\b
    | (?:have|got)\ (?:a\ (?:news\ |story\ )?(?:tip|story(?:\ idea|\ for\ us)?)|something\ to\ (?:add|say))\b.*\?
    | (?:do\ you\ have|send\ us)\ (?:a\ |your\ )(?:\w+\ )?(?:tip|story|stories|comments|views|feedback|pictures|photos)\b
    | (?:this\ (?:article|story|piece|post|report)\ (?:was|is|has\ been|first|originally|appears|appeared)\b.*\b(?:published|updated|corrected|republished|syndicated|appeared|sponsored|amended)\b)
    | (?:reporting|additional\ reporting|editing|writing|graphics)\ by\b
    | your\ (?:\w+\ )?(?:subscription|support|donation|account|privacy)\b.*\b(?:us|our|makes|helps|funds|matters|settings|choices|expires?|expired)\b
    | (?:unlock|start|try|claim)\ (?:your|a|the|full|unlimited|free)\b.*\b(?:trial|access|subscription|membership|offer)\b
    | (?:unsubscribe|manage\ (?:your\ )?(?:\w+\ )?(?:subscriptions?|preferences|settings|cookies))\b
    | (?:terms\ (?:of\ (?:use|service)|and\ conditions)|privacy\ (?:policy|notice)|cookie\ policy|contact\ us|about\ us)\b[\w\s|·•,&-]*$
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CLOSING = re.compile(
    r"(?:all rights reserved|(?:sign up|subscribe) (?:for|to) (?:our|the|this) (?:\w+ ){0,3}(?:newsletter|briefing|alerts?|podcast)"
    r"|subscribe for (?:just |only )?[€$£]\S+(?: a \w+)?|subscribe (?:for free|now|today|here)|sign up (?:for free|now|today|here)"
    r"|(?:delivered |straight |direct )?(?:to|in) your inbox|unsubscribe at any time)[\s.!…»>→]*$",
    re.IGNORECASE,
)


_DATE_LINE = re.compile(
    r"(?:(?:(?:first )?(?:published|posted|updated)(?: on)?:? )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? )?"
    r"(?:\d{1,2}(?:st|nd|rd|th)? [a-z]{3,9}\.?,? \d{4}|[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?, \d{4}|\d{4}-\d\d-\d\d)"
    r"(?:,? (?:at )?\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?)?(?: [A-Z]{2,4})?)\.?",
    re.IGNORECASE,
)


def is_boilerplate(line: str) -> bool:
    """Whether a paragraph of an article is about the page and not the news."""
    if len(line.split()) > _MAX_WORDS:
        return False
    if not any(c.isalnum() for c in line) or _DATE_LINE.fullmatch(line.strip()):
        return True  # a rule of dashes, a date line
    return bool(_OPENING.search(line) or _CLOSING.search(line))
