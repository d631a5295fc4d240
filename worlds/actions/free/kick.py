"""Kick."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import separate
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import READY, Feet, aside
from worlds.actions.performing.keyframes import ARM_AT_REST, ArmAngles, Keyframe, Posture, one_arm
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases, Sided
from worlds.geometry.kinematics import FPS, MotionKinematics, starts
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.people.gait import STANCE_WIDTH
from worlds.types import Targets

# Lengths in metres or leg lengths, angles in radians.
RIGHT_SHARE: Final = 0.5
KICKS: Final = (1, 3)
HEIGHT: Final = (0.3, 0.8)  # leg lengths of the foot
OVER_FOOT: Final = 0.75  # share of the way to the standing foot that the pelvis moves
KNEE_GIVE: Final = 0.03  # metres
BALANCE_ARM: Final = ArmAngles(swing=0.3, raised=0.3, twist=0.3, elbow=0.9)
OTHER_BALANCE_ARM: Final = ArmAngles(swing=0.1, raised=0.35, twist=0.3, elbow=0.9)
FORWARD_ARM: Final = ArmAngles(swing=0.7, raised=0.3, twist=0.2, elbow=0.8)  # on the side of the standing leg
BACKWARD_ARM: Final = ArmAngles(swing=-0.4, raised=0.35, twist=0.2, elbow=0.6)  # on the side of the kicking leg
BACK_SECONDS, SHORTEST_BACK = (0.25, 0.32), 0.24
OUT_SECONDS, SHORTEST_OUT = (0.24, 0.3), 0.22
HOME_SECONDS, SHORTEST_HOME = (0.5, 0.6), 0.45
HOLD_SECONDS: Final = 0.05
FOOT_BACK, FOOT_UP, FOOT_BACK_PITCH = -0.3, 0.2, -0.9  # leg lengths, leg lengths, angle
FOOT_IN, FOOT_FAR_IN = -0.02, -0.03  # metres to the middle
HALF_AHEAD: Final = 0.35  # share of the reach of the leg, half way
HALF_UP, HALF_CLEARANCE, HALF_PITCH = 0.45, 0.06, -0.5  # half way out
OUT_PITCH: Final = 0.4
HOME_UP, HOME_PITCH = 0.4, -0.1  # half way home
STRETCHED, REACH_GAIN = 0.98, 1.05  # of a leg; of its reach, since tracks are smoothed
LEAN_BACK: Final = 0.1  # while the leg swings back
LEAN_OUT, LEAN_OUT_BY_HEIGHT = -0.12, -0.2  # while it is out; for each metre of height
WEIGHT_SECONDS: Final = 0.2  # after the foot is home until the pelvis is
ARMS_SECONDS: Final = 0.1
FOOT_AHEAD, SOLE_UP, KNEE_STRAIGHT = 0.5, 0.22, np.radians(130)  # leg lengths, leg lengths, angle
SOLE_DOWN: Final = 0.1  # leg lengths of the standing foot
SLOWEST_STEP: Final = 1.2  # metres a second of the pelvis, above which a foot ahead is a step
SWIFT: Final = 2.2  # leg lengths a second
SWIFT_FRAMES: Final = 6
APART_SECONDS: Final = 0.4


def kick(actor: Actor, timeline: Timeline) -> None:
    """One leg swings back, shoots forward and up, and comes down; the other foot stays."""
    rng = actor.rng
    side = int(rng.random() < RIGHT_SHARE)
    for _ in range(int(rng.integers(*KICKS))):
        _kick_once(actor, timeline, side, height=actor.draw(HEIGHT) * timeline.body.leg)


def _kick_once(actor: Actor, timeline: Timeline, side: int, *, height: float) -> None:
    feet, body = Feet(timeline), timeline.body
    over = aside(timeline, -SIDES[side] * OVER_FOOT * STANCE_WIDTH * body.stature)
    balanced = Posture(place=over, height=body.standing_height - KNEE_GIVE)
    timeline.play(
        [
            Keyframe(balanced, start=0.0, at=READY),
            Keyframe(one_arm(side, BALANCE_ARM), start=0.0, at=READY),
            Keyframe(one_arm(1 - side, OTHER_BALANCE_ARM), start=0.0, at=READY),
        ]
    )
    timeline.wait(READY)
    back = actor.seconds(BACK_SECONDS, least=SHORTEST_BACK)
    out = actor.seconds(OUT_SECONDS, least=SHORTEST_OUT)
    hip = body.leg - KNEE_GIVE
    ahead = float(REACH_GAIN * np.sqrt(max((STRETCHED * body.leg) ** 2 - (hip - height) ** 2, 0.04)))
    _swing_leg(feet, side, ahead=ahead, height=height, times=(back, out))
    start = timeline.now
    timeline.reach(Posture(lean=LEAN_BACK), seconds=back)
    leaning = Posture(lean=LEAN_OUT + LEAN_OUT_BY_HEIGHT * height)
    for posture in (leaning, one_arm(1 - side, FORWARD_ARM), one_arm(side, BACKWARD_ARM)):
        timeline.play([Keyframe(posture, start=0.0, at=out)])
    timeline.now = start + (back + out + HOLD_SECONDS)
    _bring_home(actor, feet, side, ahead=ahead, height=height)


def _swing_leg(feet: Feet, side: int, *, ahead: float, height: float, times: tuple[float, float]) -> None:
    """Keys of the foot: back, then out and up."""
    t, leg = feet.timeline.now, feet.timeline.body.leg
    back, out = times
    feet.put(side, t)
    feet.put(side, t + back, ahead=FOOT_BACK * leg, up=FOOT_UP * leg, out=FOOT_IN, pitch=FOOT_BACK_PITCH)
    half_up = HALF_UP * height + HALF_CLEARANCE
    feet.put(side, t + back + 0.5 * out, ahead=HALF_AHEAD * ahead, up=half_up, out=FOOT_IN, pitch=HALF_PITCH)
    feet.put(side, t + back + out, ahead=ahead, up=height, out=FOOT_FAR_IN, pitch=OUT_PITCH)


def _bring_home(actor: Actor, feet: Feet, side: int, *, ahead: float, height: float) -> None:
    """The foot comes down where it stood, and the body stands upright over both feet."""
    timeline = feet.timeline
    t, home = timeline.now, actor.seconds(HOME_SECONDS, least=SHORTEST_HOME)
    feet.hold(side, t)
    feet.put(side, t + 0.5 * home, ahead=HALF_AHEAD * ahead, up=HOME_UP * height, pitch=HOME_PITCH)
    feet.put(side, t + home)
    standing = Posture(place=(timeline.stand.x, timeline.stand.y), height=timeline.body.standing_height)
    timeline.play(
        [
            Keyframe(Posture(lean=0.0), start=0.0, at=home),
            Keyframe(standing, start=0.5 * home, at=home + WEIGHT_SECONDS),
            Keyframe(Posture(arms=ARM_AT_REST), start=0.0, at=home + ARMS_SECONDS),
        ]
    )
    timeline.wait(home + ARMS_SECONDS)
    feet.down()


def kicked(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """A foot shoots forward and up on a straight leg while the other one stands."""
    kicks = [frame for side in range(2) for frame in kicked_with(motion, targets, floor_plan, side)]
    return separate(kicks, APART_SECONDS)


def kicked_with(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """Frames at which the foot of that side kicks."""
    ankle = (motion.local_pair("ankle") - motion.local_pair("hip")) / motion.leg
    speed = np.linalg.norm(np.gradient(ankle, axis=0), axis=2) * FPS
    ahead = (ankle[:, side, 1] > FOOT_AHEAD) & (motion.soles[:, side] > SOLE_UP * motion.leg)
    out = ahead & (motion.knees[:, side] > KNEE_STRAIGHT)
    standing = (motion.soles[:, 1 - side] < SOLE_DOWN * motion.leg) & (motion.speed < SLOWEST_STEP)
    still_out = starts(out & standing & motion.upright, 0.0)
    kicks = [at for at in still_out if speed[max(at - SWIFT_FRAMES, 0) : at + 1, side].max() > SWIFT]
    return separate(kicks, APART_SECONDS)


KICK: Final = replace(
    free_action(
        "kick",
        move=kick,
        seconds=2.4,
        detect=kicked,
        phrases=Phrases(
            general=(
                "fight",
                "raise a foot",
            ),
            bare=(
                "~kick",
                "~kick with one leg",
                "~give a kick",
                "~kick out into the air",
                "~throw a kick",
                "~do a kick",
                "~kick something",
                "~kick a ball",
            ),
            counted=(
                "~kick {times}",
                "~give {n} kicks",
                "~kick the air {times}",
            ),
            tells_walk=False,
        ),
    ),
    sided=Sided(
        kicked_with,
        (
            "~kick with {foot}",
            "~kick with {leg}",
            "~kick {leg} out",
            "~swing {leg} forward in a kick",
            "~give a kick with {foot}",
            "~kick out with {leg}",
            "~raise {leg} and ~kick",
        ),
    ),
)
