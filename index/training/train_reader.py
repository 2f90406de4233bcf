"""Trains the reader: on the public sets, then mostly on our own news, then against many wrong windows at once, and at
last on all of it with our own reference texts.

Resumes where it was stopped.

    python -m index.training.train_reader --data DIR --work DIR

Held out: articles 9-16 of squad2_dev_half, new_wiki_half, xquad_en, and the tune and test files of our news. The
progress that is printed is measured on the tuning parts. `python -m index.training.export_reader` makes the model
that ships from what this leaves in the work folder.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch.nn import functional as F

from index.embedding_model import packaged_folder
from index.reader_input import Packer, batch
from index.training.corpora import Corpus, own, public
from index.training.examples import Example, Maker
from index.training.held_out import measure
from index.training.mining import mine
from index.training.reader_model import ReaderModel, new_model

SEED = 20261125
CHUNK = 512
"""Groups that are drawn, sorted by length and cut into batches together."""
BATCH = 48
"""Windows of a batch, about."""
EMA = 0.999
CHECKPOINT_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Stage:
    """``steps`` batches at a learning rate that falls from ``rate`` to ``final``; beside each window with the answer
    ``negatives`` tempting ones and ``strangers`` of any article. ``own`` are the folders and parts of our own texts, each
    with the share of its questions in a pass; ``lead`` weighs that the right window leads the others."""

    name: str
    steps: int
    rate: float
    final: float
    negatives: int = 2
    strangers: int = 0
    own: tuple[tuple[str, str, float], ...] = ()
    lead: float = 0.5


NEWS = (("news", "train", 1.5),)
ALL = (("news", "train", 1.0), ("news", "more", 2.0), ("reference", "train", 2.0))

STAGES = (
    Stage("public", 1800, 3e-4, 1.5e-4),
    Stage("news", 3000, 2e-4, 0.0, own=NEWS),
    # At work the right window stands among a dozen, of which some are on something else altogether.
    Stage("contrast", 600, 1.5e-4, 0.0, negatives=4, strangers=2, own=NEWS),
    Stage("wide", 1200, 2e-4, 1.3e-4, negatives=3, strangers=1, own=ALL, lead=1.0),
    Stage("whole", 1500, 1.3e-4, 0.0, negatives=3, strangers=1, own=(*ALL, ("reference", "more", 2.0)), lead=1.0),
)
SHIPPED = ("news", "contrast", "wide", "whole")
"""The weights that ship are the mean of those at the ends of these stages (model soups, Wortsman et al. 2022): better on
every tuning figure than each of them."""

WARM_UP = 100


def end_of(work: Path, stage: str) -> Path:
    """Where the averaged weights at the end of a stage lie."""
    return work / f"end-{stage}.pt"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--work", type=Path, required=True, help="folder for checkpoints and mined passages")
    parser.add_argument("--until", choices=[stage.name for stage in STAGES], default=STAGES[-1].name)
    arguments = parser.parse_args()
    torch.manual_seed(SEED)
    trainer = Trainer(arguments.data, arguments.work)
    for number, stage in enumerate(STAGES):
        trainer.run(number, stage)
        if stage.name == arguments.until:
            break


class Trainer:
    """The model, its optimiser, and the averaged weights that ship."""

    def __init__(self, data: Path, work: Path) -> None:
        from tokenizers import Tokenizer

        self.data, self.work = data, work
        work.mkdir(parents=True, exist_ok=True)
        self.packer = Packer(Tokenizer.from_file(str(packaged_folder() / "tokenizer.json")))
        self.model = new_model()
        self.average = {name: value.detach().clone() for name, value in self.model.state_dict().items()}
        weights = [p for p in self.model.parameters() if p.requires_grad]
        self.optimiser = torch.optim.AdamW(weights, lr=1e-4, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
        self.stage, self.step = 0, 0
        if self._checkpoint.is_file():
            self._load()

    def run(self, number: int, stage: Stage) -> None:
        """Train one stage, or what is left of it."""
        if number < self.stage:
            return
        if number > self.stage:
            self.stage, self.step = number, 0
        makers = self._makers(stage)
        self.model.train()
        saved = time.time()
        started, seen, losses = time.time(), 0, [0.0, 0.0, 0.0]
        for examples, groups in self._batches(makers, stage):
            if self.step >= stage.steps:
                break
            self._set_rate(stage)
            parts = self._losses(examples, groups)
            torch.autograd.backward(parts[0] + parts[1] + stage.lead * parts[2])
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
            self.optimiser.step()
            self.optimiser.zero_grad(set_to_none=True)
            self._follow()
            self.step += 1
            seen += len(examples)
            losses = [loss + float(part.detach()) for loss, part in zip(losses, parts, strict=True)]
            if self.step % 200 == 0:
                rate = seen / (time.time() - started)
                shown = " ".join(f"{loss / 200:.3f}" for loss in losses)
                print(f"{stage.name} {self.step}/{stage.steps}: losses {shown}, {rate:.0f} windows/s", flush=True)
                losses = [0.0, 0.0, 0.0]
            if self.step % 1000 == 0 or self.step == stage.steps:
                print(f"  tuning sets: {measure(self.averaged(), self.packer, self.data)}", flush=True)
                started, seen = time.time(), 0
            if time.time() - saved > CHECKPOINT_SECONDS or self.step == stage.steps:
                self._save()
                saved = time.time()
            if self.step == stage.steps:
                torch.save(self.average, end_of(self.work, stage.name))

    def averaged(self) -> ReaderModel:
        """A model with the averaged weights, ready to read."""
        model = new_model()
        model.load_state_dict(self.average)
        return model.eval()

    def _makers(self, stage: Stage) -> list[tuple[Maker, float]]:
        corpora = [(corpus, corpus.share) for corpus in public(self.data)]
        if stage.name != "public":
            # What is least like news steps back; what has questions without an answer stays.
            corpora = [(c, share if c.name.startswith("squad2") else share / 3) for c, share in corpora]
        for folder, part, share in stage.own:
            name = folder if part == "train" else f"{folder}-{part}"
            corpora.append((Corpus(name, own(folder, part), share, True, True, True), share))
        return [
            (
                Maker(
                    corpus,
                    mine(corpus.questions, self._mined(corpus)) if corpus.mined else None,
                    self.packer,
                ),
                share,
            )
            for corpus, share in corpora
        ]

    def _batches(self, makers: list[tuple[Maker, float]], stage: Stage) -> Iterator[tuple[list[Example], list[int]]]:
        """Batches without end, from where the last run stopped: all that is drawn depends on the step alone."""
        per_chunk = CHUNK * (0.6 + stage.negatives + stage.strangers) / BATCH
        chunk = int(self.step / per_chunk)
        with ThreadPoolExecutor(1) as drawing:
            coming = drawing.submit(_chunk, makers, chunk, stage)
            while True:
                batches = coming.result()
                chunk += 1
                coming = drawing.submit(_chunk, makers, chunk, stage)
                yield from batches

    def _losses(self, examples: list[Example], groups: list[int]) -> list[torch.Tensor]:
        feed = {name: torch.from_numpy(values) for name, values in batch([e.packed for e in examples]).items()}
        with torch.autocast("cpu", dtype=torch.bfloat16):
            start, end, answers = self.model(**feed)
        starts, ends = torch.tensor([e.start for e in examples]), torch.tensor([e.end for e in examples])
        right = (starts > 0).float()
        # Where nothing answers, [CLS] is the span; half the weight, for there are twice as many.
        weights = 0.5 + 0.5 * right
        spans = (F.cross_entropy(start, starts, reduction="none") + F.cross_entropy(end, ends, reduction="none")) / 2
        span_loss = (spans * weights).sum() / weights.sum()
        answer_loss = F.binary_cross_entropy_with_logits(answers, right * 0.96 + 0.02)
        # Of the windows shown for one question the right one leads (the logits of different windows are comparable).
        lead = answers.new_zeros(())
        contests = 0
        at = 0
        for size in groups:
            if size > 1 and right[at] == 1:
                lead = lead - F.log_softmax(answers[at : at + size], 0)[0]
                contests += 1
            at += size
        return [span_loss, answer_loss, lead / max(contests, 1)]

    def _set_rate(self, stage: Stage) -> None:
        done = self.step / stage.steps
        rate = stage.final + (stage.rate - stage.final) * (1 + math.cos(math.pi * done)) / 2
        for group in self.optimiser.param_groups:
            group["lr"] = rate * min(1.0, (self.step + 1) / WARM_UP)

    @torch.no_grad()
    def _follow(self) -> None:
        decay = min(EMA, (1 + self.step + (self.stage > 0) * 1000) / (10 + self.step + (self.stage > 0) * 1000))
        for name, value in self.model.state_dict().items():
            if value.dtype.is_floating_point and "word_embeddings" not in name:
                self.average[name].lerp_(value, 1 - decay)

    def _mined(self, corpus: Corpus) -> Path:
        # By number as well: a set that grew is searched anew.
        return self.work / f"mined-{corpus.name}-{len(corpus.questions.questions)}.json"

    @property
    def _checkpoint(self) -> Path:
        return self.work / "checkpoint.pt"

    def _save(self) -> None:
        state = {
            "stage": self.stage,
            "step": self.step,
            "model": self.model.state_dict(),
            "average": self.average,
            "optimiser": self.optimiser.state_dict(),
        }
        partial = self._checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self._checkpoint)

    def _load(self) -> None:
        state: dict[str, Any] = torch.load(self._checkpoint, weights_only=True)
        self.stage, self.step = state["stage"], state["step"]
        self.model.load_state_dict(state["model"])
        self.average = state["average"]
        self.optimiser.load_state_dict(state["optimiser"])
        print(f"goes on at stage {self.stage + 1}, step {self.step}", flush=True)


def _chunk(makers: list[tuple[Maker, float]], number: int, stage: Stage) -> list[tuple[list[Example], list[int]]]:
    """The batches of one chunk: groups drawn by the corpora's shares, those of like length together."""
    rng = random.Random(f"{SEED}-{stage.name}-{number}")
    sizes = [len(maker.corpus.questions.questions) * share for maker, share in makers]
    groups = []
    for maker, _ in rng.choices(makers, sizes, k=CHUNK):
        questions = maker.corpus.questions.questions
        at = rng.randrange(len(questions))
        # Questions without an answer are few and teach most: each second pick of an answerable one is drawn again.
        if questions[at].answers and rng.random() < 0.35:
            at = rng.randrange(len(questions))
        if group := maker.group(at, rng, stage.negatives, stage.strangers):
            groups.append(group)
    groups.sort(key=lambda group: max(len(e.packed.ids) for e in group))
    batches: list[tuple[list[Example], list[int]]] = []
    examples: list[Example] = []
    lengths: list[int] = []
    for group in groups:
        examples += group
        lengths.append(len(group))
        if len(examples) >= BATCH:
            batches.append((examples, lengths))
            examples, lengths = [], []
    if examples:
        batches.append((examples, lengths))
    rng.shuffle(batches)
    return batches


if __name__ == "__main__":
    main()
