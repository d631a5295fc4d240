"""What a placed clip does in its room, proven from the geometry, and how that joins the clip's own words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from worlds.actions.registry import ACTIONS
from worlds.actions.spec import ActionSpec, Tail
from worlds.align.rooms import KnownRoom
from worlds.captions import Caption, noun_phrase
from worlds.captions.patterns import patterns_of
from worlds.checker.claims import Claim, Step, all_targets, is_true, moments_of
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import ReferringExpression, Relation
from worlds.types import Array, PlacedObject

NEAR: Final = 0.9  # metres to an object that one is near
TOWARDS: Final = 1.0  # metres by which one comes nearer when going towards something
STAYS: Final = 0.8  # metres within which one stays on the spot
LOOKING: Final = np.radians(25)  # between the hips' direction and what they face, or the way and where it leads
_FACED: Final = 0.7  # share of frames
_FAR: Final = 3.0  # metres beyond which nobody is said to face a thing
_MOST: Final = 2  # relations told of one placed clip

_PLACES: Final = {
    "towards": "towards {o}",
    "ends near": "ending near {o}",
    "stays near": "near {o}",
    "faces": "facing {o}",
}
# Relations that the boxes of a scan decide: they know no fronts, no walls and no tops.
_OF_SCANS: Final[frozenset[Relation]] = frozenset({"only", "next to", "closest to", "farthest from", "between"})


@dataclass(frozen=True)
class Told:
    """A true relation of a placed clip: its name, the objects' ids, the tail of a sentence; its claim if it has one."""

    name: str
    objects: tuple[int, ...]
    tail: str
    claim: Claim | None = None


def relations(joints: Array, room: KnownRoom, rng: np.random.Generator) -> list[Told]:
    """Up to two relations of joints (frames, 22, 3) to the room's objects, the most telling first, each proven.

    Deeds are proven by the checker; places (near, towards, facing) by distances and directions on the floor.
    """
    seen = MotionKinematics.of(joints)
    found: list[Told] = []
    for told in (*_deeds(seen, room, rng), *_places(seen, room, rng)):
        if len(found) < _MOST and all(not set(told.objects) & set(other.objects) for other in found):
            found.append(told)
    return found


def captions(words: tuple[str, ...], told: list[Told], rng: np.random.Generator) -> tuple[str, ...]:
    """The clip's first words joined with each relation, then its words alone; without words, the relations alone."""
    if not words:
        return tuple(_sentence(one, rng) for one in told)
    own = words[int(rng.integers(len(words)))].strip().rstrip(".")
    return (*(f"{own}, {one.tail}" for one in told), *words)


def said(pattern: str, phrases: tuple[ReferringExpression, ...], rng: np.random.Generator) -> str:
    """A tail with its objects named."""
    names = [noun_phrase(phrase, rng) for phrase in phrases]
    return pattern.replace("{o}", names[0]).replace("{p}", names[-1])


def _sentence(told: Told, rng: np.random.Generator) -> str:
    if told.claim is None:
        return f"a person moves, {told.tail}"
    plain = [p for p in patterns_of("third", 1) if not (p.tells_pace or p.tells_turn or p.tells_room)]
    pattern = plain[int(rng.integers(len(plain)))]
    return Caption.of(told.claim, pattern.id, int(rng.integers(2**32))).text


def _deeds(seen: MotionKinematics, room: KnownRoom, rng: np.random.Generator) -> Iterator[Told]:
    """One deed of each kind, of those that can be told the one whose objects have the shortest names."""
    for spec, tail in _tails():
        action, told = spec.name, []
        for things in all_targets(action, room.plan, seen):
            moments = moments_of(action, things, room.plan, seen)
            if not moments or (moments == [0] and _is_left(spec, things, room, seen)):
                continue
            phrases = _named(things, seen, room, rng)
            claim = Claim((Step(action, phrases),)) if phrases else None
            if claim is not None and is_true(claim, room.plan, seen) and _can_be_followed(phrases):
                ids = tuple(thing.id for thing in things)
                told.append((_length(phrases), Told(action, ids, said(tail.text, phrases, rng), claim)))
        yield from (one for _, one in sorted(told, key=lambda pair: pair[0])[:1])


