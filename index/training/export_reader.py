"""Makes the model that ships from the ends of the training stages, by their mean: ONNX, int8 a channel, with the tokenizer beside it.

python -m index.training.export_reader --work DIR
"""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
import tempfile
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import nn

from index.embedding_model import packaged_folder
from index.span_reader import MODEL, MODELS, TOKENIZER
from index.training.reader_model import PooledDropout, ReaderModel, new_model
from index.training.train_reader import SHIPPED, end_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="the work folder of train_reader")
    parser.add_argument("--to", type=Path, default=MODELS)
    parser.add_argument("--keep-fp32", action="store_true", help="leave reader-fp32.onnx in the work folder")
    arguments = parser.parse_args()
    model = new_model()
    ends = [torch.load(end_of(arguments.work, stage), weights_only=True) for stage in SHIPPED]
    model.load_state_dict(mean(ends))
    arguments.to.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(packaged_folder() / "tokenizer.json", arguments.to / TOKENIZER)
    with tempfile.TemporaryDirectory() as folder:
        exact = Path(folder) / "reader-fp32.onnx"
        export(model, exact)
        quantise(exact, arguments.to / MODEL)
        if arguments.keep_fp32:
            shutil.copyfile(exact, arguments.work / exact.name)
    print(f"{arguments.to / MODEL}: {(arguments.to / MODEL).stat().st_size:,} bytes")


def mean(states: Sequence[Mapping[str, torch.Tensor]]) -> dict[str, torch.Tensor]:
    """The mean of several models' weights; what is no weight is the first one's."""
    return {
        name: torch.stack([state[name] for state in states]).mean(0) if value.dtype.is_floating_point else value
        for name, value in states[0].items()
    }


def export(model: ReaderModel, file: Path) -> None:
    """Write ``model`` as an ONNX file in fp32 with free numbers of windows and pieces."""
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, PooledDropout):
                setattr(parent, name, nn.Identity())
    model.eval()
    ids = torch.randint(1000, 2000, (2, 24))
    types = torch.zeros_like(ids)
    types[:, 10:23] = 1
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "windows", 1: "pieces"} for name in [*names, "start", "end"]} | {"answers": {0: "windows"}}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (ids, torch.ones_like(ids), types),
            str(file),
            input_names=names,
            output_names=["start", "end", "answers"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def quantise(exact: Path, small: Path) -> None:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    quantize_dynamic(exact, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=False)


if __name__ == "__main__":
    main()
