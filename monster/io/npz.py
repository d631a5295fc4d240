"""NumPy files: read without ever unpickling, and the project's own ``.npz`` of motions and scenes.

The own format is what corpora and galleries store. A motion file holds ``format``, ``joints``, ``fps``, ``placed``;
a scene file ``format``, ``points``, ``origin`` and, where known, ``colors``, ``instances``, ``label_ids`` and
``label_names``. Coordinates on a millimetre grid are whole millimetres, others float32. Equal values give equal bytes.
"""

from __future__ import annotations

import json
import os
import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Final

import numpy as np

from monster.arrays import AnyArray, FloatArray
from monster.errors import FileFormatError, InputError
from monster.io.sources import checked_file, in_file, short
from monster.types import Finding, Motion, Provenance, Scene

MOTION_FORMAT: Final = "monster motion 1"
SCENE_FORMAT: Final = "monster scene 1"
MAX_BYTES: Final = 8 << 30
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time of a zip entry: no time of day in the bytes
_BROKEN: Final = (
    ValueError, TypeError, KeyError, OSError, EOFError, MemoryError, OverflowError, RuntimeError, SyntaxError,
    tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_npy(path: str | Path) -> AnyArray:
    """The array of a ``.npy`` file. Raises FileFormatError when it is broken, cut short or pickled."""
    path = checked_file(path)
    with path.open("rb") as file:
        return _read_array(file, path, size=path.stat().st_size)


def npz_names(path: str | Path) -> tuple[str, ...]:
    """The names of the arrays in a ``.npz`` file, in their order."""
    path = checked_file(path)
    with _open_zip(path) as archive:
        return tuple(_members(archive))


def read_npz(path: str | Path, names: Iterable[str] | None = None) -> dict[str, AnyArray]:
    """The arrays of a ``.npz`` file by name (only ``names`` where given). Raises like ``read_npy``."""
    path = checked_file(path)
    with _open_zip(path) as archive:
        members = _members(archive)
        wanted = list(members) if names is None else list(names)
        missing = [name for name in wanted if name not in members]
        if missing:
            raise FileFormatError(f"{path.name}: expected an array named {missing[0]!r}, got {few_names(members)}")
        if sum(members[name].file_size for name in wanted) > MAX_BYTES:
            raise FileFormatError(f"{path.name}: expected arrays of at most {MAX_BYTES >> 30} GiB, got more")
        return {name: _read_member(archive, members[name], path) for name in wanted}


def write_npz(path: str | Path, arrays: Mapping[str, AnyArray]) -> None:
    """Write arrays compressed, all or nothing (a kill leaves the old file); equal arrays give equal bytes."""
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, array in arrays.items():
                entry = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with archive.open(entry, "w", force_zip64=array.nbytes > 1 << 30) as file:
                    np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def save_motion(path: str | Path, motion: Motion) -> None:
    """Write one motion in the own format; ``load_motion`` gives it back, bit for bit."""
    write_npz(path, motion_to_arrays(motion))


def load_motion(path: str | Path) -> Motion:
    """Read a motion that ``save_motion`` wrote. Raises FileFormatError for anything else."""
    path = checked_file(path)
    with in_file(path):
        return motion_from_arrays(read_npz(path))


def motion_to_arrays(motion: Motion) -> dict[str, AnyArray]:
    """The arrays of a motion in the own format."""
    arrays = {
        "format": np.array(MOTION_FORMAT),
        "joints": _compact(motion.joints),
        "fps": np.array(motion.fps),
        "placed": np.array(motion.placed),
    }
    return arrays | provenance_to_arrays(motion.provenance)


def motion_from_arrays(arrays: Mapping[str, AnyArray]) -> Motion:
    """The motion that ``motion_to_arrays`` gave. Raises InputError for anything else."""
    _check_own(arrays, MOTION_FORMAT, ("joints", "fps", "placed"))
    return Motion(
        _metres(_numbers(arrays["joints"], "joints")),
        _scalar(arrays["fps"], "fps"),
        placed=bool(_scalar(arrays["placed"], "placed")),
        provenance=provenance_from_arrays(arrays),
    )


def save_scene(path: str | Path, scene: Scene) -> None:
    """Write a scene in the own format. Points are rounded to a millimetre, colors to 1/255; the rest is kept."""
    millimetres = np.round(scene.points.astype(np.float64) * 1000).astype(np.int32)
    origin = (millimetres.min(axis=0) + millimetres.max(axis=0)) // 2
    arrays = {
        "format": np.array(SCENE_FORMAT),
        "points": _smallest(millimetres - origin),
        "origin": origin.astype(np.int32),
    }
    if scene.colors is not None:
        arrays["colors"] = np.round(scene.colors * 255).astype(np.uint8)
    if scene.instances is not None:
        arrays["instances"] = _smallest(scene.instances)
    write_npz(path, arrays | labels_to_arrays(scene.labels) | provenance_to_arrays(scene.provenance))


def load_scene(path: str | Path) -> Scene:
    """Read a scene that ``save_scene`` wrote. Raises FileFormatError for anything else."""
    path = checked_file(path)
    with in_file(path):
        return scene_from_arrays(read_npz(path))


def scene_from_arrays(arrays: Mapping[str, AnyArray]) -> Scene:
    """The scene in the arrays of a file of the own format. Raises InputError for anything else."""
    _check_own(arrays, SCENE_FORMAT, ("points", "origin"))
    points, origin, colors = arrays["points"], arrays["origin"], arrays.get("colors")
    if (
        points.ndim != 2
        or points.shape[1] != 3
        or origin.shape != (3,)
        or not {points.dtype.kind, origin.dtype.kind} <= set("iu")
    ):
        raise InputError(f"expected points (n, 3) and origin (3,) in millimetres, got {points.shape}, {origin.shape}")
    return Scene(
        _metres(points.astype(np.int64) + origin),
        colors=None if colors is None else _numbers(colors, "colors").astype(np.float32) / np.float32(255),
        instances=arrays.get("instances"),
        labels=labels_of(arrays),
        provenance=provenance_from_arrays(arrays),
    )


def own_format(path: str | Path) -> str | None:
    """``MOTION_FORMAT`` or ``SCENE_FORMAT`` when the ``.npz`` file says so, else None."""
    return _format_of(read_npz(path, ["format"])) if "format" in npz_names(path) else None


def labels_to_arrays(labels: Mapping[int, str] | None) -> dict[str, AnyArray]:
    """The names of instances as ``label_ids`` and ``label_names``, by id; nothing without labels."""
    if not labels:
        return {}
    ids = sorted(labels)
    return {
        "label_ids": np.array(ids, dtype=np.int64),
        "label_names": np.array([labels[key] for key in ids], dtype=np.str_),
    }


def labels_of(arrays: Mapping[str, AnyArray]) -> dict[int, str] | None:
    """The names of instances from ``label_ids`` and ``label_names``, or None where they are absent."""
    if "label_ids" not in arrays or "label_names" not in arrays:
        return None
    ids, names = arrays["label_ids"], arrays["label_names"]
    if ids.ndim != 1 or ids.shape != names.shape or ids.dtype.kind not in "iu" or names.dtype.kind != "U":
        raise InputError(f"expected one name for each label id, got {ids.shape} ids and {names.shape} names")
    return {int(key): str(name) for key, name in zip(ids, names, strict=True)}


def _open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except _BROKEN as error:
        raise FileFormatError(f"{path.name}: expected an .npz archive, got {_what(path, error)}") from None


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    return {info.filename[:-4]: info for info in archive.infolist() if info.filename.endswith(".npy")}


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path) -> AnyArray:
    try:
        with archive.open(info) as file:
            return _read_array(file, path, size=info.file_size, name=info.filename[:-4])
    except FileFormatError:
        raise
    except _BROKEN as error:
        raise FileFormatError(
            f"{path.name}: expected an array {info.filename[:-4]!r}, got a broken one ({short(error)})"
        ) from None


