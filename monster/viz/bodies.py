"""Drawing of bodies: bone thickness, colours over time, shadows on the floor."""

from __future__ import annotations

from typing import Final

import numpy as np

from monster.arrays import DoubleArray, FloatArray
from monster.skeleton import BONES, INDEX
from monster.types import Motion
from monster.viz.render import Canvas
from monster.viz.stage import Stage

# Each motion has one colour for its first frame and one for its last.
COLORS: Final[tuple[tuple[str, str], ...]] = (
    ("#ffc46b", "#c2185b"), ("#7fd4ff", "#15489c"), ("#a8e08a", "#1b6b3a"), ("#d9b8ff", "#5b2a9d"),
)  # fmt: skip
_RADII: Final = {
    "hip": 0.075, "spine1": 0.10, "spine2": 0.105, "spine3": 0.10, "neck": 0.06, "collar": 0.06, "head": 0.055,
    "knee": 0.065, "ankle": 0.05, "foot": 0.042, "shoulder": 0.058, "elbow": 0.045, "wrist": 0.036,
}  # fmt: skip
HEAD_RADIUS: Final = 0.105


def bone_radii() -> DoubleArray:
    """Thickness (21,) of each bone of `monster.skeleton.BONES` in metres, for an average build."""
    names = list(INDEX)
    return np.array([_RADII[names[child].split("_")[-1]] for _, child in BONES])


def motion_color(number: int, share: float) -> FloatArray:
    """Colour (3,) of motion ``number`` at ``share`` of its duration (0 = first frame, 1 = last)."""
    first, last = (_rgb(code) for code in COLORS[number % len(COLORS)])
    return np.asarray(first + (last - first) * share, dtype=np.float32)


def _rgb(code: str) -> FloatArray:
    return np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)], dtype=np.float32)


def draw_body(canvas: Canvas, joints: FloatArray, color: FloatArray) -> None:
    """Draw one pose (22, 3)."""
    head, neck = joints[INDEX["head"]], joints[INDEX["neck"]]
    up = (head - neck) / max(float(np.linalg.norm(head - neck)), 1e-6)
    skull = head + 0.045 * up
    starts = np.stack([joints[parent] for parent, _ in BONES] + [head])
    ends = np.stack([joints[child] for _, child in BONES] + [skull])
    radii = np.append(bone_radii(), HEAD_RADIUS)
    canvas.capsules(starts, ends, radii, np.repeat(color[None], len(radii), axis=0))


def floor_path(motion: Motion, floor: float, step: float = 0.03) -> tuple[FloatArray, DoubleArray]:
    """The path of the pelvis on the floor: points (n, 3) about ``step`` metres apart and their share of time (n,)."""
    flat = motion.joints[:, 0, :2].astype(np.float64)
    travelled = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(flat, axis=0), axis=1))])
    at = np.linspace(0, travelled[-1], max(2, int(travelled[-1] / step)))
    share = np.interp(at, travelled + np.arange(len(travelled)) * 1e-9, np.linspace(0, 1, len(travelled)))
    points = [np.interp(share, np.linspace(0, 1, len(flat)), flat[:, axis]) for axis in (0, 1)]
    return np.column_stack([*points, np.full(len(at), floor + 0.012)]).astype(np.float32), share


def shaded_floor(stage: Stage, poses: list[FloatArray]) -> FloatArray:
    """Colours of the cloud with a soft shadow under each pose (22, 3)."""
    colors = stage.colors.copy()
    low = np.flatnonzero(stage.points[:, 2] < stage.floor + 0.12)
    dark = np.zeros(len(low))
    for pose in poses:
        for joint, width in ((0, 0.22), (INDEX["left_foot"], 0.11), (INDEX["right_foot"], 0.11)):
            gap = ((stage.points[low, :2] - pose[joint, :2]) ** 2).sum(axis=1)
            dark = np.maximum(dark, np.exp(-gap / (2 * width * width)))
    colors[low] *= (1 - 0.33 * dark[:, None]).astype(np.float32)
    return colors
