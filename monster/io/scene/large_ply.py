"""Thins binary ``.ply`` files with very many points while they are read: memory holds one chunk and the kept points.

One point is drawn with a fixed seed from each of as many equal stretches of the file as points are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from monster.arrays import AnyArray, IntArray
from monster.errors import FileFormatError
from monster.io.scene.ply import Element, Ply, broken, read_header
from monster.io.sources import FileLike, opened

_SEED: Final = 0
_CHUNK: Final = 1 << 26  # bytes read at once


@dataclass(frozen=True, eq=False)
class Thinned:
    """The vertices that were kept (no faces), how many the file has, and how many faces were not read."""

    ply: Ply
    points: int
    faces: int


def read_thinned(file: FileLike, *, above: int, kept: int) -> Thinned | None:
    """``kept`` vertices of a file with more than ``above``; None for a smaller file, which `read_ply` takes.

    Raises FileFormatError when the file is damaged, or has so many points in a form that cannot be thinned.
    """
    with opened(file) as source:
        path = source.path
        order, elements, start = read_header(source.head, path)
        points = sum(element.count for element in elements if element.name == "vertex")
        if points <= above:
            return None
        if order == "=":
            raise FileFormatError(
                f"{path.name}: expected at most {above:,} points in an ascii file, got {points:,}; save it as a binary "
                ".ply, which is thinned while it is read"
            )
        vertex, dtype = _place(elements, order, start, path)
        faces = sum(element.count for element in elements if element.name == "face")
        vertices = _drawn(source.file, vertex, dtype, kept)
        return Thinned(Ply(vertices, np.zeros((0, 3), np.int64)), points, faces)


@dataclass(frozen=True)
class _Rows:
    """The position of the vertices in a file: the first byte, and how many there are."""

    path: Path
    start: int
    count: int


def _place(elements: list[Element], order: str, start: int, path: Path) -> tuple[_Rows, np.dtype[np.void]]:
    """The position of the vertices, and the layout of a row."""
    for element in elements:
        if element.has_lists:
            raise FileFormatError(
                f"{path.name}: expected so many vertices without lists, and before all lists, got lists in "
                f"{element.name!r} first; write the file again as points alone"
            )
        try:
            dtype = np.dtype([(entry.name, order + entry.type) for entry in element.properties])
        except ValueError:
            raise broken(path, f"properties of {element.name} with different names", "one name twice") from None
        if element.name == "vertex":
            break
        start += dtype.itemsize * element.count
    if not {"x", "y", "z"} <= {name.lower() for name in dtype.names or ()}:
        raise FileFormatError(f"{path.name}: expected vertices with x, y and z, got {', '.join(dtype.names or ())}")
    if start + dtype.itemsize * element.count > path.stat().st_size:
        there = max(0, path.stat().st_size - start) // dtype.itemsize
        raise broken(path, f"{element.count:,} rows of vertex", f"{there:,}")
    return _Rows(path, start, element.count), dtype


def _drawn(file: BinaryIO, rows: _Rows, dtype: np.dtype[np.void], kept: int) -> dict[str, AnyArray]:
    """The columns of one row out of each of ``kept`` equal stretches."""
    wanted = _one_of_each_stretch(rows.count, kept)
    table = np.empty(kept, dtype)
    step = max(1, _CHUNK // dtype.itemsize)
    file.seek(rows.start)
    for first in range(0, rows.count, step):
        size = min(step, rows.count - first)
        content = file.read(size * dtype.itemsize)
        if len(content) < size * dtype.itemsize:
            raise broken(rows.path, f"{rows.count:,} rows of vertex", f"{first + len(content) // dtype.itemsize:,}")
        low, high = np.searchsorted(wanted, [first, first + size])
        table[low:high] = np.frombuffer(content, dtype, size)[wanted[low:high] - first]
    return {name: table[name] for name in dtype.names or ()}


def _one_of_each_stretch(count: int, kept: int) -> IntArray:
    bounds = np.arange(kept + 1) * count // kept
    return bounds[:-1] + np.floor(np.random.default_rng(_SEED).random(kept) * np.diff(bounds)).astype(np.int64)
