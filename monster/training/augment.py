"""Augmentation on arrays: rooms rotated by quarter turns and moved, motions edited until their caption is false."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from torch import Tensor

from monster.arrays import FloatArray

QUARTERS: Final = 4  # rotations of a room for which object features are kept
EDITS: Final = ("turned", "shifted", "reversed", "through")  # kinds of edited motions
EDIT_WIDTH: Final = 6  # kind, center x y, angle, offset x y


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
    """Joints (frames, 22, 3) after an edit (6,) of `EDITS`: rotated about a center, then moved; or reversed in time."""
    kind, center, angle, offset = int(edit[0]), edit[1:3], float(edit[3]), edit[4:6]
    if EDITS[kind] == "reversed":
        return joints[::-1].copy()
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
