"""How many points a scene file says it has, found out cheaply, so that what is too large is refused before it is read.

A file that says nothing, or is damaged, counts as empty here: reading it tells what is wrong.
"""

from __future__ import annotations

import json
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final

import numpy as np

from monster.errors import FileFormatError
from monster.io.sources import checked_file

_CHUNK: Final = 1 << 24
_LEAST: Final = 1 << 20  # bytes: no smaller file has so many points that counting them pays
_MAX_JSON: Final = 1 << 26
_DAMAGE: Final = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, EOFError, RecursionError, OverflowError,
    MemoryError, RuntimeError, NotImplementedError, struct.error, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def refuse_huge(path: str | Path, *, most: int, names: tuple[str, ...] = ()) -> None:
    """Raise FileFormatError when a file says that it has more than ``most`` points, with what to do about it.

    ``names`` are the arrays of an ``.npz`` that may hold the points.
    """
    path = checked_file(path)
    points = count_points(path, names=names)
    if points > most:
        raise too_many(path, points, most)


def too_many(path: Path, points: int, most: int) -> FileFormatError:
    """The error for a file with too many points."""
    return FileFormatError(
        f"{path.name}: expected at most {most:,} points, got {points:,}; save it as a binary .ply, which is thinned "
        "while it is read, or thin it first"
    )


def count_points(path: Path, *, names: tuple[str, ...] = ()) -> int:
    """How many points a file says that it has; 0 where it does not say."""
    counts: dict[str, Callable[[Path], int]] = {
        ".xyz": _lines, ".txt": _lines, ".obj": _vertices_of_obj, ".pcd": _points_of_pcd, ".npy": _rows_of_npy,
        ".npz": lambda file: _rows_of_npz(file, names), ".glb": _vertices_of_glb,
    }  # fmt: skip
    count = counts.get(path.suffix.lower())
    try:
        return count(path) if count is not None and path.stat().st_size > _LEAST else 0
    except _DAMAGE:
        return 0


def _lines(path: Path) -> int:
    return _occurrences(path, b"\n")


def _vertices_of_obj(path: Path) -> int:
    return _occurrences(path, b"\nv ")


def _occurrences(path: Path, words: bytes) -> int:
    """How often some bytes occur in a file."""
    found, end = 0, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            content = end + chunk
            found += content.count(words)
            end = content[len(content) - len(words) + 1 :]
    return found


def _points_of_pcd(path: Path) -> int:
    with path.open("rb") as file:
        said = re.search(rb"^POINTS\s+(\d{1,15})\s", file.read(1 << 14), re.MULTILINE)
    return int(said[1]) if said else 0


def _rows_of_npy(path: Path) -> int:
    with path.open("rb") as file:
        return _rows(file)


def _rows_of_npz(path: Path, names: tuple[str, ...]) -> int:
    with zipfile.ZipFile(path) as archive:
        there = {f"{name}.npy" for name in names} & set(archive.namelist())
        rows = []
        for name in sorted(there):
            with archive.open(name) as file:
                rows.append(_rows(file))
    return max(rows, default=0)


def _rows(file: IO[bytes]) -> int:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape = read(file)[0]
    return int(shape[0]) if len(shape) == 2 else 0


def _vertices_of_glb(path: Path) -> int:
    """Vertices of all meshes as the JSON chunk tells them (glTF 2.0, section 4.4)."""
    with path.open("rb") as file:
        length = struct.unpack("<12xII", file.read(20))[0]
        told = json.loads(file.read(min(length, _MAX_JSON)))
    used = {part["attributes"]["POSITION"] for mesh in told["meshes"] for part in mesh["primitives"]}
    return sum(int(told["accessors"][index]["count"]) for index in used)
