"""LAS and LAZ point clouds (``.las``, ``.laz``), read by laspy (extra ``las``), as ASPRS LAS 1.0 to 1.4 describes them.

Coordinates are whole numbers times a scale plus an offset; they stay float64, since surveys are millions of metres from
their origin. Files are z up; their unit is that of their coordinate system, which is left to detection. Colours have 16
bits by the specification; many programs write 8, which the largest value shows.

Compressed points (LAZ) are decompressed in a child process, because damaged ones can end the process of lazrs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import FileFormatError, MissingExtra
from monster.io.formats import RawScene, SceneFormat
from monster.io.sources import Source, checked_file, short
from monster.sandbox import Limits, call_kept, is_worker
from monster.types import Finding

_CHUNK: Final = 1_000_000
_POINT_FORMAT: Final = 104  # the byte of the header
_COMPRESSED: Final = 0x80
_LIMITS: Final = Limits(seconds=300, megabytes=8000)


def count_las(path: str | Path) -> int:
    """How many points the header states. Raises like `raw_las`."""
    with _opened(checked_file(path)) as reader:
        return int(reader.header.point_count)


def raw_las(path: Path, *, most: int = 10_000_000) -> RawScene:
    """The points of a file, every nth of them where there are more than ``most``.

    Raises FileFormatError if the file is cut short, damaged or empty, MissingExtra without laspy (or lazrs for LAZ).
    """
    if not _is_compressed(checked_file(path)) or is_worker():
        return _raw_here(path, most)
    arguments = {"path": str(path.absolute()), "most": most}
    answer = call_kept(f"{__name__}:parse", arguments, name=path.name, limits=_LIMITS)
    findings = tuple(Finding(*texts) for texts in answer["findings"])
    return RawScene(np.asarray(answer["points"]), answer["colors"], up="z", findings=findings)


def parse(path: str, most: int) -> Iterator[dict[str, Any]]:
    """The points of a file, for a sandbox worker."""
    raw = _raw_here(Path(path), most)
    findings = [[each.what, each.value, each.how, each.note] for each in raw.findings]
    yield {"points": raw.points, "colors": raw.colors, "findings": findings}


def _is_compressed(path: Path) -> bool:
    """Whether the header's point format has the bit of LAZ."""
    with path.open("rb") as file:
        file.seek(_POINT_FORMAT)
        return bool((file.read(1) or b"\0")[0] & _COMPRESSED)


def _raw_here(path: Path, most: int) -> RawScene:
    with _opened(path) as reader:
        count = int(reader.header.point_count)
        if count == 0:
            raise FileFormatError(f"{path.name}: expected points, got a LAS file without any")
        step = -(-count // most)
        points, colors = _read(reader, path, count, step)
    findings: tuple[Finding, ...] = ()
    if step > 1:
        findings = (Finding("points", f"{len(points):,} of {count:,} kept", "detected", f"one of every {step}"),)
    return RawScene(points, colors, up="z", findings=findings)


def _read(reader: Any, path: Path, count: int, step: int) -> tuple[DoubleArray, DoubleArray | None]:
    points: list[DoubleArray] = []
    colors: list[DoubleArray] = []
    seen = 0
    try:
        for chunk in reader.chunk_iterator(_CHUNK):
            rows = slice((-seen) % step, None, step)
            points.append(np.stack([np.asarray(chunk[axis], dtype=np.float64)[rows] for axis in "xyz"], axis=1))
            if {"red", "green", "blue"} <= set(chunk.point_format.dimension_names):
                names = ("red", "green", "blue")
                colors.append(np.stack([np.asarray(chunk[name], dtype=np.float64)[rows] for name in names], axis=1))
            seen += len(chunk)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of lazrs is no Exception
        raise FileFormatError(f"{path.name}: expected LAS points, got damaged ones ({short(error)})") from error
    if seen != count:
        raise FileFormatError(f"{path.name}: expected {count} points, got {seen}; is the file cut short?")
    return np.concatenate(points), _as_colors(np.concatenate(colors)) if colors else None


def _as_colors(values: DoubleArray) -> DoubleArray | None:
    """Colours in 0..1; None where all are 0, which is how files without colours fill these columns."""
    largest = float(values.max(initial=0.0))
    if largest == 0:
        return None
    return values / (65535.0 if largest > 255 else 255.0)


def _opened(path: Path) -> Any:
    try:
        import laspy
    except ImportError:
        raise MissingExtra("reading .las and .laz files", "las") from None
    try:
        return laspy.open(path)
    except Exception as error:
        lacks = "lazrs" in str(error).lower() or "backend" in str(error).lower()
        if lacks and path.suffix.lower() == ".laz":
            raise MissingExtra("reading .laz files (lazrs)", "las") from None
        raise FileFormatError(
            f"{path.name}: expected a LAS file, got one that laspy refuses ({short(error)})"
        ) from error


def _raw(source: Source) -> RawScene:
    return raw_las(source.path)


def _count(source: Source) -> int:
    return count_las(source.path)


FORMAT: Final = SceneFormat("las", (".las", ".laz"), _raw, count=_count, reads_large=True)
