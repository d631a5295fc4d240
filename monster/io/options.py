"""What a caller declares about a file; whatever is None is taken from the file, or detected, or guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monster.io.motion.body_model import BodyModel
from monster.io.normalise.mapping import Names


@dataclass(frozen=True)
class DeclaredFrame:
    """Axes ("y": y points up), unit ("cm", or metres in one unit), and whether coordinates are those of a scene."""

    axes: str | None = None
    unit: str | float | None = None
    placed: bool = False


@dataclass(frozen=True)
class MotionOptions(DeclaredFrame):
    """The declared frame and rate of a motion, and how its skeleton becomes our 22 joints."""

    fps: float | None = None
    mapping: Mapping[str, Names] | str | Path | None = None
    body_model: BodyModel | str | Path | None = None
    retarget: bool = False
