"""SOMA's skeleton of 77 joints and its older form of 30: names in their order, and which of them are the 22.

The layout is published with Kimodo (github.com/nv-tlabs/kimodo, Apache-2.0) and used by the BONES-SEED recordings.
``LeftLeg`` is the root of the thigh and ``LeftShin`` the knee.
"""

from __future__ import annotations

from typing import Final

from monster.skeleton import JOINTS


def _fingers(side: str) -> tuple[str, ...]:
    names = [f"{side}HandThumb{number}" for number in (1, 2, 3, "End")]
    for finger in ("Index", "Middle", "Ring", "Pinky"):
        names += [f"{side}Hand{finger}{number}" for number in (1, 2, 3, 4, "End")]
    return tuple(names)


def _arm(side: str, hand: tuple[str, ...]) -> tuple[str, ...]:
    return (f"{side}Shoulder", f"{side}Arm", f"{side}ForeArm", f"{side}Hand", *hand)


def _leg(side: str, *, has_end: bool) -> tuple[str, ...]:
    names = (f"{side}Leg", f"{side}Shin", f"{side}Foot", f"{side}ToeBase")
    return (*names, f"{side}ToeEnd") if has_end else names


def _hand_ends(side: str) -> tuple[str, str]:
    return (f"{side}HandThumbEnd", f"{side}HandMiddleEnd")


_TRUNK: Final = ("Hips", "Spine1", "Spine2", "Chest", "Neck1", "Neck2", "Head")
_FACE: Final = ("Jaw", "LeftEye", "RightEye")
SOMA_77: Final[tuple[str, ...]] = (
    *_TRUNK, "HeadEnd", *_FACE, *_arm("Left", _fingers("Left")), *_arm("Right", _fingers("Right")),
    *_leg("Left", has_end=True), *_leg("Right", has_end=True),
)  # fmt: skip
SOMA_30: Final[tuple[str, ...]] = (
    *_TRUNK, *_FACE, *_arm("Left", _hand_ends("Left")), *_arm("Right", _hand_ends("Right")),
    *_leg("Left", has_end=False), *_leg("Right", has_end=False),
)  # fmt: skip

_MIDDLE: Final = {
    "pelvis": "Hips",
    "spine1": "Spine1",
    "spine2": "Spine2",
    "spine3": "Chest",
    "neck": "Neck1",
    "head": "Head",
}
_LIMBS: Final = {
    "hip": "Leg",
    "knee": "Shin",
    "ankle": "Foot",
    "foot": "ToeBase",
    "collar": "Shoulder",
    "shoulder": "Arm",
    "elbow": "ForeArm",
    "wrist": "Hand",
}


def soma_name(joint: str) -> str:
    """SOMA's name of one of the 22 joints."""
    side, _, part = joint.partition("_")
    return f"{side.title()}{_LIMBS[part]}" if part else _MIDDLE[joint]


def soma_places(names: tuple[str, ...]) -> list[int]:
    """Where the 22 joints are among ``SOMA_77`` or ``SOMA_30``."""
    return [names.index(soma_name(joint)) for joint in JOINTS]
