"""Questions to vectors, at the moment of asking: the exported model by ONNX Runtime, with nothing of torch loaded."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ModelError
from index.onnx_session import open_session
from index.stores.base import Vectors

MODEL = "encoder.onnx"
TOKENIZER = "tokenizer.json"
CARD = "encoder.json"


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """What is known of an exported encoder: kept beside it as ``encoder.json``.

    ``engine``: ``onnx-int8``, ``onnx-fp32`` or ``sentence-transformers``. ``agreement``: mean cosine of its
    vectors to sentence-transformers' own on the probes of `index.onnx_export`. ``prompt`` is put before every question.
    """

    engine: str
    model: str
    fingerprint: str
    dimension: int
    max_tokens: int
    prompt: str
    agreement: float


class Encoder(ABC):
    """Encodes questions. Safe to use from several threads."""

    @abstractmethod
    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors (len(texts), dimension), float32."""

    @abstractmethod
    def vocabulary(self) -> list[str]:
        """The whole words that the model's tokenizer knows, lower case, as it orders them (common ones first)."""


class OnnxEncoder(Encoder):
    """The exported model. ``threads`` are ONNX Runtime's own; one is best where other work runs beside it."""

    def __init__(self, model: Path, tokenizer: Path, card: EncoderCard, threads: int = 1) -> None:
        from tokenizers import Tokenizer

        try:
            self._session = open_session(model, threads)
            self._tokenizer = Tokenizer.from_file(str(tokenizer))
        except Exception as error:
            raise ModelError(
                f"The exported model cannot be loaded from {model.parent}.\nBuild it anew: verbatim index rebuild"
            ) from error
        self._tokenizer.enable_truncation(max_length=card.max_tokens)
        self._tokenizer.no_padding()
        self._inputs = [node.name for node in self._session.get_inputs()]
        self._prompt = card.prompt
        self._vocabulary: list[str] | None = None
        self._dimension = card.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        # One at a time: int8 scales are taken over a whole batch, so that a text's vector would depend on what
        # stands beside it (cosine 0.98); and without padding one at a time is no slower.
        vectors = [self._vector(self._tokenizer.encode(self._prompt + text)) for text in texts]
        return np.array(vectors, np.float32).reshape(len(texts), self._dimension)

    def vocabulary(self) -> list[str]:
        if self._vocabulary is None:
            self._vocabulary = _whole_words(self._tokenizer.get_vocab())
        return self._vocabulary

    def _vector(self, encoding: Any) -> Vectors:
        feed = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        inputs = {name: np.array([feed[name]], np.int64) for name in self._inputs}
        found: Vectors = self._session.run(["vector"], inputs)[0][0]
        return found


class TorchEncoder(Encoder):
    """The model by sentence-transformers, for those that cannot be exported."""

    def __init__(self, name: str | None, fingerprint: str) -> None:
        from index.embedding_model import EmbeddingModel

        self._model = EmbeddingModel(name)
        if self._model.fingerprint != fingerprint:
            raise ModelError(
                f"The model {self._model.name} has changed since the index was built.\nBuild it anew: verbatim index rebuild"
            )

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._model.encode_queries(texts)

    def vocabulary(self) -> list[str]:
        return _whole_words(self._model.module.tokenizer.get_vocab())


def _whole_words(vocabulary: dict[str, int]) -> list[str]:
    # Pieces inside a word are marked (##) by some tokenizers, beginnings (▁, Ġ) by others.
    marks = any(piece.startswith(("▁", "Ġ")) for piece in vocabulary)
    pieces = sorted(vocabulary, key=lambda piece: vocabulary[piece])
    words = (piece.lstrip("▁Ġ") for piece in pieces if not marks or piece.startswith(("▁", "Ġ")))
    return [word.casefold() for word in words if word.isalpha()]


def open_encoder(folder: Path, name: str | None, threads: int = 1) -> Encoder:
    """The encoder that was exported into ``folder``; ``name`` is the setting, None for the packaged model.

    Raises:
        ModelError: it is missing, damaged, or has changed.
    """
    card = read_card(folder)
    if card.engine == "sentence-transformers":
        return TorchEncoder(name, card.fingerprint)
    return OnnxEncoder(folder / MODEL, folder / TOKENIZER, card, threads)


def read_card(folder: Path) -> EncoderCard:
    try:
        return EncoderCard(**json.loads((folder / CARD).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"{folder / CARD} is missing or damaged.\nBuild it anew: verbatim index rebuild") from error
