"""Box: jabs from a guard."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles, Keyframe, Posture, SpineAngles, one_arm
from worlds.actions.performing.postures import rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.body import SIDES
from worlds.types import Targets

# Radians, seconds, arm lengths. CMU boxing: elbows 100 to 130 degrees in the guard, trunk 6 to 15 degrees forward.
GUARD: Final = ArmAngles(swing=0.75, raised=0.25, twist=0.35, elbow=2.1)
JAB: Final = ArmAngles(swing=1.5, raised=0.12, twist=0.1, elbow=0.15)
CROUCH: Final = (0.03, 0.09)  # metres
LEAN: Final = (0.08, 0.22)
GUARD_SECONDS, JAB_SECONDS, BACK_SECONDS = (0.35, 0.5), (0.17, 0.24), (0.2, 0.3)
PAUSES: Final = (0.0, 0.35)
PUNCHES: Final = (4, 9)
TWIST: Final = 0.35
OUT, IN_GUARD, HIGH = 0.78, 0.62, -0.3
FEWEST, WITHIN = 3, 3.5


def box(actor: Actor, timeline: Timeline) -> None:
    """Both fists before the chin; the arms shoot out in turn."""
    rng, stand = actor.rng, timeline.stand
    height = timeline.body.standing_height - actor.draw(CROUCH)
    guarded = Posture(arms=GUARD, lean=actor.draw(LEAN), height=height)
    timeline.reach(guarded, seconds=actor.seconds(GUARD_SECONDS, least=0.3))
    side = int(rng.integers(2))
    for _ in range(int(rng.integers(*PUNCHES))):
        out, back = actor.seconds(JAB_SECONDS, least=0.16), actor.seconds(BACK_SECONDS, least=0.18)
        twisted = SpineAngles(twist=-SIDES[side] * -TWIST, bend=0.12)
        timeline.play([Keyframe(one_arm(side, JAB), start=0.0, at=out), Keyframe(Posture(spine=twisted), at=out)])
        timeline.wait(out)
        straight = Posture(spine=SpineAngles(bend=0.12))
        timeline.play([Keyframe(one_arm(side, GUARD), start=0.02, at=back), Keyframe(straight, at=back)])
        timeline.wait(back + actor.draw(PAUSES) * float(rng.random() < 0.5))
        side = 1 - side if rng.random() < 0.8 else side
    timeline.play([Keyframe(Posture(height=timeline.body.standing_height, place=(stand.x, stand.y)), at=0.5)])
    rest_arms(timeline, 0.5)


def boxed(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Fists shoot out to the front at the height of the shoulders, one after the other, the other hand in guard."""
    hands = wrists_from_shoulders(motion)
    reach = np.linalg.norm(hands, axis=2)
    out = (reach > OUT) & (hands[..., 1] > IN_GUARD) & (hands[..., 2] > HIGH)
    guard = (reach < IN_GUARD + 0.1) & (hands[..., 2] > HIGH - 0.15)
    jabs = []
    for side in range(2):
        state = out[:, side] & guard[:, 1 - side] & motion.upright
        jabs += np.flatnonzero(np.diff(np.concatenate([[0], state.astype(int)])) == 1).tolist()
    jabs.sort()
    for first, last in zip(jabs, jabs[FEWEST - 1 :], strict=False):
        if last - first < WITHIN * FPS:
            return [int(first)]
    return []


BOX: Final = free_action(
    "box in the air",
    move=box,
    seconds=3.6,
    detect=boxed,
    phrases=Phrases(
        bare=(
            "~box",
            "~box in the air",
            "~throw punches",
            "~throw jabs",
            "~do some boxing",
            "~punch with both fists in turn",
        ),
        general=("fight",),
        tells_walk=False,
    ),
)
