"""Joints as arrays: a plain ``.npy`` of (frames, 22, 3), or the project's own ``.npz`` that knows its rate."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from monster.files import atomic_file
from monster.io.motion.bvh_writer import y_up
from monster.io.npz import save_motion
from monster.types import Motion


def write_joints(path: str | Path, motion: Motion, *, up: str = "z") -> None:
    """Write joints (frames, 22, 3) as float32 metres, "z" up or "y" up; such a file does not say its rate or axes."""
    joints = y_up(motion.joints.astype(np.float64)) if up == "y" else motion.joints
    with atomic_file(path) as temporary, temporary.open("wb") as file:
        np.save(file, np.ascontiguousarray(joints, dtype=np.float32), allow_pickle=False)


def write_motion(path: str | Path, motion: Motion) -> None:
    """Write a motion with its rate, whether it is placed, and where it came from; reading gives it back bit for bit."""
    with atomic_file(path) as temporary:
        save_motion(temporary, motion)
