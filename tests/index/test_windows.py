"""What the reader is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embedding_model import packaged_folder
from index.passages import cut
from index.reader_input import MAX_QUESTION, MAX_WINDOW, Packer, batch
from index.records import Article
from index.windows import MAX_BEFORE, Window, windows
from index.windows import MAX_WINDOW as MAX_CHARACTERS


@pytest.fixture(scope="module")
def packer() -> Packer:
    from tokenizers import Tokenizer

    return Packer(Tokenizer.from_file(str(packaged_folder() / "tokenizer.json")))


@given(
    st.lists(
        st.sampled_from(["A short one.", "The harbour reopened on Tuesday after long repairs.", "W" + "o" * 300 + "."]),
        min_size=1,
        max_size=40,
    )
)
def test_windows_hold_every_sentence_once_and_in_order(sentences: list[str]) -> None:
    """No sentence is lost between windows, none is cut, and only a long sentence makes a long window."""
    article = Article("a", "Title", "a.txt", None, "Title\n\n" + " ".join(sentences))
    for passage in cut(article)[1:]:
        found = windows(passage)
        assert found[0].start == passage.sentences[0].start
        assert found[-1].end == passage.sentences[-1].end
        starts = {s.start for s in passage.sentences}
        assert all(w.start in starts and len(w.text) <= MAX_CHARACTERS for w in found)
        inside = [s for w in found for s in passage.sentences if w.start <= s.start and s.end <= w.end]
        assert inside == list(passage.sentences)


def test_a_window_brings_what_stands_before_it() -> None:
    """So that "he" has a name; the title is no part of it, and it begins with a whole word."""
    article = Article("a", "Title", "a.txt", None, "Title\n\nMayor Halle spoke last.\n\nHe voted against it.")
    assert Window(article, 7, 30).before == ""
    assert Window(article, 32, 52).before == "Mayor Halle spoke last."
    long = Article("a", "T", "a.txt", None, "T\n\n" + "harbour " * 100 + "end. He left.")
    before = Window(long, len(long.text) - 8, len(long.text)).before
    assert len(before) <= MAX_BEFORE
    assert before.split()[0] == "harbour"


def test_question_title_and_context_can_not_be_marked(packer: Packer) -> None:
    """Only the window's pieces are of type 1, and each knows its place in the text."""
    packed = packer.pack("Who left?", "A title", "Before it.", "Anna Bell left.")
    assert len(packed.ids) == len(packed.types)
    assert packed.types == [0] * packed.first + [1] * len(packed.offsets) + [0]
    assert [("Anna Bell left.")[a:b] for a, b in packed.offsets] == ["Anna", "Bell", "left", "."]


def test_of_a_long_question_the_end_is_kept(packer: Packer) -> None:
    """The last question of a thread is the one that is asked; and no text is too long to be packed."""
    packed = packer.pack("word " * 500 + "who left?", "t " * 500, "b " * 500, "w " * 2000)
    left = packer.pieces("left?")[0]
    assert packed.ids[1 : MAX_QUESTION + 1][-len(left) :] == left
    assert len(packed.offsets) == MAX_WINDOW
    assert len(packed.ids) <= 512


def test_a_batch_is_padded_to_its_longest(packer: Packer) -> None:
    """Padding is masked and is of no type that could be marked."""
    feed = batch([packer.pack("a", "", "", "one"), packer.pack("a", "", "", "one two three")])
    assert feed["input_ids"].shape == feed["attention_mask"].shape
    assert feed["attention_mask"].sum(axis=1).tolist() == [feed["input_ids"].shape[1] - 2, feed["input_ids"].shape[1]]
    assert feed["token_type_ids"][0, -2:].tolist() == [0, 0]
