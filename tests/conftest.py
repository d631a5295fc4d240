"""What is slow to make and shared by the tests below: a generated corpus, the text tower, the corpus prepared.

The folders are made once in a run of the tests, however many processes run them.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from filelock import FileLock
from tiny_corpus import POINTS, TINY
from tiny_networks import tiny_network

from monster.checkpoints import Metadata, save_weights
from monster.corpus.storage import Corpus
from monster.text import TextTower
from monster.training.preparation import prepare
from monster.training.prepared import Prepared
from worlds.generate import generate

CATEGORIES = ("bed", "chair", "table", "lamp", "floor", "wall", "door")
MakeOnce = Callable[[str, Callable[[Path], object]], Path]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """``make_once(name, make)`` returns a folder; the first process to ask has ``make(folder)`` fill it."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def folder_of(name: str, make: Callable[[Path], object]) -> Path:
        folder = base / f"shared-{name}"
        done = base / f"shared-{name}.done"
        with FileLock(base / f"shared-{name}.lock"):
            if not done.exists():
                shutil.rmtree(folder, ignore_errors=True)
                make(folder)
                done.touch()
        return folder

    return folder_of


@pytest.fixture(scope="session")
def tower() -> TextTower:
    """The installed text tower; its language model is read once."""
    return TextTower()


@pytest.fixture(scope="session")
def rooms(make_once: MakeOnce) -> Corpus:
    """Four generated rooms with three items each; the last one is a test room. Not to be written to."""
    return Corpus.open(make_once("rooms", lambda folder: generate(folder, rooms=4, items=12, seed=2, workers=1)))


@pytest.fixture(scope="session")
def tiny_weights(tower: TextTower, make_once: MakeOnce) -> Path:
    """A file of random weights of a tiny network, which knows a few categories of furniture."""

    def make(folder: Path) -> None:
        network = tiny_network(dataclasses.replace(TINY, dropout=0.0))
        network.set_class_vectors(torch.from_numpy(tower.sentences(CATEGORIES)))
        folder.mkdir()
        save_weights(folder / "tiny.safetensors", network, Metadata(CATEGORIES))

    return make_once("weights", make) / "tiny.safetensors"


@pytest.fixture(scope="session")
def prepared_folder(rooms: Corpus, tower: TextTower, make_once: MakeOnce) -> Path:
    """The folder of the four rooms, ready for training."""

    def make(folder: Path) -> None:
        prepare(rooms, folder, tower=tower, points=POINTS)

    return make_once("prepared", make)


@pytest.fixture(scope="session")
def prepared(prepared_folder: Path) -> Prepared:
    """The four rooms, ready for training."""
    return Prepared.open(prepared_folder)
