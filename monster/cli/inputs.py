"""What a command was given: a motion or scene by file, by ``file#key``, or by its id in a library."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from monster.errors import InputError

if TYPE_CHECKING:
    from monster.gallery import Gallery
    from monster.types import Motion, Scene


def motion_of(
    given: str, library: Gallery | None = None, *, placed: bool = False, mapping: Path | None = None
) -> Motion:
    """Read a motion. ``file.npz#key`` names one of many. Raises InputError when there is neither a file nor an id."""
    from monster.io import read_motion

    path, key = split_key(given)
    if path.exists():
        return read_motion(path, key=key, placed=placed, mapping=mapping)
    if library is None:
        raise InputError(_nothing("motion", given))
    return library.motion(given)


def scene_of(given: str, library: Gallery | None = None) -> Scene:
    """Read a scene. Raises InputError when there is neither a file nor an id."""
    from monster.io import read_scene

    if Path(given).exists():
        return read_scene(given)
    if library is None:
        raise InputError(_nothing("scene", given))
    return library.scene(given)


def split_key(given: str) -> tuple[Path, str | None]:
    """File and key of ``file#key``; the key is None where there is none, or where a file has that very name."""
    path, mark, key = given.rpartition("#")
    return (Path(path), key) if mark and not Path(given).exists() else (Path(given), None)


def _nothing(what: str, given: str) -> str:
    return f"{given}: expected a {what} file, got nothing there (name a library to use ids)"
