"""A folder with a CSV table: one row per item, with the files of its motion and scene and its captions.

Columns: ``id``; ``motion`` (a file, or file#key) and ``scene`` (a file or a ScanNet folder), below the folder;
``caption`` or any column that starts with it, and ``text``; ``split`` (train, val, test; empty: drawn by room);
``room`` (empty: the scene, re-scans of a ScanNet room together); ``placed`` (yes or no; empty: yes where an item has
both, which means that they share their coordinates). Other columns become metadata.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from monster.corpus.importers.data import DataSet, Entry, Importer, require
from monster.corpus.storage import SPLITS, Split
from monster.errors import CorpusError, FileFormatError
from monster.io import read_motion, read_scene
from monster.io.scene.scannet import room_of
from monster.types import Scene

_RESERVED: Final = frozenset(("id", "motion", "scene", "split", "room", "placed", "text"))
_YES: Final[dict[str, bool]] = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_PLACED: Final = "placed:"  # prefix of the id of a scene that placed motions refer to


def open_table(folder: Path, scenes: Path | None) -> DataSet:
    """A folder with ``items.csv``, or with one table of another name; or the table itself.

    ``scenes`` is the folder of the scenes, if not the same folder. Raises CorpusError that names what is missing.
    """
    if folder.is_file():
        return Table(folder.parent, folder, scenes or folder.parent)
    require(folder, "a folder with a table", ())
    tables = sorted(folder.glob("*.csv"))
    table = next((path for path in tables if path.name == "items.csv"), tables[0] if len(tables) == 1 else None)
    if table is None:
        raise CorpusError(f"{folder}: expected items.csv or one table, got {len(tables)} files that end with .csv")
    return Table(folder, table, scenes or folder)


@dataclass(eq=False)
class Table(Importer):
    """A table in a folder, and the folder of its scenes."""

    path: Path
    scenes: Path
    licence: str = "unknown"

    @property
    def name(self) -> str:
        """The name of the table."""
        return self.path.stem

    @property
    def source(self) -> str:
        """The table's file."""
        return self.path.name

    def _entries(self) -> Iterator[Entry]:
        """One entry for each line."""
        try:
            for line, row in self._rows():
                with self._skipping(row.get("id") or f"line {line}"):
                    yield self._entry(row)
        except (csv.Error, UnicodeDecodeError) as error:
            raise CorpusError(f"{self.path.name}: expected a table with commas in UTF-8, got {error}") from None

    def scene(self, scene: str) -> Scene:
        """The scene of a file that the table names."""
        placed = scene.startswith(_PLACED)
        return read_scene(self._file(scene.removeprefix(_PLACED), self.scenes), placed=placed)

    def _rows(self) -> Iterator[tuple[int, dict[str, str]]]:
        with self.path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file, skipinitialspace=True)
            names = [name.strip().lower() for name in rows.fieldnames or ()]
            if "id" not in names or not any(_is_caption(name) or name in ("motion", "scene") for name in names):
                raise CorpusError(
                    f"{self.path.name}: expected the column id and some of motion, scene, caption, got {names[:8]}"
                )
            rows.fieldnames = names
            for row in rows:
                yield (
                    rows.line_num,
                    {key: value.strip() for key, value in row.items() if key and isinstance(value, str)},
                )

    def _entry(self, row: Mapping[str, str]) -> Entry:
        if not row.get("id"):
            raise FileFormatError(f"{self.path.name}: expected an id, got nothing")
        motion, scene = row.get("motion", ""), row.get("scene", "")
        placed = _placed(row.get("placed", ""), default=bool(motion and scene))
        if scene:
            self._file(scene, self.scenes)
        room = row.get("room") or _room(scene) or row["id"]
        reader = None
        if motion:
            path, key = self._motion_file(motion)
            reader = partial(read_motion, path, key=key, placed=placed)
        return Entry(
            row["id"],
            tuple(text for name, text in row.items() if _is_caption(name) and text),
            room,
            motion=reader,
            scene=(_PLACED if placed and motion else "") + scene if scene else None,
            split=_split(row.get("split", "")),
            metadata={key: text for key, text in row.items() if key not in _RESERVED and not _is_caption(key) and text},
        )

    def _motion_file(self, reference: str) -> tuple[Path, str | None]:
        if (self.folder / reference).exists():
            return self.folder / reference, None
        name, mark, key = reference.rpartition("#")
        return self._file(name if mark else reference, self.folder), key if mark else None

    @staticmethod
    def _file(name: str, base: Path) -> Path:
        """The path of a file in a folder. Raises FileFormatError if it is missing."""
        path = base / name
        if not path.exists():
            raise FileFormatError(f"{name}: expected a file in {base.resolve().name}, got nothing")
        return path


def _room(scene: str) -> str:
    """The unit of splitting: the room of a ScanNet scan, otherwise the scene."""
    name = Path(scene).name
    return room_of(name) if room_of(name) != name else scene


def _is_caption(name: str) -> bool:
    return name.startswith("caption") or name == "text"


def _placed(word: str, *, default: bool) -> bool:
    if not word:
        return default
    if word.lower() not in _YES:
        raise FileFormatError(f"expected placed as yes or no, got {word[:20]!r}")
    return _YES[word.lower()]


def _split(word: str) -> Split | None:
    if not word:
        return None
    name = {"validation": "val", "valid": "val"}.get(word.lower(), word.lower())
    for split in SPLITS:
        if name == split:
            return split
    raise FileFormatError(f"expected a split of {', '.join(SPLITS)}, got {word[:20]!r}")
