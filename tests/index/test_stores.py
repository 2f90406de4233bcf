"""The contract of stores, held against a brute force of five lines."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from index.passages import cut
from index.records import Article, Kind, Passage
from index.retrieval import ARTICLE_WEIGHT, HITS, K1, LEXICAL_WEIGHT, B, retrieve
from index.stores.base import Store, Vectors
from index.stores.local import LocalStore, write_store
from index.terms import terms

WORDS = "ferry harbour bridge minister wheat price storm library seed island board ticket repair summer vote".split()
DIMENSION = 16


def made_up(count: int, seed: int) -> list[tuple[Article, str, list[Passage], Vectors]]:
    """Articles of random words with random unit vectors, the same for the same seed."""
    rng = np.random.default_rng(seed)
    articles = []
    for number in range(count):
        paragraphs = [
            " ".join("The " + " ".join(rng.choice(WORDS, 6)) + "." for _ in range(rng.integers(1, 4))) for _ in range(3)
        ]
        article = Article(
            f"a{number}", f"Story {number}", f"{number}.txt", None, f"Story {number}\n\n" + "\n\n".join(paragraphs)
        )
        passages = cut(article)
        sentences = sum(len(p.sentences) for p in passages if p.kind is Kind.BODY)
        vectors = rng.normal(size=(sentences, DIMENSION)).astype(np.float32)
        articles.append((article, "sha", passages, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)))
    return articles


@pytest.fixture(params=["local"])
def store_of(request: pytest.FixtureRequest, tmp_path: Path):
    """A function that puts articles into a store of each kind."""
    opened: list[Store] = []

    def make(articles: list[tuple[Article, str, list[Passage], Vectors]]) -> Store:
        write_store(tmp_path, articles)
        opened.append(LocalStore(tmp_path))
        return opened[-1]

    yield make
    for store in opened:
        store.close()


def flat(articles: list[tuple[Article, str, list[Passage], Vectors]]) -> list[tuple[Passage, Vectors]]:
    """Every body passage with its sentences' vectors, in the order of rows."""
    out = []
    for _, _, passages, vectors in articles:
        start = 0
        for passage in (p for p in passages if p.kind is Kind.BODY):
            out.append((passage, vectors[start : start + len(passage.sentences)]))
            start += len(passage.sentences)
    return out


def test_nearest_agrees_with_brute_force(store_of) -> None:
    """The passages of the nearest sentences come best first, each once."""
    articles = made_up(20, 1)
    store, rows = store_of(articles), flat(articles)
    question = np.random.default_rng(2).normal(size=DIMENSION).astype(np.float32)
    question /= np.linalg.norm(question)
    sentences = [(float(v @ question), row) for row, (_, vectors) in enumerate(rows) for v in vectors]
    expected = list(dict.fromkeys(row for _, row in sorted(sentences, key=lambda pair: -pair[0])[:15]))
    assert store.nearest(question, 15) == expected


def test_retrieval_agrees_with_brute_force(store_of) -> None:
    """The whole ranking – candidates, idf, BM25, cosine, weight – is the formula of the documentation."""
    articles = made_up(12, 3)
    store, rows = store_of(articles), flat(articles)
    question = np.random.default_rng(4).normal(size=DIMENSION).astype(np.float32)
    question /= np.linalg.norm(question)
    asked = terms("When did the ferry harbour vote on zebras?")
    documents = [terms(p.text) + terms(p.article.title) for p, _ in rows]
    average = sum(map(len, documents)) / len(documents)
    weight = {
        t: math.log(1 + (len(rows) - n + 0.5) / (n + 0.5)) for t in asked for n in [sum(t in d for d in documents)]
    }

    def total(row: int) -> float:
        counts, length = Counter(documents[row]), len(documents[row])
        damping = K1 * (1 - B + B * length / average)
        lexical = sum(weight[t] * counts[t] / (counts[t] + damping) for t in asked) / sum(weight.values())
        return float((rows[row][1] @ question).max()) + LEXICAL_WEIGHT * lexical

    def rank(row: int) -> float:
        article = rows[row][0].article.id
        return total(row) + ARTICLE_WEIGHT * max(total(r) for r in range(len(rows)) if rows[r][0].article.id == article)

    best = sorted(range(len(rows)), key=lambda row: (-rank(row), row))[:HITS]
    hits = retrieve(store, question, asked)
    assert [hit.passage for hit in hits] == [rows[row][0] for row in best]
    # Vectors are kept in half precision.
    assert [hit.scores.total for hit in hits] == pytest.approx([total(row) for row in best], abs=2e-3)


def test_matching_finds_what_shares_words_and_nothing_else(store_of) -> None:
    """Passages without a word of the question are not candidates; no words, no candidates."""
    articles = made_up(12, 5)
    store, rows = store_of(articles), flat(articles)
    found = store.matching(["wheat"], 1000)
    assert set(found) == {row for row, (p, _) in enumerate(rows) if "wheat" in terms(p.text)}
    assert store.matching([], 10) == []
    assert store.matching(['"; DROP TABLE words; --', "zebra OR wheat", "NEAR("], 10) == []


def test_frequencies_count_passages(store_of) -> None:
    """A term is counted once a passage, and one that stands nowhere is given as 0."""
    articles = made_up(12, 6)
    store, rows = store_of(articles), flat(articles)
    assert store.document_frequencies(["wheat", "zebra"]) == {
        "wheat": sum("wheat" in terms(p.text) for p, _ in rows),
        "zebra": 0,
    }


def test_passages_come_back_as_they_were_put_in(store_of) -> None:
    """Text, offsets, sentences, paragraph and article survive the store."""
    articles = made_up(4, 7)
    store, rows = store_of(articles), flat(articles)
    order = list(range(len(rows)))[::-1]
    assert store.passages(order) == [rows[row][0] for row in order]
    assert [a for a, _ in store.articles()] == [article for article, *_ in articles]
    assert store.rows_of("a1") == [row for row, (p, _) in enumerate(rows) if p.article.id == "a1"]
    assert store.article("a9") is None


def test_more_is_asked_for_than_there_is(store_of) -> None:
    """A k beyond the store's size gives all there is."""
    articles = made_up(2, 8)
    store, rows = store_of(articles), flat(articles)
    assert sorted(store.nearest(articles[0][3][0], 10_000)) == list(range(len(rows)))
    assert len(retrieve(store, articles[0][3][0], ["ferri"], hits=10_000)) == len(rows)


def test_a_store_without_passages_answers_nothing(store_of) -> None:
    """Empty is not an error."""
    store = store_of([])
    assert store.nearest(np.ones(1, np.float32), 5) == []
    assert store.matching(["ferri"], 5) == []
    assert retrieve(store, np.ones(1, np.float32), ["ferri"]) == []


def test_equal_passages_keep_their_order(store_of) -> None:
    """The same wire story in two papers is two passages, and which comes first is the same every time."""
    article, sha, passages, vectors = made_up(1, 9)[0]
    twin = Article("b", article.title, "b.txt", None, article.text)
    store = store_of([(article, sha, passages, vectors), (twin, sha, cut(twin), vectors)])
    hits = retrieve(store, vectors[0], terms(passages[1].text))
    assert [hit.passage.article.id for hit in hits[:2]] == ["a0", "b"]
