"""Walk without a goal: slowly or fast, forwards, backwards, on tiptoe, in a circle."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import circled, leaves_floor, planted_slope, run_spells, travel_spells
from worlds.actions.gaits.going import Floor, Going, gait_action, walking_step
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.performing.keyframes import ARM_AT_REST, ArmAngles
from worlds.actions.performing.striding import UpperBody, write_strides
from worlds.actions.performing.ways import circle_room, draw_circle, stand_at
from worlds.actions.spec import ActionSpec, Extent, HardNegativeRules, Phrases, Sampling
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.strides import Gait, in_turn, steps_of
from worlds.types import ActionName, Targets

SPEEDS: Final = ((0.4, 0.75), (0.9, 1.35), (1.45, 2.1))  # slow, ordinary, fast; m/s
FORWARD_WAY, BACKWARD_WAY, TIPTOE_WAY, CIRCLE = 1.6, 1.0, 1.4, 0.62  # metres
BACKWARD_SPEEDS: Final = (0.45, 1.0)
TIPTOE_SPEEDS: Final = (0.4, 0.95)
CIRCLE_RADII, CIRCLE_TURNS, CIRCLE_SPEEDS = (0.62, 1.1), (1.0, 1.35), (0.75, 1.25)
ON_TOES: Final = np.radians(36)  # slope from the ball of a foot that carries up to the ankle; 18 when flat
WALKED: Final = 1.4  # metres
BACKED: Final = 0.55
ON_TOES_WALKED: Final = 0.9
NEAR_FULL: Final = np.radians(315)


def walking_gait(actor: Actor, speed: float, *, travel: float = 0.0) -> Gait:
    """An ordinary walk at that speed."""
    return Gait(
        speed=speed,
        step=walking_step(speed, actor.body.stature),
        duty=float(np.clip(0.66 - 0.05 * speed, 0.54, 0.64)),
        lift=actor.draw((0.09, 0.14)),
        peak=0.3,
        width=actor.draw((0.05, 0.075)),
        crouch=0.012 + 0.01 * speed,
        bounce=0.008 + 0.008 * speed,
        leave=-0.45 - 0.15 * speed,
        swing=-0.7 - 0.15 * speed,
        land=0.2 + 0.06 * speed,
        travel=travel,
        ramp=(1.4, 1.6),
    )


def _arms(speed: float) -> ArmAngles:
    return ARM_AT_REST._replace(elbow=0.25 + 0.12 * speed, swing=-0.02)


def walk_forward(actor: Actor) -> Going:
    """Slow, ordinary or fast."""
    speed = actor.draw(SPEEDS[int(actor.rng.integers(len(SPEEDS)))])
    arm = _arms(speed)
    upper = UpperBody(
        lean=0.05 + 0.05 * max(speed - 0.9, 0.0),
        arms=(arm, arm),
        arm_swing=actor.draw((0.03, 0.12)) + actor.draw((0.05, 0.2)) * speed,
        elbow_swing=0.08 * speed,
        hips=0.05 + 0.05 * speed,
        chest=0.06 + 0.05 * speed,
    )
    return Going(walking_gait(actor, speed), upper)


def walk_backward(actor: Actor) -> Going:
    """Steps that lead behind the body, toes first."""
    speed = actor.draw(BACKWARD_SPEEDS)
    gait = Gait(
        speed=speed, step=0.85 * walking_step(speed, actor.body.stature), duty=0.62, lift=actor.draw((0.06, 0.11)),
        peak=0.5, width=actor.draw((0.06, 0.09)), crouch=0.025, bounce=0.012, leave=0.15, swing=-0.2, land=-0.45,
        travel=np.pi, ramp=(1.4, 1.6),
    )  # fmt: skip
    arm = _arms(speed)
    return Going(gait, UpperBody(lean=actor.draw((0.0, 0.1)), arms=(arm, arm), arm_swing=-0.15, hips=-0.05, chest=0.08))


def tiptoe(actor: Actor) -> Going:
    """Steps on the balls of the feet, heels high."""
    speed, pitch = actor.draw(TIPTOE_SPEEDS), -actor.draw((0.5, 0.75))
    gait = Gait(
        speed=speed, step=0.8 * walking_step(speed, actor.body.stature), duty=0.61, lift=actor.draw((0.05, 0.12)),
        peak=0.5, width=0.055, crouch=-actor.draw((0.02, 0.05)), bounce=0.01, leave=pitch - 0.1, swing=pitch - 0.15,
        land=pitch, toes=pitch, ramp=(1.2, 1.4),
    )  # fmt: skip
    spread = actor.draw((0.13, 0.6))
    arm = ArmAngles(swing=actor.draw((0.0, 0.4)), raised=spread, twist=0.3, elbow=actor.draw((0.3, 1.2)))
    return Going(gait, UpperBody(lean=actor.draw((0.0, 0.12)), arms=(arm, arm), arm_swing=0.1))


def _circle(actor: Actor, targets: Targets, is_last: bool) -> bool:
    path = draw_circle(actor, CIRCLE_RADII, actor.draw(CIRCLE_TURNS))
    if path is None:
        return False
    speed = actor.draw(CIRCLE_SPEEDS)
    gait, arm = walking_gait(actor, speed), _arms(speed)
    timeline = stand_at(actor, path, 0.0, 0.1)
    count = steps_of(path.length, gait)
    upper = UpperBody(arms=(arm, arm), arm_swing=0.12 + 0.18 * speed)
    write_strides(timeline, path, gait, upper, contacts=in_turn(gait, count, int(actor.rng.integers(2))), count=count)
    return True


def _has_circle(setting: Setting) -> list[tuple[int, ...]]:
    return circle_room(setting, CIRCLE_RADII[0])


def walked_forward(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body goes forwards, one foot always on the floor."""
    if run_spells(motion):
        return []
    spells = travel_spells(motion, 0.0, WALKED)
    return [start for start, end in spells if not leaves_floor(motion, start, end)]


