"""Questions that paraphrase, of our own: over the sample article and ten BBC files of the public archive."""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

from index.articles import read_article
from index.decoding import decode, unescape
from index.errors import ArticleError
from index.records import Article

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "benchmarks" / "questions" / "paraphrases.json"


@dataclass(frozen=True, slots=True)
class Paraphrase:
    """A question, its answers as they stand in the article, and the paragraphs that hold one: (article, number)."""

    text: str
    article: str
    answers: tuple[str, ...]
    right: frozenset[tuple[str, int]]
    answerable: bool
    kind: str


def load(data: Path, split: str) -> tuple[list[Article], list[Paraphrase]]:
    """The articles of one split, ``tune`` or ``test``, and their questions.

    Raises:
        ArticleError: the archive is not in ``data``.
    """
    raw = [q for q in json.loads(QUESTIONS.read_text(encoding="utf-8"))["questions"] if q["split"] == split]
    articles = {source: _article(data, source) for source in dict.fromkeys(q["article"] for q in raw)}
    questions = [
        Paraphrase(
            q["question"],
            articles[q["article"]].id,
            tuple(q["answers"]),
            frozenset((articles[q["article"]].id, number) for number in _paragraphs(q)),
            bool(q["answerable"]),
            q["type"],
        )
        for q in raw
    ]
    return list(articles.values()), questions


def _paragraphs(question: dict[str, object]) -> list[int]:
    many = question.get("paragraphs")
    one = question.get("paragraph")
    return [int(n) for n in many] if isinstance(many, list) and many else ([one] if isinstance(one, int) else [])


def _article(data: Path, source: str) -> Article:
    if source.startswith("articles/"):
        return read_article(str(ROOT / source))
    archive = data / "bbc_news.tar.gz"
    if not archive.is_file():
        raise ArticleError(f"The archive bbc_news.tar.gz is not in {data}.\nName the folder that holds it with --data.")
    name = source.removeprefix("bbc/")
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and member.name.rsplit("/", 1)[-1] == name and (stream := tar.extractfile(member)):
                text = unescape(decode(stream.read()))
                return Article(source, text.split("\n", 1)[0].strip(), source, None, text)
    raise ArticleError(f"{name} is not in {archive}.")
