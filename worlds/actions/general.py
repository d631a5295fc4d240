"""Words for more than one action: "walks" is true of every walk, "gets down" of sitting, kneeling and lying.

Each general action is recognised from the body alone. Its thresholds are lower than those of the actions below it, so
that it is found wherever a person could say it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from worlds.actions.detecting import movements
from worlds.actions.detecting.movements import Way
from worlds.actions.registry import ACTIONS
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, Room

Find = Callable[[MotionKinematics], list[int]]
FindSide = Callable[[MotionKinematics, int], list[int]]


@dataclass(frozen=True, kw_only=True)
class GeneralAction:
    """An action that others are kinds of.

    ``find`` lists the frames at which it is done, ``find_side`` those
    with the limb of a side (0 left, 1 right) or towards it. Phrases: see `worlds.actions.spec`.
    """

    name: ActionName
    find: Find
    phrases: Phrases
    find_side: FindSide | None = None
    sided: tuple[str, ...] = ()
    moving: dict[Way, tuple[str, ...]] | None = None  # phrases of a direction


def _either(find: FindSide) -> Find:
    return lambda motion: sorted({*find(motion, 0), *find(motion, 1)})


def _kinds(name: str) -> Find:
    """Finds the actions without an object that are kinds of the general one."""

    def find(motion: MotionKinematics) -> list[int]:
        kinds = [spec for spec in ACTIONS if name in spec.phrases.general and not spec.arity]
        return sorted({frame for spec in kinds for frame in spec.detect(motion, (), _NOWHERE)})

    return find


_NOWHERE: Final = FloorPlan(Room("", np.zeros((0, 2)), 0.0, (), ()))
_GENERAL: Final = (
    GeneralAction(
        name=ActionName("walk"),
        find=lambda motion: [start for start, _ in movements.walks(motion)],
        phrases=Phrases(
            bare=("~walk", "~walk", "~walk", "~take a few steps", "~walk along", "~walk a bit"),
            general=("move",),
            counted=("~take {n} steps", "~walk {n} steps", "~walk for {n} steps"),
        ),
        moving={
            "forward": (
                "~walk forward",
                "~walk forwards",
                "~walk ahead",
                "~step forward",
                "~move forward",
                "~go forward",
            ),
            "backward": (
                "~walk backwards",
                "~walk backward",
                "~step back",
                "~back up",
                "~move backwards",
                "~go backward",
            ),
            "sideways": ("~step sideways {side}", "~walk sideways {side}", "~sidestep {side}", "~move {side}"),
        },
    ),
    GeneralAction(
        name=ActionName("move"),
        find=movements.moves,
        phrases=Phrases(
            bare=(
                "~move",
                "~go somewhere",
                "~move to another place",
                "~move across the floor",
            )
        ),
    ),
    GeneralAction(
        name=ActionName("turn"),
        find=_either(movements.turns),
        find_side=movements.turns,
        phrases=Phrases(bare=("~turn", "~turn {your} body", "~rotate", "~change direction"), tells_walk=False),
        sided=("~turn {side}", "~turn {side}", "~turn {your} body {side}", "~rotate {side}", "~make a turn {side}"),
    ),
    GeneralAction(
        name=ActionName("get down"),
        find=movements.lowered,
        phrases=Phrases(
            bare=("~get down", "~lower {your} body", "~go down", "~bend {your} knees and ~go down"),
            tells_walk=False,
        ),
    ),
    GeneralAction(
        name=ActionName("get up"),
        find=movements.rose,
        phrases=Phrases(bare=("~get up", "~stand up", "~rise", "~rise to {your} feet"), tells_walk=False),
    ),
    GeneralAction(
        name=ActionName("raise a hand"),
        find=_either(movements.hand_raised),
        find_side=movements.hand_raised,
        phrases=Phrases(bare=("~raise a hand", "~lift an arm", "~raise an arm", "~put a hand up"), tells_walk=False),
        sided=("~raise {hand}", "~raise {arm}", "~lift {arm}", "~lift {hand}", "~put {hand} up", "~hold {arm} up"),
    ),
    GeneralAction(
        name=ActionName("move an arm"),
        find=_either(movements.hand_moved),
        find_side=movements.hand_moved,
        phrases=Phrases(
            bare=("~move an arm", "~use {your} hands", "~do something with {your} hands"),
            tells_walk=False,
        ),
        sided=(
            "~move {arm}",
            "~use {hand}",
            "~move {hand}",
            "~do something with {hand}",
        ),
    ),
    GeneralAction(
        name=ActionName("raise a foot"),
        find=_either(movements.foot_raised),
        find_side=movements.foot_raised,
        phrases=Phrases(bare=("~lift a foot", "~raise a leg", "~lift a leg", "~stand on one leg"), tells_walk=False),
        sided=("~lift {foot}", "~raise {leg}", "~lift {leg}", "~move {leg}"),
    ),
    GeneralAction(
        name=ActionName("bend over"),
        find=movements.bent,
        phrases=Phrases(
            bare=("~bend over", "~bend forward", "~lean forward", "~bend down", "~stoop"), tells_walk=False
        ),
    ),
    GeneralAction(
        name=ActionName("leave the floor"),
        find=movements.off_floor,
        phrases=Phrases(
            bare=("~jump", "~jump off the floor", "~lift off the floor", "~leap up", "~jump around"), tells_walk=False
        ),
    ),
    GeneralAction(
        name=ActionName("stand still"),
        find=movements.still,
        phrases=Phrases(
            bare=("~stand still", "~stand there", "~stand in place", "~stay still", "~stand without moving"),
            tells_walk=False,
        ),
    ),
    GeneralAction(
        name=ActionName("exercise"),
        find=_kinds("exercise"),
        phrases=Phrases(bare=("~exercise", "~work out", "~do an exercise", "~do a workout"), tells_walk=False),
    ),
    GeneralAction(
        name=ActionName("limp"),
        find=_kinds("limp"),
        phrases=Phrases(
            general=("walk",),
            bare=(
                "~limp",
                "~limp along",
                "~walk with a limp",
                "~hobble",
                "~limp across the room",
                "~hobble along",
                "~walk as if one leg hurts",
            ),
        ),
    ),
    GeneralAction(
        name=ActionName("hop"),
        find=_kinds("hop"),
        phrases=Phrases(
            general=("move",),
            bare=(
                "~hop",
                "~hop on one leg",
                "~hop on one foot",
                "~hop forward on one leg",
                "~hop along on one foot",
                "~jump on one leg",
            ),
            tells_walk=False,
        ),
    ),
    GeneralAction(
        name=ActionName("step aside"),
        find=_kinds("step aside"),
        phrases=Phrases(
            general=("walk",),
            bare=("~walk sideways", "~step sideways", "~sidestep", "~step to the side", "~shuffle sideways"),
            tells_walk=False,
        ),
    ),
    GeneralAction(
        name=ActionName("fight"),
        find=_kinds("fight"),
        phrases=Phrases(bare=("~fight", "~do martial arts", "~make a fighting move", "~strike out"), tells_walk=False),
    ),
)
GENERAL: Final[dict[str, GeneralAction]] = {action.name: action for action in _GENERAL}


def parents_of(action: str) -> list[GeneralAction]:
    """The general actions that the action is a kind of, from the nearest up."""
    nearest = [GENERAL[name] for name in phrases_of(action).general]
    above = [general for parent in nearest for general in parents_of(parent.name) if general not in nearest]
    return nearest + above


def phrases_of(action: str) -> Phrases:
    """The phrases of an action or general action. Raises InputError if there is none of that name."""
    return GENERAL[action].phrases if action in GENERAL else ACTIONS[action].phrases


def sided_phrases(action: str) -> tuple[str, ...]:
    """The phrases of an action or general action that name a side; empty if it has none."""
    if action in GENERAL:
        return GENERAL[action].sided
    sided = ACTIONS[action].sided
    return () if sided is None else sided.phrases
