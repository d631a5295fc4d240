"""Balance on one leg, and lift a leg."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import joined, spells
from worlds.actions.free.move import Move, free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import READY, Feet, aside
from worlds.actions.performing.keyframes import ARM_AT_REST, ArmAngles, Keyframe, Posture
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import ActionSpec, DetectSide, Phrases, Sided
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.people.gait import STANCE_WIDTH
from worlds.types import Targets

UP_SECONDS, DOWN_SECONDS = (0.6, 0.9), (0.6, 0.9)
BALANCED, LIFTED = (2.3, 4.0), (0.2, 0.55)  # seconds on one leg
HEIGHTS: Final = (0.28, 0.55)  # leg lengths of the foot
AHEAD: Final = (-0.15, 0.45)
OVER_FOOT: Final = 0.85  # share of the way to the standing foot that the pelvis moves
UP, OTHER_DOWN = 0.16, 0.06  # leg lengths of the soles
LEAST_BALANCE, LEAST_LIFT, LONGEST_LIFT = 2.1, 0.3, 2.1  # seconds
CALM: Final = 0.4  # metres a second


def _on_one_leg(holds: tuple[float, float], actor: Actor, timeline: Timeline) -> None:
    """The weight goes over one foot, the other is lifted, stays up, and comes down."""
    rng, feet, body = actor.rng, Feet(timeline), timeline.body
    side, stand = int(rng.integers(2)), timeline.stand
    over = aside(timeline, -SIDES[side] * OVER_FOOT * STANCE_WIDTH * body.stature)
    timeline.play([Keyframe(Posture(place=over), start=0.0, at=READY + 0.1)])
    timeline.wait(READY)
    height = actor.draw(HEIGHTS) * body.leg
    ahead = actor.draw(AHEAD) * body.leg * min(1.0, height / (0.3 * body.leg))
    up = actor.seconds(UP_SECONDS, least=0.5)
    feet.put(side, timeline.now)
    feet.put(side, timeline.now + up, ahead=ahead, up=height, pitch=actor.draw((-0.9, 0.0)))
    spread = actor.draw((0.15, 1.5)) if holds is BALANCED else actor.draw((0.13, 0.5))
    timeline.play([Keyframe(Posture(arms=ArmAngles(0.1, spread, 0.2, 0.35)), start=0.0, at=up)])
    timeline.wait(up + actor.draw(holds))
    feet.hold(side, timeline.now)
    down = actor.seconds(DOWN_SECONDS, least=0.5)
    feet.put(side, timeline.now + down)
    timeline.play([Keyframe(Posture(arms=ARM_AT_REST), start=0.0, at=down)])
    timeline.play([Keyframe(Posture(place=(stand.x, stand.y)), start=0.6 * down, at=down + 0.3)])
    timeline.wait(down + 0.2)
    feet.down()


def _spells_up(motion: MotionKinematics, side: int) -> list[tuple[int, int]]:
    """Stretches in which that foot is up while the other one stands still."""
    soles = motion.soles / motion.leg
    up = (soles[:, side] > UP) & (soles[:, 1 - side] < OTHER_DOWN)
    return joined(spells(np.asarray(up & motion.upright & (motion.speed < CALM))), 0.15)


def balanced_on(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """The body stands on the foot of that side for a while."""
    return [start for start, end in _spells_up(motion, 1 - side) if end - start >= LEAST_BALANCE * FPS]


def lifted_leg(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan, side: int) -> list[int]:
    """The foot of that side is up for a moment, slowly lifted."""
    found = []
    for start, end in _spells_up(motion, side):
        foot = motion.pair("ankle")[max(start - 8, 0) : end + 8, side, 2]
        slow = np.abs(np.diff(foot)).max(initial=0.0) * FPS < 2.0 * motion.leg
        if LEAST_LIFT * FPS <= end - start < LONGEST_LIFT * FPS and slow:
            found.append(start)
    return found[:1] if len(found) < 3 else []  # more are steps on the spot


def _either(detect: DetectSide, motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    return sorted(frame for side in range(2) for frame in detect(motion, targets, floor_plan, side))


def _spec(name: str, move: Move, detect: DetectSide, *, phrases: tuple[str, ...], sided: tuple[str, ...]) -> ActionSpec:
    action = free_action(
        name,
        move=move,
        seconds=3.8,
        detect=partial(_either, detect),
        phrases=Phrases(bare=phrases, general=("raise a foot",), tells_walk=False),
    )
    return replace(action, sided=Sided(detect, sided))


BALANCE: Final = _spec(
    "balance on one leg", partial(_on_one_leg, BALANCED), balanced_on,
    phrases=(
        "~balance on one leg", "~stand on one leg", "~balance on one foot", "~stand on one foot",
        "~keep {your} balance on one leg",
    ),
    sided=("~balance on {leg}", "~stand on {leg}", "~balance on {foot}"),
)  # fmt: skip
LIFT_LEG: Final = _spec(
    "lift one leg", partial(_on_one_leg, LIFTED), lifted_leg,
    phrases=("~lift one leg", "~raise one leg", "~lift one foot off the floor", "~raise one knee", "~lift a knee"),
    sided=("~lift {leg}", "~raise {leg}", "~lift {foot} off the floor", "~raise {knee}"),
)  # fmt: skip
