"""The reader as it is trained: MiniLM's six layers, a head that marks the span, and one that says whether there is one."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

MASKED = -1e4


class PooledDropout(nn.Module):
    """Dropout whose masks are cut from one pool of random numbers.

    Drawing masks anew takes a quarter of a training step on a CPU; a cut at a random place takes nothing.
    """

    pool: Tensor | None = None

    def __init__(self, rate: float, pool_size: int = 1 << 26) -> None:
        super().__init__()
        self.rate = rate
        if PooledDropout.pool is None:
            kept = torch.rand(pool_size) >= rate
            PooledDropout.pool = (kept / (1 - rate)).to(torch.bfloat16)

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or PooledDropout.pool is None:
            return x
        at = int(torch.randint(PooledDropout.pool.numel() - x.numel(), ()).item())
        return x * PooledDropout.pool[at : at + x.numel()].view(x.shape)


class ReaderModel(nn.Module):
    """``forward`` gives start and end logits (windows, pieces) and the logit of "the answer is here" (windows,)."""

    def __init__(self, bert: Any, dropout: float) -> None:
        super().__init__()
        self.bert = bert
        width = bert.config.hidden_size
        self.span = nn.Linear(width, 2)
        self.answers = nn.Sequential(nn.Linear(2 * width, width), nn.Tanh(), nn.Linear(width, 1))
        bert.pooler = None
        bert.embeddings.word_embeddings.weight.requires_grad = False
        bert.embeddings.dropout = nn.Identity()
        for layer in bert.encoder.layer:
            layer.attention.self.dropout = nn.Dropout(0.0)
            layer.attention.output.dropout = PooledDropout(dropout)
            layer.output.dropout = PooledDropout(dropout)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        states = self.bert(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        spans = self.span(states).float()
        # An answer lies in the window, or at [CLS]: nowhere.
        allowed = token_type_ids.bool()
        allowed = torch.cat([torch.ones_like(allowed[:, :1]), allowed[:, 1:]], dim=1)
        spans = spans + (~allowed).float().unsqueeze(-1) * MASKED
        start, end = spans.unbind(-1)
        # What the head sees beside [CLS]: the window as the span head weighs it.
        weights = torch.softmax((start + end)[:, 1:] / 2, dim=1).to(states.dtype)
        marked = torch.einsum("wp,wpd->wd", weights, states[:, 1:])
        answers = self.answers(torch.cat([states[:, 0], marked], dim=1)).float().squeeze(-1)
        return start, end, answers


def new_model(dropout: float = 0.1) -> ReaderModel:
    """A reader with the packaged encoder's weights below fresh heads."""
    from transformers import AutoModel

    from index.embedding_model import packaged_folder, quiet

    with quiet():
        bert = AutoModel.from_pretrained(str(packaged_folder()), add_pooling_layer=False, attn_implementation="eager")
    return ReaderModel(bert, dropout)