def walked_backward(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body goes where its back points."""
    return [start for start, _ in travel_spells(motion, np.pi, BACKED)]


def tiptoed(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The body walks, and its heels stay high above the balls of the feet that carry it."""
    found = []
    for start, end in travel_spells(motion, 0.0, ON_TOES_WALKED):
        slope = planted_slope(motion, start, end)
        if len(slope) and np.percentile(slope, 25) > ON_TOES:
            found.append(start)
    return found


def walked_in_a_circle(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """The way turns a full round to one side."""
    if run_spells(motion):
        return []
    return circled(motion, NEAR_FULL)


WALK_ABOUT: Final = gait_action(
    "walk about",
    draw=walk_forward,
    floor=Floor(least=FORWARD_WAY, most=6.0),
    seconds=3.0,
    detect=walked_forward,
    phrases=Phrases(general=("walk",), bare=(
        "~walk", "~walk", "~walk forward", "~walk forwards", "~go for a walk", "~walk a few steps", "~take a few steps",
        "~walk along", "~walk ahead",
    ), tells_walk=True),
    weight=1.6,
    incidental=True,
)  # fmt: skip
WALK_BACKWARD: Final = gait_action(
    "walk backwards",
    draw=walk_backward,
    floor=Floor(least=BACKWARD_WAY, most=3.5),
    seconds=3.0,
    detect=walked_backward,
    phrases=Phrases(general=("walk",), bare=(
        "~walk backwards", "~walk backward", "~walk in reverse", "~go backwards", "~take several steps back",
        "~step backwards", "~back up",
    ), tells_walk=False),
    weight=1.0,
)  # fmt: skip
TIPTOE: Final = gait_action(
    "tiptoe",
    draw=tiptoe,
    floor=Floor(least=TIPTOE_WAY, most=3.5),
    seconds=3.4,
    detect=tiptoed,
    phrases=Phrases(
        general=("walk",),
        bare=(
            "~walk on tiptoe",
            "~walk on {your} toes",
            "~go on tiptoe",
            "~walk with {your} heels up",
            "~step along on the balls of {your} feet",
        ),
        tells_walk=True,
    ),
    weight=0.6,
)
WALK_IN_A_CIRCLE: Final = ActionSpec(
    name=ActionName("walk in a circle"),
    arity=0,
    perform=_circle,
    find_targets=_has_circle,
    seconds=6.0,
    detect=walked_in_a_circle,
    extent=Extent(is_walk=True),
    phrases=Phrases(general=("walk",), bare=(
            "~walk in a circle", "~walk in circles", "~walk round in a circle", "~circle around",
            "~walk around in a circle",
        ),
        ),
    sampling=Sampling(weight=0.7),
    hard_negatives=HardNegativeRules(),
)  # fmt: skip
