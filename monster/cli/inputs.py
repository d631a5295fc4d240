"""Motions and scenes that a command names by file, by ``file#key``, or by id in a gallery."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monster.cli.output import as_options
from monster.errors import InputError
from monster.io.declared import Declared

if TYPE_CHECKING:
    from monster.gallery import Gallery
    from monster.provenance import Remark
    from monster.types import Motion, Scene

NOTHING: Final = Declared()


def motion_of(
    name: str,
    gallery: Gallery | None = None,
    *,
    placed: bool = False,
    keep_height: bool = False,
    declared: Declared = NOTHING,
) -> Motion:
    """Read a motion; ``file.npz#key`` is one of many. Raises InputError if there is no such file or id."""
    from monster.io import read_motion

    path, key = split_key(name)
    if path.exists():
        return read_motion(path, key=key, placed=placed, keep_height=keep_height, **declared.motion())
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


@dataclass(frozen=True)
class Parts:
    """The motion and the scene of a request; what was guessed about their files, and what may be wrong with them."""

    motion: Motion | None = None
    scene: Scene | None = None
    assumed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    def with_text(self, remarks: Sequence[Remark]) -> Parts:
        """The parts with remarks on the text, too."""
        return replace(self, remarks=(*(f"text: {remark.text} [{remark.code}]" for remark in remarks), *self.remarks))

    def to_json(self) -> dict[str, list[str]]:
        """The lines as entries of a JSON object."""
        return {"assumed": list(self.assumed), "remarks": list(self.remarks)}

    def print(self, write: Callable[[str], None]) -> None:
        """Write each line once."""
        for line in self.assumed:
            write(f"assumed: {line}")
        for line in self.remarks:
            write(f"warning: {line}")


def read_parts(
    motion: str | None,
    scene: str | None,
    *,
    gallery: Gallery | None = None,
    placed: bool = False,
    declared: Declared = NOTHING,
) -> Parts:
    """Read the motion and the scene that are named. Raises like ``motion_of`` and ``scene_of``."""
    the_motion = None
    if motion is not None:
        keep = scene is not None
        the_motion = motion_of(motion, gallery, placed=placed, keep_height=keep, declared=declared)
    the_scene = None if scene is None else scene_of(scene, gallery, placed=placed, declared=declared)
    return parts_of(the_motion, the_scene, names=(motion or "", scene or ""))


def parts_of(motion: Motion | None, scene: Scene | None, *, names: tuple[str, str]) -> Parts:
    """A motion and a scene that were read, and the lines about them, which call them by ``names``."""
    values = zip(names, (motion, scene), strict=True)
    known = [(name, value.provenance) for name, value in values if value is not None]
    assumed = [as_options(f"{name}: {finding}") for name, provenance in known for finding in provenance.guesses]
    if motion is not None and scene is not None and not motion.placed:
        moved = (finding for finding in scene.provenance if finding.what == "floor" and "moved" in finding.value)
        assumed += [as_options(f"{names[1]}: {finding}") for finding in moved]
    remarks = [
        as_options(f"{name}: {remark.text} [{remark.code}]")
        for name, provenance in known
        for remark in provenance.warnings
    ]
    return Parts(motion, scene, tuple(assumed), tuple(remarks))


def split_key(name: str) -> tuple[Path, str | None]:
    """File and key of ``file#key``; the key is None if there is none, or if a file has the whole name."""
    path, mark, key = name.rpartition("#")
    return (Path(path), key) if mark and not Path(name).exists() else (Path(name), None)


def _no_file(modality: str, name: str) -> str:
    return f"{name}: expected a {modality} file, got a path that does not exist (an id needs a gallery)"
