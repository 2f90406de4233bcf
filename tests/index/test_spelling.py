"""Typing errors in questions."""

from __future__ import annotations

import pytest

from index.archive import Archive
from index.encoder import open_encoder
from index.generations import current_folder
from index.settings import IndexSettings
from index.spelling import correct
from index.stores.local import LocalStore


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("which contries sent soldeirs", "which countries sent soldiers"),
        ("What did Trennin say about Kazakstan?", "What did trenin say about kazakhstan?"),
        ("wat did he say, and hw", "what did he say, and how"),
        ("Which countries sent troops?", "Which countries sent troops?"),
        ("Who is Zelensky?", "Who is Zelensky?"),
        ("qwzx vbnm", "qwzx vbnm"),
        ("", ""),
    ],
)
def test_slips_are_mended_and_names_are_left_alone(built_index: IndexSettings, typed: str, meant: str) -> None:
    """Words of the articles and of English are found behind a slip; a word that is nothing near stays as it is."""
    folder = current_folder(built_index.index)
    store = LocalStore(folder)
    assert correct(typed, store, open_encoder(folder, None).vocabulary) == meant
    store.close()


def test_people_see_the_question_they_typed(archive: Archive) -> None:
    """The correction is for finding, not for showing."""
    assert archive.ask("which contries sent soldeirs").question == "which contries sent soldeirs"