def _read_array(file: IO[bytes], path: Path, *, size: int, name: str = "") -> AnyArray:
    what = f"array {name!r}" if name else "an array"
    try:
        with warnings.catch_warnings(action="ignore"):  # that a file is of Python 2 does not matter
            array = np.lib.format.read_array(file, allow_pickle=False)
    except _BROKEN as error:
        if "allow_pickle" in str(error):
            raise FileFormatError(
                f"{path.name}: expected {what} of numbers, got a pickled array, which may run code and is not opened; "
                "save it again as a plain array (dtype float32)"
            ) from None
        raise FileFormatError(
            f"{path.name}: expected {what} of {size} bytes in all, got {_what(path, error)}"
        ) from None
    return np.asarray(array)


def _what(path: Path, error: BaseException) -> str:
    """What a file that could not be read is, in words."""
    with path.open("rb") as file:
        start = file.read(8)
    if start[:1] == b"\x80":
        return "a pickle, which may run code and is not opened; save it again with numpy.save or numpy.savez"
    if start.startswith(b"\x93NUMPY") and "magic" not in str(error):
        return "less or other data than its header says; was a download or copy cut short?"
    if start.startswith(b"PK"):
        return "a broken archive; was a download or copy cut short?"
    return f"something else (it starts with {start!r})"


