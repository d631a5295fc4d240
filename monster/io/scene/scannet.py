"""ScanNet v2 folders (``scene0000_00/``): mesh, segments and aggregation as points with named instances.

Dai et al., "ScanNet: richly-annotated 3D reconstructions of indoor scenes" (CVPR 2017); the layout is that of the data
organisation in github.com/ScanNet/ScanNet. For a scan ``ID`` the folder holds ``ID_vh_clean_2.ply`` (the mesh),
``ID_vh_clean_2.0.010000.segs.json`` (the segment of each vertex), ``ID.aggregation.json`` (the segments and the name of
each object) and mostly ``ID.txt`` (its ``axisAlignment`` turns the scan so that walls run along x and y).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray, IntArray
from monster.errors import FileFormatError
from monster.io.formats import RawScene, SceneFormat
from monster.io.scene.ply import Ply, read_ply
from monster.io.scene.ply_format import cloud_of_ply
from monster.io.sources import Source, checked_file, read_text
from monster.types import Finding

MESH: Final = "_vh_clean_2.ply"
SEGMENTS: Final = "_vh_clean_2.0.010000.segs.json"
OBJECTS: Final = ".aggregation.json"
FACTS: Final = ".txt"
_NAME: Final = re.compile(r"scene\d{4}_\d{2}(?!\d)")
_MAX_ID: Final = 1 << 31


def is_scannet(folder: str | Path) -> bool:
    """Whether a path is the folder of one ScanNet scan, by its name or by the mesh in it."""
    folder = Path(folder)
    return folder.is_dir() and (bool(_NAME.fullmatch(folder.name)) or any(folder.glob(f"*{MESH}")))


def room_of(scan: str) -> str:
    """The room of a scan by the name of its folder or file: "scene0000" for "scene0000_01"; any other name stays."""
    found = _NAME.match(scan)
    return found[0].rpartition("_")[0] if found else scan


def raw_scannet(folder: str | Path, *, align: bool = True) -> RawScene:
    """The vertices of a scan with its objects as instances (the objectId of its authors) and their names.

    ``align`` applies the scan's ``axisAlignment`` where it has one; most data sets with people in scans do not.
    Raises FileFormatError that names every missing file, or the one that does not fit the others.
    """
    folder = Path(folder)
    scan = _scan(folder)
    missing = [name for name in (scan + MESH, scan + SEGMENTS, scan + OBJECTS) if not (folder / name).is_file()]
    if missing:
        hint = "" if scan + MESH in missing else f"; the mesh alone can be read as {scan + MESH}"
        raise FileFormatError(f"{folder.name}: expected a ScanNet folder, got one without {', '.join(missing)}{hint}")
    mesh = read_ply(folder / (scan + MESH))
    cloud = cloud_of_ply(Ply(mesh.vertices, mesh.faces[:0]), folder / (scan + MESH))
    instances, labels = _objects(folder, scan, len(cloud.points))
    points, findings = cloud.points, [Finding("source", "ScanNet v2", "detected", "from the names in the folder")]
    if align:
        turn = _alignment(folder / (scan + FACTS))
        points = points if turn is None else points @ turn[:3, :3].T + turn[:3, 3]
        note = "as the scan has it" if turn is None else f"turned by the axisAlignment of {scan + FACTS}"
        findings.append(Finding("alignment", "none" if turn is None else "applied", "given", note))
    return RawScene(points, cloud.colors, instances, labels, up="z", unit=1.0, findings=tuple(findings))


def _scan(folder: Path) -> str:
    meshes = sorted(path.name.removesuffix(MESH) for path in folder.glob(f"*{MESH}"))
    return folder.name if folder.name in meshes or not meshes else meshes[0]


def _objects(folder: Path, scan: str, vertices: int) -> tuple[IntArray, dict[int, str]]:
    """The object of each vertex (-1: none) and the names of the objects."""
    segments = _segments(folder / (scan + SEGMENTS), vertices)
    instances = np.full(vertices, -1, np.int64)
    labels: dict[int, str] = {}
    path = folder / (scan + OBJECTS)
    for group in _list_in(path, "segGroups"):
        number, label, parts = _group(group, path)
        labels[number] = label
        instances[np.isin(segments, parts)] = number
    return instances, labels


def _segments(path: Path, vertices: int) -> IntArray:
    numbers = _numbers(_list_in(path, "segIndices"), path)
    if len(numbers) != vertices:
        raise FileFormatError(
            f"{path.name}: expected a segment for each of {vertices} vertices, got {len(numbers)}; "
            "are these the segments of another mesh?"
        )
    return numbers


def _group(group: Any, path: Path) -> tuple[int, str, IntArray]:
    number = group.get("objectId", group.get("id")) if isinstance(group, dict) else None
    if (
        not isinstance(number, int)
        or not 0 <= number < _MAX_ID
        or not isinstance(group.get("label"), str)
        or not isinstance(group.get("segments"), list)
    ):
        raise FileFormatError(
            f"{path.name}: expected objects with objectId, label and segments, got {str(group)[:60]!r}"
        )
    return number, group["label"].strip(), _numbers(group["segments"], path)


def _numbers(values: list[Any], path: Path) -> IntArray:
    if not all(type(value) is int and abs(value) < _MAX_ID for value in values):
        raise FileFormatError(f"{path.name}: expected segments as whole numbers, got something else")
    return np.array(values, dtype=np.int64)


def _list_in(path: Path, key: str) -> list[Any]:
    try:
        found = json.loads(read_text(checked_file(path), what="JSON"))
    except (ValueError, RecursionError):
        raise FileFormatError(f"{path.name}: expected JSON, got something else; was a download cut short?") from None
    values = found.get(key) if isinstance(found, dict) else None
    if not isinstance(values, list):
        raise FileFormatError(f"{path.name}: expected a list {key!r}, got none")
    return values


def _alignment(path: Path) -> DoubleArray | None:
    """The 4 x 4 alignment matrix of a scan, or None if its facts file has none."""
    if not path.is_file():
        return None
    line = re.search(r"^\s*axisAlignment\s*=(.*)$", read_text(path, what="facts of a scan"), re.MULTILINE)
    if line is None:
        return None
    try:
        turn = np.array([float(word) for word in line[1].split()]).reshape(4, 4)
    except ValueError:
        turn = np.full((4, 4), np.nan)
    is_small = bool(np.abs(turn).max() < 1e4)  # False for NaN too
    if not is_small or not np.allclose(turn[:3, :3] @ turn[:3, :3].T, np.eye(3), atol=1e-2):
        raise FileFormatError(
            f"{path.name}: expected axisAlignment as 16 numbers of a turn and a shift, got {line[1][:40]!r}"
        )
    return turn


def _sniff(source: Source) -> bool:
    return is_scannet(source.path)


def _read(source: Source) -> RawScene:
    return raw_scannet(source.path)


FORMAT: Final = SceneFormat("scannet", (), _read, sniff=_sniff, folders=True)
