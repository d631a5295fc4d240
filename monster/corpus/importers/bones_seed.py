"""BONES-SEED: motion capture on the SOMA skeleton and on the robot G1, with descriptions and timelines.

The layout is that of huggingface.co/datasets/bones-studio/seed (2026) when its archives are unpacked: ``metadata/``
with a table (``.parquet``, or the same as ``.csv``) and timelines (``.jsonl``), ``soma_uniform/bvh/DATE/NAME.bvh``,
``soma_proportional/bvh/DATE/NAME.bvh`` and ``g1/csv/DATE/NAME.csv``. Any of the three may be absent. A human motion
becomes an item NAME (uniform skeleton preferred), a robot motion an item NAME@g1. Splits are drawn by actor, so that an
actor's clips and their mirror images stay together.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Final

from monster.corpus.importers.data import DataSet, Entry, Importer, require
from monster.errors import CorpusError, FileFormatError, MissingExtra
from monster.io import read_motion
from monster.io.sources import short
from monster.types import Motion

Row = Mapping[str, Any]
_PATHS: Final[dict[str, tuple[str, ...]]] = {
    "soma_uniform": ("move_soma_uniform_path",),
    "soma_proportional": ("move_soma_proportional_path",),
    "g1": ("move_g1_path", "move_g1_mujoco_path"),
}
_NATURAL: Final = tuple(f"content_natural_desc_{number}" for number in range(1, 5))
_OTHER_TEXTS: Final = ("content_short_description", "content_technical_description")
_KEPT: Final = {"package": "package", "category": "category", "actor_uid": "actor", "move_name": "move"}
_NAMES: Final = ("filename", "move_name")
_ACTOR_IN_NAME: Final = re.compile(r"__([A-Za-z]+\d+)(?:_M)?$")
_MIRRORED: Final = ("true", "1", "1.0", "yes")


def open_bones_seed(folder: Path, scenes: Path | None) -> DataSet:
    """BONES-SEED in a folder. Raises CorpusError that names what is missing, MissingExtra if it is pyarrow."""
    if scenes is not None:
        raise CorpusError("BONES-SEED has no scenes: expected no folder of scenes, got one")
    require(folder, "BONES-SEED", ("metadata",))
    skeletons = [skeleton for skeleton in _PATHS if (folder / skeleton).is_dir()]
    if not skeletons:
        raise CorpusError(f"{folder}: expected BONES-SEED with {' or '.join(_PATHS)}, got none; unpack its archives")
    if "soma_uniform" in skeletons and "soma_proportional" in skeletons:
        skeletons.remove("soma_proportional")
    return BonesSeed(folder, tuple(skeletons), _table(folder / "metadata"))


@dataclass(eq=False)
class BonesSeed(Importer):
    """The release in a folder, the skeletons to import, and its table."""

    skeletons: tuple[str, ...]
    table: Path
    name: str = "BONES-SEED"
    licence: str = "BONES-SEED License (bones.studio); timelines by NVIDIA: CC BY 4.0"
    source: str = "Bones Studio 2026, huggingface.co/datasets/bones-studio/seed"

    def _entries(self) -> Iterator[Entry]:
        """One entry for each motion file that the table names."""
        timelines = dict(self._timelines())
        for number, row in enumerate(self._rows(), 1):
            name = next((_text(row.get(key)) for key in _NAMES if _text(row.get(key))), "")
            if not name:
                self.left_out.append(f"{self.table.name}: expected a filename in row {number}, got nothing")
                continue
            for skeleton in self.skeletons:
                item_id = f"{name}@g1" if skeleton == "g1" else name
                with self._skipping(item_id):
                    yield self._entry(item_id, name, row, skeleton=skeleton, timeline=timelines.get(name, {}))

    def _entry(self, item_id: str, name: str, row: Row, *, skeleton: str, timeline: Mapping[str, Any]) -> Entry:
        """The item of one skeleton. Raises FileFormatError if its file is missing."""
        relative = next((_text(row.get(column)) for column in _PATHS[skeleton] if _text(row.get(column))), "")
        parts = PurePosixPath(relative).parts
        if not relative or ".." in parts or relative.startswith("/"):
            got = relative or "nothing"
            raise FileFormatError(f"expected the path of a file of {skeleton} in the table, got {got!r}")
        path = self.folder.joinpath(*parts)
        if not path.is_file():
            raise FileFormatError(f"expected {relative}, got nothing")
        metadata: dict[str, Any] = {target: _text(row.get(column)) for column, target in _KEPT.items()}
        metadata = {target: text for target, text in metadata.items() if text}
        metadata |= {"body": skeleton, "mirror": _text(row.get("is_mirror")).lower() in _MIRRORED, **timeline}
        return Entry(item_id, _captions(row), _actor(name, row), partial(_motion, path), metadata=metadata)

    def _rows(self) -> Iterator[Row]:
        """The rows of the table, with the used columns only."""
        used = {*_NATURAL, *_OTHER_TEXTS, *_KEPT, *_NAMES, "is_mirror"}
        paths = {column for skeleton in self.skeletons for column in _PATHS[skeleton]}
        is_parquet = self.table.suffix == ".parquet"
        columns, rows = (_parquet if is_parquet else _csv)(self.table, used | paths)
        without = [skeleton for skeleton in self.skeletons if not set(_PATHS[skeleton]) & set(columns)]
        if without or not set(_NAMES) & set(columns):
            wanted = [" or ".join(_PATHS[skeleton]) for skeleton in without] or [" or ".join(_NAMES)]
            raise CorpusError(
                f"{self.table.name}: expected a column {', and '.join(wanted)}, got {', '.join(columns[:8])}, ..."
            )
        return rows

    def _timelines(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Segments and overview by motion name, from all timeline files."""
        for path in sorted([*(self.folder / "metadata").rglob("*.jsonl"), *self.folder.glob("*.jsonl")]):
            for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
                if not line.strip():
                    continue
                try:
                    yield _timeline(json.loads(line))
                except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                    self.left_out.append(f"{path.name}: line {number} is not a timeline ({short(error)})")


