"""Scenes: point clouds (``.ply`` ``.pcd`` ``.xyz`` ``.txt`` ``.npy`` ``.npz``), meshes (``.obj`` ``.glb``), ScanNet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.errors import FileFormatError
from monster.io.formats import DeclaredFrame, RawScene
from monster.io.normalise.room_frame import to_room
from monster.io.normalise.segmentation import split_objects, without_noise
from monster.io.npz import MOTION_FORMAT, SCENE_FORMAT, load_scene, own_format, read_npy
from monster.io.point_count import refuse_huge, too_many
from monster.io.scene.clouds import (
    POINT_NAMES,
    cloud_of_ply,
    raw_columns,
    raw_npz,
    raw_pcd,
    raw_ply,
    raw_text,
)
from monster.io.scene.large_ply import read_thinned
from monster.io.scene.meshes import read_mesh
from monster.io.scene.scannet import is_scannet, raw_scannet
from monster.io.sources import checked_file, in_file
from monster.types import Finding, Provenance, Scene

Array = NDArray[np.float64]

MAX_POINTS: Final = 10_000_000
KEPT_POINTS: Final = 1_000_000
_SEED: Final = 0


def read_scene(
    path: str | Path,
    *,
    axes: str | None = None,
    unit: str | float | None = None,
    split: bool = True,
    placed: bool = False,
) -> Scene:
    """Read a scene as a Scene: z up, metres, floor near z = 0; what was found out is in its ``provenance``.

    ``path`` is a file or the folder of a ScanNet scan. ``axes`` ("y": y points up) and ``unit`` ("cm", or metres in one
    unit) overrule detection. A scene without instances is split into objects unless ``split`` is False. With ``placed``
    the floor stays where the file has it, for motions that share its coordinates. Instances of fewer than 20 points
    become -1. Of a binary ``.ply`` with more than 10 million points 1 million are kept; other files of that size are
    refused. Raises FileFormatError that names the file and the reason, MissingExtra where Open3D is needed to
    split a scene and missing.
    """
    path = Path(path)
    if not is_scannet(path) and _own_format(checked_file(path)) is not None:
        return _own(path, split=split)
    raw = _raw(path)
    with in_file(path):
        frame = to_room(raw, DeclaredFrame(axes, unit, placed))
        scene = _scene(raw, frame.points, (*raw.findings, *frame.findings), path)
    return split_objects(scene) if split and scene.instances is None else scene


def _own_format(path: Path) -> str | None:
    return own_format(path) if path.suffix.lower() == ".npz" else None


def _raw(path: Path) -> RawScene:
    """The points of a file or of a ScanNet folder as they are there."""
    if path.is_dir():
        return raw_scannet(path)
    suffix = path.suffix.lower()
    if suffix not in _READERS:
        known = " ".join(SCENE_SUFFIXES)
        raise FileFormatError(f"{path.name}: expected a scene file ({known}), got {suffix or 'no ending'!r}")
    refuse_huge(path, most=MAX_POINTS, names=POINT_NAMES)
    raw = _READERS[suffix](path)
    if len(raw.points) > MAX_POINTS:
        raise too_many(path, len(raw.points), MAX_POINTS)
    return raw


def _raw_ply(path: Path) -> RawScene:
    thinned = read_thinned(path, above=MAX_POINTS, kept=KEPT_POINTS)
    if thinned is None:
        return raw_ply(path)
    faces = f"; {thinned.faces:,} faces are not used" if thinned.faces else ""
    note = f"one of each stretch of the file, while it was read{faces}"
    found = Finding("points", f"{KEPT_POINTS:,} of {thinned.points:,} kept", "detected", note)
    raw = cloud_of_ply(thinned.ply, path)
    return replace(raw, findings=(*raw.findings, found))


def _own(path: Path, *, split: bool) -> Scene:
    if own_format(path) == MOTION_FORMAT:
        raise FileFormatError(f"{path.name}: expected a scene, got {MOTION_FORMAT!r}, not {SCENE_FORMAT!r}")
    scene = load_scene(path)
    return split_objects(scene) if split and scene.instances is None else scene


def _scene(
    raw: RawScene, points: np.ndarray[tuple[int, ...], np.dtype[np.float64]], findings: tuple[Finding, ...], path: Path
) -> Scene:
    """The checked scene of points in the room's frame: thinned where it has very many, noise taken out."""
    chosen = np.arange(len(points))
    if len(points) > KEPT_POINTS:
        chosen = np.sort(np.random.default_rng(_SEED).choice(len(points), KEPT_POINTS, replace=False))
        findings = (
            *findings,
            Finding("points", f"{KEPT_POINTS:,} of {len(points):,} kept", "detected", "drawn at random"),
        )
    instances = None if raw.instances is None else without_noise(raw.instances[chosen])
    if instances is not None:
        ids = {int(key) for key in np.unique(instances)} - {-1}
        instances = instances if ids else None
        findings = (*findings, Finding("objects", str(len(ids)), "given", "by the file")) if ids else findings
    labels = raw.labels if instances is not None else None
    return Scene(
        points[chosen].astype(np.float32),
        colors=None if raw.colors is None else raw.colors[chosen].astype(np.float32),
        instances=instances,
        labels={key: name for key, name in labels.items() if key in ids} if labels else None,
        provenance=Provenance(path.name, findings),
    )


def _raw_mesh(path: Path) -> RawScene:
    cloud = read_mesh(path)
    found = Finding("points", f"{len(cloud.points):,} drawn on {cloud.faces:,} faces", "detected", "the file is a mesh")
    is_glb = path.suffix.lower() == ".glb"  # glTF says: y up, metres
    many = len(np.unique(cloud.parts)) > 1
    return RawScene(
        cloud.points,
        cloud.colors,
        cloud.parts if many else None,
        cloud.names if many else None,
        up="y" if is_glb else None,
        unit=1.0 if is_glb else None,
        findings=(found,),
    )


def _raw_npy(path: Path) -> RawScene:
    return raw_columns(read_npy(path), path)


_READERS: Final[dict[str, Callable[[Path], RawScene]]] = {
    ".ply": _raw_ply, ".pcd": raw_pcd, ".xyz": raw_text, ".txt": raw_text, ".npy": _raw_npy, ".npz": raw_npz,
    ".obj": _raw_mesh, ".glb": _raw_mesh,
}  # fmt: skip
SCENE_SUFFIXES: Final = tuple(_READERS)
