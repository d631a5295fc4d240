"""The register of all formats of motion and scene files, and which one a file is of.

A format is a MotionFormat or a SceneFormat. Those of this package are listed in ``BUILT_IN``; other packages bring
theirs as entry points of the group ``monster.formats``, and a program adds its own by ``register_motion_format`` and
``register_scene_format``. Formats are asked in this order: a program's own, those of other packages, built-in ones. The
first one that claims a file decides what it holds.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Final, Literal, overload

from monster.errors import FileFormatError, InputError
from monster.io.formats import Format, Kind, MotionFormat, RefusedFormat, SceneFormat
from monster.io.sources import Source

log = logging.getLogger("monster.io")
GROUP: Final = "monster.formats"
# Where two formats share a suffix the more special one comes first, since the last one reads what none claims.
BUILT_IN: Final = (
    "monster.io.motion.bvh:FORMAT",
    "monster.io.motion.asf:FORMAT",
    "monster.io.motion.c3d:FORMAT",
    "monster.io.own_format:MOTION",
    "monster.io.own_format:SCENE",
    "monster.io.scene.ply_format:FORMAT",
    "monster.io.scene.pcd:FORMAT",
    "monster.io.scene.text:FORMAT",
    "monster.io.motion.gltf:FORMAT",
    "monster.io.motion.fbx:FORMAT",
    "monster.io.scene.meshes:FORMAT",
    "monster.io.scene.las:FORMAT",
    "monster.io.scene.scannet:FORMAT",
    "monster.io.scene.point_arrays:FORMAT",
    "monster.io.motion.kimodo:FORMAT",
    "monster.io.motion.robots.csv_table:FORMAT",
    "monster.io.motion.robots.arrays:FORMAT",
    "monster.io.motion.generators:FORMAT",
    "monster.io.motion.humanml3d:FORMAT",
    "monster.io.motion.smpl:FORMAT",
    "monster.io.motion.joint_arrays:FORMAT",
)
REFUSED: Final = (
    RefusedFormat((".e57",), "scene", "convert it first: CloudCompare, File > Save > .las or .ply"),
    RefusedFormat((".usd", ".usda", ".usdc", ".usdz"), "scene", "convert it first: Blender, export as glTF (.glb)"),
    RefusedFormat((".trc",), "motion", "convert it first: OpenSim or Mokka, export as .c3d"),
    RefusedFormat((".vmd",), "motion", "convert it first: Blender with mmd_tools, export as .bvh"),
    RefusedFormat((".asf",), None, "a skeleton without a motion; read the .amc beside it"),
)
_registered: list[Format] = []


def register_motion_format(format: MotionFormat) -> None:
    """Add a format of motion files, which is asked before all others.

    Raises InputError if its name is taken or a suffix is not lower case with a dot.
    """
    _register(format)


def register_scene_format(format: SceneFormat) -> None:
    """Add a format of scene files, which is asked before all others; raises like ``register_motion_format``."""
    _register(format)


def motion_formats() -> tuple[MotionFormat, ...]:
    """All formats of motion files, in the order in which they are asked."""
    return tuple(entry for entry in _all_formats() if isinstance(entry, MotionFormat))


def scene_formats() -> tuple[SceneFormat, ...]:
    """All formats of scene files, in the order in which they are asked."""
    return tuple(entry for entry in _all_formats() if isinstance(entry, SceneFormat))


def suffixes(kind: Kind) -> tuple[str, ...]:
    """The suffixes of files that are read as motions or as scenes, each once."""
    listed: Iterable[Format] = motion_formats() if kind == "motion" else scene_formats()
    return tuple(dict.fromkeys(suffix for entry in listed for suffix in entry.suffixes))


def claiming_format(source: Source) -> Format | None:
    """The first format that claims a file or folder. Raises FileFormatError for a broken NumPy file."""
    return next((entry for entry in _all_formats() if _has_suffix(entry, source) and entry.sniff(source)), None)


@overload
def format_for(source: Source, kind: Literal["motion"]) -> MotionFormat: ...
@overload
def format_for(source: Source, kind: Literal["scene"]) -> SceneFormat: ...
def format_for(source: Source, kind: Kind) -> Format:
    """The format to read a file or folder as a motion or scene: the first that claims it.

    If none claims it, the last one with its suffix, whose error says what it expected. Raises FileFormatError if none
    has its suffix.
    """
    listed: Iterable[Format] = motion_formats() if kind == "motion" else scene_formats()
    candidates = [entry for entry in listed if _has_suffix(entry, source)]
    claimed = next((entry for entry in candidates if entry.sniff(source)), None)
    if claimed is not None:
        return claimed
    if source.is_folder or not candidates:
        raise _unknown(source, kind)
    return candidates[-1]


def refused_format(source: Source) -> RefusedFormat | None:
    """What to do with a file that is not read, or None for any other."""
    return next((entry for entry in REFUSED if source.suffix in entry.suffixes), None)


def registered_modules() -> tuple[str, ...]:
    """The modules of the program's own formats, for a child process to import by ``load_modules``."""
    modules = (entry.read.__module__ for entry in _registered)
    return tuple(dict.fromkeys(module for module in modules if module != "__main__"))


def load_modules(modules: Iterable[str]) -> None:
    """Import modules, and register the formats in them that did not register themselves."""
    for name in modules:
        module = import_module(name)
        known = {(entry.kind, entry.name) for entry in _registered}
        for entry in vars(module).values():
            if isinstance(entry, MotionFormat | SceneFormat) and (entry.kind, entry.name) not in known:
                _register(entry)
                known.add((entry.kind, entry.name))


def _register(format: Format) -> None:
    if any((entry.kind, entry.name) == (format.kind, format.name) for entry in _all_formats()):
        raise InputError(f"expected a new name for a {format.kind} format, got {format.name!r}, which is taken")
    wrong = [suffix for suffix in format.suffixes if not suffix.startswith(".") or suffix != suffix.lower()]
    if wrong:
        raise InputError(f"expected lower case suffixes such as '.bvh', got {wrong[0]!r}")
    _registered.insert(0, format)


def _all_formats() -> tuple[Format, ...]:
    return (*_registered, *_installed_formats())


@cache
def _installed_formats() -> tuple[Format, ...]:
    """The formats of other packages, then the built-in ones."""
    return (*_plugins(), *(_imported(name) for name in BUILT_IN))


def _plugins() -> Iterator[Format]:
    for entry in entry_points(group=GROUP):
        try:
            yield _imported(entry.value)
        except (ImportError, AttributeError, TypeError) as error:
            log.warning("the format %s cannot be loaded: %s", entry.value, error)


def _imported(name: str) -> Format:
    module, _, attribute = name.partition(":")
    entry = getattr(import_module(module), attribute)
    if not isinstance(entry, MotionFormat | SceneFormat):
        raise TypeError(f"expected a MotionFormat or a SceneFormat, got {type(entry).__name__}")
    return entry


def _has_suffix(entry: Format, source: Source) -> bool:
    return entry.folders if source.is_folder else source.suffix in entry.suffixes


def _unknown(source: Source, kind: Kind) -> FileFormatError:
    if source.is_folder:
        return FileFormatError(f"{source.name}: expected a {kind} file, got a folder")
    refused = refused_format(source)
    came = repr(source.suffix) if source.suffix else "no ending"
    advice = "" if refused is None else f"; {refused.advice}"
    known = " ".join(suffixes(kind))
    return FileFormatError(f"{source.name}: expected a {kind} file ({known}), got {came}{advice}")