def _table(folder: Path) -> Path:
    """The newest table: Parquet, or CSV if pyarrow is not installed."""
    tables = sorted(path for path in folder.rglob("*") if path.suffix in (".parquet", ".csv"))
    if not tables:
        raise CorpusError(f"{folder}: expected a table (.parquet or .csv) of BONES-SEED, got none")
    newest = max(tables, key=lambda path: (path.stem, path.suffix == ".parquet"))
    csv_path = newest.with_suffix(".csv")
    if newest.suffix == ".parquet":
        try:
            import pyarrow.parquet  # noqa: F401
        except ImportError:
            if csv_path.is_file():
                return csv_path
            raise MissingExtra("the Parquet table of BONES-SEED", "parquet") from None
    return newest


def _parquet(path: Path, used: Iterable[str]) -> tuple[list[str], Iterator[Row]]:
    """All column names, and the rows with the used columns only."""
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
        columns = [str(name) for name in file.schema_arrow.names]
        batches = file.iter_batches(columns=[name for name in columns if name in set(used)])
        rows = [row for batch in batches for row in batch.to_pylist()]
    except (pyarrow.ArrowException, OSError) as error:
        raise CorpusError(f"{path.name}: expected a Parquet table, got {short(error)}") from None
    return columns, iter(rows)


def _csv(path: Path, used: Iterable[str]) -> tuple[list[str], Iterator[Row]]:
    """All column names, and the rows with the used columns only."""
    wanted = set(used)
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            columns = list(table.fieldnames or ())
            rows = [{name: value for name, value in row.items() if name in wanted} for row in table]
    except (csv.Error, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name}: expected a table with commas in UTF-8, got {short(error)}") from None
    return columns, iter(rows)


def _text(value: object) -> str:
    """A cell as text; empty for None and NaN."""
    text = "" if value is None else str(value).strip()
    return "" if text.lower() in ("nan", "none") else text


def _captions(row: Row) -> tuple[str, ...]:
    """The natural descriptions without duplicates; the short or technical one if there are none."""
    natural = dict.fromkeys(filter(None, (_text(row.get(name)) for name in _NATURAL)))
    return tuple(natural) or tuple(filter(None, (_text(row.get(name)) for name in _OTHER_TEXTS)))[:1]


def _actor(name: str, row: Row) -> str:
    """The actor from the table or the name; otherwise the name, which a clip shares with its mirror image."""
    actor = _text(row.get("actor_uid"))
    match = _ACTOR_IN_NAME.search(name)
    if not actor and match:
        actor = match[1]
    return f"actor {actor}" if actor else name.removesuffix("_M")


def _timeline(line: Any) -> tuple[str, dict[str, Any]]:
    """The motion name of a line, and its overview and segments in seconds."""
    timeline: dict[str, Any] = {}
    overview = _first(line, ("overview_description", "overview", "description"))
    if overview:
        timeline["overview"] = str(overview)
    segments = [
        {
            "start": float(_first(event, ("start_time", "start"))),
            "end": float(_first(event, ("end_time", "end"))),
            "text": str(_first(event, ("description", "text"))),
        }
        for event in _first(line, ("events", "segments")) or ()
    ]
    name = str(_first(line, _NAMES) or "")
    if not name:
        raise KeyError("no filename")
    return re.sub(r"\.(csv|bvh)$", "", name), timeline | ({"segments": segments} if segments else {})


def _first(values: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((values[name] for name in names if values.get(name) is not None), None)


def _motion(path: Path) -> Motion:
    """A motion of the release: human ones are in centimetres with y up, robot ones as their reader detects."""
    if path.suffix.lower() == ".bvh":
        return read_motion(path, axes="y", unit="cm")
    if path.suffix.lower() != ".csv":
        raise FileFormatError(f"{path.name}: expected a .bvh or .csv, got {path.suffix or 'no suffix'!r}")
    return read_motion(path)
