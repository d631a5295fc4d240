"""Motions and scenes that a command names by file, by ``file#key``, or by id in a gallery."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from monster.errors import InputError
from monster.io.declared import Declared

if TYPE_CHECKING:
    from monster.gallery import Gallery
    from monster.types import Motion, Scene

NOTHING: Final = Declared()


def motion_of(
    name: str, gallery: Gallery | None = None, *, placed: bool = False, declared: Declared = NOTHING
) -> Motion:
    """Read a motion; ``file.npz#key`` is one of many. Raises InputError if there is no such file or id."""
    from monster.io import read_motion

    path, key = split_key(name)
    if path.exists():
        return read_motion(path, key=key, placed=placed, **declared.motion())
    if gallery is None:
        raise InputError(_no_file("motion", name))
    return gallery.motion(name)


def scene_of(name: str, gallery: Gallery | None = None, *, placed: bool = False, declared: Declared = NOTHING) -> Scene:
    """Read a scene; ``placed`` keeps its coordinates, which are those of a motion too.

    Raises InputError if there is no such file or id.
    """
    from monster.io import read_scene

    if Path(name).exists():
        return read_scene(name, placed=placed, **declared.scene())
    if gallery is None:
        raise InputError(_no_file("scene", name))
    return gallery.scene(name)


def split_key(name: str) -> tuple[Path, str | None]:
    """File and key of ``file#key``; the key is None if there is none, or if a file has the whole name."""
    path, mark, key = name.rpartition("#")
    return (Path(path), key) if mark and not Path(name).exists() else (Path(name), None)


def _no_file(modality: str, name: str) -> str:
    return f"{name}: expected a {modality} file, got a path that does not exist (an id needs a gallery)"
