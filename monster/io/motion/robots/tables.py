"""Unitree's G1 and H1: links, hinges and limits as published, and the places of the 22 joints.

Numbers of G1 (29 hinges) are those of ``g1_29dof.xml`` in github.com/unitreerobotics/unitree_mujoco, of H1 (19 hinges)
those of ``unitree_h1/h1.xml`` in github.com/google-deepmind/mujoco_menagerie (both BSD-3-Clause). Metres and radians; x
ahead, y to the left, z up. The correspondence follows the tables of GMR (Araujo et al., "Retargeting matters", 2025,
github.com/YanjieZe/GMR, MIT), moved from link origins to the centres about which a person's limbs would turn:

- hips of G1 and all shoulders are where the first hinge's axis meets the limb: trunk and limb keep their length;
- hips of H1 are on the axis of the pitch hinge, near the roll hinge, as wide apart as a person's: for the same reason;
- wrists of G1 are the first hinge behind the forearm, of H1, which has none, the end of the forearm;
- spine, neck, collars and head are points of the torso: a robot's trunk has no spine.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from monster.io.motion.robots.robot import Link, Point, Quaternion, Robot

_Row = tuple[str, Point, Quaternion, str, float, float]  # name, place and turn in the parent, axis, limits
_NONE: Final[Quaternion] = (1.0, 0.0, 0.0, 0.0)

_G1_LEG: Final[tuple[_Row, ...]] = (
    ("hip_pitch", (0.0, 0.064452, -0.1027), _NONE, "y", -2.5307, 2.8798),
    ("hip_roll", (0.0, 0.052, -0.030465), (0.996179, 0.0, -0.0873386, 0.0), "x", -0.5236, 2.9671),
    ("hip_yaw", (0.025001, 0.0, -0.12412), _NONE, "z", -2.7576, 2.7576),
    ("knee", (-0.078273, 0.0021489, -0.17734), (0.996179, 0.0, 0.0873386, 0.0), "y", -0.087267, 2.8798),
    ("ankle_pitch", (0.0, -9.4445e-05, -0.30001), _NONE, "y", -0.87267, 0.5236),
    ("ankle_roll", (0.0, 0.0, -0.017558), _NONE, "x", -0.2618, 0.2618),
)
_G1_ARM: Final[tuple[_Row, ...]] = (
    (
        "shoulder_pitch",
        (0.0039563, 0.10022, 0.23778),
        (0.990264, 0.139201, 1.38722e-05, -9.86868e-05),
        "y",
        -3.0892,
        2.6704,
    ),
    ("shoulder_roll", (0.0, 0.038, -0.013831), (0.990268, -0.139172, 0.0, 0.0), "x", -1.5882, 2.2515),
    ("shoulder_yaw", (0.0, 0.00624, -0.1032), _NONE, "z", -2.618, 2.618),
    ("elbow", (0.015783, 0.0, -0.080518), _NONE, "y", -1.0472, 2.0944),
    ("wrist_roll", (0.1, 0.00188791, -0.01), _NONE, "x", -1.97222, 1.97222),
    ("wrist_pitch", (0.038, 0.0, 0.0), _NONE, "y", -1.61443, 1.61443),
    ("wrist_yaw", (0.046, 0.0, 0.0), _NONE, "z", -1.61443, 1.61443),
)
_G1_WAIST: Final = (
    Link("waist_yaw_link", "pelvis", (0.0, 0.0, 0.0), _NONE, "z", (-2.618, 2.618), "waist_yaw"),
    Link("waist_roll_link", "waist_yaw_link", (-0.0039635, 0.0, 0.035), _NONE, "x", (-0.52, 0.52), "waist_roll"),
    Link("torso_link", "waist_roll_link", (0.0, 0.0, 0.019), _NONE, "y", (-0.52, 0.52), "waist_pitch"),
)
_H1_LEG: Final[tuple[_Row, ...]] = (
    ("hip_yaw", (0.0, 0.0875, -0.1742), _NONE, "z", -0.43, 0.43),
    ("hip_roll", (0.039468, 0.0, 0.0), _NONE, "x", -0.43, 0.43),
    ("hip_pitch", (0.0, 0.11536, 0.0), _NONE, "y", -1.57, 1.57),
    ("knee", (0.0, 0.0, -0.4), _NONE, "y", -0.26, 2.05),
    ("ankle", (0.0, 0.0, -0.4), _NONE, "y", -0.87, 0.52),
)
_H1_ARM: Final[tuple[_Row, ...]] = (
    ("shoulder_pitch", (0.0055, 0.15535, 0.42999), (0.976296, 0.216438, 0.0, 0.0), "y", -2.87, 2.87),
    ("shoulder_roll", (-0.0055, 0.0565, -0.0165), (0.976296, -0.216438, 0.0, 0.0), "x", -0.34, 3.11),
    ("shoulder_yaw", (0.0, 0.0, -0.1343), _NONE, "z", -1.3, 4.45),
    ("elbow", (0.0185, 0.0, -0.198), _NONE, "y", -1.25, 2.61),
)
_H1_WAIST: Final = (Link("torso_link", "pelvis", (0.0, 0.0, 0.0), _NONE, "z", (-2.35, 2.35), "torso"),)


def _limb(parent: str, rows: Iterable[_Row]) -> tuple[Link, ...]:
    """A chain of links of the left side."""
    links: list[Link] = []
    for name, position, turn, axis, low, high in rows:
        links.append(Link(f"left_{name}_link", parent, position, turn, axis, (low, high), f"left_{name}"))
        parent = links[-1].name
    return tuple(links)


def _links(leg: Iterable[_Row], waist: tuple[Link, ...], arm: Iterable[_Row]) -> tuple[Link, ...]:
    """All links in the order of MuJoCo: left and right leg, waist, left and right arm."""
    legs, arms = _limb("pelvis", leg), _limb("torso_link", arm)
    right_legs = tuple(link.mirrored() for link in legs)
    right_arms = tuple(link.mirrored() for link in arms)
    return (*legs, *right_legs, *waist, *arms, *right_arms)


def _body(middle: dict[str, tuple[str, Point]], left: dict[str, tuple[str, Point]]) -> dict[str, tuple[str, Point]]:
    """Places of all joints from those of the middle and the left side."""
    found = dict(middle)
    for joint, (link, (x, y, z)) in left.items():
        found[f"left_{joint}"] = (link, (x, y, z))
        found[f"right_{joint}"] = (link.replace("left_", "right_", 1), (x, -y, z))
    return found


_ORIGIN: Final[Point] = (0.0, 0.0, 0.0)
G1: Final = Robot(
    "Unitree G1",
    "pelvis",
    0.793,
    _links(_G1_LEG, _G1_WAIST, _G1_ARM),
    _body(
        {
            "pelvis": ("pelvis", _ORIGIN),
            "spine1": ("torso_link", (0.0, 0.0, 0.03)),
            "spine2": ("torso_link", (0.0, 0.0, 0.12)),
            "spine3": ("torso_link", (0.0, 0.0, 0.18)),
            "neck": ("torso_link", (0.0, 0.0, 0.30)),
            "head": ("torso_link", (0.0, 0.0, 0.43)),
        },
        {
            "hip": ("pelvis", (0.0, 0.116452, -0.1027)),
            "knee": ("left_knee_link", _ORIGIN),
            "ankle": ("left_ankle_pitch_link", _ORIGIN),
            "foot": ("left_ankle_roll_link", (0.12, 0.0, -0.03)),
            "collar": ("torso_link", (0.004, 0.05, 0.255)),
            "shoulder": ("torso_link", (0.003956, 0.136747, 0.248256)),
            "elbow": ("left_elbow_link", _ORIGIN),
            "wrist": ("left_wrist_pitch_link", _ORIGIN),
        },
    ),
)
H1: Final = Robot(
    "Unitree H1",
    "pelvis",
    1.06,
    _links(_H1_LEG, _H1_WAIST, _H1_ARM),
    _body(
        {
            "pelvis": ("pelvis", _ORIGIN),
            "spine1": ("torso_link", (0.0, 0.0, 0.12)),
            "spine2": ("torso_link", (0.0, 0.0, 0.24)),
            "spine3": ("torso_link", (0.0, 0.0, 0.32)),
            "neck": ("torso_link", (0.0, 0.0, 0.51)),
            "head": ("torso_link", (0.045, 0.0, 0.68)),
        },
        {
            "hip": ("left_hip_roll_link", (0.0, 0.03, 0.0)),
            "knee": ("left_knee_link", _ORIGIN),
            "ankle": ("left_ankle_link", _ORIGIN),
            "foot": ("left_ankle_link", (0.14, 0.0, -0.056)),
            "collar": ("torso_link", (0.0, 0.07, 0.46)),
            "shoulder": ("torso_link", (0.0055, 0.206556, 0.453867)),
            "elbow": ("left_elbow_link", _ORIGIN),
            "wrist": ("left_elbow_link", (0.28, 0.0, -0.015)),
        },
    ),
)
ROBOTS: Final[tuple[Robot, ...]] = (G1, H1)
