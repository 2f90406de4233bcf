"""The reader by itself: spans where the right paragraph is given, and its speed beside the usual way to run such a model."""

from __future__ import annotations

import statistics
import time
from typing import Any

import numpy as np

from index.passages import cut
from index.records import Kind
from index.span_reader import Marked, SpanReader, open_reader
from index.training.held_out import exact, f1
from index.training.squad import QuestionSet
from index.windows import Window, windows


def given_the_paragraph(reader: SpanReader, part: QuestionSet) -> dict[str, float]:
    """EM and F1 (percent) of the best span of the paragraph that a question was written on."""
    texts = {article.id: article.text for article in part.articles}
    passages = {a.id: [p for p in cut(a) if p.kind is Kind.BODY] for a in part.articles}
    em, overlap = [], []
    for asked in part.questions:
        if not asked.answers:
            continue
        place = asked.paragraph
        shown = [w for p in passages[asked.article] if place.start <= p.start < place.end for w in windows(p)]
        if not shown:
            continue
        best = max(reader.mark(asked.text, shown), key=_trust)
        said = texts[asked.article][best.span.start : best.span.end]
        wanted = [texts[asked.article][s.start : s.end] for s in asked.answers]
        em.append(max(exact(said, text) for text in wanted))
        overlap.append(max(f1(said, text) for text in wanted))
    return {
        "questions": len(em),
        "em": round(100 * float(np.mean(em)), 1),
        "f1": round(100 * float(np.mean(overlap)), 1),
    }


def _trust(mark: Marked) -> float:
    return mark.answers + mark.lead / 4


def speed(part: QuestionSet, questions: int = 60, batch: int = 10) -> dict[str, Any]:
    """Milliseconds for one question over ``batch`` windows: ours, and a model of the same size by transformers in
    fp32, window by window (as its question-answering pipeline went, which transformers 5 no longer has) and batched."""
    import torch
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    from index.embedding_model import packaged_folder, quiet

    torch.set_num_threads(2)
    with quiet():
        # The same layers and width as the reader's: what the weights are does not change the time.
        model = AutoModelForQuestionAnswering.from_pretrained(str(packaged_folder())).eval()
        tokenizer = AutoTokenizer.from_pretrained(str(packaged_folder()))
    reader = open_reader(None, threads=2)
    shown = [w for a in part.articles for p in cut(a) if p.kind is Kind.BODY for w in windows(p)]
    rng = np.random.default_rng(0)
    ours, single, batched = [], [], []

    def theirs(question: str, some: list[Window], at_once: int) -> float:
        started = time.perf_counter()
        for at in range(0, len(some), at_once):
            texts = [f"{w.title} {w.before} {w.text}" for w in some[at : at + at_once]]
            encoded = tokenizer([question] * len(texts), texts, truncation=True, padding=True, return_tensors="pt")
            with torch.inference_mode():
                model(**encoded)
        return (time.perf_counter() - started) * 1000

    for asked in part.questions[:questions]:
        some = [shown[i] for i in rng.choice(len(shown), batch, replace=False)]
        started = time.perf_counter()
        reader.mark(asked.text, some)
        ours.append((time.perf_counter() - started) * 1000)
        single.append(theirs(asked.text, some, 1))
        batched.append(theirs(asked.text, some, batch))
    return {
        "windows": batch,
        "ours_ms": round(statistics.median(ours), 1),
        "transformers_window_by_window_ms": round(statistics.median(single), 1),
        "transformers_batched_ms": round(statistics.median(batched), 1),
        "times_faster_than_window_by_window": round(
            statistics.median(s / o for s, o in zip(single, ours, strict=True)), 1
        ),
        "times_faster_than_batched": round(statistics.median(b / o for b, o in zip(batched, ours, strict=True)), 1),
    }
