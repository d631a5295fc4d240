"""Wrong captions that differ from a true one in an object, an action, the order, pace, side, count or direction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any, Final, get_args

import numpy as np

from worlds.actions.detecting.movements import Way
from worlds.actions.general import GENERAL, phrases_of
from worlds.actions.registry import ACTIONS
from worlds.captions import PATTERNS, Caption, Pattern, can_tell_way, drawn_phrase, patterns_of
from worlds.captions.facts import counts_of
from worlds.checker.claims import Claim, Step
from worlds.checker.records import claim_to_json
from worlds.geometry.kinematics import Pace, Turn
from worlds.hard_negatives.original import Original
from worlds.hard_negatives.sides import OPPOSITE, names_side, opposite
from worlds.types import ActionName, PlacedObject

_TRIES: Final = 5
_FARTHEST_COUNT: Final = 3  # between a true count and a false one


def other_objects(original: Original) -> Iterator[dict[str, Any]]:
    """Another object of the room in place of one: one of the same category and one of another, where there are."""
    for same in (True, False):
        found = next(_with_other_object(original, same=same), None)
        if found is not None:
            yield found


def _with_other_object(original: Original, *, same: bool) -> Iterator[dict[str, Any]]:
    for object_ in _shuffled(original, original.targets):
        actions = [event.action for event in original.actions if object_.id in event.targets]
        rivals = [
            other
            for other in original.floor_plan.room.objects
            if other not in original.targets
            and (other.category == object_.category) == same
            and all(suits(action, other) for action in actions)
        ]
        for other in _shuffled(original, rivals)[:_TRIES]:
            phrase = drawn_phrase(original.floor_plan, original.motion, other.id, original.rng)
            if phrase is not None:
                yield from _reworded("other object", original, _replaced(original, object_.id, phrase))


def _replaced(original: Original, target: int, phrase: Any) -> Claim:
    steps = []
    for event, step in zip(original.actions, original.claim.steps, strict=True):
        named = zip(event.targets, step.objects, strict=True)
        steps.append(replace(step, objects=tuple(phrase if one == target else known for one, known in named)))
    return replace(original.claim, steps=tuple(steps))


def other_actions(original: Original) -> Iterator[dict[str, Any]]:
    """Another action in place of one of those done, to the same objects."""
    for index in _shuffled(original, range(len(original.actions))):
        event = original.actions[index]
        targets = [original.floor_plan.room.by_id(target) for target in event.targets]
        others = [
            spec.name
            for spec in ACTIONS
            if spec.arity == len(targets)
            and not spec.hard_negatives.incidental
            and spec.name not in {known.action for known in original.actions}
            and all(spec.hard_negatives.suits(object_) for object_ in targets)
        ]
        for action in _shuffled(original, others)[:_TRIES]:
            steps = list(original.claim.steps)
            steps[index] = Step(action, steps[index].objects)
            yield from _reworded("other action", original, replace(original.claim, steps=tuple(steps)))


def other_plain_actions(original: Original) -> Iterator[dict[str, Any]]:
    """Another action in a scene-free caption, one that is a kind of the same where there is one."""
    plain = [caption for caption in original.captions if PATTERNS[caption.pattern].style == "plain"]
    for caption in _shuffled(original, plain):
        index = int(original.rng.integers(len(caption.claim.steps)))
        own = caption.claim.steps[index].action
        names: list[ActionName] = [*(general.name for general in GENERAL.values()), *ACTIONS.names]
        others = _shuffled(original, [name for name in names if name != own])
        others.sort(key=lambda name: not _are_kin(own, name))
        for name in others[:_TRIES]:
            yield from _reworded("other action", original, _with_step(caption.claim, index, Step(name)), of=caption)


def _are_kin(one: str, other: str) -> bool:
    return bool(set(phrases_of(one).general) & set(phrases_of(other).general))


def other_orders(original: Original) -> Iterator[dict[str, Any]]:
    """The same actions in another order."""
    steps = original.claim.steps
    for order in _shuffled(original, list(permutations(range(len(steps))))[1:]):
        yield from _reworded("other order", original, replace(original.claim, steps=tuple(steps[i] for i in order)))


def other_paces(original: Original) -> Iterator[dict[str, Any]]:
    """Quickly for slowly and the other way round: of what the caption says of the walk, or of what it could say."""
    pace, turn = _of_walk(original)
    if pace is None:
        return
    changed: Pace = "quickly" if pace == "slowly" else "slowly"
    fitting = [other for other in _fellows(original) if other.tells_pace and (not other.tells_turn or turn is not None)]
    yield from _in_pattern("other pace", original, fitting, pace=changed, turn=turn)


def other_sides(original: Original) -> Iterator[dict[str, Any]]:
    """Left for right and the other way round: in each caption that names a side, or of the way that the walk bends."""
    for caption in original.captions:
        if names_side(caption.claim):
            yield from _reworded("other side", original, opposite(caption.claim), of=caption)
    pace, turn = _of_walk(original)
    if turn in OPPOSITE:
        bent: Turn = OPPOSITE[turn]
        fitting = [one for one in _fellows(original) if one.tells_turn and (not one.tells_pace or pace is not None)]
        yield from _in_pattern("other side", original, fitting, pace=pace, turn=bent)


def other_counts(original: Original) -> Iterator[dict[str, Any]]:
    """Another number in each caption that says how often something is done, or how many steps are walked."""
    for caption in original.captions:
        for index, step in enumerate(caption.claim.steps):
            if step.count is None:
                continue
            others = [count for count in counts_of(step.action) if 0 < abs(count - step.count) <= _FARTHEST_COUNT]
            for count in _shuffled(original, others):
                claim = _with_step(caption.claim, index, replace(step, count=count))
                yield from _reworded("other count", original, claim, of=caption)


def other_directions(original: Original) -> Iterator[dict[str, Any]]:
    """Backward for forward and so on, in each caption that says in which direction the body walks."""
    for caption in original.captions:
        for index, step in enumerate(caption.claim.steps):
            if step.way is None:
                continue
            for way in _shuffled(original, [way for way in get_args(Way) if way != step.way]):
                claim = _with_step(caption.claim, index, replace(step, way=way, side=None))
                yield from _reworded("other direction", original, claim, of=caption)


def _with_step(claim: Claim, index: int, step: Step) -> Claim:
    return replace(claim, steps=(*claim.steps[:index], step, *claim.steps[index + 1 :]))


def _of_walk(original: Original) -> tuple[Pace | None, Turn | None]:
    """The pace and turn that the first caption could tell."""
    moving = can_tell_way(original.claim.steps)
    return (original.motion.pace, original.motion.turn) if moving else (None, None)


def _fellows(original: Original) -> list[Pattern]:
    """The patterns that tell as much as that of the first caption, besides pace and turn."""
    pattern = PATTERNS[original.caption.pattern]
    return [other for other in patterns_of(pattern.style, pattern.deeds) if other.tells_room == pattern.tells_room]


def _in_pattern(
    kind: str, original: Original, fitting: list[Pattern], *, pace: Pace | None, turn: Turn | None
) -> Iterator[dict[str, Any]]:
    """The claim with that pace and turn in the caption's own pattern where it tells them, else in another one."""
    own = [pattern for pattern in fitting if pattern.id == original.caption.pattern]
    for pattern in own or _shuffled(original, fitting)[:1]:
        claim = replace(
            original.claim, pace=pace if pattern.tells_pace else None, turn=turn if pattern.tells_turn else None
        )
        yield from _reworded(kind, original, claim, replace(original.caption, pattern=pattern.id))


def suits(action: ActionName, object_: PlacedObject) -> bool:
    """Whether a person might say that the action is done to such an object."""
    return ACTIONS[action].hard_negatives.suits(object_)


def _reworded(kind: str, original: Original, claim: Claim, of: Caption | None = None) -> Iterator[dict[str, Any]]:
    """The hard negative in the words of a caption (the first), if it is false and differs from the true captions."""
    words = of or original.caption
    caption = Caption.of(claim, words.pattern, words.seed)
    if all(caption.text != true.text for true in original.captions) and original.is_false(claim):
        yield {"kind": kind, "caption": caption.text, "claim": claim_to_json(claim)}


def _shuffled(original: Original, values: Any) -> list[Any]:
    kept = list(values)
    return [kept[int(index)] for index in np.asarray(original.rng.permutation(len(kept)))]
