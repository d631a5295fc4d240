"""Captions of placed clips: the clip's own text joined with relations to the room that are proven from geometry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from worlds.actions.registry import ACTIONS
from worlds.actions.spec import ActionSpec, Tail
from worlds.align.rooms import RoomGeometry
from worlds.captions import Caption, noun_phrase
from worlds.captions.patterns import patterns_of
from worlds.checker.claims import Claim, Step, candidate_targets, detect_frames, is_true
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import ReferringExpression, Relation
from worlds.types import PlacedObject, Targets

NEAR_DISTANCE: Final = 0.9  # metres from an object within which a body is near it
APPROACH_DISTANCE: Final = 1.0  # metres by which a body must come nearer to go towards an object
STAYING_EXTENT: Final = 0.8  # metres: a body that covers less stays on the spot
FACING_ANGLE: Final = np.radians(25)  # between the heading and the direction to the object
_FACING_SHARE: Final = 0.7  # of the frames
_MAX_FACING_DISTANCE: Final = 3.0  # metres
_MAX_RELATIONS: Final = 2  # in the captions of one placed clip

_PLACE_TAILS: Final = {
    "towards": "towards {o}",
    "ends near": "ending near {o}",
    "stays near": "near {o}",
    "faces": "facing {o}",
}
# Relations that the boxes of a scan can decide: they have no fronts, walls or top surfaces.
_SCAN_RELATIONS: Final[frozenset[Relation]] = frozenset({"only", "next to", "closest to", "farthest from", "between"})


@dataclass(frozen=True)
class ProvenRelation:
    """A true relation of a placed clip: name, object ids, sentence tail, and a claim if the checker can prove it."""

    name: str
    objects: tuple[int, ...]
    tail: str
    claim: Claim | None = None


def relations(joints: DoubleArray, room: RoomGeometry, rng: np.random.Generator) -> list[ProvenRelation]:
    """Up to two true relations of joints (frames, 22, 3) to different objects of the room, the most specific first.

    Actions are proven by the checker; places (near, towards, facing) by distances and directions on the floor.
    """
    motion = MotionKinematics.of(joints)
    chosen: list[ProvenRelation] = []
    used: set[int] = set()
    for relation in (*_proven_actions(motion, room, rng), *_proven_places(motion, room, rng)):
        if len(chosen) < _MAX_RELATIONS and used.isdisjoint(relation.objects):
            chosen.append(relation)
            used.update(relation.objects)
    return chosen


def captions(texts: tuple[str, ...], proven: list[ProvenRelation], rng: np.random.Generator) -> tuple[str, ...]:
    """One of the clip's texts joined with each relation, then all its texts; without texts the relations alone."""
    if not texts:
        return tuple(_alone(relation, rng) for relation in proven)
    text = texts[int(rng.integers(len(texts)))].strip().rstrip(".")
    return (*(f"{text}, {relation.tail}" for relation in proven), *texts)


def realise_tail(pattern: str, phrases: tuple[ReferringExpression, ...], rng: np.random.Generator) -> str:
    """The tail with the objects' names filled in."""
    names = [noun_phrase(phrase, rng) for phrase in phrases]
    return pattern.replace("{o}", names[0]).replace("{p}", names[-1])


def _alone(relation: ProvenRelation, rng: np.random.Generator) -> str:
    """A caption of the relation without a text of the clip."""
    if relation.claim is None:
        return f"a person moves, {relation.tail}"
    plain = [p for p in patterns_of("third", 1) if not (p.tells_pace or p.tells_turn or p.tells_room)]
    pattern = plain[int(rng.integers(len(plain)))]
    return Caption.of(relation.claim, pattern.id, int(rng.integers(2**32))).text


def _proven_actions(motion: MotionKinematics, room: RoomGeometry, rng: np.random.Generator) -> Iterator[ProvenRelation]:
    """For each action, its relation to the targets that have the shortest names."""
    for spec, tail in _actions_with_tail():
        proven: list[tuple[int, ProvenRelation]] = []
        for targets in candidate_targets(spec.name, room.floor_plan, motion):
            frames = detect_frames(spec.name, targets, room.floor_plan, motion)
            if not frames or (frames == [0] and _is_ended(spec, targets, room, motion)):
                continue
            phrases = _expressions_for(targets, room, rng)
            claim = Claim((Step(spec.name, phrases),))
            if phrases and is_true(claim, room.floor_plan, motion) and _is_readable(phrases):
                ids = tuple(object_.id for object_ in targets)
                text = realise_tail(tail.text, phrases, rng)
                proven.append((_name_length(phrases), ProvenRelation(spec.name, ids, text, claim)))
        if proven:
            yield min(proven, key=lambda pair: pair[0])[1]


