"""Run and jog."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import run_spells
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.keyframes import ArmAngles
from worlds.actions.performing.striding import UpperBody, go_in_turn
from worlds.actions.performing.ways import draw_circle, draw_way, has_way, stand_at
from worlds.actions.spec import ActionSpec, Extent, HardNegativeRules, Phrases, Sampling
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.strides import Gait
from worlds.types import ActionName, Targets


@dataclass(frozen=True)
class Paces:
    """Speeds in metres a second, and what goes with them: spans to draw from, radians."""

    speeds: tuple[float, float]
    leans: tuple[float, float]
    elbows: tuple[float, float]
    lifts: tuple[float, float]  # of the ankle, leg lengths


# CMU subjects 9, 16, 35, 127: 2.5 to 4.1 m/s, 2.2 to 3.6 steps a second, trunk 7 to 27, elbows 88 to 113 degrees.
RUN: Final = Paces((2.7, 4.6), (0.16, 0.48), (1.5, 2.0), (0.26, 0.42))
JOG: Final = Paces((2.05, 2.75), (0.12, 0.3), (1.35, 1.95), (0.18, 0.32))
CADENCE, CADENCE_BY_SPEED = 2.42, 0.13  # steps a second: at rest, and for each m/s
CADENCE_SPREAD: Final = (0.93, 1.07)
DUTY, DUTY_BY_SPEED = 0.37, -0.022  # share of a stride that each foot is down
SPEED_BY_LENGTH: Final = (1.4, 0.8)  # m/s that a way of no length allows, and more for each metre
LEAST_WAY, LONGEST_WAY = 2.6, 6.5  # metres
CIRCLES: Final = 0.35  # probability of a circle where there is space
RADII: Final = (0.9, 1.4)
CIRCLE_SPEED: Final = 1.9  # metres a second at a radius of one metre
TURNS: Final = (0.6, 1.6)
BEFORE, AFTER = (0.05, 0.3), (0.1, 0.4)  # seconds of standing
LEAST_RUN: Final = 0.25  # seconds between the first flight and the last
JOGGING: Final = 2.9  # metres a second, at most
ELBOWS_BENT: Final = np.radians(40)


def gait_at(actor: Actor, speed: float, paces: Paces) -> tuple[Gait, UpperBody]:
    """How a body runs at that speed."""
    cadence = (CADENCE + CADENCE_BY_SPEED * speed) * actor.draw(CADENCE_SPREAD)
    gait = Gait(
        speed=speed,
        step=speed / cadence,
        duty=DUTY + DUTY_BY_SPEED * speed,
        lift=actor.draw(paces.lifts) * actor.body.leg,
        peak=0.36,
        width=actor.draw((0.035, 0.06)),
        crouch=actor.draw((0.02, 0.05)),
        bounce=-actor.draw((0.028, 0.042)),
        leave=-0.75,
        swing=-1.35,
        land=actor.draw((-0.05, 0.15)),
    )
    elbow = actor.draw(paces.elbows)
    arm = ArmAngles(swing=actor.draw((-0.25, 0.05)), raised=actor.draw((0.1, 0.28)), twist=0.45, elbow=elbow)
    lean = actor.draw(paces.leans)
    upper = UpperBody(
        lean=0.6 * lean,
        bend=0.5 * lean + 0.03,
        nod=-0.3 * lean,
        arms=(arm, arm),
        arm_swing=actor.draw((0.3, 0.65)),
        elbow_swing=actor.draw((0.05, 0.25)),
        hips=actor.draw((0.07, 0.14)),
        chest=actor.draw((0.1, 0.25)),
    )
    return gait, upper


def _perform(paces: Paces, actor: Actor, targets: Targets, is_last: bool) -> bool:
    circle = None
    if actor.timeline is None and actor.rng.random() < CIRCLES:
        circle = draw_circle(actor, RADII, actor.draw(TURNS))
    path = circle or draw_way(actor, LEAST_WAY, LONGEST_WAY)
    if path is None:
        return False
    least, by_length = SPEED_BY_LENGTH
    speed = min(actor.draw(paces.speeds), least + by_length * path.length)
    if circle is not None:
        radius = path.length / abs(float(path.yaws[-1] - path.yaws[0]))
        speed = min(speed, max(CIRCLE_SPEED * radius**0.5, paces.speeds[0]))
    timeline = stand_at(actor, path, 0.0, actor.draw(BEFORE))
    gait, upper = gait_at(actor, max(speed, paces.speeds[0]), paces)
    go_in_turn(timeline, path, gait, upper, first=int(actor.rng.integers(2)))
    timeline.wait(actor.seconds(AFTER))
    return True


def ran(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body flies between its steps, left and right in turn."""
    runs = []
    for start, end in run_spells(motion):
        if (end - start) / 20 >= LEAST_RUN:
            runs.append(start)
    return runs


def jogged(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body runs at an easy speed."""
    runs = []
    for start, end in run_spells(motion):
        if (end - start) / 20 >= LEAST_RUN and np.median(motion.speed[start:end]) < JOGGING:
            runs.append(start)
    return runs


RUNNING: Final = ActionSpec(
    name=ActionName("run"),
    arity=0,
    perform=partial(_perform, RUN),
    find_targets=partial(has_way, least=LEAST_WAY),
    seconds=2.4,
    detect=ran,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=("move",),
        bare=(
            "~run",
            "~run",
            "~run",
            "~run forward",
            "~run across the room",
            "~go for a run",
            "~break into a run",
            "~run a few steps",
            "~run along",
            "~run through the room",
        ),
        tells_walk=False,
    ),
    sampling=Sampling(weight=2.2),
)
JOGGING_ACTION: Final = ActionSpec(
    name=ActionName("jog"),
    arity=0,
    perform=partial(_perform, JOG),
    find_targets=partial(has_way, least=LEAST_WAY),
    seconds=2.6,
    detect=jogged,
    extent=Extent(is_walk=True),
    phrases=Phrases(
        general=("move",),
        bare=(
            "~jog",
            "~jog",
            "~jog along",
            "~jog forward",
            "~jog across the room",
            "~run at an easy pace",
            "~run slowly",
            "~go for a jog",
            "~jog a few steps",
        ),
        tells_walk=False,
    ),
    sampling=Sampling(weight=1.4),
    hard_negatives=HardNegativeRules(incidental=True),
)
