"""The texts and questions that the reader is trained on, each set as articles with questions; and how each is used."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import ArticleError
from index.records import Article, Span
from index.training.squad import SQUAD2_DEV_FIT, SQUAD2_DEV_TUNE, AskedQuestion, QuestionSet, load

OWN = Path(__file__).parent
"""Texts of our own with questions: folders of JSON files, `news` and `reference`."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """A set of questions to train on. ``share`` of its questions are taken in each pass.

    ``titled``: its titles say what the text is about. ``continuous``: a paragraph goes on from the one before.
    ``mined``: other passages than its own may be shown as wrong ones (not where questions fit many texts).
    """

    name: str
    questions: QuestionSet
    share: float
    titled: bool
    continuous: bool
    mined: bool


def public(data: Path) -> list[Corpus]:
    """The public sets, without what is kept for tuning and tests.

    Raises:
        ArticleError: a set is not in ``data``.
    """
    return [
        Corpus("squad2_train_part", load(data, "squad2_train_part"), 1.0, True, True, True),
        Corpus("squad2_dev_fit", squad2_dev(data, "fit"), 1.0, True, True, True),
        Corpus("reddit", load(data, "reddit"), 1.0, False, False, True),
        Corpus("amazon_reviews", load(data, "amazon_reviews"), 0.6, False, False, True),
        Corpus("policyqa_dev", load(data, "policyqa_dev"), 0.25, True, True, False),
        Corpus("policyqa_test", load(data, "policyqa_test"), 0.25, True, True, False),
        Corpus("qamr", load_qamr(data), 0.3, False, False, True),
    ]


def squad2_dev(data: Path, part: str) -> QuestionSet:
    """``fit``, ``tune`` or ``test`` articles of squad2_dev_half, in file order."""
    everything = load(data, "squad2_dev_half")
    cut = SQUAD2_DEV_FIT + SQUAD2_DEV_TUNE
    parts = {
        "fit": everything.articles[:SQUAD2_DEV_FIT],
        "tune": everything.articles[SQUAD2_DEV_FIT:cut],
        "test": everything.articles[cut:],
    }
    return everything.of(parts[part])


def own(folder: str, part: str) -> QuestionSet:
    """Texts of our own with questions: every file of ``folder`` that is named ``part`` (train, more, tune, test) and a
    number, if any."""
    articles: list[Article] = []
    questions: list[AskedQuestion] = []
    for file in sorted((OWN / folder).glob(f"{part}*.json")):
        for number, entry in enumerate(json.loads(file.read_text(encoding="utf-8")), 1):
            article, asked = _own_article(f"{file.stem}-{number:02d}", entry)
            articles.append(article)
            questions += asked
    return QuestionSet(tuple(articles), tuple(questions))


def load_news(part: str) -> QuestionSet:
    """Invented news of our own with questions."""
    return own("news", part)


def _own_article(id_: str, entry: dict[str, Any]) -> tuple[Article, list[AskedQuestion]]:
    text, starts = entry["title"], []
    for paragraph in entry["paragraphs"]:
        starts.append(len(text) + 2)
        text += f"\n\n{paragraph}"
    asked = []
    for question in entry["questions"]:
        paragraph = entry["paragraphs"][question["p"] - 1]
        start = starts[question["p"] - 1]
        # Some facts stand twice in an article: its other paragraphs that answer are named by number.
        numbers = [question["p"], *question.get("also", [])] if question["a"] else []
        answers = tuple(
            Span(starts[n - 1] + at, starts[n - 1] + at + len(answer))
            for n in numbers
            for answer in question["a"]
            if (at := entry["paragraphs"][n - 1].find(answer)) >= 0
        )
        place = Span(start, start + len(paragraph))
        asked.append(AskedQuestion(question["q"].strip(), id_, answers, place, question["type"]))
    return Article(id_, entry["title"], id_, entry["published"], text), asked


def load_qamr(data: Path) -> QuestionSet:
    """QAMR: questions on single sentences of Wikinews and Wikipedia, those of one page as one article.

    The text is set as it is printed; a question counts where its writer and one of two others marked the same place.
    """
    file = data / "qamr.json.gz"
    if not file.is_file():
        raise ArticleError(f"The data set qamr is not in {data}.\nName the folder that holds {file.name} with --data.")
    raw = json.loads(gzip.decompress(file.read_bytes()))
    pages: dict[str, list[str]] = {}
    for sentence in raw["sentences"]:
        pages.setdefault(sentence.rsplit(":", 2)[0], []).append(sentence)
    articles: list[Article] = []
    places: dict[str, tuple[Span, list[Span]]] = {}
    ids: dict[str, str] = {}
    for number, (page, sentences) in enumerate(pages.items()):
        text = f"Page {number}"
        for sentence in sentences:
            printed, tokens = detokenized(raw["sentences"][sentence].split())
            start = len(text) + 2
            text += f"\n\n{printed}"
            places[sentence] = (Span(start, len(text)), [Span(start + a, start + b) for a, b in tokens])
            ids[sentence] = f"qamr-{number:03d}"
        articles.append(Article(f"qamr-{number:03d}", f"Page {number}", page, None, text))
    questions = []
    for question in raw["questions"]:
        place, words = places[question["sentence_id"]]
        marked = set(question["answer_tokens"])
        first, last = min(marked), max(marked)
        agreed = any(marked & set(other) for other in question["validators"])
        if agreed and last - first + 1 - len(marked) <= 2:
            span = Span(words[first].start, words[last].end)
            questions.append(AskedQuestion(question["question"].strip(), ids[question["sentence_id"]], (span,), place))
    return QuestionSet(tuple(articles), tuple(questions))


_PRINTED = {"-LRB-": "(", "-RRB-": ")", "-LSB-": "[", "-RSB-": "]", "``": '"', "''": '"', "--": "–"}
_NO_SPACE_BEFORE = re.compile(r"^(?:[.,;:!?%)\]]|'(?:s|re|ve|ll|d|m)?$|n't$)")


def detokenized(tokens: list[str]) -> tuple[str, list[tuple[int, int]]]:
    """Treebank tokens as they are printed, and each one's place in the text."""
    text, places, opened, glue = "", [], False, True
    for token in tokens:
        printed = _PRINTED.get(token, token)
        closing = printed == '"' and opened
        if not (glue or closing or (_NO_SPACE_BEFORE.match(printed) and printed != '"')):
            text += " "
        places.append((len(text), len(text) + len(printed)))
        text += printed
        if printed == '"':
            opened = not opened
        glue = printed in ("(", "[", "$", "£", "#") or (printed == '"' and opened)
    return text, places
