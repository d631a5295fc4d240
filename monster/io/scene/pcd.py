"""Point Cloud Data (``.pcd``): ascii, binary, and binary compressed with LZF.

Own code, because Open3D accepts a truncated ascii file, drops fields in some encodings, and crashes on damaged headers
of the compressed encoding.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray
from monster.errors import FileFormatError
from monster.io.formats import RawScene, SceneFormat
from monster.io.numpy_files import few_names
from monster.io.scene.clouds import as_colors, colors_among, instances_among, stacked
from monster.io.scene.lzf import decompressed
from monster.io.sources import FileLike, Source, in_file, opened
from monster.types import Finding

_KINDS: Final = {"F": "f", "I": "i", "U": "u"}
_MAX_HEADER: Final = 1 << 14
_LENGTHS: Final = struct.Struct("<II")  # of the compressed bytes, and of what they hold
_LARGEST_GAIN: Final = 88  # LZF turns three bytes into 264 at most
_HEADER_WORDS: Final = ("FIELDS", "SIZE", "TYPE", "POINTS", "DATA")


@dataclass(frozen=True)
class _Header:
    """Fields with their NumPy types and counts, the number of points, the encoding, and where the body starts."""

    fields: tuple[tuple[str, str, int], ...]
    points: int
    data: str
    start: int


def read_pcd(file: FileLike) -> dict[str, AnyArray]:
    """Fields by name, lower case; ``rgb`` is (n, 3) bytes. Raises FileFormatError if damaged or cut short."""
    with opened(file) as source:
        path, content = source.path, source.read()
    header = _header(content, path)
    columns = _BODIES[header.data](content, header, path)
    for name in ("rgb", "rgba"):
        if name in columns:
            columns["rgb"] = _unpacked(columns.pop(name))
    return columns


def raw_pcd(file: FileLike) -> RawScene:
    """The points of a ``.pcd`` file in any of its three encodings; points without a measurement (NaN) are left out."""
    with opened(file) as source:
        path, columns = source.path, read_pcd(source)
    if not set("xyz") <= set(columns):
        raise FileFormatError(f"{path.name}: expected fields x, y and z, got {few_names(columns)}")
    points = stacked(columns, "xyz")
    real = np.isfinite(points).all(axis=1)
    if not real.any():
        raise FileFormatError(f"{path.name}: expected points, got {len(points)} without a measurement")
    left_out = Finding("points", f"{int((~real).sum())} without a measurement left out", "detected")
    colors = colors_among(columns)
    with in_file(path):
        instances = instances_among(columns)
        return RawScene(
            points[real],
            None if colors is None else as_colors(colors[real]),
            None if instances is None else instances[real],
            findings=() if real.all() else (left_out,),
        )


def _header(content: bytes, path: Path) -> _Header:
    words: dict[str, list[str]] = {}
    at = 0
    while "DATA" not in words:
        end = content.find(b"\n", at, _MAX_HEADER)
        if end < 0:
            break
        key, *values = content[at:end].decode("latin-1").split("#")[0].split() or [""]
        words[key.upper()] = values
        at = end + 1
    missing = [key for key in _HEADER_WORDS if not words.get(key)]
    if missing:
        raise _broken(path, "a PCD header with " + ", ".join(_HEADER_WORDS), f"none with {missing[0]}")
    names, data = words["FIELDS"], words["DATA"][0].lower()
    counts = words.get("COUNT", ["1"] * len(names))
    try:
        kinds = [f"<{_KINDS[kind.upper()]}{int(size)}" for kind, size in zip(words["TYPE"], words["SIZE"], strict=True)]
        fields = [
            (name.lower(), np.dtype(kind).str, int(count))
            for name, kind, count in zip(names, kinds, counts, strict=True)
        ]
        points = int(words["POINTS"][0])
    except (ValueError, KeyError, TypeError):
        raise _broken(path, "a type, size and count for every field", repr(" ".join(names)[:60])) from None
    if data not in _BODIES or points < 0 or any(count < 1 for *_, count in fields):
        raise _broken(path, "points as ascii, binary or binary_compressed", f"{points} as {data[:20]!r}")
    return _Header(tuple(fields), points, data, at)


def _binary(content: bytes, header: _Header, path: Path) -> dict[str, AnyArray]:
    if any(count > len(content) for *_, count in header.fields):
        raise _broken(path, "fields of a few numbers", "more than the file is long")
    dtype = np.dtype([(f"{place}", kind, (count,)) for place, (_, kind, count) in enumerate(header.fields)])
    if header.start + dtype.itemsize * header.points > len(content):
        there = (len(content) - header.start) // dtype.itemsize
        raise _broken(path, f"{header.points} points", f"{there}")
    table = np.frombuffer(content, dtype, header.points, header.start)
    return {name: table[f"{place}"][:, 0] for place, (name, _, _) in enumerate(header.fields)}


def _ascii(content: bytes, header: _Header, path: Path) -> dict[str, AnyArray]:
    words = content[header.start :].split()
    width = sum(count for *_, count in header.fields)
    if len(words) != header.points * width:
        raise _broken(path, f"{header.points} points of {width} numbers", f"{len(words)} numbers")
    columns, at = {}, 0
    for name, kind, count in header.fields:
        column = words[at::width]
        try:
            values = np.array([float(word) for word in column])
        except ValueError:
            raise _broken(path, f"numbers for {name}", "a word") from None
        is_packed = name in ("rgb", "rgba") and kind[1] == "f"
        columns[name] = values.astype(np.float32) if is_packed else values
        at += count
    return columns


def _compressed(content: bytes, header: _Header, path: Path) -> dict[str, AnyArray]:
    """Fields that are packed one after another, each for all points."""
    start = header.start + _LENGTHS.size
    if start > len(content):
        raise _broken(path, "compressed points", "nothing")
    packed, size = _LENGTHS.unpack_from(content, header.start)
    whole = header.points * sum(np.dtype(kind).itemsize * count for _, kind, count in header.fields)
    if size != whole or packed > len(content) - start or size > _LARGEST_GAIN * packed:
        raise _broken(path, f"{header.points} points in {whole} bytes", f"{size} bytes in {len(content) - start}")
    try:
        body = decompressed(content[start : start + packed], size)
    except ValueError as error:
        raise _broken(path, f"{header.points} points in {whole} bytes", str(error)) from None
    columns, at = {}, 0
    for name, kind, count in header.fields:
        columns[name] = np.frombuffer(body, kind, header.points * count, at)[::count]
        at += header.points * count * np.dtype(kind).itemsize
    return columns


def _unpacked(values: AnyArray) -> AnyArray:
    """Bytes (n, 3) of colors that are packed into one number (the bits of a float, or a whole number)."""
    with np.errstate(invalid="ignore"):
        bits = values.view(np.uint32) if values.dtype == np.float32 else values.astype(np.int64) & 0xFFFFFFFF
    return np.stack([(bits >> shift) & 255 for shift in (16, 8, 0)], axis=1).astype(np.uint8)


_BODIES: Final = {"ascii": _ascii, "binary": _binary, "binary_compressed": _compressed}


def _broken(path: Path, expected: str, got: str) -> FileFormatError:
    return FileFormatError(
        f"{path.name}: expected a PCD file: {expected}, got {got}; is the file damaged or cut short?"
    )


def _count(source: Source) -> int:
    stated = re.search(rb"^POINTS\s+(\d{1,15})\s", source.head[:_MAX_HEADER], re.MULTILINE)
    return int(stated[1]) if stated else 0


FORMAT: Final = SceneFormat("pcd", (".pcd",), raw_pcd, count=_count)
