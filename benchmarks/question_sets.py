"""The sets that `benchmarks.answers` asks: articles, questions on them, and questions on something else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from index.records import Article, Span
from index.training import paraphrases
from index.training.corpora import load_news, squad2_dev
from index.training.squad import AskedQuestion, QuestionSet, load

FOREIGN = 250
"""Questions on other articles, asked of each index: nothing there answers them."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A set to ask. ``foreign`` are questions on articles that its index does not hold."""

    name: str
    questions: QuestionSet
    foreign: tuple[str, ...]


def test_sets(data: Path, every: int) -> list[Bench]:
    """What neither trained the reader nor fitted the confidence; of the two large sets each ``every``-th question.

    Raises:
        ArticleError: a set is not in ``data``.
    """
    squad, wiki = squad2_dev(data, "test"), load(data, "new_wiki_half")
    squad = QuestionSet(squad.articles, squad.questions[::every])
    wiki = QuestionSet(wiki.articles, wiki.questions[::every])
    on_squad = _spread([q.text for q in squad.questions if q.answers])
    on_wiki = _spread([q.text for q in wiki.questions])
    return [
        Bench("squad2_dev_half, articles 12-16", squad, on_wiki),
        Bench("new_wiki_half", wiki, on_squad),
        Bench("our news, test", load_news("test"), on_squad),
        Bench("our paraphrases, test", paraphrase_set(data, "test"), on_squad),
    ]


def paraphrase_set(data: Path, split: str) -> QuestionSet:
    """Our paraphrases as a question set; every paragraph that answers counts."""
    articles, questions = paraphrases.load(data, split)
    texts = {article.id: article.text for article in articles}
    asked = []
    for question in questions:
        text = texts[question.article]
        blocks = _blocks(text)
        wanted = [blocks[number - 1] for article, number in question.right if number <= len(blocks)]
        answers = [
            Span(at, at + len(answer))
            for block in wanted
            for answer in question.answers
            if (at := text.find(answer, block.start, block.end)) >= 0
        ]
        place = wanted[0] if wanted else Span(0, 0)
        asked.append(AskedQuestion(question.text, question.article, tuple(answers), place, question.kind))
    return QuestionSet(tuple(articles), tuple(asked))


def _blocks(text: str) -> list[Span]:
    spans, at = [], 0
    for block in text.split("\n\n"):
        spans.append(Span(at, at + len(block)))
        at += len(block) + 2
    return spans


def _spread(texts: list[str]) -> tuple[str, ...]:
    step = max(1, len(texts) // FOREIGN)
    return tuple(texts[::step][:FOREIGN])


def alone(part: QuestionSet, article: Article) -> QuestionSet:
    """The questions of one article, to be asked of it alone."""
    return part.of((article,))
