"""What all readers of point clouds share: columns, colors and instances, before axes and units."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray, IntArray
from monster.errors import FileFormatError, InputError
from monster.io.formats import RawScene
from monster.io.scene.meshes import sample_surface
from monster.io.sources import in_file
from monster.types import Finding

OUR_INSTANCES: Final = "instances"  # -1 = none; under the names below 0 = none, unless -1 occurs
INSTANCE_NAMES: Final = (
    OUR_INSTANCES, "instance", "instance_id", "instance_ids", "instanceid", "object_id", "objectid", "scalar_instance",
)  # fmt: skip
_COLOR_COLUMNS: Final = (
    ("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"),
)  # fmt: skip


def raw_named_columns(named: Mapping[str, AnyArray], path: Path, labels: Mapping[int, str] | None = None) -> RawScene:
    """Points, colors and instances among columns with names, upper or lower case; ``labels`` names instances."""
    columns = {name.lower(): column for name, column in named.items()}
    points = stacked(columns, "xyz")
    check_points(points, path)
    with in_file(path):
        return RawScene(points, as_colors(colors_among(columns)), instances_among(columns, labels))


def colors_among(columns: Mapping[str, AnyArray]) -> AnyArray | None:
    """The colors (n, 3) among named columns: three of them, or one named "rgb"; None without any."""
    for names in _COLOR_COLUMNS:
        if set(names) <= set(columns):
            return np.stack([columns[name] for name in names], axis=1)
    return columns.get("rgb")


def instances_among(arrays: Mapping[str, AnyArray], labels: Mapping[int, str] | None = None) -> IntArray | None:
    """The instance ids among named arrays, -1 for none; None without any. ``labels`` names instances."""
    name = next((name for name in INSTANCE_NAMES if name in arrays), None)
    return None if name is None else as_instances(arrays[name], ours=name == OUR_INSTANCES, labels=labels)


def raw_columns(values: AnyArray, path: Path) -> RawScene:
    """An array (n, 3 or more): x y z, then colors, after an intensity or normals where those cannot be colors."""
    if values.ndim != 2 or not 3 <= values.shape[1] <= 16 or values.dtype.kind not in "iuf":
        hint = (
            "is this a motion?"
            if values.ndim == 3 or (values.ndim == 2 and values.shape[1] > 16)
            else "is this a point cloud?"
        )
        raise FileFormatError(
            f"{path.name}: expected points of shape (n, 3) or (n, 6), got {values.dtype} {values.shape}; {hint}"
        )
    check_points(values[:, :3], path)
    triples = (values[:, at : at + 3] for at in _color_places(values) if at + 3 <= values.shape[1])
    colors = next(filter(_can_be_colors, triples), None)
    return RawScene(values[:, :3].astype(np.float64), as_colors(colors))


def _color_places(values: AnyArray) -> tuple[int, ...]:
    """Where colours may begin: behind normals, at once, or (in seven columns) behind an intensity.

    A seventh column that never changes is an alpha behind the colours.
    """
    if _are_normals(values[:, 3:6]):
        return (6,)
    has_alpha = values.shape[1] == 7 and bool((values[:, 6] == values[0, 6]).all())
    return (4, 3) if values.shape[1] == 7 and not has_alpha else (3, 4)


def check_points(points: AnyArray, path: Path) -> None:
    """Raise FileFormatError that counts the points which are not numbers and names the first."""
    wrong = ~np.isfinite(points).all(axis=1) if len(points) else np.zeros(0, dtype=bool)
    if wrong.any():
        raise FileFormatError(
            f"{path.name}: expected numbers, got {int(wrong.sum())} points with NaN or infinite coordinates, "
            f"the first is point {int(wrong.argmax())}"
        )


def as_colors(values: AnyArray | None) -> DoubleArray | None:
    """Colors in 0..1 from bytes, 16-bit numbers or floats (0..1 or 0..255). Raises InputError for anything else."""
    if values is None or len(values) == 0:
        return None
    if (
        values.ndim != 2
        or values.shape[1] not in (3, 4)
        or values.dtype.kind not in "iuf"
        or not _can_be_colors(values)
    ):
        raise InputError(f"expected colors (n, 3) in 0..255 or 0..1, got {values.dtype} {values.shape}")
    colors = values[:, :3].astype(np.float64)
    largest = float(colors.max())
    if values.dtype.kind == "f" and largest <= 1:
        return colors
    return colors / (255.0 if largest <= 255 else 65535.0)


def as_instances(values: AnyArray, *, ours: bool, labels: Mapping[int, str] | None = None) -> IntArray:
    """Instance ids with -1 for none. In files of others (not ``ours``) 0 is none too, unless -1 or a name of 0 occurs.

    Raises InputError for anything but whole numbers.
    """
    if (
        values.ndim != 1
        or values.dtype.kind not in "iuf"
        or not np.isfinite(values).all()
        or np.abs(values.astype(np.float64)).max(initial=0) > 2**31
    ):
        raise InputError(f"expected instances as one whole number a point, got {values.dtype} {values.shape}")
    ids = values.astype(np.int64)
    zero_is_an_object = ours or (ids < 0).any() or 0 in (labels or {})
    none = ids < 0 if zero_is_an_object else ids <= 0
    return np.where(none, -1, ids)


def sample_vertices(raw: RawScene, faces: IntArray) -> RawScene:
    """Points drawn on the surfaces between vertices; a point takes the instance of the nearest corner."""
    drawn = sample_surface(raw.points, faces)
    colors = None if raw.colors is None else np.einsum("nc,ncd->nd", drawn.weights, raw.colors[drawn.corners])
    nearest = drawn.corners[np.arange(len(drawn.points)), drawn.weights.argmax(axis=1)]
    instances = None if raw.instances is None else raw.instances[nearest]
    found = Finding("points", f"{len(drawn.points)} drawn on {len(faces)} faces", "detected", "the file is a mesh")
    return RawScene(drawn.points, colors, instances, raw.labels, raw.up, raw.unit, (*raw.findings, found))


def stacked(columns: Mapping[str, AnyArray], names: str) -> DoubleArray:
    """Columns side by side as float64, broken floats among them (a signalling NaN warns when it is cast)."""
    with np.errstate(invalid="ignore"):
        return np.stack([columns[name].astype(np.float64) for name in names], axis=1)


def _can_be_colors(values: AnyArray) -> bool:
    if not np.isfinite(values).all() or values.min(initial=0) < 0:
        return False
    largest = values.max(initial=0)
    return bool(largest <= 255 or (values.dtype.kind == "u" and largest <= 65535))


def _are_normals(values: AnyArray) -> bool:
    """Whether nearly all rows of three have length 1, which colors have by chance only."""
    if values.shape[1] < 3:
        return False
    with np.errstate(over="ignore"):
        lengths = np.linalg.norm(values.astype(np.float64), axis=1)
    return bool(len(lengths) > 3 and (np.abs(lengths - 1) < 1e-2).mean() > 0.95)
