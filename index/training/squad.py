"""SQuAD-format data as articles with questions, and the split that every script keeps to."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.decoding import settle
from index.errors import ArticleError
from index.records import Article, Span

SQUAD2_DEV_FIT = 8
SQUAD2_DEV_TUNE = 3
"""Of the 16 articles of squad2_dev_half, in file order: 8 to fit on, 3 to tune on; the other 5 are for tests alone."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question of a data set; ``answers`` are spans in its article's text, none where it has no answer.

    ``paragraph`` is the place of the paragraph that it was written on, ``kind`` what it asks for, where the set tells.
    """

    text: str
    article: str
    answers: tuple[Span, ...]
    paragraph: Span
    kind: str = ""


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Articles, and the questions asked of them."""

    articles: tuple[Article, ...]
    questions: tuple[AskedQuestion, ...]

    def of(self, articles: tuple[Article, ...]) -> QuestionSet:
        """The part about some of the articles."""
        ids = {article.id for article in articles}
        return QuestionSet(articles, tuple(q for q in self.questions if q.article in ids))


def load(data: Path, name: str) -> QuestionSet:
    """Read ``NAME.json.gz`` of the data folder: title on the first line, paragraphs parted by blank lines.

    Raises:
        ArticleError: the data are not there; the message says what to do.
    """
    file = data / f"{name}.json.gz"
    if not file.is_file():
        raise ArticleError(
            f"The data set {name} is not in {data}.\nName the folder that holds {file.name} with --data; "
            "benchmarks/README.md says where each set comes from."
        )
    raw = json.loads(gzip.decompress(file.read_bytes()))
    articles, questions = [], []
    for number, entry in enumerate(raw["data"]):
        article, asked = _article(f"{name}-{number:03d}", entry)
        articles.append(article)
        questions += asked
    return QuestionSet(tuple(articles), tuple(questions))


def _article(id_: str, entry: dict[str, Any]) -> tuple[Article, list[AskedQuestion]]:
    title = str(entry.get("title") or "").replace("_", " ").strip() or "Untitled"
    text = title
    questions = []
    for paragraph in entry["paragraphs"]:
        # Character for character, so that the answers' offsets hold.
        context = settle(paragraph["context"].replace("\n", " ").replace("\r", " "))
        exact = len(context) == len(paragraph["context"])
        start = len(text) + 2
        text += f"\n\n{context}"
        place = Span(start, start + len(context))
        for question in paragraph["qas"]:
            answers = tuple(
                Span(start + a["answer_start"], start + a["answer_start"] + len(a["text"])) for a in question["answers"]
            )
            if question.get("is_impossible"):
                questions.append(AskedQuestion(question["question"].strip(), id_, (), place))
            elif exact and answers:
                questions.append(AskedQuestion(question["question"].strip(), id_, answers, place))
    return Article(id_, title, id_, None, text), questions
