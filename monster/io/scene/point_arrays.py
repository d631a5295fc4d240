"""Points in NumPy files: an array of columns (``.npy``), or named arrays (``.npz``)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from monster.errors import FileFormatError, InputError
from monster.io.formats import RawScene, SceneFormat
from monster.io.npz import labels_of
from monster.io.numpy_files import few_names, npy_header, npz_arrays, read_npy
from monster.io.scene.clouds import INSTANCE_NAMES, as_colors, instances_among, raw_columns
from monster.io.sources import FileLike, Source, in_file, opened

POINT_NAMES: Final = ("points", "xyz", "coord", "coords", "pc")
_COLOR_NAMES: Final = ("colors", "rgb", "color")
_FEWEST_COLUMNS, _MOST_COLUMNS = 3, 16


def raw_npz(file: FileLike) -> RawScene:
    """An ``.npz`` with points, colors, instances and labels, or names from a ``.json`` of objects beside it."""
    with opened(file) as source:
        arrays, path = npz_arrays(source), source.path
        name = next((name for name in POINT_NAMES if name in arrays), None)
        if name is None:
            raise FileFormatError(
                f"{path.name}: expected a scene with an array 'points' or 'xyz', got {few_names(arrays)}"
            )
        raw = raw_columns(arrays[name], path)
        color_name = next((name for name in _COLOR_NAMES if name in arrays), None)
        colors = None if color_name is None else arrays[color_name]
        with in_file(path):
            labels = None
            if any(name in arrays for name in INSTANCE_NAMES):
                labels = labels_of(arrays) or labels_beside(path)
            instances = instances_among(arrays, labels)
            for what, values in (("colors", colors), ("instances", instances)):
                if values is not None and len(values) != len(raw.points):
                    raise InputError(f"expected {what} for {len(raw.points)} points, got {len(values)}")
            return RawScene(raw.points, raw.colors if colors is None else as_colors(colors), instances, labels)


def labels_beside(path: Path) -> dict[int, str] | None:
    """Names of instances from ``objects`` (each with ``instance`` and ``label``) in the ``.json`` beside a file."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return None
    try:
        objects = json.loads(beside.read_text(encoding="utf-8")).get("objects", [])
        pairs = [(entry["instance"], entry["label"]) for entry in objects if "instance" in entry and "label" in entry]
        return {int(key): str(name) for key, name in pairs} or None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise FileFormatError(
            f"{beside.name}: expected a JSON object with a list of objects, got something else"
        ) from None


def _sniff(source: Source) -> bool:
    if source.suffix == ".npz":
        return any(name in npz_arrays(source) for name in POINT_NAMES)
    shape = npy_header(source).shape
    return len(shape) == 2 and _FEWEST_COLUMNS <= shape[1] <= _MOST_COLUMNS


def _count(source: Source) -> int:
    """The most rows among the arrays that may be the points."""
    if source.suffix == ".npz":
        arrays = npz_arrays(source)
        shapes = [arrays.header(name).shape for name in POINT_NAMES if name in arrays]
    else:
        shapes = [npy_header(source).shape]
    return max((shape[0] for shape in shapes if len(shape) == 2), default=0)


def _read(source: Source) -> RawScene:
    return raw_npz(source) if source.suffix == ".npz" else raw_columns(read_npy(source), source.path)


FORMAT: Final = SceneFormat("arrays", (".npy", ".npz"), _read, sniff=_sniff, count=_count)
