"""Which files are motions and which are scenes, by their endings and, for NumPy files, by what they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from monster.errors import FileFormatError
from monster.readers.arrays import SCENE_FORMAT, npz_names, own_format, read_npy
from monster.readers.clouds import POINT_NAMES
from monster.readers.files import checked_file
from monster.readers.motion import MOTION_SUFFIXES
from monster.readers.scene import SCENE_SUFFIXES


def file_kind(path: str | Path) -> Literal["motion", "scene"] | None:
    """What a file holds as far as its ending, names and shapes say; None for a file that is neither.

    Raises FileFormatError for a NumPy file that is missing, empty or broken.
    """
    path = Path(path)
    suffix = path.suffix.lower()
    if suffix in (".npy", ".npz"):
        return _kind_of_array(checked_file(path)) if suffix == ".npy" else _kind_of_arrays(checked_file(path))
    if suffix in MOTION_SUFFIXES:
        return "motion"
    return "scene" if suffix in SCENE_SUFFIXES else None


def is_motion_file(path: str | Path) -> bool:
    """Whether a file holds motions; a broken one does not. Use ``file_kind`` to learn what is wrong with it."""
    return _quiet_kind(path) == "motion"


def is_scene_file(path: str | Path) -> bool:
    """Whether a file holds a scene; a broken one does not. Use ``file_kind`` to learn what is wrong with it."""
    return _quiet_kind(path) == "scene"


def _quiet_kind(path: str | Path) -> str | None:
    try:
        return file_kind(path)
    except FileFormatError:
        return None


def _kind_of_array(path: Path) -> Literal["motion", "scene"] | None:
    shape = read_npy(path).shape
    if len(shape) == 3 or (len(shape) == 2 and shape[1] >= 66):
        return "motion"
    return "scene" if len(shape) == 2 and 3 <= shape[1] <= 16 else None


def _kind_of_arrays(path: Path) -> Literal["motion", "scene"] | None:
    names = npz_names(path)
    if own_format(path) == SCENE_FORMAT or set(names) & set(POINT_NAMES):
        return "scene"
    is_library = any("/" in name for name in names)  # meshes and weights are stored under such names, motions are not
    return "motion" if names and not is_library else None
