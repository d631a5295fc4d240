"""What a format's reader returns: joints or points as the file has them, and what the file or format states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monster.arrays import DoubleArray, IntArray
from monster.types import Finding


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
