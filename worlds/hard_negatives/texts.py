"""Captions that are false of their item by one word or so: another object, action, order or pace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from typing import Any, Final

import numpy as np

from worlds.captions import PATTERNS, Caption, Pattern, can_tell_way, drawn_phrase, patterns_of
from worlds.checker.claims import Claim, Step
from worlds.checker.kinematics import Pace, Turn
from worlds.checker.records import claim_to_json
from worlds.detectors import MOMENTS
from worlds.hard_negatives.original import Original
from worlds.types import FREE_ACTIONS, Action, PlacedObject, arity

_TRIES: Final = 5
_KNOCKED: Final = ("door", "wardrobe", "cabinet")
# What many bodies do by the way to what they do something else to: a person might call it true.
_BY_THE_WAY: Final[frozenset[Action]] = frozenset({"walk to", "look at", "turn to", "reach for", "walk past"})
_SUITS: Final[dict[Action, Callable[[PlacedObject], bool]]] = {
    "sit on": lambda thing: bool(thing.seats),
    "stand up from": lambda thing: bool(thing.seats),
    "lie on": lambda thing: thing.lying is not None,
    "get up from": lambda thing: thing.lying is not None,
    "reach for": lambda thing: bool(thing.handles),
    "open": lambda thing: bool(thing.grips),
    "pick up": lambda thing: thing.portable,
    "put down on": lambda thing: thing.top is not None,
    "wipe": lambda thing: thing.top is not None,
    "lean on": lambda thing: thing.top is not None and 0.6 <= thing.top[4] <= 1.15,
    "wash hands at": lambda thing: thing.basin is not None,
    "knock on": lambda thing: thing.category in _KNOCKED,
    "step over": lambda thing: thing.size[2] <= 0.35 and thing.position[2] < 0.05,
}


def other_objects(original: Original) -> Iterator[dict[str, Any]]:
    """Another object of the room in place of one: one of the same category and one of another, where there are."""
    for same in (True, False):
        found = next(_with_other_object(original, same=same), None)
        if found is not None:
            yield found


def _with_other_object(original: Original, *, same: bool) -> Iterator[dict[str, Any]]:
    for thing in _shuffled(original, original.things):
        actions = [event.action for event in original.events if thing.id in event.targets]
        rivals = [
            other
            for other in original.plan.room.objects
            if other not in original.things
            and (other.category == thing.category) == same
            and all(suits(action, other) for action in actions)
        ]
        for other in _shuffled(original, rivals)[:_TRIES]:
            phrase = drawn_phrase(original.plan, original.seen, other.id, original.rng)
            if phrase is not None:
                yield from _told("other object", original, _replaced(original, thing.id, phrase))


def _replaced(original: Original, target: int, phrase: Any) -> Claim:
    steps = []
    for event, step in zip(original.events, original.claim.steps, strict=True):
        named = zip(event.targets, step.objects, strict=True)
        steps.append(Step(step.action, tuple(phrase if one == target else known for one, known in named)))
    return replace(original.claim, steps=tuple(steps))


def other_actions(original: Original) -> Iterator[dict[str, Any]]:
    """Another action in place of one of those done, to the same objects."""
    for index in _shuffled(original, range(len(original.events))):
        event = original.events[index]
        things = [original.plan.room.by_id(target) for target in event.targets]
        pool = FREE_ACTIONS if event.action in FREE_ACTIONS else [a for a in MOMENTS if a not in _BY_THE_WAY]
        others = [
            action
            for action in pool
            if action in MOMENTS
            and arity(action) == len(things)
            and action not in {known.action for known in original.events}
            and all(suits(action, thing) for thing in things)
        ]
        for action in _shuffled(original, others)[:_TRIES]:
            steps = list(original.claim.steps)
            steps[index] = Step(action, steps[index].objects)
            yield from _told("other action", original, replace(original.claim, steps=tuple(steps)))


def other_orders(original: Original) -> Iterator[dict[str, Any]]:
    """The same deeds in another order."""
    steps = original.claim.steps
    for order in _shuffled(original, list(permutations(range(len(steps))))[1:]):
        yield from _told("other order", original, replace(original.claim, steps=tuple(steps[i] for i in order)))


def other_paces(original: Original) -> Iterator[dict[str, Any]]:
    """Quickly for slowly, or left for right: what the caption tells, or else what could be told of the way there."""
    pattern = PATTERNS[original.caption.pattern]
    others = [other for other in patterns_of(pattern.style, pattern.deeds) if other.tells_room == pattern.tells_room]
    moving = can_tell_way(original.claim.steps)
    pace, turn = (original.seen.pace, original.seen.turn) if moving else (None, None)
    if pace is not None:
        changed: Pace = "quickly" if pace == "slowly" else "slowly"
        fitting = [other for other in others if other.tells_pace and (not other.tells_turn or turn is not None)]
        yield from _in_pattern(original, fitting, pace=changed, turn=turn)
    if turn in ("left", "right"):
        bent: Turn = "right" if turn == "left" else "left"
        fitting = [other for other in others if other.tells_turn and (not other.tells_pace or pace is not None)]
        yield from _in_pattern(original, fitting, pace=pace, turn=bent)


def _in_pattern(
    original: Original, fitting: list[Pattern], *, pace: Pace | None, turn: Turn | None
) -> Iterator[dict[str, Any]]:
    """The claim with that pace and turn in the caption's own pattern where it tells them, else in another one."""
    own = [pattern for pattern in fitting if pattern.id == original.caption.pattern]
    for pattern in own or _shuffled(original, fitting)[:1]:
        told = replace(
            original.claim, pace=pace if pattern.tells_pace else None, turn=turn if pattern.tells_turn else None
        )
        yield from _told("other pace", original, told, pattern.id)


def suits(action: Action, thing: PlacedObject) -> bool:
    """Whether somebody might say that the action is done to such a thing."""
    return action not in _SUITS or _SUITS[action](thing)


def _told(kind: str, original: Original, claim: Claim, pattern: str | None = None) -> Iterator[dict[str, Any]]:
    """The recipe, when the claim is false and told in other words than the original."""
    caption = Caption.of(claim, pattern or original.caption.pattern, original.caption.seed)
    if caption.text != original.caption.text and original.is_false(claim):
        yield {"kind": kind, "caption": caption.text, "claim": claim_to_json(claim)}


def _shuffled(original: Original, values: Any) -> list[Any]:
    kept = list(values)
    return [kept[int(index)] for index in np.asarray(original.rng.permutation(len(kept)))]
