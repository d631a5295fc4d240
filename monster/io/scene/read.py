"""Reads the scene of a file, or of a folder that is one scene, in any registered format."""

from __future__ import annotations

import struct
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.checks import check_scene
from monster.errors import FileFormatError
from monster.io.formats import KEPT_POINTS, MAX_POINTS, DeclaredFrame, RawScene, SceneFormat
from monster.io.normalise.room_frame import to_room
from monster.io.normalise.segmentation import split_objects, without_noise
from monster.io.registry import format_for
from monster.io.sources import FileLike, Source, in_file, opened
from monster.types import Finding, Provenance, Scene

_SEED: Final = 0
_DAMAGE: Final = (
    ValueError, TypeError, KeyError, IndexError, AttributeError, OSError, EOFError, RecursionError, OverflowError,
    MemoryError, RuntimeError, struct.error,
)  # fmt: skip


def read_scene(
    path: FileLike,
    *,
    axes: str | None = None,
    unit: str | float | None = None,
    split: bool = True,
    placed: bool = False,
) -> Scene:
    """Read a scene as a Scene: z up, metres, floor near z = 0; its ``provenance`` says what was
    found out, and has the remarks of ``monster.checks``.

    ``path`` is a file or the folder of a ScanNet scan. ``axes`` ("y": y points up) and ``unit`` ("cm", or metres in one
    unit) overrule detection. A scene without instances is split into objects unless ``split`` is False. With ``placed``
    the floor stays where the file has it, for motions that share its coordinates. Instances of fewer than 20 points
    become -1. Of a binary ``.ply`` with more than 10 million points 1 million are kept; other files of that size are
    refused. Raises FileFormatError that names the file and the reason, MissingExtra if a scene must be split and
    Open3D is missing.
    """
    with opened(path) as source:
        if not source.is_folder:
            _ = source.size  # raises if there is no file to read
        scene = _read(source, format_for(source, "scene"), DeclaredFrame(axes, unit, placed))
    scene = split_objects(scene) if split and scene.instances is None else scene
    return replace(scene, provenance=replace(scene.provenance, remarks=check_scene(scene)))


def _read(source: Source, format: SceneFormat, declared: DeclaredFrame) -> Scene:
    if not format.reads_large:
        _refuse_large(source, _stated_points(source, format))
    raw = format.read(source)
    if isinstance(raw, Scene):
        return raw
    _refuse_large(source, len(raw.points))
    with in_file(source.path):
        frame = to_room(raw, declared)
        return _scene(raw, frame.points, (*raw.findings, *frame.findings), source.path)


def _stated_points(source: Source, format: SceneFormat) -> int:
    """How many points the file says that it has; 0 for a damaged one, whose reading says what is wrong."""
    try:
        return format.count(source)
    except (*_DAMAGE, FileFormatError):
        return 0


def _refuse_large(source: Source, points: int) -> None:
    if points > MAX_POINTS:
        raise FileFormatError(
            f"{source.name}: expected at most {MAX_POINTS:,} points, got {points:,}; save it as a binary .ply, which "
            "is thinned while it is read, or thin it first"
        )


def _scene(raw: RawScene, points: DoubleArray, findings: tuple[Finding, ...], path: Path) -> Scene:
    """The checked scene of points in the room's frame: thinned where it has very many, without noise."""
    chosen = np.arange(len(points))
    if len(points) > KEPT_POINTS:
        chosen = np.sort(np.random.default_rng(_SEED).choice(len(points), KEPT_POINTS, replace=False))
        found = Finding("points", f"{KEPT_POINTS:,} of {len(points):,} kept", "detected", "drawn at random")
        findings = (*findings, found)
    instances = None if raw.instances is None else without_noise(raw.instances[chosen])
    ids = set() if instances is None else {int(key) for key in np.unique(instances)} - {-1}
    if ids:
        findings = (*findings, Finding("objects", str(len(ids)), "given", "by the file"))
    labels = {key: name for key, name in (raw.labels or {}).items() if key in ids}
    return Scene(
        points[chosen].astype(np.float32),
        colors=None if raw.colors is None else raw.colors[chosen].astype(np.float32),
        instances=instances if ids else None,
        labels=labels or None,
        provenance=Provenance(path.name, findings),
    )
