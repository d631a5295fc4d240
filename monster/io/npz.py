"""The project's own ``.npz`` of motions and scenes, which corpora and galleries store.

A motion file holds ``format``, ``joints``, ``fps`` and ``placed``; a scene file ``format``, ``points``, ``origin`` and,
where known, ``colors``, ``instances``, ``label_ids`` and ``label_names``. Coordinates on a millimetre grid are whole
millimetres, others float32. Equal values give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray, FloatArray
from monster.errors import InputError
from monster.io.numpy_files import few_names, read_npz, write_npz
from monster.io.sources import FileLike, in_file, opened
from monster.provenance import Finding, Provenance, Remark
from monster.types import Motion, Scene

MOTION_FORMAT: Final = "monster motion 1"
SCENE_FORMAT: Final = "monster scene 1"


def save_motion(path: str | Path, motion: Motion) -> None:
    """Write one motion in the own format; ``load_motion`` gives it back, bit for bit."""
    write_npz(path, motion_to_arrays(motion))


def load_motion(file: FileLike) -> Motion:
    """Read a motion that ``save_motion`` wrote. Raises FileFormatError for anything else."""
    with opened(file) as source, in_file(source.path):
        return motion_from_arrays(read_npz(source))


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


def load_scene(file: FileLike) -> Scene:
    """Read a scene that ``save_scene`` wrote. Raises FileFormatError for anything else."""
    with opened(file) as source, in_file(source.path):
        return scene_from_arrays(read_npz(source))


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


def own_format(arrays: Mapping[str, AnyArray]) -> str | None:
    """``MOTION_FORMAT`` or ``SCENE_FORMAT`` if the arrays are those of a file in the own format, else None."""
    value = str(arrays["format"]) if "format" in arrays else ""
    return value if value in (MOTION_FORMAT, SCENE_FORMAT) else None


def _check_own(arrays: Mapping[str, AnyArray], expected: str, needed: tuple[str, ...]) -> None:
    if own_format(arrays) != expected:
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
    parts = [Path(provenance.source).name, [astuple(entry) for entry in provenance.findings]]
    if provenance.remarks is not None:
        parts.append([astuple(entry) for entry in provenance.remarks])
    return {"provenance": np.array(json.dumps(parts))}


def provenance_from_arrays(arrays: Mapping[str, AnyArray]) -> Provenance:
    """The provenance that ``provenance_to_arrays`` gave. Raises InputError for a broken one."""
    if "provenance" not in arrays:
        return Provenance()
    try:
        source, findings, *rest = json.loads(str(arrays["provenance"]))
        read = tuple(Finding(*map(str, entry)) for entry in findings)  # type: ignore[arg-type]
        remarks = tuple(Remark(*map(str, entry)) for entry in rest[0]) if rest else None  # type: ignore[arg-type]
        return Provenance(str(source), read, remarks)
    except (ValueError, TypeError, RecursionError):
        raise InputError("expected the provenance as JSON, got something else") from None
