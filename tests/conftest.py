"""What is slow to make and shared by the tests below: a generated corpus, the text tower, the corpus prepared."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_corpus import POINTS

from monster.corpus.storage import Corpus
from monster.text import TextTower
from monster.training.preparation import prepare
from monster.training.prepared import Prepared
from worlds.generate import generate


@pytest.fixture(scope="session")
def tower() -> TextTower:
    """The installed text tower; its language model is read once."""
    return TextTower()


@pytest.fixture(scope="session")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """Four generated rooms with three items each; the last one is a test room. Not to be written to."""
    return generate(tmp_path_factory.mktemp("rooms") / "corpus", rooms=4, items=12, seed=2, workers=1)


@pytest.fixture(scope="session")
def prepared_folder(rooms: Corpus, tower: TextTower, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the four rooms, ready for training."""
    folder = tmp_path_factory.mktemp("prepared")
    prepare(rooms, folder, tower=tower, points=POINTS)
    return folder


@pytest.fixture(scope="session")
def prepared(prepared_folder: Path) -> Prepared:
    """The four rooms, ready for training."""
    return Prepared.open(prepared_folder)
