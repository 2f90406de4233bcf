"""The trained reader at work, the way it is made, and another one in its place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index.embedding_model import packaged_folder
from index.errors import ModelError
from index.reader_input import Packed, batch
from index.records import Article, Span
from index.settings import IndexSettings
from index.span_reader import MAX_SPAN, MODEL, MODELS, TOKENIZER, OnnxSpanReader, SpanReader, marked, open_reader
from index.windows import Window

TEXT = "Title\n\nAnna Bell left the town at noon. Mayor Carl Dunn stayed until the ferry with 86 passengers came in."
ARTICLE = Article("a", "Title", "a.txt", None, TEXT)
WINDOW = Window(ARTICLE, 7, len(TEXT))


@pytest.fixture(scope="module")
def reader() -> SpanReader:
    return open_reader(None)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who left the town?", "Anna Bell"),
        ("How many passengers did the ferry carry?", "86"),
        ("Who stayed?", "Carl Dunn"),
        ("when did anna leave", "noon"),
    ],
)
def test_the_span_that_answers_is_marked(reader: SpanReader, question: str, answer: str) -> None:
    """Of several names and times the right one, in characters of the article."""
    (mark,) = reader.mark(question, [WINDOW])
    assert answer in TEXT[mark.span.start : mark.span.end]
    assert mark.span.end - mark.span.start <= len(answer) + 12


def test_a_window_without_an_answer_is_known(reader: SpanReader) -> None:
    """For a question on something else, "nothing here" leads, and both heads say so."""
    right, wrong = (reader.mark(q, [WINDOW])[0] for q in ("Who left the town?", "Who designed the opera house?"))
    assert wrong.lead < 0 < right.lead
    assert wrong.answers < right.answers


def test_windows_are_read_in_one_batch_and_keep_their_order(reader: SpanReader) -> None:
    """Short and long windows side by side: each gets its own mark, inside itself."""
    short = Window(ARTICLE, 7, 40)
    marks = reader.mark("Who left the town?", [WINDOW, short, WINDOW])
    assert [m.window for m in marks] == [WINDOW, short, WINDOW]
    assert all(m.window.start <= m.span.start < m.span.end <= m.window.end for m in marks)
    assert reader.mark("Who?", []) == []


def test_the_best_span_is_that_of_the_highest_sum() -> None:
    """Checked against all spans one by one: end not before start, not too long, "no answer" taken off."""
    rng = np.random.default_rng(1)
    n = 60
    text = "x" * (2 * n)
    window = Window(Article("a", "T", "a", None, text), 0, len(text))
    packed = Packed([0] * (n + 5), [0] * (n + 5), [(2 * i, 2 * i + 2) for i in range(n)], 4)
    start, end = (rng.normal(size=n + 5).astype(np.float32) for _ in range(2))
    sums = {(a, b): float(start[4 + a] + end[4 + b]) for a in range(n) for b in range(a, min(n, a + MAX_SPAN))}
    best = max(sums, key=lambda pair: sums[pair])
    found = marked(window, packed, start, end, None)
    assert found.span == Span(2 * best[0], 2 * best[1] + 2)
    assert found.lead == pytest.approx(sums[best] - float(start[0] + end[0]), abs=1e-4)


def test_a_text_of_nothing_is_read_without_harm(reader: SpanReader) -> None:
    """A window whose text has no word pieces is marked as answering nothing."""
    nothing = Article("a", "T", "a", None, "T\n\n\u200b\u200b")
    (mark,) = reader.mark("Who?", [Window(nothing, 3, 5)])
    assert mark.lead < 0


def test_a_missing_or_damaged_reader_is_named(tmp_path: Path) -> None:
    """One clear message that says what to install again."""
    with pytest.raises(ModelError, match=r"reader cannot be loaded(?s:.*)pip install"):
        OnnxSpanReader(tmp_path / MODEL, tmp_path / TOKENIZER)
    (tmp_path / MODEL).write_bytes((MODELS / MODEL).read_bytes()[:10_000])
    with pytest.raises(ModelError, match="reader cannot be loaded"):
        OnnxSpanReader(tmp_path / MODEL, MODELS / TOKENIZER)


def test_what_is_exported_reads_like_what_was_trained(tmp_path: Path) -> None:
    """The ONNX file gives the logits of the model in training, for batches of other sizes than it was traced with."""
    import torch
    from tokenizers import Tokenizer
    from transformers import BertConfig, BertModel

    from index.reader_input import Packer
    from index.training.export_reader import export
    from index.training.reader_model import ReaderModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        attn_implementation="eager",
    )  # fmt: skip
    model = ReaderModel(BertModel(config, add_pooling_layer=False), dropout=0.1).eval()
    packer = Packer(Tokenizer.from_file(str(packaged_folder() / TOKENIZER)))
    packed = [packer.pack("Who left?", "Title", "", text) for text in ("Anna.", WINDOW.text, "Nobody left the town.")]
    feed = {name: torch.from_numpy(values) for name, values in batch(packed).items()}
    with torch.inference_mode():
        start, end, answers = (tensor.numpy() for tensor in model(**feed))
    export(model, tmp_path / MODEL)
    windows = [
        Window(Article("a", "Title", "a", None, f"Title\n\n{t}"), 7, 7 + len(t))
        for t in ("Anna.", "Nobody left the town.")
    ]
    found = OnnxSpanReader(tmp_path / MODEL, packaged_folder() / TOKENIZER).mark("Who left?", windows)
    for row, mark in zip((0, 2), found, strict=True):
        expected = marked(mark.window, packed[row], start[row], end[row], float(answers[row]))
        assert mark.span == expected.span
        assert (mark.lead, mark.answers) == pytest.approx((expected.lead, expected.answers), abs=1e-3)


@pytest.fixture(scope="module")
def tiny_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A question-answering model of transformers' own kind, with random weights, in a folder."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    folder = tmp_path_factory.mktemp("reader")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30522, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64
    )
    BertForQuestionAnswering(config).save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(packaged_folder())).save_pretrained(folder)
    return folder


def test_another_reader_takes_the_place_of_the_one_that_ships(tiny_reader: Path, built_index: IndexSettings) -> None:
    """VERBATIM_READER_MODEL may name a folder; its spans lie in the windows, and the archive asks through it."""
    from dataclasses import replace

    from index.archive import Archive

    other = open_reader(str(tiny_reader))
    short = Window(ARTICLE, 7, 40)
    marks = other.mark("Who left the town?", [WINDOW, short])
    assert all(m.window.start <= m.span.start < m.span.end <= m.window.end for m in marks)
    assert other.mark("Who?", []) == []
    archive = Archive.open(replace(built_index, reader_model=str(tiny_reader)))
    answer = archive.ask("Which countries sent troops?")
    assert answer.quotes
    assert 0 <= answer.confidence <= 1
    archive.close()


def test_a_reader_that_is_not_there_is_named(tmp_path: Path) -> None:
    """A wrong name gives one clear message with the setting in it, whether or not a hub can be reached."""
    with pytest.raises(ModelError, match=r"nowhere'? cannot be loaded(?s:.*)VERBATIM_READER_MODEL"):
        open_reader(str(tmp_path / "nowhere"))
