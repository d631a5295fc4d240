"""What a caption may say of a performance beyond its actions: sides, counts, directions, general words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, get_args

from worlds.actions.detecting.movements import Way, path_length, walks
from worlds.actions.general import GENERAL, parents_of, phrases_of, sided_phrases
from worlds.captions.nouns import Random
from worlds.checker.claims import SIDES, Claim, Observation, Side, Step
from worlds.types import ActionInstance, ActionName

SIDE_SHARE, COUNT_SHARE, WAY_SHARE = 0.6, 0.4, 0.6  # of the steps that can say it
GENERAL_SHARE: Final = 0.4  # of the steps that have a more general word
SAID_WALK: Final = 1.2  # metres of a walk that is worth a word beside another action
WALK_SHARE: Final = 0.5  # of the actions on a spot that the body walks to
MOST: Final = 8  # of what is counted
LONGEST: Final = 3  # steps
_WALK, _TURN = Step(ActionName("walk")), Step(ActionName("turn"))


def holds(step: Step, observation: Observation) -> bool:
    """Whether the step alone is true."""
    return observation.proves(Claim((step,)))


def marked(step: Step, observation: Observation, rng: Random) -> Step:
    """The step with its side, count or direction in some of the cases in which they are proven."""
    if step.action in GENERAL and GENERAL[step.action].moving and rng.random() < WAY_SHARE:
        way = way_of(step, observation)
        if way is not None:
            return replace(step, way=way)
    if sided_phrases(step.action) and rng.random() < SIDE_SHARE:
        side = side_of(step, observation)
        step = step if side is None else replace(step, side=side)
    if phrases_of(step.action).counted and step.side != "both" and rng.random() < COUNT_SHARE:
        count = observation.times(step)
        step = replace(step, count=count) if count in counts_of(step.action) else step
    return step


def counts_of(action: str) -> range:
    """The numbers that the phrases of an action can say: "once" is said of what has a phrase with "times"."""
    once = any("{times}" in phrase for phrase in phrases_of(action).counted)
    return range(1 if once else 2, MOST + 1)


def side_of(step: Step, observation: Observation) -> Side | None:
    """The one side of which the step is true; "both" if it is true of both limbs."""
    sides: list[Side] = [side for side in SIDES if holds(replace(step, side=side), observation)]
    if len(sides) == 2:
        is_turn = step.action.startswith("turn")
        return None if is_turn or not _has_limbs(step) else "both"
    return sides[0] if sides else None


def _has_limbs(step: Step) -> bool:
    return all("{side}" not in phrase for phrase in sided_phrases(step.action))


def way_of(step: Step, observation: Observation) -> Way | None:
    """The one direction of which the step is true."""
    ways: list[Way] = [way for way in get_args(Way) if holds(replace(step, way=way), observation)]
    return ways[0] if len(ways) == 1 else None


def whole(actions: Sequence[ActionInstance], observation: Observation, rng: Random) -> tuple[Step, ...]:
    """The actions in their order without their objects, some by a more general word, with the walk to the first."""
    steps: list[Step] = []
    for instance in actions:
        step = Step(instance.action)
        above = generals(step, observation)
        if above and rng.random() < GENERAL_SHARE:
            step = above[int(rng.integers(len(above)))]
        if not steps and _WALK not in (step, *above) and _walks(observation) and rng.random() < WALK_SHARE:
            steps.append(_WALK)
        if step not in steps:
            steps.append(step)
    return tuple(marked(step, observation, rng) for step in steps[:LONGEST])


def part(actions: Sequence[ActionInstance], observation: Observation, rng: Random) -> tuple[Step, ...]:
    """One thing that the body does: an action, a more general word for it, a walk or a turn."""
    own = [Step(instance.action) for instance in actions]
    above = [general for step in own for general in generals(step, observation)]
    walk = [_WALK] if _walks(observation) else []
    turn = [_TURN] if holds(_TURN, observation) else []
    options = list(dict.fromkeys((*own, *above, *walk, *turn)))
    return (marked(options[int(rng.integers(len(options)))], observation, rng),)


def _walks(observation: Observation) -> bool:
    seen = observation.motion
    return any(path_length(seen, start, end) >= SAID_WALK for start, end in walks(seen))


def goes(step: Step) -> bool:
    """Whether the step says that the body goes somewhere, so that a pace and a turn are its own."""
    return "move" in (step.action, *(general.name for general in parents_of(step.action)))


def generals(step: Step, observation: Observation) -> list[Step]:
    """The more general words for an action that are proven."""
    found = [Step(general.name) for general in parents_of(step.action)]
    return [general for general in found if holds(general, observation)]
