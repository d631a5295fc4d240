"""Rooms and claims as JSON and back: what a generated corpus stores for the checker."""

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
        "objects": [_rounded(asdict(thing)) for thing in room.objects],
    }


def room_from_json(values: Mapping[str, Any]) -> Room:
    """The room that ``room_to_json`` wrote."""
    return Room(
        values["kind"],
        np.array(values["outline"], dtype=np.float64),
        values["height"],
        tuple(tuple(door) for door in values["doors"]),
        tuple(_object_from_json(thing) for thing in values["objects"]),
    )


def _object_from_json(values: Mapping[str, Any]) -> PlacedObject:
    plain = {key: _tupled(value) for key, value in values.items() if key != "solids"}
    solids = tuple(Solid(**{key: _tupled(value) for key, value in solid.items()}) for solid in values["solids"])
    return PlacedObject(solids=solids, **plain)


def claim_to_json(claim: Claim) -> dict[str, Any]:
    """A claim as plain values, without what it does not say."""
    steps = [
        [step.action, *([phrase.category, phrase.relation, *phrase.anchors] for phrase in step.objects)]
        for step in claim.steps
    ]
    marks = [_marks(step) for step in claim.steps] if any(step.is_marked for step in claim.steps) else None
    said = {"marks": marks, "pace": claim.pace, "turn": claim.turn, "room": claim.room}
    return {"steps": steps} | {key: value for key, value in said.items() if value is not None}


def claim_from_json(values: Mapping[str, Any]) -> Claim:
    """The claim that ``claim_to_json`` wrote; for anything else a KeyError, TypeError, ValueError or IndexError."""
    marks = values.get("marks", [{}] * len(values["steps"]))
    steps = tuple(_step(*step, **said) for step, said in zip(values["steps"], marks, strict=True))
    return Claim(steps, values.get("pace"), values.get("turn"), values.get("room"))


def _step(action: str, *phrases: Sequence[str], **marks: Any) -> Step:
    objects = tuple(ReferringExpression(phrase[0], phrase[1], tuple(phrase[2:])) for phrase in phrases)  # type: ignore[arg-type]
    return Step(_action(action), objects, **marks)


def _marks(step: Step) -> dict[str, Any]:
    said = {"side": step.side, "count": step.count, "way": step.way}
    return {key: value for key, value in said.items() if value is not None}


def _action(name: str) -> ActionName:
    if name not in ACTIONS and name not in GENERAL:
        raise ValueError(f"expected an action of the generator, got {name!r}")
    return ActionName(name)


def _rounded(value: Any) -> Any:
    if isinstance(value, float | np.floating):
        return round(float(value), 4)
    if isinstance(value, Mapping):
        return {key: _rounded(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(entry) for entry in value]
    return value


def _tupled(value: Any) -> Any:
    return tuple(_tupled(entry) for entry in value) if isinstance(value, list | tuple) else value
