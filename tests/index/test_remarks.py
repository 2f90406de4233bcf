"""What tells a question from a remark when nobody was asked in particular."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.remarks import LONGEST, asks

QUESTIONS = [
    "Which countries sent troops?",
    "which countries sent troops",
    "how many people took the late boat last year",
    "who runs the seed library",
    "which mayor voted against it",
    "what year was the Marigold built",
    "what temperature are the seeds kept at",
    "what's the CSTO",
    "Who's the mayor of Skelvik",
    "did Trenin say that",
    "Did the mayor vote against it",
    "is there a cold room",
    "since when?",
    "Why?",
    "when?",
    "And when?",
    "and in 2019?",
    "and the OSCE?",
    "or in May?",
    "What about children?",
    "And compared to 2019?",
    "from which countries?",
    "by how many votes?",
    "in what year was it built?",
    "is that true of the troops too?",
    "Does anybody know how many passengers the Marigold carries?",
    "Does anyone here happen to know if the ferry stays",
    "Any idea when the talks begin?",
    "I wonder who voted against it",
    "Can someone tell me what a single ticket costs",
    "Hey all, when do the talks in Geneva begin?",
    "ok so who paid for the cold room?",
    "Quick question: where is the seed library?",
    "Were the troops Russian? Thanks!",
    "Interesting. How many voted for it?",
    "What did the US say?",
    "what did the U.S. want?",
    "What does Moscow want :thinking_face:",
    "How long does the crossing take? 🤔",
    "“When was the flood?”",
    "who found it??",
    "What was lost?!",
    "> 2,500 soldiers\nwho sent them?",
]

REMARKS = [
    "",
    "?",
    "thanks!",
    "ok",
    "lol",
    ":joy:",
    "😂",
    "+1",
    "good morning all",
    "What a day!",
    "What a mess?",
    "what the hell?",
    "how nice!",
    "How cool is that?",
    "What do you think?",
    "what do we do now?",
    "Shall we meet at noon?",
    "Are you coming to the meeting?",
    "Can you send me the link?",
    "did anyone see the match?",
    "does your team use this?",
    "How do I get there?",
    "who's in?",
    "Who wants coffee?",
    "Who is on call?",
    "Anyone up for lunch?",
    "Lunch at noon?",
    "how about lunch?",
    "how are things?",
    "any questions?",
    "Really?",
    "seriously??",
    "So what?",
    "what?",
    "Why not?",
    "who cares?",
    "who knows",
    "Is it?",
    "is that so?",
    "did they really?",
    "Does that make sense?",
    "The boat stays, right?",
    "It stays, doesn't it?",
    "So it costs 410,000 crowns?",
    "he said that?",
    "The ferry costs 410,000 crowns.",
    "That is who I mean",
    "The question is who pays for it.",
    "He asked who paid",
    "this is how it works",
    "No idea",
    "I have no idea who that is",
    "which is why it failed",
    "which is a shame",
    "in which case it is fine",
    "when the ferry stops, the island is cut off",
    "where the mill was there is a library now",
    "what he said is nonsense",
    "What Moscow wants is a promise.",
    "was great to see the ferry",
    "would be nice",
    "will do",
    "have fun",
    "have a look at this",
    "Let's go",
    "I read which countries sent troops.",
    "see https://example.org/why-did-it-stop?page=1",
    "`select who from troops?`",
    "```\nwhy is this failing?\n```",
    "> which countries sent troops?",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_is_told_by_its_form(text: str) -> None:
    """With a mark or without, terse or whole, after a greeting or an "I wonder"."""
    assert asks(text)


@pytest.mark.parametrize("text", REMARKS)
def test_a_remark_is_left_alone(text: str) -> None:
    """Statements, exclamations, half sentences, and what people ask each other about themselves."""
    assert not asks(text)


def test_a_story_is_no_question() -> None:
    """Whoever writes at length tells something, though there be a question in it."""
    assert not asks("Which countries sent troops? " + "The first wave consists of soldiers. " * (LONGEST // 30))


@given(st.text())
def test_any_text_can_be_looked_at(text: str) -> None:
    """No input fails."""
    assert asks(text) in (True, False)
