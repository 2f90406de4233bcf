"""The trained reader at work: marks in each window the span that answers best, by ONNX Runtime, with nothing of torch."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelError
from index.onnx_session import open_session
from index.reader_input import Packed, Packer, batch
from index.records import Span
from index.windows import Window

MODELS = Path(__file__).parent / "models"
MODEL = "reader.onnx"
TOKENIZER = "tokenizer.json"

MAX_SPAN = 40
"""Word pieces of an answer: a list or a clause, not a paragraph."""

Logits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Marked:
    """What the reader marks in a window.

    ``span`` is the likeliest answer, in characters of the article. ``lead`` is how far its logits are above those of
    "no answer", ``answers`` the logit of the reader's second head: that the window answers.
    """

    window: Window
    span: Span
    lead: float
    answers: float


class SpanReader(ABC):
    """Reads windows for a question. Safe to use from several threads."""

    @abstractmethod
    def mark(self, question: str, windows: Sequence[Window]) -> list[Marked]:
        """One `Marked` a window, in their order."""


class OnnxSpanReader(SpanReader):
    """The reader that ships, or one of its kind: ``model`` gives ``start``, ``end`` (windows, pieces) and ``answers``
    (windows,).

    Windows are read one by one, ``threads`` at a time. A padded batch is slower on a CPU (measured: a quarter of it is
    padding, and two threads inside ONNX Runtime gain 1.3 where two windows side by side gain 1.8), and int8 scales
    are taken over a whole batch, so that what is marked in a window would depend on the windows beside it.

    Raises:
        ModelError: the model or its tokenizer is missing or damaged.
    """

    def __init__(self, model: Path, tokenizer: Path, threads: int = 1) -> None:
        from tokenizers import Tokenizer

        try:
            self._session = open_session(model, threads=1)
            self._packer = Packer(Tokenizer.from_file(str(tokenizer)))
        except Exception as error:
            raise ModelError(
                f"The reader cannot be loaded from {model}.\nInstall Verbatim again: pip install --force-reinstall --no-deps ."
            ) from error
        # Shared by all questions: however many are asked at once, no more threads than these compute.
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reader")

    def mark(self, question: str, windows: Sequence[Window]) -> list[Marked]:
        packed = [self._packer.pack(question, w.title, w.before, w.text) for w in windows]
        return list(self._pool.map(self._read, windows, packed))

    def _read(self, window: Window, packed: Packed) -> Marked:
        start, end, answers = self._session.run(["start", "end", "answers"], dict(batch([packed])))
        return marked(window, packed, start[0], end[0], float(answers[0]))


def marked(window: Window, packed: Packed, start: Logits, end: Logits, answers: float | None) -> Marked:
    """The best span of one window from its logits (pieces,); piece 0 stands for "no answer".

    ``answers`` None: the model has no second head, and the lead stands for it.
    """
    n = len(packed.offsets)
    if not n:
        return Marked(window, Span(window.start, window.end), -20.0, -10.0 if answers is None else answers)
    inner = slice(packed.first, packed.first + n)
    sums = start[inner, None] + end[None, inner]
    allowed = np.triu(np.ones((n, n), bool)) & ~np.triu(np.ones((n, n), bool), MAX_SPAN)
    sums = np.where(allowed, sums, -np.inf)
    first, last = np.unravel_index(int(sums.argmax()), sums.shape)
    best = float(sums[first, last])
    place = Span(window.start + packed.offsets[first][0], window.start + packed.offsets[last][1])
    lead = best - float(start[0] + end[0])
    return Marked(window, place, lead, lead / 2 if answers is None else answers)


def open_reader(name: str | None, threads: int = 1) -> SpanReader:
    """The reader of the settings: None is the one that ships, else a folder or hub name of an extractive reader.

    Raises:
        ModelError: it is missing, damaged, or no extractive reader.
    """
    if name is None:
        return OnnxSpanReader(MODELS / MODEL, MODELS / TOKENIZER, threads)
    from index.other_reader import OtherReader

    return OtherReader(name)
