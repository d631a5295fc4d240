"""Rooms turned by quarters and moved, and single motions turned, moved or reversed: exact, on arrays alone."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

QUARTERS: Final = 4  # rotations of a room for which object features are kept
EDITS: Final = ("turned", "shifted", "reversed", "through")  # near misses of a motion that a step can make
EDIT_WIDTH: Final = 6  # kind, about x y, angle, by x y

FloatArray = NDArray[np.float32]


def quarter_turn(turn: int) -> FloatArray:
    """The exact rotation (2, 2) by ``turn`` quarters about the vertical."""
    cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn % QUARTERS]
    return np.array([[cos, -sin], [sin, cos]], dtype=np.float32)


def turned_boxes(boxes: Tensor, turn: int, shift: Any = (0.0, 0.0)) -> Tensor:
    """Boxes (n, 6) after quarter turns and a shift (2,) on the floor: exact, as width and depth only change places."""
    out = boxes.clone()
    out[:, :2] = boxes[:, :2] @ torch.from_numpy(quarter_turn(turn)).T + torch.as_tensor(shift)
    if turn % 2:
        out[:, 3], out[:, 4] = boxes[:, 4], boxes[:, 3]
    return out


def turned_points(points: Tensor, turn: int) -> Tensor:
    """Object points (..., 6) after quarter turns about the vertical; colours stay."""
    out = points.clone()
    out[..., :2] = points[..., :2] @ torch.from_numpy(quarter_turn(turn)).to(points.dtype).T
    return out


def edited(joints: FloatArray, edit: FloatArray) -> FloatArray:
    """Joints (frames, 22, 3) after an edit (6,) of `EDITS`: turned about a point, then moved; or back to front."""
    kind, about, angle, by = int(edit[0]), edit[1:3], float(edit[3]), edit[4:6]
    if EDITS[kind] == "reversed":
        return joints[::-1].copy()
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]], dtype=np.float32)
    out = joints.copy()
    out[..., :2] = (joints[..., :2] - about) @ turn.T + about + by
    return out


def far_edit(joints: FloatArray, rng: np.random.Generator) -> FloatArray:
    """An edit for a motion of which none is proven: turned by 90 to 270 degrees where it starts, moved 1.5 to 2.5 m."""
    angle, way = rng.uniform(np.pi / 2, 1.5 * np.pi), rng.uniform(0, 2 * np.pi)
    reach = rng.uniform(1.5, 2.5)
    about = joints[0, 0, :2]
    by = reach * np.cos(way), reach * np.sin(way)
    return np.array([EDITS.index("through"), *about, angle, *by], dtype=np.float32)
