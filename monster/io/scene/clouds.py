"""Point clouds as files have them: ``.ply`` ``.pcd`` ``.xyz`` ``.txt`` ``.npy`` ``.npz``, before axes and units."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.arrays import AnyArray
from monster.errors import FileFormatError, InputError
from monster.io.formats import RawScene
from monster.io.npz import few_names, labels_of, read_npz
from monster.io.scene.meshes import sample_surface
from monster.io.scene.pcd import read_pcd
from monster.io.scene.ply import MAX_HEADER, Ply, read_ply
from monster.io.sources import checked_file, in_file, read_text
from monster.types import Finding

Array = NDArray[np.float64]

POINT_NAMES: Final = ("points", "xyz", "coord", "coords", "pc")
_COLORS: Final = ("colors", "rgb", "color")
_LOOKED_AT: Final = 200  # lines that tell what separates numbers
_REMARKS: Final = ("#", "//")
_OUR_INSTANCES: Final = "instances"  # -1 = none; under the names below 0 = none, unless -1 occurs
_INSTANCES: Final = (
    "instance",
    "instance_id",
    "instance_ids",
    "instanceid",
    "object_id",
    "objectid",
    "scalar_instance",
)


def raw_ply(path: Path) -> RawScene:
    """A ``.ply`` file: its vertices, or points drawn on its surfaces where it has faces."""
    labels = labels_in_comments(path)
    raw = cloud_of_ply(read_ply(path), path, labels)
    return raw if raw.instances is None else replace(raw, labels=labels)


def labels_in_comments(path: Path) -> dict[int, str] | None:
    """Names of instances from the lines ``comment label 3 "chair"`` of a PLY header, or None without any."""
    with path.open("rb") as file:
        header = file.read(MAX_HEADER).partition(b"end_header")[0].decode("utf-8", "replace")
    found = re.findall(r"^comment label (-?\d{1,10}) +(\S.*?)\s*$", header, flags=re.MULTILINE)
    return {int(key): _unquoted(name) for key, name in found} or None


def _unquoted(name: str) -> str:
    try:
        return str(json.loads(name)) if name.startswith('"') else name
    except ValueError:
        return name


def cloud_of_ply(ply: Ply, path: Path, labels: Mapping[int, str] | None = None) -> RawScene:
    """What `raw_ply` makes of the vertices and faces of a file whose header names the ``labels``."""
    raw = _of_columns(ply.vertices, path, labels)
    with in_file(path):
        return sample_vertices(raw, ply.faces) if len(ply.faces) else raw


def _of_columns(named: Mapping[str, AnyArray], path: Path, labels: Mapping[int, str] | None = None) -> RawScene:
    """Points, colors and instances among columns with names, upper or lower case."""
    columns = {name.lower(): column for name, column in named.items()}
    points = _stacked(columns, "xyz")
    check_points(points, path)
    colors, instances = _colors_among(columns), _instances_among(columns)
    with in_file(path):
        found = as_instances(instances, ours=_OUR_INSTANCES in columns, labels=labels)
        return RawScene(points, as_colors(colors), found)


def _colors_among(columns: Mapping[str, AnyArray]) -> AnyArray | None:
    for names in _COLOR_COLUMNS:
        if set(names) <= set(columns):
            return np.stack([columns[name] for name in names], axis=1)
    return columns.get("rgb")


def _instances_among(columns: Mapping[str, AnyArray]) -> AnyArray | None:
    return next((columns[name] for name in (_OUR_INSTANCES, *_INSTANCES) if name in columns), None)


_COLOR_COLUMNS: Final = (
    ("red", "green", "blue"), ("r", "g", "b"), ("diffuse_red", "diffuse_green", "diffuse_blue"),
)  # fmt: skip


def raw_pcd(path: Path) -> RawScene:
    """A ``.pcd`` file in any of its three encodings; points without a measurement (NaN) are left out."""
    columns = read_pcd(path)
    if not set("xyz") <= set(columns):
        raise FileFormatError(f"{path.name}: expected fields x, y and z, got {few_names(columns)}")
    points = _stacked(columns, "xyz")
    real = np.isfinite(points).all(axis=1)
    if not real.any():
        raise FileFormatError(f"{path.name}: expected points, got {len(points)} without a measurement")
    left_out = Finding("points", f"{int((~real).sum())} without a measurement left out", "detected")
    colors, instances = _colors_among(columns), _instances_among(columns)
    with in_file(path):
        return RawScene(
            points[real],
            None if colors is None else as_colors(colors[real]),
            None if instances is None else as_instances(instances[real], ours=_OUR_INSTANCES in columns),
            findings=() if real.all() else (left_out,),
        )


def raw_text(path: Path) -> RawScene:
    """A ``.xyz`` / ``.txt`` file: x y z a line, then what a line of names says, or colors where they can be.

    Blanks, commas or semicolons between. The names stand in the first line or in the last remark before the points.
    """
    lines = [line for line in read_text(checked_file(path), what="points, one a line,").splitlines() if line.strip()]
    first = next((at for at, line in enumerate(lines) if not line.lstrip().startswith(_REMARKS)), len(lines))
    rows = [line for line in lines[first:] if not line.lstrip().startswith(_REMARKS)]
    decimal_comma = _has_decimal_commas(rows[:_LOOKED_AT])
    rows = [_blank_separated(line, decimal_comma=decimal_comma) for line in rows]
    header = 1 if (rows and not _is_numbers(rows[0])) or (len(rows) > 1 and len(rows[0].split()) == 1) else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            values = np.loadtxt(rows[header:], dtype=np.float64, ndmin=2)
    except (ValueError, UserWarning) as error:
        raise FileFormatError(f"{path.name}: expected x y z in every line, got {_first_line(error)[:120]}") from None
    said = rows[0] if header else (lines[first - 1] if first else "")
    names = re.sub(r"[/#\"',;]", " ", said.lower()).split()
    if len(names) == len(set(names)) == values.shape[1] and set("xyz") <= set(names):
        raw = _of_columns({name: values[:, place] for place, name in enumerate(names)}, path)
    elif _counts_rows(values):
        note = Finding("columns", "the first counts the rows", "detected", "left out")
        raw = raw_columns(values[:, 1:], path)
        raw = replace(raw, findings=(*raw.findings, note))
    else:
        raw = raw_columns(values, path)
    if decimal_comma:
        raw = replace(raw, findings=(*raw.findings, Finding("numbers", "with decimal commas", "detected")))
    return raw


def _has_decimal_commas(rows: Sequence[str]) -> bool:
    """Whether commas are decimal: numbers separated by semicolons or blanks have one comma each, and none a point."""
    words = [word for row in rows for word in re.split(r"[;\s]+", row.strip()) if word]
    if len(words) < 3 * len(rows):  # "1.5,2.5,3.5": commas separate
        return False
    numbers = [word for word in words if re.fullmatch(r"[-+]?\d*,?\d+(e[-+]?\d+)?", word, flags=re.IGNORECASE)]
    return len(numbers) > 0.9 * len(words) and sum("," in word for word in numbers) > 0.5 * len(words)


def _blank_separated(row: str, *, decimal_comma: bool) -> str:
    row = row.replace('"', " ").replace(";", " ")
    return row.replace(",", "." if decimal_comma else " ")


def _counts_rows(values: AnyArray) -> bool:
    """Whether the first of four or more columns numbers the rows, from 0 or 1 upwards."""
    if values.shape[1] < 4 or len(values) < 10:
        return False
    return bool(values[0, 0] in (0, 1) and (np.diff(values[:, 0]) == 1).all())


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
    """Where colours may begin: behind normals, at once, or behind an intensity, for which seven columns speak.

    A seventh column that never changes is an alpha behind the colours.
    """
    if _are_normals(values[:, 3:6]):
        return (6,)
    has_alpha = values.shape[1] == 7 and bool((values[:, 6] == values[0, 6]).all())
    return (4, 3) if values.shape[1] == 7 and not has_alpha else (3, 4)


def raw_npz(path: Path) -> RawScene:
    """An ``.npz`` with points, colors, instances and labels, or names from a ``.json`` of objects beside it."""
    arrays = read_npz(path)
    points = next((arrays[name] for name in POINT_NAMES if name in arrays), None)
    if points is None:
        raise FileFormatError(f"{path.name}: expected an array 'points' or 'xyz', got {few_names(arrays)}")
    raw = raw_columns(points, path)
    colors = next((arrays[name] for name in _COLORS if name in arrays), None)
    instances = _instances_among(arrays)
    with in_file(path):
        labels = None if instances is None else labels_of(arrays) or labels_beside(path)
        found = as_instances(instances, ours=_OUR_INSTANCES in arrays, labels=labels)
        for name, values in (("colors", colors), ("instances", found)):
            if values is not None and len(values) != len(raw.points):
                raise InputError(f"expected {name} for {len(raw.points)} points, got {len(values)}")
        return RawScene(raw.points, raw.colors if colors is None else as_colors(colors), found, labels)


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


def check_points(points: AnyArray, path: Path) -> None:
    """Raise FileFormatError that counts the points which are not numbers and names the first."""
    wrong = ~np.isfinite(points).all(axis=1) if len(points) else np.zeros(0, dtype=bool)
    if wrong.any():
        raise FileFormatError(
            f"{path.name}: expected numbers, got {int(wrong.sum())} points with NaN or infinite coordinates, "
            f"the first is point {int(wrong.argmax())}"
        )


def as_colors(values: AnyArray | None) -> Array | None:
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


def as_instances(
    values: AnyArray | None, *, ours: bool, labels: Mapping[int, str] | None = None
) -> NDArray[np.int64] | None:
    """Instance ids with -1 for none. In files of others (not ``ours``) 0 is none too, unless they use -1 or name 0."""
    if values is None:
        return None
    if (
        values.ndim != 1
        or values.dtype.kind not in "iuf"
        or not np.isfinite(values).all()
        or np.abs(values).max(initial=0) > 2**31
    ):
        raise InputError(f"expected instances as one whole number a point, got {values.dtype} {values.shape}")
    ids = values.astype(np.int64)
    zero_is_an_object = ours or (ids < 0).any() or 0 in (labels or {})
    none = ids < 0 if zero_is_an_object else ids <= 0
    return np.where(none, -1, ids)


def sample_vertices(raw: RawScene, faces: NDArray[np.int64]) -> RawScene:
    """Points drawn on the surfaces between vertices; a point takes the instance of the nearest corner."""
    drawn = sample_surface(raw.points, faces)
    colors = None if raw.colors is None else np.einsum("nc,ncd->nd", drawn.weights, raw.colors[drawn.corners])
    nearest = drawn.corners[np.arange(len(drawn.points)), drawn.weights.argmax(axis=1)]
    instances = None if raw.instances is None else raw.instances[nearest]
    found = Finding("points", f"{len(drawn.points)} drawn on {len(faces)} faces", "detected", "the file is a mesh")
    return RawScene(drawn.points, colors, instances, raw.labels, raw.up, raw.unit, (*raw.findings, found))


def _stacked(columns: Mapping[str, AnyArray], names: str) -> Array:
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


def _is_numbers(line: str) -> bool:
    try:
        return bool([float(word) for word in line.split()])
    except ValueError:
        return False


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200]
