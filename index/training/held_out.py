"""How a reader in training does on the tuning sets, given the right paragraph: span F1 and whether it knows when to pass."""

from __future__ import annotations

import re
import string
from collections import Counter
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from index.passages import cut
from index.reader_input import Packer, batch
from index.records import Kind
from index.span_reader import marked
from index.training.corpora import load_news, squad2_dev
from index.training.reader_model import ReaderModel
from index.training.squad import QuestionSet
from index.windows import Window, windows


@lru_cache(maxsize=8)
def _tuning(data: Path) -> dict[str, QuestionSet]:
    return {"squad2": squad2_dev(data, "tune"), "news": load_news("tune")}


def measure(model: ReaderModel, packer: Packer, data: Path) -> dict[str, dict[str, float]]:
    """For each tuning set: exact match and F1 of answerable questions, AUROC of answerable against not, by each score."""
    return {name: measure_set(model, packer, part) for name, part in _tuning(data).items() if part.questions}


def measure_set(model: ReaderModel, packer: Packer, part: QuestionSet) -> dict[str, float]:
    from sklearn.metrics import roc_auc_score

    articles = {article.id: article for article in part.articles}
    passages = {a.id: [p for p in cut(a) if p.kind is Kind.BODY] for a in part.articles}
    jobs: list[tuple[int, Window]] = []
    for number, asked in enumerate(part.questions):
        place = asked.paragraph
        for passage in passages[asked.article]:
            if place.start <= passage.start < place.end:
                jobs += [(number, window) for window in windows(passage)]
    packed = [packer.pack(part.questions[n].text, w.title, w.before, w.text) for n, w in jobs]
    order = sorted(range(len(jobs)), key=lambda i: len(packed[i].ids))
    best: dict[int, tuple[float, float, str]] = {}
    for at in range(0, len(order), 64):
        rows = order[at : at + 64]
        feed = {k: torch.from_numpy(v) for k, v in batch([packed[i] for i in rows]).items()}
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            start, end, answers = (x.float().numpy() for x in model(**feed))
        for row, i in enumerate(rows):
            number, window = jobs[i]
            p = packed[i]
            mark = marked(window, p, start[row], end[row], float(answers[row]))
            found = (mark.answers, mark.lead, window.article.text[mark.span.start : mark.span.end])
            # The window is chosen by both scores, as far as they agree.
            if number not in best or found[0] + found[1] / 4 > best[number][0] + best[number][1] / 4:
                best[number] = found
    answered = [number for number, q in enumerate(part.questions) if q.answers and number in best]
    texts = {
        n: [articles[part.questions[n].article].text[s.start : s.end] for s in part.questions[n].answers]
        for n in answered
    }
    has = [bool(part.questions[n].answers) for n in best]
    figures = {
        "em": np.mean([max(exact(best[n][2], t) for t in texts[n]) for n in answered]),
        "f1": np.mean([max(f1(best[n][2], t) for t in texts[n]) for n in answered]),
    }
    if len(set(has)) == 2:
        figures["auroc_answers"] = roc_auc_score(has, [best[n][0] for n in best])
        figures["auroc_span"] = roc_auc_score(has, [best[n][1] for n in best])
        figures["auroc_both"] = roc_auc_score(has, [best[n][0] + best[n][1] / 4 for n in best])
    return {name: round(float(value), 3) for name, value in figures.items()}


def normalised(text: str) -> list[str]:
    """SQuAD's way of comparing answers: lower case, without punctuation and articles (Rajpurkar et al. 2016)."""
    bare = "".join(c for c in text.lower() if c not in set(string.punctuation) | set("“”‘’–—"))
    return re.sub(r"\b(a|an|the)\b", " ", bare).split()


def exact(given: str, wanted: str) -> float:
    return float(normalised(given) == normalised(wanted))


def f1(given: str, wanted: str) -> float:
    """Harmonic mean of precision and recall of the words."""
    a, b = normalised(given), normalised(wanted)
    shared = sum((Counter(a) & Counter(b)).values())
    return 2 * shared / (len(a) + len(b)) if shared else 0.0
