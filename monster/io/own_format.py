"""The project's own ``.npz`` as formats of motions and scenes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Final

from monster.io.formats import MotionFormat, MotionOptions, SceneFormat, WriteOptions
from monster.io.npz import MOTION_FORMAT, SCENE_FORMAT, load_motion, load_scene, own_format, save_motion
from monster.io.numpy_files import npz_arrays
from monster.io.sources import Source
from monster.types import Motion, Scene


def write_motion(path: str | Path, motion: Motion) -> None:
    """Write a motion with its rate, whether it is placed, and where it came from; reading gives it back bit for bit."""
    save_motion(path, motion)


def _read_motion(source: Source, key: str, options: MotionOptions) -> Motion:
    motion = load_motion(source)
    return replace(motion, fps=options.fps or motion.fps, placed=options.placed or motion.placed)


def _read_scene(source: Source) -> Scene:
    return load_scene(source)


def _is_motion(source: Source) -> bool:
    arrays = npz_arrays(source)
    return own_format(arrays) == MOTION_FORMAT or {"format", "joints", "placed"} <= set(arrays)


def _is_scene(source: Source) -> bool:
    arrays = npz_arrays(source)  # one of ours whose format is damaged is refused: its points are in millimetres
    return own_format(arrays) == SCENE_FORMAT or {"format", "points", "origin"} <= set(arrays)


def _write_motion(path: Path, motion: Motion, options: WriteOptions) -> None:
    write_motion(path, motion)


MOTION: Final = MotionFormat("npz", (".npz",), _read_motion, sniff=_is_motion, write=_write_motion)
SCENE: Final = SceneFormat("npz", (".npz",), _read_scene, sniff=_is_scene)
