"""Keyframes: named postures, and when a body reaches them. Angles in radians, lengths in metres, times in seconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Final, NamedTuple

ARMS: Final = ("left_arm", "right_arm")
HANDS: Final = ("left_hand", "right_hand")
FEET: Final = ("left_foot", "right_foot")


class ArmAngles(NamedTuple):
    """One arm: forward swing, raise to the side, inward twist of the upper arm, bend of the elbow."""

    swing: float = 0.0
    raised: float = 0.0
    twist: float = 0.0
    elbow: float = 0.0


class SpineAngles(NamedTuple):
    """The trunk over the pelvis: twist to the left, forward bend, tilt to the right."""

    twist: float = 0.0
    bend: float = 0.0
    tilt: float = 0.0


class FootPose(NamedTuple):
    """One foot in the room: the ankle's position, where the foot points, and how much its toes are up."""

    x: float
    y: float
    z: float
    yaw: float
    pitch: float


ARM_AT_REST: Final = ArmAngles(swing=0.02, raised=0.13, twist=0.3, elbow=0.3)
SPINE_AT_REST: Final = SpineAngles(bend=0.06)


@dataclass(frozen=True, kw_only=True)
class Posture:
    """What a keyframe sets; a part that is None keeps its posture.

    Each field but ``arms`` is a track of the `Timeline`. Places are in the room; weights are between 0 and 1.
    """

    place: tuple[float, float] | None = None  # of the pelvis, on the floor
    height: float | None = None  # of the pelvis
    yaw: float | None = None  # of the pelvis
    lean: float | None = None  # of the pelvis, forward
    spine: SpineAngles | None = None
    nod: float | None = None  # of the head, forward
    left_arm: ArmAngles | None = None
    right_arm: ArmAngles | None = None
    arms: ArmAngles | None = None  # both arms
    gait: float | None = None  # weight of the swing of arms and hips that comes with steps
    reach: tuple[float, float] | None = None  # weights of the left and the right hand's place against the arm's angles
    left_hand: tuple[float, float, float] | None = None  # place of the wrist
    right_hand: tuple[float, float, float] | None = None
    carrying: float | None = None  # weight: arms that carry something do not swing
    free_feet: float | None = None  # weight of the feet's own tracks against the steps
    left_foot: FootPose | None = None
    right_foot: FootPose | None = None
    hop: float | None = None  # height that is added to the pelvis
    circling: tuple[float, float] | None = None  # angles that are added to the swing of the left and the right arm

    def tracks(self) -> Iterator[tuple[str, tuple[float, ...]]]:
        """Name and value of every track that the posture sets."""
        for field in fields(self):
            value = getattr(self, field.name)
            if value is None:
                continue
            names = ARMS if field.name == "arms" else (field.name,)
            for name in names:
                yield name, value if isinstance(value, tuple) else (value,)


def one_arm(side: int, angles: ArmAngles) -> Posture:
    """The posture of the left (0) or the right (1) arm."""
    return Posture(right_arm=angles) if side else Posture(left_arm=angles)


def one_foot(side: int, pose: FootPose) -> Posture:
    """The posture of the left (0) or the right (1) foot."""
    return Posture(right_foot=pose) if side else Posture(left_foot=pose)


def one_hand(side: int, place: tuple[float, float, float]) -> Posture:
    """The place of the left (0) or the right (1) wrist."""
    return Posture(right_hand=place) if side else Posture(left_hand=place)


@dataclass(frozen=True)
class Keyframe:
    """A posture that is reached at a time, by a movement that begins at ``start``.

    Without a start the movement begins at the key before. Times are counted from where the timeline is; they are
    seconds, or shares of the length that `Timeline.play` is given.
    """

    posture: Posture
    at: float
    start: float | None = None
