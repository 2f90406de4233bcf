"""Exports the embedding model for asking: one ONNX file, pooling and normalisation inside, int8 where it holds.

Built once with the index; a question then needs neither torch nor transformers. What is exported is held
against sentence-transformers' own vectors before it is trusted; int8 that strays too far falls back to
fp32, and a model that cannot be exported at all is asked through sentence-transformers, with a word.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from index.embedding_model import EmbeddingModel
from index.encoder import CARD, MODEL, TOKENIZER, EncoderCard, OnnxEncoder
from index.stores.base import Vectors

INT8_AGREEMENT = 0.98
"""Least mean cosine to sentence-transformers at which int8 is taken (0.994 for MiniLM per channel)."""
FP32_AGREEMENT = 0.9999

PROBES = (
    "Which countries sent troops?",
    "who won",
    "The harbour reopened on Tuesday after repairs that cost 2.4 million pounds.",
    "Why did the minister say that the talks in Geneva had failed?",
    "She said the bridge would be closed until the end of May, and that buses would run every ten minutes.",
    "What happened to the price of wheat in the third quarter compared with the year before?",
)

_log = logging.getLogger(__name__)


def export(model: EmbeddingModel, folder: Path) -> EncoderCard:
    """Write the encoder into ``folder`` and return its card; a file is left only where the engine needs it."""
    try:
        return _export(model, folder)
    except Exception as error:  # noqa: BLE001 - any model may fail to export in its own way; asking still works
        _log.warning(
            "The model %s cannot be exported to ONNX (%s); questions are asked through sentence-transformers, "
            "which takes seconds to load.",
            model.name,
            str(error).strip().split("\n")[0][:200] or type(error).__name__,
        )
        for name in (MODEL, TOKENIZER):
            (folder / name).unlink(missing_ok=True)
        return _write_card(folder, _card(model, "sentence-transformers", 1.0))


def _export(model: EmbeddingModel, folder: Path) -> EncoderCard:
    _write_tokenizer(model, folder)
    exact = folder / "fp32.onnx"
    _trace(model, exact)
    expected = model.encode_queries(PROBES)
    card = _card(model, "onnx-fp32", 1.0)
    agreement = _agreement(OnnxEncoder(exact, folder / TOKENIZER, card).encode(PROBES), expected)
    if agreement < FP32_AGREEMENT:
        raise ValueError(f"the exported model gives other vectors, mean cosine {agreement:.4f}")
    try:
        _quantise(exact, folder / MODEL)
        small = _agreement(OnnxEncoder(folder / MODEL, folder / TOKENIZER, card).encode(PROBES), expected)
    except Exception as error:  # noqa: BLE001 - quantising is a gain, not a need
        _log.warning("The model %s cannot be quantised (%s); questions use it in fp32.", model.name, error)
        small = -1.0
    if small >= INT8_AGREEMENT:
        exact.unlink()
        return _write_card(folder, _card(model, "onnx-int8", small))
    if small >= 0:
        _log.warning("Quantised, %s strays (mean cosine %.3f); questions use it in fp32.", model.name, small)
    exact.replace(folder / MODEL)
    return _write_card(folder, _card(model, "onnx-fp32", agreement))


def _trace(model: EmbeddingModel, target: Path) -> None:
    import torch

    module = model.module.eval()
    inputs = dict(module.preprocess(["a short text", "and one that is a little longer than it"]))
    names = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in inputs]

    class Pooled(torch.nn.Module):
        """From token ids to the text's unit vector, as one graph."""

        def __init__(self) -> None:
            super().__init__()
            self.inner = module

        def forward(self, *tensors: Any) -> Any:
            out = self.inner(dict(zip(names, tensors, strict=True)))
            return torch.nn.functional.normalize(out["sentence_embedding"], p=2, dim=1)

    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), torch.no_grad():
        warnings.simplefilter("ignore")  # tracing warns of every shape it sees; the agreement test is what counts
        torch.onnx.export(
            Pooled(),
            tuple(inputs[name] for name in names),
            str(target),
            input_names=names,
            output_names=["vector"],
            dynamic_axes={name: {0: "texts", 1: "tokens"} for name in names} | {"vector": {0: "texts"}},
            opset_version=17,
            dynamo=False,
        )


def _quantise(source: Path, target: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    level = logging.getLogger().level
    try:
        logging.getLogger().setLevel(logging.ERROR)  # it advises a pre-processing that int8 of weights does not need
        # One scale a channel: a single scale a tensor costs four points of agreement (0.950 for 0.994).
        quantize_dynamic(str(source), str(target), per_channel=True, weight_type=QuantType.QInt8)
    finally:
        logging.getLogger().setLevel(level)


def _write_tokenizer(model: EmbeddingModel, folder: Path) -> None:
    backend = getattr(model.module.tokenizer, "backend_tokenizer", None)
    if backend is None:
        raise ValueError("its tokenizer has no fast version")
    (folder / TOKENIZER).write_text(backend.to_str(), encoding="utf-8")


def _agreement(found: Vectors, expected: Vectors) -> float:
    return float(np.mean(np.sum(found * expected, axis=1)))


def _card(model: EmbeddingModel, engine: str, agreement: float) -> EncoderCard:
    prompts = model.module.prompts or {}
    prompt = prompts.get("query") or prompts.get(model.module.default_prompt_name or "", "") or ""
    return EncoderCard(
        engine=engine,
        model=model.name,
        fingerprint=model.fingerprint,
        dimension=model.dimension,
        max_tokens=int(model.module.max_seq_length or 512),
        prompt=prompt,
        agreement=round(agreement, 5),
    )


def _write_card(folder: Path, card: EncoderCard) -> EncoderCard:
    (folder / CARD).write_text(json.dumps(asdict(card), indent=1), encoding="utf-8")
    return card
