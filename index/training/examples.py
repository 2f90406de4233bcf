"""Training examples: for each question the window that answers it beside tempting ones that do not.

A group is what one question gives in one pass: a window with the answer and some without (of the passages that our
retrieval brings, of the same paragraph, of any article, or the right window under a question that was swapped); for a
question without an answer a few windows without. What is drawn differs from pass to pass.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from index.passages import cut
from index.reader_input import Packed, Packer
from index.records import Article, Kind, Passage, Span
from index.training.corpora import Corpus
from index.training.mining import Found
from index.training.squad import AskedQuestion
from index.training.swaps import swapped
from index.training.typing_style import as_typed
from index.windows import MAX_WINDOW, Window, windows

FOLLOW_UPS = 0.08


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A question over a window. ``start`` and ``end`` are the first and last piece of the answer, 0 where none is."""

    packed: Packed
    start: int
    end: int

    @property
    def answered(self) -> bool:
        return self.start > 0


class Maker:
    """Makes groups of examples from the questions of a corpus and the passages that were ``mined`` for them."""

    def __init__(self, corpus: Corpus, mined: list[list[Found]] | None, packer: Packer) -> None:
        self.corpus = corpus
        self._mined = mined
        self._packer = packer
        self._articles = {article.id: article for article in corpus.questions.articles}
        self._passages: dict[str, list[Passage]] = {}

    def group(self, number: int, rng: random.Random, negatives: int = 2, strangers: int = 0) -> list[Example]:
        """What question ``number`` gives in one pass; [] where its answer fits no window.

        Beside the window with the answer stand ``negatives`` tempting ones without and ``strangers`` of any article.
        """
        asked = self.corpus.questions.questions[number]
        # As a thread has it: the turn before stands in front, and the last question is the one to answer.
        turn = self._turn_before(number, rng) if rng.random() < FOLLOW_UPS else ""
        typed = turn + as_typed(asked.text, rng)
        if not asked.answers:
            chosen = [*self._tempting(number, rng), *(self._any(rng) for _ in range(min(1, strangers)))]
            return [self._example(typed, window, None, rng) for window in chosen]
        answer = asked.answers[0] if rng.random() < 0.7 else rng.choice(asked.answers)
        right = self._window_of(asked, answer, rng)
        if right is None:
            return []
        first = self._example(typed, right, answer, rng)
        if not first.answered:
            return []
        group = [first]
        texts = [self._text(asked, span) for span in asked.answers]
        if rng.random() < 0.35:
            article = self._articles[asked.article].text
            around = article[max(0, right.start - 6000) : right.end + 6000]
            if (new := swapped(asked.text, right.text, around, texts, rng)) is not None:
                group.append(self._example(turn + as_typed(new, rng), right, None, rng))
        for window in self._wrong(number, asked, texts, rng):
            if len(group) > negatives:
                break
            group.append(self._example(typed, window, None, rng))
        for window in (self._any(rng) for _ in range(strangers)):
            if not _holds(window, texts):
                group.append(self._example(typed, window, None, rng))
        return group

    def _turn_before(self, number: int, rng: random.Random) -> str:
        """Another question on the same article, one written just before where there is one."""
        questions = self.corpus.questions.questions
        other = questions[max(0, number - rng.randint(1, 3))]
        return f"{other.text} " if other is not questions[number] and other.article == questions[number].article else ""

    def _example(self, question: str, window: Window, answer: Span | None, rng: random.Random) -> Example:
        title = window.title if self.corpus.titled and rng.random() < 0.75 else ""
        before = self._before(window) if rng.random() < 0.8 else ""
        packed = self._packer.pack(question, title, before, window.text)
        start = end = 0
        if answer is not None:
            a, b = answer.start - window.start, answer.end - window.start
            inside = [i for i, (s, e) in enumerate(packed.offsets) if s < b and e > a]
            if inside and packed.offsets[inside[-1]][1] >= b:
                start, end = packed.first + inside[0], packed.first + inside[-1]
        return Example(packed, start, end)

    def _before(self, window: Window) -> str:
        if self.corpus.continuous:
            return window.before
        # What stands above is another text: only the window's own paragraph says what came before.
        text = window.article.text
        paragraph = text.rfind("\n", 0, window.start) + 1
        return " ".join(text[max(paragraph, window.start - 200) : window.start].split())

    def _window_of(self, asked: AskedQuestion, answer: Span, rng: random.Random) -> Window | None:
        """A window that holds the answer: one as the product cuts it, or a random run of sentences."""
        for passage in self._of(asked.article):
            if not (passage.start <= answer.start and answer.end <= passage.end):
                continue
            if rng.random() < 0.6:
                for window in windows(passage):
                    if window.start <= answer.start and answer.end <= window.end:
                        return window
            return _random_run(passage, answer, rng)
        return None

    def _wrong(self, number: int, asked: AskedQuestion, texts: list[str], rng: random.Random) -> list[Window]:
        """Windows without an answer, the most tempting ones among the first."""
        found = [window for window in self._found(number, rng) if not _holds(window, texts)]
        own = [
            window
            for passage in self._at(asked.article, asked.paragraph)
            for window in windows(passage)
            if not _holds(window, texts)
        ]
        rng.shuffle(own)
        # Mostly the best ones, now and then any: what is brought at work is both.
        mined = found[:4] if rng.random() < 0.7 else found
        rng.shuffle(mined)
        first = own[:1] if rng.random() < 0.5 else []
        return [*first, *mined, *own] or [self._any(rng)]

    def _tempting(self, number: int, rng: random.Random) -> list[Window]:
        """Of the paragraph that an unanswerable question was written on the window nearest to it; sometimes another."""
        asked = self.corpus.questions.questions[number]
        own = [window for passage in self._at(asked.article, asked.paragraph) for window in windows(passage)]
        found = self._found(number, rng)
        inside = [w for w in found if asked.paragraph.start <= w.start < asked.paragraph.end]
        chosen = inside[:1] or own[:1]
        others = [
            w
            for w in [*own, *found[:4]]
            if chosen and (w.start, w.article.id) != (chosen[0].start, chosen[0].article.id)
        ]
        if others and rng.random() < 0.6:
            chosen = [*chosen, rng.choice(others)]
        return chosen

    def _found(self, number: int, rng: random.Random) -> list[Window]:
        if self._mined is None:
            return []
        result = []
        for article, place, best in self._mined[number]:
            for passage in self._of(article):
                if passage.start == place.start:
                    if rng.random() < 0.6:
                        result += [w for w in windows(passage) if w.start <= best.start < w.end][:1]
                    else:
                        result.append(_random_run(passage, best, rng))
        return result

    def _of(self, article: str) -> list[Passage]:
        if article not in self._passages:
            self._passages[article] = [p for p in cut(self._articles[article]) if p.kind is Kind.BODY]
        return self._passages[article]

    def _at(self, article: str, place: Span) -> list[Passage]:
        return [p for p in self._of(article) if place.start <= p.start < place.end]

    def _any(self, rng: random.Random) -> Window:
        while True:
            article: Article = rng.choice(self.corpus.questions.articles)
            if passages := self._of(article.id):
                return rng.choice(windows(rng.choice(passages)))

    def _text(self, asked: AskedQuestion, span: Span) -> str:
        return self._articles[asked.article].text[span.start : span.end]


def _random_run(passage: Passage, around: Span, rng: random.Random) -> Window:
    """Whole sentences that hold ``around``, up to a random length."""
    sentences = passage.sentences
    inside = [i for i, s in enumerate(sentences) if s.start < around.end and s.end > around.start]
    first, last = (inside[0], inside[-1]) if inside else (0, 0)
    limit = rng.randint(40, MAX_WINDOW)
    while True:
        sides = [
            side
            for side in (-1, 1)
            if 0 <= (first - 1 if side < 0 else last + 1) < len(sentences)
            and (
                sentences[last].end - sentences[first - 1].start
                if side < 0
                else sentences[last + 1].end - sentences[first].start
            )
            <= limit
        ]
        if not sides:
            return Window(passage.article, sentences[first].start, sentences[last].end)
        if rng.choice(sides) < 0:
            first -= 1
        else:
            last += 1


def _holds(window: Window, texts: list[str]) -> bool:
    text = window.text.lower()
    return any(answer.lower() in text for answer in texts)
