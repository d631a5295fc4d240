"""Which files are motions and which are scenes, by their endings and, for NumPy files, by what they hold."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from monster.errors import FileFormatError
from monster.io.motion.generators import array_header
from monster.io.motion.read import MOTION_SUFFIXES
from monster.io.npz import SCENE_FORMAT, npz_names, own_format, read_npy
from monster.io.scene.clouds import POINT_NAMES
from monster.io.scene.read import SCENE_SUFFIXES
from monster.io.scene.scannet import is_scannet
from monster.io.sources import checked_file

Kind = Literal["motion", "scene", "unclear"]


def file_kind(path: str | Path) -> Kind | None:
    """What a file holds as far as its ending, names and shapes say; None for a file that is neither.

    The folder of a ScanNet scan is a scene too.
    "unclear" is a NumPy array of a shape that neither has. Raises FileFormatError for a NumPy file that is broken.
    """
    path = Path(path)
    if path.is_dir():
        return "scene" if is_scannet(path) else None
    suffix = path.suffix.lower()
    if suffix in (".npy", ".npz"):
        return _kind_of_array(checked_file(path)) if suffix == ".npy" else _kind_of_arrays(checked_file(path))
    if suffix in MOTION_SUFFIXES or suffix == ".fbx":  # whose reading tells how to convert it
        return "motion"
    if suffix == ".txt":
        return _kind_of_text(checked_file(path))
    return "scene" if suffix in SCENE_SUFFIXES else None


def is_motion_file(path: str | Path) -> bool:
    """Whether to read a file as motions. A broken NumPy file may be either kind: reading it tells what is wrong."""
    return _may_be(path, "motion")


def is_scene_file(path: str | Path) -> bool:
    """Whether to read a file as a scene. A broken NumPy file may be either kind: reading it tells what is wrong."""
    return _may_be(path, "scene")


def _may_be(path: str | Path, kind: str) -> bool:
    try:
        return file_kind(path) in (kind, "unclear")
    except FileFormatError:
        return True


def _kind_of_array(path: Path) -> Kind:
    shape, kind = array_header(path)
    if kind == "O":
        return "motion"
    if not kind:
        shape = read_npy(path).shape  # says what is wrong with a broken one
    if len(shape) in (3, 4) or (len(shape) == 2 and shape[1] >= 66):
        return "motion"
    return "scene" if len(shape) == 2 and 3 <= shape[1] <= 16 else "unclear"


def _kind_of_arrays(path: Path) -> Kind | None:
    names = npz_names(path)
    if own_format(path) == SCENE_FORMAT or set(names) & set(POINT_NAMES):
        return "scene"
    is_library = any("/" in name for name in names)  # meshes and weights are stored under such names, motions are not
    return None if is_library else "motion"


def _kind_of_text(path: Path) -> Kind | None:
    """A scene when one of the first lines holds three numbers: a text file may be anything."""
    with path.open("rb") as file:
        lines = file.read(2000).decode("latin-1").splitlines()[:10]
    return "scene" if any(re.match(r"\s*(?:[-+.\deE]+[\s,;]+){2}[-+.\deE]+", line) for line in lines) else None
