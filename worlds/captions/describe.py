"""Captions of a performance in several styles, each proven by the checker."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from worlds.actions.general import phrases_of
from worlds.captions import facts
from worlds.captions.nouns import Random
from worlds.captions.patterns import PATTERNS, Pattern, patterns_of
from worlds.captions.realise import realise
from worlds.captions.skeletons import Style
from worlds.checker.claims import Claim, Observation, Step
from worlds.geometry.kinematics import MotionKinematics, Pace, Turn
from worlds.geometry.relations import FloorPlan, ReferringExpression, Relation
from worlds.types import ActionInstance, Performance

_WEIGHT: Final[dict[Relation, float]] = {
    "only": 0.6, "next to": 1.0, "closest to": 1.0, "farthest from": 0.6, "in front of": 0.9, "facing": 0.8, "on": 0.8,
    "between": 1.0, "against the wall": 0.5, "in the corner": 0.7, "on the left": 0.5, "on the right": 0.5,
}  # fmt: skip
_PLAIN_SHARE: Final = 0.35  # of captions that tell neither pace nor turn where they could
_TRIES: Final = 6
_WHOLE_SHARE: Final = 0.5  # of the plain captions, which tell all actions; the others tell one thing


@dataclass(frozen=True)
class Caption:
    """A caption, the claim that it makes, the id of its pattern and the seed of its other words."""

    text: str
    claim: Claim
    pattern: str
    seed: int

    @classmethod
    def of(cls, claim: Claim, pattern: str, seed: int) -> Caption:
        """The claim in the words of that pattern, chosen by the seed."""
        return cls(realise(claim, PATTERNS[pattern], np.random.default_rng(seed)), claim, pattern, seed)


def describe(performance: Performance, plan: FloorPlan, rng: Random, count: int = 4) -> list[Caption]:
    """Up to ``count`` captions in different styles, each of which the checker found true.

    The first is in the third person and names its objects unambiguously; the last one is scene-free, and so are up to
    two before it in plain words. Empty if the checker does not confirm the performed actions.
    """
    observation = Observation(plan, MotionKinematics.of(performance.joints))
    first = _caption("third", performance.actions, observation, rng)
    if first is None:
        return []
    others: tuple[Style, ...] = ("order", "terse", "long")
    plain = min(2, max(0, count - 2))
    between = [others[int(i)] for i in rng.permutation(len(others))][: max(0, count - 2 - plain)]
    wanted: list[Style] = [*between, *["plain"] * plain, "bare"] if count > 1 else []  # type: ignore[list-item]
    captions = {first.text: first}
    for style in wanted:
        caption = _caption(style, performance.actions, observation, rng, excluded=tuple(captions))
        if caption is not None:
            captions[caption.text] = caption
    return list(captions.values())


def _caption(
    style: Style,
    instances: Sequence[ActionInstance],
    observation: Observation,
    rng: Random,
    *,
    excluded: tuple[str, ...] = (),
) -> Caption | None:
    """A true caption in that style with a text that is not ``excluded``; None if there is none."""
    seen = observation.motion
    for _ in range(_TRIES):
        steps = _said(style, instances, observation, rng)
        if steps is None:
            return None
        pattern = _drawn(style, steps, seen, rng)
        claim = Claim(
            steps,
            pace=seen.pace if pattern.tells_pace else None,
            turn=seen.turn if pattern.tells_turn else None,
            room=observation.floor_plan.room.kind if pattern.tells_room else None,
        )
        caption = Caption.of(claim, pattern.id, int(rng.integers(2**32)))
        if caption.text not in excluded and observation.proves(claim):
            return caption
    return None


def can_tell_way(steps: Sequence[Step]) -> bool:
    """Whether a caption of these steps may tell the pace and turn of a walk: not if they begin on the spot."""
    return phrases_of(steps[0].action).tells_walk


def _said(
    style: Style, instances: Sequence[ActionInstance], observation: Observation, rng: Random
) -> tuple[Step, ...] | None:
    """The steps that a caption of the style tells: with objects, or without any of the scene."""
    if style == "plain":
        choose = facts.whole if rng.random() < _WHOLE_SHARE else facts.part
        return choose(instances, observation, rng)
    bare = tuple(Step(instance.action) for instance in instances)
    steps = bare if style == "bare" else _steps(instances, observation.floor_plan, observation.motion, rng)
    if steps is None:
        return None
    return tuple(facts.marked(step, observation, rng) for step in steps)


def _drawn(style: Style, steps: tuple[Step, ...], seen: MotionKinematics, rng: Random) -> Pattern:
    """A pattern whose slots can be filled."""
    moving = facts.goes(steps[0]) if style == "plain" else can_tell_way(steps)
    pace: Pace | None = seen.pace if moving else None
    turn: Turn | None = seen.turn if moving else None
    plain = rng.random() < _PLAIN_SHARE
    fitting = [
        pattern
        for pattern in patterns_of(style, len(steps))
        if not (pattern.tells_pace and (plain or pace is None)) and not (pattern.tells_turn and (plain or turn is None))
    ]
    weights = np.array([3.0 if pattern.tells_pace or pattern.tells_turn else 1.0 for pattern in fitting])
    return fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))]


def _steps(
    instances: Sequence[ActionInstance], plan: FloorPlan, seen: MotionKinematics, rng: Random
) -> tuple[Step, ...] | None:
    """The steps with phrases for their objects: an object keeps its phrase from one step to the next."""
    known: dict[int, ReferringExpression] = {}
    for target in (target for instance in instances for target in instance.targets):
        if target not in known:
            phrase = drawn_phrase(plan, seen, target, rng)
            if phrase is None:
                return None
            known[target] = phrase
    return tuple(Step(instance.action, tuple(known[target] for target in instance.targets)) for instance in instances)


def drawn_phrase(plan: FloorPlan, seen: MotionKinematics, instance: int, rng: Random) -> ReferringExpression | None:
    """A phrase that singles the object out for this walker, its relation by weight; None when there is none."""
    found = plan.phrases(instance, seen.viewer)
    if not found:
        return None
    kinds = Counter(phrase.relation for phrase in found)
    weights = np.array([_WEIGHT[phrase.relation] / kinds[phrase.relation] for phrase in found])
    return found[int(rng.choice(len(found), p=weights / weights.sum()))]
