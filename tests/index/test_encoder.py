"""The exported encoder against sentence-transformers' own vectors, and what happens when export fails."""

from __future__ import annotations

import logging
import shutil
import threading
from pathlib import Path

import numpy as np
import pytest

from index import embedding_model
from index.embedding_model import PACKAGED_SHA256, EmbeddingModel, checked_packaged_sha256, packaged_folder
from index.encoder import MODEL, OnnxEncoder, open_encoder, read_card
from index.errors import ModelError
from index.generations import current_folder
from index.onnx_export import INT8_AGREEMENT, export
from index.settings import IndexSettings

TEXTS = [
    "Which countries sent troops?",
    "x",
    "The ferry returned on Tuesday after repairs that had taken the whole winter, the harbour board said in a note.",
    "word " * 600,
]


@pytest.fixture(scope="module")
def packaged() -> EmbeddingModel:
    """The real model of the package."""
    return EmbeddingModel(None)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A sentence-transformers model of a few kilobytes, made on the spot, saved as a folder."""
    return make_tiny(tmp_path / "tiny")


def make_tiny(folder: Path) -> Path:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.manual_seed(7)
    base = folder.with_name(folder.name + "-base")
    base.mkdir(parents=True)
    letters = [chr(c) for c in range(97, 123)]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{c}" for c in letters), "ferry", "the"]
    (base / "vocab.txt").write_text("\n".join(vocabulary))
    config = BertConfig(
        vocab_size=len(vocabulary),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
    )
    BertModel(config).save_pretrained(base)
    BertTokenizerFast(str(base / "vocab.txt")).save_pretrained(base)
    module = Transformer(str(base), max_seq_length=32)
    SentenceTransformer(modules=[module, Pooling(32), Normalize()], device="cpu").save(str(folder))
    return folder


def test_the_exported_model_gives_the_vectors_of_sentence_transformers(
    packaged: EmbeddingModel, built_index: IndexSettings
) -> None:
    """Int8 agrees with sentence-transformers to a mean cosine of at least 0.98, long and short texts alike."""
    folder = current_folder(built_index.index)
    card = read_card(folder)
    assert card.engine == "onnx-int8"
    assert card.fingerprint == PACKAGED_SHA256
    found, expected = open_encoder(folder, None).encode(TEXTS), packaged.encode_queries(TEXTS)
    assert found.shape == expected.shape == (len(TEXTS), 384)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1, abs=1e-3)
    assert np.sum(found * expected, axis=1).mean() >= INT8_AGREEMENT


def test_vectors_do_not_depend_on_what_stands_beside_them(built_index: IndexSettings) -> None:
    """A question's vector is the same alone and among others, and the order of texts is kept."""
    encoder = open_encoder(current_folder(built_index.index), None)
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    assert np.sum(together * alone, axis=1) == pytest.approx(1, abs=1e-4)


def test_threads_share_an_encoder(built_index: IndexSettings) -> None:
    """Several questions at once get the vectors they get alone."""
    encoder = open_encoder(current_folder(built_index.index), None)
    expected = encoder.encode(TEXTS[:1])
    found: list[bool] = []

    def work() -> None:
        found.extend(bool(np.allclose(encoder.encode(TEXTS[:1]), expected)) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 20


def test_the_packaged_weights_are_the_published_ones() -> None:
    """Their sha256 is checked, and is the one of the published model."""
    assert checked_packaged_sha256(packaged_folder()) == PACKAGED_SHA256


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One flipped byte in the model file is a refusal that says what to install again."""
    copy = tmp_path / "model"
    shutil.copytree(packaged_folder(), copy)
    with (copy / "model.safetensors").open("r+b") as stream:
        stream.seek(5_000_000)
        byte = stream.read(1)[0]
        stream.seek(5_000_000)
        stream.write(bytes([byte ^ 1]))
    monkeypatch.setattr(embedding_model, "packaged_folder", lambda: copy)
    with pytest.raises(ModelError, match=r"not the published one(?s:.*)pip install --force-reinstall"):
        EmbeddingModel(None)


def test_another_model_is_taken_from_a_folder(tiny: Path, tmp_path: Path) -> None:
    """VERBATIM_EMBEDDING_MODEL may name any sentence-transformers folder; it is exported like the packaged one."""
    model = EmbeddingModel(str(tiny))
    out = tmp_path / "out"
    out.mkdir()
    card = export(model, out)
    assert card.engine.startswith("onnx-")
    assert card.dimension == 32
    texts = ["the ferry", "a", "ferry " * 100]
    agreement = np.sum(open_encoder(out, str(tiny)).encode(texts) * model.encode_queries(texts), axis=1)
    assert agreement.mean() >= INT8_AGREEMENT


def test_a_model_that_cannot_be_exported_is_asked_through_sentence_transformers(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The build says so and goes on; the vectors are sentence-transformers' own."""
    import torch

    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("this operator has no ONNX form")

    monkeypatch.setattr(torch.onnx, "export", refuse)
    model = EmbeddingModel(str(tiny))
    with caplog.at_level(logging.WARNING):
        card = export(model, tmp_path)
    assert card.engine == "sentence-transformers"
    assert "this operator has no ONNX form" in caplog.text
    assert not (tmp_path / MODEL).exists()
    assert np.allclose(open_encoder(tmp_path, str(tiny)).encode(["the ferry"]), model.encode_queries(["the ferry"]))


def test_a_model_that_quantises_badly_is_asked_in_full_precision(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where int8 strays too far from the model, fp32 is used, with a word."""
    monkeypatch.setattr("index.onnx_export.INT8_AGREEMENT", 1.01)
    with caplog.at_level(logging.WARNING):
        card = export(EmbeddingModel(str(tiny)), tmp_path)
    assert card.engine == "onnx-fp32"
    assert card.agreement > 0.9999
    assert "fp32" in caplog.text
    assert isinstance(open_encoder(tmp_path, str(tiny)), OnnxEncoder)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A wrong name gives one clear message with the setting in it, whether or not a hub can be reached."""
    with pytest.raises(ModelError, match=r"nowhere'? cannot be loaded(?s:.*)VERBATIM_EMBEDDING_MODEL"):
        EmbeddingModel(str(tmp_path / "nowhere"))
