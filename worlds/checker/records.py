"""Converts rooms and claims to JSON and back: what a generated corpus stores for the checker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from worlds.actions.general import GENERAL
from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, Step
from worlds.geometry.relations import ReferringExpression
from worlds.types import ActionName, PlacedObject, Room, Solid


def room_to_json(room: Room) -> dict[str, Any]:
    """A room as plain values; lengths rounded to a tenth of a millimetre."""
    return {
        "kind": room.kind,
        "outline": _rounded(room.outline.tolist()),
        "height": _rounded(room.height),
        "doors": _rounded(room.doors),
        "objects": [_rounded(asdict(object_)) for object_ in room.objects],
    }


def room_from_json(values: Mapping[str, Any]) -> Room:
    """The room that ``room_to_json`` wrote."""
    return Room(
        values["kind"],
        np.array(values["outline"], dtype=np.float64),
        values["height"],
        tuple(tuple(door) for door in values["doors"]),
        tuple(_object_from_json(object_) for object_ in values["objects"]),
    )


def _object_from_json(values: Mapping[str, Any]) -> PlacedObject:
    plain = {key: _as_tuples(value) for key, value in values.items() if key != "solids"}
    solids = tuple(Solid(**{key: _as_tuples(value) for key, value in solid.items()}) for solid in values["solids"])
    return PlacedObject(solids=solids, **plain)


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """A claim as plain values, without entries that are None."""
    values: dict[str, Any] = {"steps": []}
    for step in claim.steps:
        phrases = ([phrase.category, phrase.relation, *phrase.anchors] for phrase in step.objects)
        values["steps"].append([step.action, *phrases])
    if any(step.is_marked for step in claim.steps):
        values["marks"] = [_marks(step) for step in claim.steps]
    return values | _without_none({"pace": claim.pace, "turn": claim.turn, "room": claim.room})


def claim_from_json(values: Mapping[str, Any]) -> Claim:
    """The claim that ``claim_to_json`` wrote. Raises KeyError, TypeError, ValueError or IndexError for other values."""
    marks = values.get("marks", [{}] * len(values["steps"]))
    steps = tuple(_step(*step, **marks_of_step) for step, marks_of_step in zip(values["steps"], marks, strict=True))
    return Claim(steps, values.get("pace"), values.get("turn"), values.get("room"))


def _step(action: str, *phrases: Sequence[str], **marks: Any) -> Step:
    objects = tuple(ReferringExpression(phrase[0], phrase[1], tuple(phrase[2:])) for phrase in phrases)  # type: ignore[arg-type]
    if action not in ACTIONS and action not in GENERAL:
        raise ValueError(f"expected an action of the generator, got {action!r}")
    return Step(ActionName(action), objects, **marks)


def _marks(step: Step) -> dict[str, Any]:
    return _without_none({"side": step.side, "count": step.count, "way": step.way})


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _rounded(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return round(float(value), 4)
    if isinstance(value, Mapping):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(entry) for entry in value]
    return value


def _as_tuples(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_as_tuples(entry) for entry in value)
    return value
