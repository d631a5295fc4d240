"""A walking body and a furnished room whose every coordinate is known, and files made of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from monster.io.motion.kinematics import REST_OFFSETS, STATURE, axis_angle_matrices, pose_body
from monster.skeleton import INDEX, JOINTS, PARENTS

DATA = Path(__file__).parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not (DATA / "README.md").exists(), reason="the real recordings are not on this machine")


def has_open3d() -> bool:
    """Whether Open3D and the system libraries that it needs are here."""
    try:
        import open3d  # noqa: F401
    except ImportError:
        return False
    return True


needs_open3d = pytest.mark.skipif(not has_open3d(), reason="Open3D or one of its system libraries is missing")


def walking_turns(frames: int) -> np.ndarray:
    """Local rotation vectors (frames, 22, 3) of someone who walks, arms hanging, in SMPL's axes (y up, facing +z)."""
    phase = np.arange(frames) * 0.35
    turns = np.zeros((frames, 22, 3))
    turns[:, INDEX["left_hip"], 0] = -0.5 * np.sin(phase)
    turns[:, INDEX["right_hip"], 0] = 0.5 * np.sin(phase)
    turns[:, INDEX["left_knee"], 0] = 0.3 + 0.3 * np.cos(phase)
    turns[:, INDEX["right_knee"], 0] = 0.3 - 0.3 * np.cos(phase)
    turns[:, INDEX["left_shoulder"], 2] = -1.3
    turns[:, INDEX["right_shoulder"], 2] = 1.3
    turns[:, INDEX["left_elbow"], 1] = -0.4
    turns[:, INDEX["right_elbow"], 1] = 0.4
    return turns


def walking(frames: int = 60) -> np.ndarray:
    """Joints (frames, 22, 3) of the same, y up in metres, walking along z at 1.3 m/s (20 fps)."""
    pelvis = np.zeros((frames, 3))
    pelvis[:, 1] = 0.56 * STATURE
    pelvis[:, 2] = np.arange(frames) * 0.065
    return pose_body(axis_angle_matrices(walking_turns(frames)), pelvis)


def z_up(joints: np.ndarray) -> np.ndarray:
    """Coordinates (..., 3) with y up as z up."""
    return joints @ np.array([[1.0, 0, 0], [0, 0, 1], [0, -1, 0]])


def bvh_text(
    names: dict[str, str], frames: int = 60, *, order: str = "ZXY", scale: float = 100.0, every_position: bool = False
) -> str:
    """A BVH file of the walking body with other names for its joints; joints without a name are left out."""
    turns, kept = walking_turns(frames), [name for name in JOINTS if name in names]
    columns: list[np.ndarray] = []
    lines = ["HIERARCHY"]

    def write(name: str, depth: int) -> None:
        index, pad = INDEX[name], "  " * depth
        offset = REST_OFFSETS[index] * scale if depth else np.zeros(3)
        channels = [f"{axis}rotation" for axis in order]
        angles = euler_degrees(turns[:, index], order)
        if depth == 0 or every_position:
            channels = ["Xposition", "Yposition", "Zposition", *channels]
            columns.append(walking(frames)[:, 0] * scale if depth == 0 else np.tile(offset, (frames, 1)))
        columns.append(angles)
        lines.append(f"{pad}{'JOINT' if depth else 'ROOT'} {names[name]}")
        lines.append(f"{pad}{{")
        lines.append(f"{pad}  OFFSET {' '.join(f'{value:.6f}' for value in offset)}")
        lines.append(f"{pad}  CHANNELS {len(channels)} {' '.join(channels)}")
        children = [child for child in kept if PARENTS[INDEX[child]] == index]
        for child in children:
            write(child, depth + 1)
        if not children:
            lines.append(f"{pad}  End Site\n{pad}  {{\n{pad}    OFFSET 0 0 {0.05 * scale}\n{pad}  }}")
        lines.append(f"{pad}}}")

    write("pelvis", 0)
    values = np.concatenate(columns, axis=1)
    rows = "\n".join(" ".join(f"{value:.6f}" for value in row) for row in values)
    return "\n".join(lines) + f"\nMOTION\nFrames: {frames}\nFrame Time: 0.05\n{rows}\n"


def euler_degrees(turns: np.ndarray, order: str) -> np.ndarray:
    """Euler angles in degrees (frames, 3) of rotation vectors, the first axis outermost."""
    from scipy.spatial.transform import Rotation

    return Rotation.from_rotvec(turns).as_euler(order.upper(), degrees=True)


def box_surface(low: Sequence[float], high: Sequence[float], spacing: float = 0.05) -> np.ndarray:
    """Points (n, 3) on the six sides of a box."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    sides = []
    for axis in range(3):
        others = [np.arange(low[i], high[i] + 1e-9, spacing) for i in range(3) if i != axis]
        grid = np.stack(np.meshgrid(*others, indexing="ij"), axis=-1).reshape(-1, 2)
        sides += [np.insert(grid, axis, value, axis=1) for value in (low[axis], high[axis])]
    return np.unique(np.concatenate(sides).round(6), axis=0)


def room(spacing: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """A room of 5 x 4 m with two walls, a table and a cupboard: points (n, 3), z up, and what each belongs to (n,).

    0 floor, 1 and 2 walls, 3 table, 4 cupboard.
    """
    parts = [
        box_surface((0, 0, 0), (5, 4, 0), spacing),
        box_surface((0, 0, 0.1), (0, 4, 2.5), spacing),
        box_surface((0, 4, 0.1), (5, 4, 2.5), spacing),
        box_surface((1.5, 1.0, 0.1), (2.7, 1.8, 0.75), spacing),
        box_surface((3.8, 2.4, 0.1), (4.6, 3.0, 1.2), spacing),
    ]
    of = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return np.concatenate(parts), of
