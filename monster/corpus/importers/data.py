"""The interface of a data-set importer: entries to read one by one, scenes by id, and a list of what was left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from monster.arrays import AnyArray
from monster.corpus.storage import SPLITS, Split
from monster.errors import CorpusError, FileFormatError, MonsterError
from monster.io.sources import checked_file, read_text
from monster.types import Finding, Motion, Scene


@dataclass(frozen=True, eq=False)
class Entry:
    """An item before it is read; ``motion`` reads it. Entries of one ``room`` get the same split."""

    id: str
    captions: tuple[str, ...]
    room: str
    motion: Callable[[], Motion] | None = None
    scene: str | None = None
    split: Split | None = None  # None: drawn by room
    metadata: Mapping[str, Any] = field(default_factory=dict)


class DataSet(Protocol):
    """A data set in its authors' layout."""

    left_out: list[str]  # filled by ``entries``: one line for each missing or corrupt file or entry

    @property
    def name(self) -> str:
        """The name of the data set."""

    @property
    def licence(self) -> str:
        """The terms of use."""

    @property
    def source(self) -> str:
        """Publication and repository that describe the layout."""

    def entries(self) -> list[Entry]:
        """All entries that the data set lists."""

    def scene(self, scene: str) -> Scene:
        """A scene by the id from an entry. Raises a MonsterError that names what is missing or wrong."""


@dataclass(eq=False)
class Importer:
    """Base of the importers; a subclass has ``name``, ``licence`` and ``source``, and yields its entries."""

    folder: Path
    left_out: list[str] = field(default_factory=list, init=False)

    def entries(self) -> list[Entry]:
        """All entries of the data set, without those in ``left_out``."""
        self.left_out.clear()
        return list(self._entries())

    def scene(self, scene: str) -> Scene:
        """Raises CorpusError; data sets with scenes override it."""
        raise CorpusError(f"{self.folder.name}: the data set has no scene {scene!r}")

    def _entries(self) -> Iterator[Entry]:
        raise NotImplementedError

    @contextmanager
    def _skipping(self, name: str) -> Iterator[None]:
        """Add an error of the block to ``left_out`` and continue after it."""
        try:
            yield
        except MonsterError as error:
            self.left_out.append(f"{name}: {error}")

    def _split_lists(self, folder: Path, what: str) -> Iterator[tuple[Split, list[str]]]:
        """The lines of ``train.txt``, ``val.txt`` and ``test.txt``; a missing file is added to ``left_out``."""
        for split in SPLITS:
            path = folder / f"{split}.txt"
            if not path.is_file():
                self.left_out.append(f"{path.name}: expected the {what} of {split}, got nothing")
                continue
            lines = read_text(checked_file(path), what=what).splitlines()
            yield split, [line.strip() for line in lines if line.strip()]


def by_data_set(what: str, value: str) -> Finding:
    """A finding that the documentation of the data set states."""
    return Finding(what, value, "given", "by the data set")


def require(folder: Path, what: str, names: Iterable[str]) -> None:
    """Raise CorpusError that lists those of ``names`` that the folder of a ``what`` lacks."""
    if not folder.is_dir():
        raise CorpusError(f"{folder}: expected {what}, got {'a file' if folder.exists() else 'nothing'}")
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        raise CorpusError(f"{folder}: expected {what}, got a folder without {', '.join(missing)}")


def memory_mapped(path: Path) -> AnyArray:
    """The memory-mapped array of a ``.npy`` file. Raises FileFormatError if the file is corrupt."""
    try:
        array = np.load(checked_file(path), mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError, SyntaxError, TypeError, KeyError, OverflowError) as error:
        raise FileFormatError(f"{path.name}: expected an array of plain values, got {error}") from None
    if not isinstance(array, np.ndarray):
        raise FileFormatError(f"{path.name}: expected one array, got an archive of several")
    return array