def _actions_with_tail() -> list[tuple[ActionSpec, Tail]]:
    """Actions that a placed clip may do in its room, with their tails, the most specific first."""
    pairs = [(spec, spec.phrases.tail) for spec in ACTIONS if spec.phrases.tail is not None]
    return sorted(pairs, key=lambda pair: pair[1].rank)


def _is_ended(spec: ActionSpec, targets: Targets, room: RoomGeometry, motion: MotionKinematics) -> bool:
    """Whether a body that rests from the first frame on gets up: then the caption names the getting up."""
    successor = spec.sampling.successor
    return successor is not None and bool(detect_frames(successor.action, targets, room.floor_plan, motion))


def _name_length(phrases: tuple[ReferringExpression, ...]) -> int:
    return sum(1 + len(phrase.anchors) for phrase in phrases)


def _is_readable(phrases: tuple[ReferringExpression, ...]) -> bool:
    """Whether a phrase pair is short enough: two objects are named by category alone."""
    return len(phrases) < 2 or all(phrase.relation == "only" for phrase in phrases)


def _proven_places(motion: MotionKinematics, room: RoomGeometry, rng: np.random.Generator) -> Iterator[ProvenRelation]:
    """For each place rule, its relation to the object nearest to the end of the motion."""
    nearest = sorted(room.floor_plan.room.objects, key=lambda object_: float(object_.distance(motion.pelvis[-1:])[0]))
    for name, is_met in _PLACE_RULES.items():
        for object_ in nearest:
            if not is_met(motion, object_):
                continue
            phrases = _expressions_for((object_,), room, rng)
            if phrases:
                yield ProvenRelation(name, (object_.id,), realise_tail(_PLACE_TAILS[name], phrases, rng))
                break


def _expressions_for(targets: Targets, room: RoomGeometry, rng: np.random.Generator) -> tuple[ReferringExpression, ...]:
    """An unambiguous phrase for each target, its category alone where possible; empty if a target has none."""
    chosen: list[ReferringExpression] = []
    for target in targets:
        phrases = room.floor_plan.phrases(target.id)
        if not room.exact:
            phrases = [phrase for phrase in phrases if phrase.relation in _SCAN_RELATIONS]
        if not phrases:
            return ()
        short = next((phrase for phrase in phrases if phrase.relation == "only"), None)
        chosen.append(short or phrases[int(rng.integers(len(phrases)))])
    return tuple(chosen)


def _stays(motion: MotionKinematics) -> bool:
    return bool(np.ptp(motion.pelvis[:, :2], axis=0).max() < STAYING_EXTENT)


def _goes_towards(motion: MotionKinematics, object_: PlacedObject) -> bool:
    """Whether the motion ends much nearer to the object than it began, and its last steps lead there."""
    distance = object_.distance(motion.pelvis)
    if distance[0] - distance[-1] < APPROACH_DISTANCE or distance[-1] > distance.min() + 0.1:
        return False
    direction = (motion.pelvis[-1] - motion.pelvis[-min(len(motion), 15)])[:2]
    return bool(_angle(direction, _center(object_) - motion.pelvis[-1, :2]) < FACING_ANGLE)


def _ends_near(motion: MotionKinematics, object_: PlacedObject) -> bool:
    distance = object_.distance(motion.pelvis)
    return not _stays(motion) and bool(distance[-1] < NEAR_DISTANCE and distance[0] > distance[-1] + NEAR_DISTANCE)


def _stays_near(motion: MotionKinematics, object_: PlacedObject) -> bool:
    return _stays(motion) and bool((object_.distance(motion.pelvis) < NEAR_DISTANCE).all())


def _faces(motion: MotionKinematics, object_: PlacedObject) -> bool:
    if not _stays(motion) or object_.distance(motion.pelvis).max() > _MAX_FACING_DISTANCE:
        return False
    toward = _center(object_) - motion.pelvis[:, :2]
    along = (toward * motion.heading).sum(axis=1) / np.maximum(np.linalg.norm(toward, axis=1), 1e-9)
    return bool((along > np.cos(FACING_ANGLE)).mean() >= _FACING_SHARE)


_PLACE_RULES: Final[dict[str, Callable[[MotionKinematics, PlacedObject], bool]]] = {
    "towards": _goes_towards,
    "ends near": _ends_near,
    "stays near": _stays_near,
    "faces": _faces,
}


def _center(object_: PlacedObject) -> DoubleArray:
    return np.array(object_.position[:2], dtype=np.float64)


def _angle(first: DoubleArray, second: DoubleArray) -> float:
    length = max(float(np.linalg.norm(first) * np.linalg.norm(second)), 1e-9)
    return float(np.arccos(np.clip(first @ second / length, -1.0, 1.0)))
