"""What the reader is shown, in word pieces, the same in training and at work:

    [CLS] question [SEP] title [SEP] before [SEP] window [SEP]
      0       0            0           0           1            (token types)

Only pieces of type 1 may begin or end an answer; the first piece, [CLS], stands for "no answer here".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MAX_QUESTION = 56
MAX_TITLE = 20
MAX_BEFORE = 44
MAX_WINDOW = 150
"""Word pieces of each part; what is over is left out, of the question and
``before`` their beginnings (the last question of a thread is the one that is asked)."""


@dataclass(frozen=True, slots=True, eq=False)
class Packed:
    """``ids`` and ``types`` (pieces,) and, of the window's pieces in order, ``offsets`` in its text; the window
    begins at piece ``first``."""

    ids: list[int]
    types: list[int]
    offsets: list[tuple[int, int]]
    first: int


class Packer:
    """Turns question and window into word pieces. ``tokenizer`` is a `tokenizers.Tokenizer` with [CLS] and [SEP]."""

    def __init__(self, tokenizer: Any) -> None:
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._cls = tokenizer.token_to_id("[CLS]")
        self._sep = tokenizer.token_to_id("[SEP]")

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The word pieces of a text and their offsets in it."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return encoding.ids, encoding.offsets

    def pack(self, question: str, title: str, before: str, window: str) -> Packed:
        asked, named, led = self.pieces(question)[0], self.pieces(title)[0], self.pieces(before)[0]
        read, offsets = self.pieces(window)
        read, offsets = read[:MAX_WINDOW], offsets[:MAX_WINDOW]
        head = [
            self._cls,
            *asked[-MAX_QUESTION:],
            self._sep,
            *named[:MAX_TITLE],
            self._sep,
            *led[-MAX_BEFORE:],
            self._sep,
        ]
        return Packed([*head, *read, self._sep], [0] * len(head) + [1] * len(read) + [0], offsets, len(head))


def batch(packed: list[Packed]) -> dict[str, NDArray[np.int64]]:
    """``input_ids``, ``attention_mask`` and ``token_type_ids``, each (windows, pieces of the longest)."""
    width = max(len(p.ids) for p in packed)
    shape = (len(packed), width)
    feed = {name: np.zeros(shape, np.int64) for name in ("input_ids", "attention_mask", "token_type_ids")}
    for row, p in enumerate(packed):
        feed["input_ids"][row, : len(p.ids)] = p.ids
        feed["attention_mask"][row, : len(p.ids)] = 1
        feed["token_type_ids"][row, : len(p.ids)] = p.types
    return feed
