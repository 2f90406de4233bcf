"""Sentence boundaries on hard cases of news English."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.sentences import split_sentences

CASES = json.loads((Path(__file__).parents[1] / "data" / "sentences.json").read_text(encoding="utf-8"))["cases"]


@pytest.mark.parametrize("case", CASES, ids=[case["why"][:60] for case in CASES])
def test_hard_cases_are_split_as_a_reader_would(case: dict[str, object]) -> None:
    """Abbreviations, initials, decimals and quotations do not end a sentence before its end."""
    text = str(case["text"])
    assert [text[s.start : s.end] for s in split_sentences(text)] == case["sentences"]