def _format_of(arrays: Mapping[str, AnyArray]) -> str | None:
    value = str(arrays["format"]) if "format" in arrays else ""
    return value if value in (MOTION_FORMAT, SCENE_FORMAT) else None


def _check_own(arrays: Mapping[str, AnyArray], expected: str, needed: tuple[str, ...]) -> None:
    if _format_of(arrays) != expected:
        raise InputError(f"expected a file in the format {expected!r}, got {few_names(arrays)}")
    missing = [name for name in needed if name not in arrays]
    if missing:
        raise InputError(f"expected the array {missing[0]!r}, got {few_names(arrays)}")


def _compact(values: FloatArray) -> AnyArray:
    """Whole millimetres where that loses nothing, else the values themselves."""
    with np.errstate(over="ignore"):
        millimetres = np.round(values.astype(np.float64) * 1000)
    if np.abs(millimetres).max() < 2**31 and np.array_equal(_metres(millimetres.astype(np.int32)), values):
        return _smallest(millimetres.astype(np.int32))
    return values


def _numbers(values: AnyArray, name: str) -> AnyArray:
    if values.dtype.kind not in "iuf":
        raise InputError(f"expected {name} as numbers, got {values.dtype} of shape {values.shape}")
    return values


def _metres(values: AnyArray) -> FloatArray:
    """Stored coordinates as metres: whole numbers are millimetres."""
    if values.dtype.kind in "iu":
        return (values.astype(np.float64) / 1000).astype(np.float32)
    return values.astype(np.float32)


def _smallest(values: AnyArray) -> AnyArray:
    """The same integers in two bytes where they fit, else in four or eight."""
    low, high = int(values.min()), int(values.max())
    fits = (kind for kind in (np.int16, np.int32) if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return values.astype(next(fits, np.int64))


def _scalar(value: AnyArray, name: str) -> float:
    if value.shape != () or value.dtype.kind not in "iufb":
        raise InputError(f"expected {name} as one number, got {value.dtype} of shape {value.shape}")
    return float(value)


def provenance_to_arrays(provenance: Provenance) -> dict[str, AnyArray]:
    """A provenance as an array of JSON text named "provenance"; nothing for an empty one."""
    if not provenance.source and not provenance.findings:
        return {}
    findings = [[entry.what, entry.value, entry.how, entry.note] for entry in provenance.findings]
    return {"provenance": np.array(json.dumps([Path(provenance.source).name, findings]))}


def provenance_from_arrays(arrays: Mapping[str, AnyArray]) -> Provenance:
    """The provenance that ``provenance_to_arrays`` gave. Raises InputError for a broken one."""
    if "provenance" not in arrays:
        return Provenance()
    try:
        source, findings = json.loads(str(arrays["provenance"]))
        return Provenance(str(source), tuple(Finding(*map(str, entry)) for entry in findings))  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError):
        raise InputError("expected the provenance as JSON, got something else") from None


def few_names(names: Iterable[str]) -> str:
    """The first few names, for a message."""
    names = list(names)
    return "no array at all" if not names else ", ".join(map(repr, names[:5])) + (", ..." if len(names) > 5 else "")
