"""The 22 body joints of a motion, in the order of SMPL, and the bones between them.

Loper et al., "SMPL: a skinned multi-person linear model", 2015, names the joints and their parents.
"""

from __future__ import annotations

from typing import Final

JOINTS: Final[tuple[str, ...]] = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2", "left_ankle",
    "right_ankle", "spine3", "left_foot", "right_foot", "neck", "left_collar", "right_collar", "head",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
)  # fmt: skip
PARENTS: Final[tuple[int, ...]] = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19)
JOINT_COUNT: Final = len(JOINTS)
INDEX: Final[dict[str, int]] = {name: index for index, name in enumerate(JOINTS)}
BONES: Final[tuple[tuple[int, int], ...]] = tuple((p, child) for child, p in enumerate(PARENTS) if p >= 0)
MIRROR: Final[tuple[int, ...]] = tuple(
    INDEX[name.replace("left", "?").replace("right", "left").replace("?", "right")] for name in JOINTS
)
