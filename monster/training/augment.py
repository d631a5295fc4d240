"""Augmentation on arrays: rooms rotated and moved, motions cropped, warped, mirrored and edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from monster.arrays import AnyArray, FloatArray
from monster.skeleton import MIRROR

QUARTERS: Final = 4  # rotations of a room for which object features are kept
EDITS: Final = ("turned", "shifted", "reversed", "through", "mirrored")  # kinds of edited motions
EDIT_WIDTH: Final = 6  # kind, center x y, angle, offset x y
SHORTEST_CROP: Final = 20  # frames
_CROP: Final = (0.4, 1.0)  # share of the motion that a crop keeps
_TEMPO: Final = (0.6, 1.6)


@dataclass(frozen=True)
class Crop:
    """A stretch of a motion, ``start`` to ``stop`` in 0..1 of its duration, played ``tempo`` times as fast."""

    start: float
    stop: float
    tempo: float

    @classmethod
    def draw(cls, rng: np.random.Generator, *, shortest: float = _CROP[0], tempo: tuple[float, float] = _TEMPO) -> Crop:
        """A random crop of at least ``shortest`` of the motion."""
        length = rng.uniform(shortest, _CROP[1])
        start = rng.uniform(0, 1 - length)
        return cls(start, start + length, float(np.exp(rng.uniform(*np.log(tempo)))))

    def apply(self, joints: AnyArray) -> FloatArray:
        """The crop of joints (frames, 22, 3), resampled linearly to the same frame rate; at least `SHORTEST_CROP`."""
        last = len(joints) - 1
        first, end = self.start * last, self.stop * last
        count = max(SHORTEST_CROP, round((end - first) / self.tempo) + 1)
        times = np.linspace(first, end, count)
        before = np.floor(times).astype(int)
        share = (times - before)[:, None, None]
        after = np.minimum(before + 1, last)
        return np.asarray(joints[before] * (1 - share) + joints[after] * share, dtype=np.float32)


def quarter_rotation(quarters: int) -> FloatArray:
    """The exact rotation (2, 2) by so many quarter turns about the vertical."""
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarters % QUARTERS]
    return np.array([[cos, -sin], [sin, cos]], dtype=np.float32)


def rotated_boxes(boxes: Tensor, quarters: int, shift: Any = (0.0, 0.0)) -> Tensor:
    """Boxes (n, 6) after quarter turns and a shift (2,) on the floor: exact, as width and depth only change places."""
    out = boxes.clone()
    out[:, :2] = boxes[:, :2] @ torch.from_numpy(quarter_rotation(quarters)).T + torch.as_tensor(shift)
    if quarters % 2:
        out[:, 3], out[:, 4] = boxes[:, 4], boxes[:, 3]
    return out


def rotated_points(points: Tensor, quarters: int) -> Tensor:
    """Object points (..., 6) after quarter turns about the vertical; colours stay."""
    out = points.clone()
    out[..., :2] = points[..., :2] @ torch.from_numpy(quarter_rotation(quarters)).to(points.dtype).T
    return out


def apply_edit(joints: FloatArray, edit: FloatArray) -> FloatArray:
    """Joints (frames, 22, 3) after an edit (6,) of `EDITS`.

    Rotated about a center, then moved; reversed in time; or mirrored at the vertical plane of that angle through the
    center.
    """
    kind, center, angle, offset = int(edit[0]), edit[1:3], float(edit[3]), edit[4:6]
    if EDITS[kind] == "reversed":
        return joints[::-1].copy()
    if EDITS[kind] == "mirrored":
        return mirrored(joints, center, angle)
    cos, sin = np.cos(angle), np.sin(angle)
    rotation = np.array([[cos, -sin], [sin, cos]], dtype=np.float32)
    out = joints.copy()
    out[..., :2] = (joints[..., :2] - center) @ rotation.T + center + offset
    return out


def random_far_edit(joints: FloatArray, rng: np.random.Generator) -> FloatArray:
    """An edit without a proof: rotated by 90 to 270 degrees about its first place and moved by 1.5 to 2.5 m."""
    angle = rng.uniform(np.pi / 2, 1.5 * np.pi)
    direction = rng.uniform(0, 2 * np.pi)
    distance = rng.uniform(1.5, 2.5)
    center = joints[0, 0, :2]
    offset = distance * np.cos(direction), distance * np.sin(direction)
    return np.array([EDITS.index("through"), *center, angle, *offset], dtype=np.float32)


def mirrored(joints: FloatArray, center: AnyArray, angle: float) -> FloatArray:
    """Joints (frames, 22, 3) mirrored at the vertical plane through ``center`` (2,) whose direction is ``angle``."""
    direction = np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)
    offset = joints[..., :2] - center
    out = joints.copy()
    out[..., :2] = center + 2 * (offset @ direction)[..., None] * direction - offset
    return out[:, list(MIRROR)]


def mirrored_in_own_frame(joints: FloatArray) -> FloatArray:
    """Joints (frames, 22, 3) in their own frame with left and right exchanged."""
    out = joints[:, list(MIRROR)]
    out[..., 0] *= -1
    return out
