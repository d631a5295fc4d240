"""What an importer offers: entries that can be read one by one, scenes by id, and what had to be left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from monster.arrays import AnyArray
from monster.corpus.storage import Split
from monster.errors import CorpusError, FileFormatError
from monster.io.sources import checked_file
from monster.types import Motion, Scene


@dataclass(frozen=True, eq=False)
class Entry:
    """An item before it is read; ``motion`` reads it. Entries of one ``room`` never get into different splits."""

    id: str
    captions: tuple[str, ...]
    room: str
    motion: Callable[[], Motion] | None = None
    scene: str | None = None
    split: Split | None = None  # None: drawn by room
    metadata: Mapping[str, Any] = field(default_factory=dict)


class DataSet(Protocol):
    """A data set in its authors' layout."""

    left_out: list[str]  # filled by ``entries``: one line for each thing that is missing or known to be broken

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def licence(self) -> str:
        """On which terms it may be used."""

    @property
    def source(self) -> str:
        """Who published it, and where its layout is described."""

    def entries(self) -> list[Entry]:
        """Everything that the data set lists."""

    def scene(self, scene: str) -> Scene:
        """A scene by the id that entries give. Raises a MonsterError that names what is missing or wrong."""


def require(folder: Path, what: str, names: Iterable[str]) -> None:
    """Raise CorpusError that lists all of ``names`` that a folder lacks; ``what`` was expected."""
    if not folder.is_dir():
        raise CorpusError(f"{folder}: expected {what}, got {'a file' if folder.exists() else 'nothing'}")
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        raise CorpusError(f"{folder}: expected {what}, got a folder without {', '.join(missing)}")


def mapped(path: Path) -> AnyArray:
    """The array of a ``.npy`` file, left on the disk until it is used. Raises FileFormatError when it is broken."""
    try:
        array = np.load(checked_file(path), mmap_mode="r", allow_pickle=False)
    except (ValueError, OSError, EOFError, SyntaxError, TypeError, KeyError, OverflowError) as error:
        raise FileFormatError(f"{path.name}: expected an array of plain values, got {error}") from None
    if not isinstance(array, np.ndarray):
        raise FileFormatError(f"{path.name}: expected one array, got an archive of several")
    return array
