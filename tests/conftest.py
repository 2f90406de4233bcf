"""What the tests share: one index of the sample articles with the real model, built once a session."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from index.archive import Archive
from index.build import rebuild
from index.generations import current_folder
from index.settings import IndexSettings
from index.stores.local import LocalStore

# A busy machine is no reason to fail, and what lands must not hang on the dice: new examples are for those who develop.
hypothesis.settings.register_profile("verbatim", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("verbatim")

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def built_index(tmp_path_factory: pytest.TempPathFactory) -> IndexSettings:
    """Settings of a built index of the project's `articles/`. Tests that change an index copy it first."""
    settings = IndexSettings(articles=ROOT / "articles", index=tmp_path_factory.mktemp("index") / "verbatim")
    rebuild(settings)
    return settings


@pytest.fixture(scope="session")
def archive(built_index: IndexSettings) -> Iterator[Archive]:
    """The archive opened on `built_index`."""
    opened = Archive.open(built_index)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def store(built_index: IndexSettings) -> Iterator[LocalStore]:
    """The store of `built_index`, by itself."""
    opened = LocalStore(current_folder(built_index.index))
    yield opened
    opened.close()
