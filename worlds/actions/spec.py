"""What the generator knows of one action, in one record: how it is done, recognised, said, drawn and contradicted.

A new action is one module that builds an `ActionSpec`, and one line in `registry`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from monster.arrays import BoolArray
from worlds.actions.performing.actor import Actor, Setting
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, PlacedObject, Targets

Perform = Callable[[Actor, Targets, bool], bool]
FindTargets = Callable[[Setting], list[tuple[int, ...]]]
Detect = Callable[[MotionKinematics, Targets, FloorPlan], list[int]]
DetectSide = Callable[[MotionKinematics, Targets, FloorPlan, int], list[int]]  # side: 0 left, 1 right
Rest = Callable[[PlacedObject, MotionKinematics], BoolArray]
HandUse = Literal["free", "any", "fill", "empty"]

# Metres over the floor between the pelvis and the nearest side of a target, within which an action can be done to it.
UNDER_BODY: Final = 0.5  # the body is on the target or above it
NEAR_BODY: Final = 1.8
FROM_AFAR: Final = float("inf")


@dataclass(frozen=True)
class Tail:
    """The end of a sentence that ties a recorded clip to the room where it was placed: "around {o}".

    A clip gets the tails of least ``rank`` among those that are proven: they are the most specific.
    """

    text: str
    rank: int


@dataclass(frozen=True, kw_only=True)
class Phrases:
    """The verb phrases of an action.

    ``~`` marks every verb that is inflected, ``{o}`` the first target, ``{p}`` the second, ``{your}`` and ``{they}``
    the subject's pronouns. ``named`` holds phrases with targets, ``bare`` phrases without; an action without targets
    has bare ones only. ``counted`` are bare phrases with ``{times}`` ("twice") or ``{n}`` ("two"), of actions that the
    detector finds once each time. ``general`` names the more general actions (`worlds.actions.general`) that this one
    is a kind of, the nearest first.
    """

    bare: tuple[str, ...]
    named: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    general: tuple[str, ...] = ()
    tail: Tail | None = None
    tells_walk: bool = True  # whether a caption that begins with this action may tell the pace and turn of a walk


@dataclass(frozen=True)
class Sided:
    """How the side of an action is recognised and said.

    ``detect`` lists the frames at which the action is done with that limb, or towards that side. In the phrases
    ``{hand}``, ``{arm}``, ``{foot}``, ``{leg}``, ``{fist}`` and ``{knee}`` become the limb of that side ("the left
    hand"), ``{side}`` the direction ("to the left").
    """

    detect: DetectSide
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Successor:
    """The action on the same targets that comes next with this probability; 1 means that nothing else can follow."""

    action: ActionName
    probability: float


@dataclass(frozen=True, kw_only=True)
class Sampling:
    """How often an action is drawn, and at which places of an action sequence.

    ``hands``: "free", it needs free hands; "any", it can be done while carrying; "fill", it takes something into both
    hands; "empty", it puts down what they carry.
    """

    weight: float = 1.0  # relative frequency; 1 for an ordinary action with a target
    starts_at_target: bool = False  # begins seated, lying or beside its target, so it is never drawn after another
    needs_new_target: bool = False  # pointless on a target of the action before
    hands: HandUse = "free"
    successor: Successor | None = None


@dataclass(frozen=True, kw_only=True)
class HardNegativeRules:
    """Which false captions may name an action.

    ``suits``: objects of which a person might say that the action is done to them. ``incidental``: many bodies do it on
    the way to something else, so a caption that names it in place of another action may be true.
    """

    suits: Callable[[PlacedObject], bool] = lambda _: True
    incidental: bool = False


@dataclass(frozen=True, kw_only=True)
class Extent:
    """Which frames around a detected one belong to an action: by default those that the detector needs to find it.

    ``rest(target, kinematics)`` gives the frames (frames,) in which a body rests on the target: a resting action takes
    all of them (``starts_rest``), rising takes those after the last of them (``ends_rest``).
    """

    starts_rest: Rest | None = None
    ends_rest: Rest | None = None
    is_walk: bool = False  # takes the whole walk


@dataclass(frozen=True, kw_only=True)
class ActionSpec:
    """One action.

    ``perform(actor, targets, is_last)`` appends the action, with the walk to it, to the actor's timeline, and returns
    False if it cannot be done there. ``find_targets(setting)`` lists the target ids that it can probably be done to:
    one empty tuple for an action without targets. ``seconds`` is its usual duration without the walk.

    ``detect(kinematics, targets, floor_plan)`` lists the frames at which it is done to these targets, from the geometry
    alone: the first frame of every stretch that is long enough. ``reach`` bounds the distance to a target, and
    ``touches`` says that the hands meet the target, so that contact with it is no collision.
    """

    name: ActionName
    arity: int = 1  # number of targets: 0, 1 or 2
    perform: Perform
    find_targets: FindTargets
    seconds: float
    detect: Detect
    phrases: Phrases
    sided: Sided | None = None
    reach: float = NEAR_BODY
    touches: bool = False
    extent: Extent = Extent()
    sampling: Sampling = Sampling()
    hard_negatives: HardNegativeRules = HardNegativeRules()
