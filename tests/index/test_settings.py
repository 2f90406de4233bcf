"""Settings of the index."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import SettingsError
from index.settings import IndexSettings


def test_nothing_set_gives_the_defaults() -> None:
    """The bot runs without a single setting; empty counts as unset."""
    assert IndexSettings.from_env({}) == IndexSettings() == IndexSettings.from_env({"VERBATIM_INDEX": " "})


def test_every_setting_is_read() -> None:
    """What the environment says is what is used."""
    environ = {
        "VERBATIM_ARTICLES": "/a",
        "VERBATIM_INDEX": "/i",
        "VERBATIM_EMBEDDING_MODEL": "org/model",
        "VERBATIM_READER_MODEL": "org/reader",
        "VERBATIM_THREADS": "2",
    }
    assert IndexSettings.from_env(environ) == IndexSettings(Path("/a"), Path("/i"), "org/model", "org/reader", 2)


@pytest.mark.parametrize("value", ["0", "-1", "two", "65", "1.5", "²"])
def test_a_senseless_number_of_threads_is_named(value: str) -> None:
    """The message says which setting, what it was, and what it takes."""
    with pytest.raises(SettingsError, match="VERBATIM_THREADS"):
        IndexSettings.from_env({"VERBATIM_THREADS": value})


def test_a_setting_that_would_do_nothing_is_refused() -> None:
    """Nobody is left to believe that a setting works that does not."""
    with pytest.raises(SettingsError, match="VERBATIM_STORE"):
        IndexSettings.from_env({"VERBATIM_STORE": "x"})
