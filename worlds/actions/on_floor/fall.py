"""Fall down, and lie down on the floor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from monster.arrays import BoolArray
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import aside
from worlds.actions.performing.keyframes import ArmAngles, FootPose, Keyframe, Posture, SpineAngles, one_foot
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, Detect, Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.types import Targets


@dataclass(frozen=True)
class _Pace:
    """Seconds until the seat is on the floor, and until the back is."""

    seat: tuple[float, float]
    back: tuple[float, float]


FALLING: Final = _Pace((0.5, 0.65), (0.4, 0.55))
LYING_DOWN: Final = _Pace((1.5, 2.0), (1.3, 1.8))
SEAT_BACK: Final = (0.38, 0.5)  # metres
SEAT_HEIGHT, BACK_HEIGHT, LEAN = 0.11, 0.1, np.radians(-86)
FEET_FAR: Final = 0.93  # leg lengths of the ankles ahead of the pelvis
ARMS_OUT: Final = ArmAngles(swing=0.7, raised=0.9, twist=0.2, elbow=0.6)
ARMS_AHEAD: Final = ArmAngles(swing=1.1, raised=0.3, twist=0.2, elbow=0.5)
ARMS_DOWN: Final = ArmAngles(swing=0.05, raised=0.4, twist=0.2, elbow=0.25)
HELD: Final = (0.6, 1.4)  # seconds
FLAT: Final = 0.4  # metres of the neck over the pelvis
ON_FLOOR: Final = 0.3  # leg lengths of the pelvis over the lowest point
FAST: Final = 1.45  # seconds from standing to lying


def _go_down(pace: _Pace, actor: Actor, timeline: Timeline) -> None:
    """The seat goes down behind the feet, then the back."""
    seat, back = actor.seconds(pace.seat, least=0.45), actor.seconds(pace.back, least=0.38)
    place = aside(timeline, 0.0, -actor.draw(SEAT_BACK))
    falls = pace is FALLING
    arms = ARMS_OUT if falls else ARMS_AHEAD
    timeline.play(
        [
            Keyframe(Posture(lean=0.25 if falls else 0.4, spine=SpineAngles(bend=0.5)), start=0.0, at=0.6),
            Keyframe(Posture(arms=arms), start=0.0, at=0.5),
            Keyframe(Posture(place=place), start=0.1, at=1.0),
            Keyframe(Posture(height=SEAT_HEIGHT), start=0.0, at=1.0),
            Keyframe(Posture(lean=-0.3), start=0.6, at=1.0),
        ],
        seconds=seat,
    )
    timeline.wait(seat)
    _stretch_feet(timeline, place, back)
    timeline.play(
        [
            Keyframe(Posture(lean=LEAN, height=BACK_HEIGHT), start=0.0, at=1.0),
            Keyframe(Posture(spine=SpineAngles()), start=0.3, at=1.1),
            Keyframe(Posture(arms=ARMS_DOWN), start=0.2, at=1.1),
        ],
        seconds=back,
    )
    timeline.wait(1.2 * back)
    timeline.wait(actor.seconds(HELD, least=HELD[0]))
    timeline.lying = True


def _stretch_feet(timeline: Timeline, place: tuple[float, float], seconds: float) -> None:
    body, stand = timeline.body, timeline.stand
    ahead = np.array([-np.sin(stand.yaw), np.cos(stand.yaw)])
    timeline.play([Keyframe(Posture(free_feet=1.0), start=-0.25, at=0.0)])
    for side in range(2):
        x, y, yaw = stand.foot(body, side)
        flat = FootPose(x, y, body.ankle_height, yaw, 0.0)
        timeline.play([Keyframe(one_foot(side, flat), at=-0.3), Keyframe(one_foot(side, flat), at=0.05)])
        off = np.array([x, y]) - np.array([stand.x, stand.y])
        off = off - ahead * float(off @ ahead)
        far = np.array(place) + ahead * (FEET_FAR * body.leg + body.hip_drop) + off
        pose = FootPose(float(far[0]), float(far[1]), body.ankle_height, yaw, 1.0)
        timeline.play([Keyframe(one_foot(side, pose), at=seconds + 0.15)])


def lying(motion: MotionKinematics) -> BoolArray:
    """Frames (frames,) in which trunk and pelvis are on the floor."""
    floor = motion.joints[..., 2].min()
    flat = motion.joint("neck")[:, 2] - floor < FLAT
    return np.asarray(flat & (motion.pelvis[:, 2] - floor < ON_FLOOR * motion.leg))


def _laid(fast: bool, motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body lies after it has stood; ``fast``: within less than two seconds."""
    found = []
    for frame in starts(lying(motion), 0.3):
        stood = np.flatnonzero(motion.standing[:frame])
        if len(stood) and (frame - stood[-1] < FAST * FPS) == fast:
            found.append(frame)
    return found


def _spec(name: str, pace: _Pace, detect: Detect, phrases: tuple[str, ...]) -> ActionSpec:
    return free_action(
        name,
        move=partial(_go_down, pace),
        seconds=3.4,
        detect=detect,
        phrases=Phrases(bare=phrases, general=("get down",), tells_walk=False),
    )


FALL_DOWN: Final = _spec(
    "fall down", FALLING, partial(_laid, True),
    ("~fall down", "~fall", "~fall to the floor", "~fall over", "~collapse", "~fall backwards", "~drop to the ground"),
)  # fmt: skip
LIE_ON_FLOOR: Final = _spec(
    "lie down on the floor", LYING_DOWN, partial(_laid, False),
    (
        "~lie down on the floor", "~lie down on the ground", "~lie on the floor", "~lie down on {your} back",
        "~lay {your} body on the floor",
    ),
)  # fmt: skip