def _tails() -> list[tuple[ActionSpec, Tail]]:
    """Actions that a clip may turn out to do where it was placed, and their tails, the most specific first."""
    found = [(spec, spec.phrases.tail) for spec in ACTIONS if spec.phrases.tail is not None]
    return sorted(found, key=lambda pair: pair[1].rank)


def _is_left(spec: ActionSpec, things: tuple[PlacedObject, ...], room: KnownRoom, seen: MotionKinematics) -> bool:
    """Whether a body that sat or lay from the beginning has risen: then that is what happens."""
    successor = spec.sampling.successor
    return successor is not None and bool(moments_of(successor.action, things, room.plan, seen))


def _length(phrases: tuple[ReferringExpression, ...]) -> int:
    return sum(1 + len(phrase.anchors) for phrase in phrases)


def _can_be_followed(phrases: tuple[ReferringExpression, ...]) -> bool:
    """Of two objects both have plain names: who can follow "between the chair between the bed and ..."?"""
    return len(phrases) < 2 or all(phrase.relation == "only" for phrase in phrases)


def _places(seen: MotionKinematics, room: KnownRoom, rng: np.random.Generator) -> Iterator[Told]:
    things = sorted(room.plan.room.objects, key=lambda thing: float(thing.distance(seen.pelvis[-1:])[0]))
    for name, holds in _RULES.items():
        for thing in things:
            phrases = _named((thing,), seen, room, rng) if holds(seen, thing) else ()
            if phrases:
                yield Told(name, (thing.id,), said(_PLACES[name], phrases, rng))
                break


def _named(
    things: tuple[PlacedObject, ...], seen: MotionKinematics, room: KnownRoom, rng: np.random.Generator
) -> tuple[ReferringExpression, ...]:
    """A phrase for each that singles it out, a short one where there is one; empty when one has none."""
    phrases = []
    for thing in things:
        fitting = [phrase for phrase in room.plan.phrases(thing.id) if room.exact or phrase.relation in _OF_SCANS]
        short = [phrase for phrase in fitting if phrase.relation == "only"]
        if not fitting:
            return ()
        phrases.append(short[0] if short else fitting[int(rng.integers(len(fitting)))])
    return tuple(phrases)


def _stays(seen: MotionKinematics) -> bool:
    return bool(np.ptp(seen.pelvis[:, :2], axis=0).max() < STAYS)


def _goes_towards(seen: MotionKinematics, thing: PlacedObject) -> bool:
    """It ends much nearer than it began, and its last steps lead there."""
    away = thing.distance(seen.pelvis)
    if away[0] - away[-1] < TOWARDS or away[-1] > away.min() + 0.1:
        return False
    way = (seen.pelvis[-1] - seen.pelvis[-min(len(seen), 15)])[:2]
    return bool(_angle(way, _middle(thing) - seen.pelvis[-1, :2]) < LOOKING)


def _ends_near(seen: MotionKinematics, thing: PlacedObject) -> bool:
    away = thing.distance(seen.pelvis)
    return not _stays(seen) and bool(away[-1] < NEAR and away[0] > away[-1] + NEAR)


def _stays_near(seen: MotionKinematics, thing: PlacedObject) -> bool:
    return _stays(seen) and bool((thing.distance(seen.pelvis) < NEAR).all())


def _faces(seen: MotionKinematics, thing: PlacedObject) -> bool:
    if not _stays(seen) or thing.distance(seen.pelvis).max() > _FAR:
        return False
    toward = _middle(thing) - seen.pelvis[:, :2]
    along = (toward * seen.heading).sum(axis=1) / np.maximum(np.linalg.norm(toward, axis=1), 1e-9)
    return bool((along > np.cos(LOOKING)).mean() >= _FACED)


_RULES: Final[dict[str, Callable[[MotionKinematics, PlacedObject], bool]]] = {
    "towards": _goes_towards,
    "ends near": _ends_near,
    "stays near": _stays_near,
    "faces": _faces,
}


def _middle(thing: PlacedObject) -> Array:
    return np.array(thing.position[:2], dtype=np.float64)


def _angle(one: Array, other: Array) -> float:
    length = max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9)
    return float(np.arccos(np.clip(one @ other / length, -1.0, 1.0)))
