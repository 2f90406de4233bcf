"""Another extractive reader, by name: any model of transformers' question-answering kind, from a folder or a hub.

It takes seconds to load and runs by torch. Its spans and its "no answer" take the place of the shipped reader's;
the confidence was calibrated for the shipped one and is less to be trusted with another.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from index.embedding_model import quiet
from index.errors import ModelError
from index.reader_input import Packed
from index.span_reader import Marked, SpanReader, marked
from index.windows import Window

MAX_PIECES = 384


class OtherReader(SpanReader):
    """``name`` is a folder or a hub name such as ``deepset/tinyroberta-squad2``.

    Raises:
        ModelError: it cannot be loaded, or answers no questions.
    """

    def __init__(self, name: str) -> None:
        with quiet():
            try:
                from transformers import AutoModelForQuestionAnswering, AutoTokenizer

                self._tokenizer: Any = AutoTokenizer.from_pretrained(name)
                self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name).eval()
                if not self._tokenizer.is_fast:
                    raise ValueError("its tokenizer gives no offsets")
            except Exception as error:
                reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
                raise ModelError(
                    f"The reader {name!r} cannot be loaded ({reason}).\n"
                    "VERBATIM_READER_MODEL takes a folder or hub name of an extractive reader; leave it empty for the one that ships."
                ) from error

    def mark(self, question: str, windows: Sequence[Window]) -> list[Marked]:
        import torch

        if not windows:
            return []
        encoded = self._tokenizer(
            [question] * len(windows),
            [window.text for window in windows],
            truncation="only_second",
            max_length=MAX_PIECES,
            padding=True,
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        offsets = encoded.pop("offset_mapping").tolist()
        with torch.inference_mode():
            found = self._model(**encoded)
        starts, ends = found.start_logits.float().numpy(), found.end_logits.float().numpy()
        marks = []
        for row, window in enumerate(windows):
            inside = [i for i, part in enumerate(encoded.sequence_ids(row)) if part == 1]
            places = [(int(offsets[row][i][0]), int(offsets[row][i][1])) for i in inside]
            packed = Packed([], [], places, inside[0] if inside else 0)
            marks.append(marked(window, packed, np.asarray(starts[row]), np.asarray(ends[row]), None))
        return marks
