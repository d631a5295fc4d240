"""A saved index: a folder whose ``index.json`` names the files that hold the ids and the rows.

    index.json        format version, settings, count, the owner's tag, names of the other two files
    ids-<n>.json      the ids in row order
    rows-<n>.npy      the rows, in the form of the engine

``index.json`` is replaced atomically after the new files are on the disk, so a kill leaves the old or the new index.
One process may save at a time; any number may load.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from indexes.errors import SpecError, StorageError
from indexes.spec import IndexSpec

FORMAT: Final = 1
_HEAD: Final = "index.json"


@dataclass(frozen=True)
class SavedIndex:
    """The head of a saved index; ``ids`` and ``rows`` are paths."""

    spec: IndexSpec
    count: int
    tag: str
    ids: Path
    rows: Path


def read_head(folder: Path) -> SavedIndex:
    """The head of a saved index. Raises StorageError if it is missing, corrupt or newer."""
    path = folder / _HEAD
    values = _read_json(path)
    if not isinstance(values, dict) or not isinstance(values.get("format"), int):
        raise StorageError(f"{path}: expected the head of an index with a format version, got other JSON")
    if values["format"] > FORMAT:
        raise StorageError(
            f"{path}: expected format {FORMAT} or older, got {values['format']}; was it made by a newer version?"
        )
    try:
        spec = IndexSpec.of(values["spec"])
        names = [str(values[key]) for key in ("ids", "rows")]
        head = SavedIndex(spec, int(values["count"]), str(values["tag"]), folder / names[0], folder / names[1])
    except (KeyError, TypeError, ValueError, SpecError) as error:
        raise StorageError(f"{path}: corrupt head of an index ({type(error).__name__}: {error})") from error
    if any(Path(name).name != name for name in names):
        raise StorageError(f"{path}: expected names of files in the same folder, got {names}")
    return head


def read_ids(head: SavedIndex) -> list[str]:
    """The ids in row order. Raises StorageError unless they are distinct strings, as many as in the head."""
    ids = _read_json(head.ids)
    if not isinstance(ids, list) or len(ids) != head.count or not all(isinstance(each, str) for each in ids):
        raise StorageError(f"{head.ids}: expected a list of {head.count} ids, got other JSON")
    if len(set(ids)) != len(ids):
        raise StorageError(f"{head.ids}: expected distinct ids, got {len(ids) - len(set(ids))} twice")
    return ids


def write(folder: Path, *, spec: IndexSpec, ids: Sequence[str], tag: str, write_rows: Callable[[Path], None]) -> None:
    """Save an index into a folder atomically, replacing an existing one. Raises StorageError on a failed write."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = _next_number(folder)
        names = {"ids": f"ids-{number}.json", "rows": f"rows-{number}.npy"}
        (folder / names["ids"]).write_text(json.dumps(list(ids), ensure_ascii=False), encoding="utf-8")
        write_rows(folder / names["rows"])
        for name in names.values():
            _sync(folder / name)
        head = {"format": FORMAT, "spec": spec.as_dict(), "count": len(ids), "tag": tag, **names}
        _replace_json(folder / _HEAD, head)
        _remove_others(folder, keep={_HEAD, *names.values()})
    except OSError as error:
        raise StorageError(f"{folder}: cannot save the index ({error.strerror or error})") from error


def _next_number(folder: Path) -> int:
    numbers = [path.stem.rpartition("-")[2] for path in folder.glob("*-*.*")]
    return max((int(number) for number in numbers if number.isdecimal()), default=0) + 1


def _remove_others(folder: Path, keep: set[str]) -> None:
    for pattern in ("ids-*.json", "rows-*.npy"):
        for path in folder.glob(pattern):
            if path.name not in keep:
                path.unlink(missing_ok=True)


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StorageError(f"{path}: file of an index not found") from error
    except (OSError, ValueError) as error:
        raise StorageError(f"{path}: cannot be read as JSON ({error}); is it cut short?") from error


def _replace_json(path: Path, values: dict[str, Any]) -> None:
    temporary = path.with_suffix(".json.new")
    temporary.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")
    _sync(temporary)
    temporary.replace(path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
