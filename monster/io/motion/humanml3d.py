"""HumanML3D features, 263 numbers a frame, back to joints.

Guo et al., "Generating diverse and natural 3D human motions from text" (CVPR 2022), lay a frame out as: the root's turn
about y since the last frame (1, half an angle), its step in its own heading (2: x and z), its height (1), the other 21
joints as seen from the root's heading (63), rotations (126), velocities (66) and foot contacts (4). Y up, 20 fps.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.skeleton import JOINT_COUNT

Array = NDArray[np.float64]

WIDTH: Final = 263
FPS: Final = 20.0


def recover_joints(features: Array) -> Array:
    """Joints (frames, 22, 3), y up in metres, of features (frames, 263) that are not normalised."""
    heading = np.zeros(len(features))
    heading[1:] = np.cumsum(features[:-1, 0])
    steps = np.zeros((len(features), 3))
    steps[1:, [0, 2]] = features[:-1, 1:3]
    root = np.cumsum(_unturn(steps, heading), axis=0)
    joints = np.zeros((len(features), JOINT_COUNT, 3))
    joints[:, 1:] = _unturn(features[:, 4 : 4 + 63].reshape(-1, JOINT_COUNT - 1, 3), heading[:, None])
    joints[:, 1:, [0, 2]] += root[:, None, [0, 2]]
    joints[:, 0] = root
    joints[:, 0, 1] = features[:, 3]
    return joints


def _unturn(vectors: Array, half_angle: Array) -> Array:
    """Vectors turned about y by minus twice the half angle: from the root's heading back to the world."""
    cos, sin = np.cos(2 * half_angle), np.sin(2 * half_angle)
    x, y, z = np.moveaxis(vectors, -1, 0)
    return np.stack([x * cos - z * sin, y, x * sin + z * cos], axis=-1)
