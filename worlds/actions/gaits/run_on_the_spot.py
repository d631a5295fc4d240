"""Run on the spot."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.gaits import spot_run
from worlds.actions.free.move import free_action
from worlds.actions.gaits.run import CADENCE_SPREAD, Paces, gait_at
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.striding import go_in_turn
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.paths import Path
from worlds.types import Targets

PACES: Final = Paces((2.0, 3.6), (0.02, 0.15), (1.3, 2.0), (0.2, 0.42))
STEPS: Final = (7, 13)


def run_on_the_spot(actor: Actor, timeline: Timeline) -> None:
    """Running steps that lead nowhere."""
    gait, upper = gait_at(actor, actor.draw(PACES.speeds) * actor.draw(CADENCE_SPREAD), PACES)
    stand = timeline.stand
    spot = Path(np.array([[stand.x, stand.y]] * 2), np.array([stand.yaw] * 2), 0.0)
    go_in_turn(timeline, spot, gait, upper, first=int(actor.rng.integers(2)), count=int(actor.rng.integers(*STEPS)))


def ran_on_the_spot(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Feet fly up in turn, with moments at which neither is on the floor, and the body stays where it is."""
    return spot_run(motion)


RUN_ON_THE_SPOT: Final = free_action(
    "run on the spot",
    move=run_on_the_spot,
    seconds=3.6,
    detect=ran_on_the_spot,
    phrases=Phrases(tells_walk=False, general=("exercise",), bare=(
        "~run on the spot", "~run in place", "~jog on the spot", "~jog in place", "~run without moving forward",
    )),
)  # fmt: skip
