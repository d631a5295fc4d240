"""What a caller declares about a file, and what a format's reader returns.

Whatever is None is taken from the file, or detected, or guessed, in this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monster.arrays import DoubleArray, IntArray
from monster.io.motion.body_model import BodyModel
from monster.io.normalise.mapping import Names
from monster.types import Finding


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


@dataclass(frozen=True, eq=False)
class RawMotion:
    """Joints (frames, 22, 3) in the file's axes and unit.

    ``fps``, ``up`` and ``unit`` (metres in one unit) are what the file or its format states; None where neither does,
    which leaves it to detection. ``usual_up`` and ``usual_fps`` are what most files of the format have: a last guess.
    """

    joints: DoubleArray
    fps: float | None = None
    fps_source: str = "the file"
    up: str | None = None
    unit: float | None = None
    usual_up: str | None = None
    usual_fps: float | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class RawScene:
    """Points (n, 3) in the file's axes and unit, colors (n, 3) in 0..1, instances (n,) with -1 for none, labels.

    ``up`` and ``unit`` (metres in one unit) are what the format states, None where it does not.
    """

    points: DoubleArray
    colors: DoubleArray | None = None
    instances: IntArray | None = None
    labels: Mapping[int, str] | None = None
    up: str | None = None
    unit: float | None = None
    findings: tuple[Finding, ...] = ()
