"""Stagger as a drunk or dizzy body does."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import joined, leaves_floor, spells
from worlds.actions.gaits.going import Floor, Going, gait_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles
from worlds.actions.performing.striding import UpperBody
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.strides import Contact, Gait
from worlds.types import Targets

SPEEDS: Final = (0.4, 0.9)
STEPS: Final = (0.3, 0.46)
WAY, LONGEST_WAY = 1.3, 3.0  # metres
VEER: Final = (0.1, 0.2)  # metres that the body goes off its line
EVERY: Final = 2.3  # steps from one side to the other, about
SWAYS: Final = (0.3, 0.55)  # radians of the trunk
WALKING, PAUSE, STAGGERED = 0.2, 0.5, 1.2  # m/s, seconds, metres
TILTED: Final = np.radians(17)  # from the farthest to the left to the farthest to the right


def stagger(actor: Actor) -> Going:
    """Uneven steps that weave from side to side, with a swaying trunk."""
    rng = actor.rng
    gait = Gait(
        speed=actor.draw(SPEEDS), step=actor.draw(STEPS), duty=0.66, lift=actor.draw((0.04, 0.09)), peak=0.45,
        width=actor.draw((0.09, 0.14)), crouch=actor.draw((0.03, 0.08)), bounce=0.006, leave=-0.3, swing=-0.4,
        land=0.05, ramp=(1.2, 1.4), veer=actor.draw(VEER), veer_phases=EVERY * actor.draw((0.85, 1.2)),
    )  # fmt: skip

    def contacts(_: Gait, count: int, first: int) -> list[Contact]:
        listed = []
        for index in range(1, count):
            out, ahead = float(rng.uniform(-0.06, 0.05)), float(rng.uniform(-0.07, 0.07))
            phase = index + float(rng.uniform(-0.13, 0.13))
            listed.append(Contact((first + index - 1) % 2, phase, 0.62, 0.62, ahead, out))
        return listed

    times = np.concatenate([[0.0, 0.6], np.arange(1.5, 30.0, EVERY / 2)])
    sign = float(rng.choice([-1.0, 1.0]))
    tilt = sign * np.where(np.arange(len(times)) % 2 == 0, 1, -1) * rng.uniform(*SWAYS, len(times))
    sway = np.stack([rng.normal(0, 0.1, len(times)), rng.uniform(-0.05, 0.3, len(times)), tilt], axis=1)
    sway[:2] = 0.0
    arm = ArmAngles(swing=0.2, raised=actor.draw((0.2, 0.7)), twist=0.2, elbow=actor.draw((0.3, 0.9)))
    other = ArmAngles(swing=0.0, raised=actor.draw((0.2, 0.7)), twist=0.2, elbow=actor.draw((0.3, 0.9)))
    upper = UpperBody(lean=actor.draw((0.0, 0.15)), arms=(arm, other), arm_swing=0.15, sway=(times, sway))
    return Going(gait, upper, contacts)


def staggered(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body walks, and its trunk tilts far to the left and to the right in turn."""
    trunk = motion.local_joints[:, 12] - motion.local_joints[:, 0]
    tilt = np.arctan2(trunk[:, 0], trunk[:, 2])
    steps = np.linalg.norm(np.diff(motion.pelvis[:, :2], axis=0, prepend=motion.pelvis[:1, :2]), axis=1)
    found = []
    for start, end in joined(spells((motion.speed > WALKING) & motion.upright), PAUSE):
        span = tilt[start:end]
        far = np.ptp(span) > TILTED and span.max() > TILTED / 4 and span.min() < -TILTED / 4
        if far and steps[start:end].sum() > STAGGERED and not leaves_floor(motion, start, end):
            found.append(start)
    return found


STAGGER: Final = gait_action(
    "stagger",
    draw=stagger,
    floor=Floor(least=WAY, most=LONGEST_WAY),
    seconds=4.0,
    detect=staggered,
    phrases=Phrases(general=("walk",), bare=(
        "~stagger", "~stagger along", "~stagger forward", "~walk, swaying from side to side", "~walk unsteadily",
        "~totter along", "~walk as if drunk", "~reel across the room",
    ), tells_walk=False),
    weight=0.7,
)  # fmt: skip
