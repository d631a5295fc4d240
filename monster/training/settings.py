"""Everything that a run depends on besides corpus and configuration, from ``key=value`` texts."""

from __future__ import annotations

import dataclasses
import math
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from monster.errors import InputError, TaskError
from monster.tasks import Task
from monster.training.losses import SIX_TERMS, Term
from monster.training.recipes import RECIPES, Recipe

Precision = Literal["auto", "float32", "bfloat16", "float16"]
Switch = Literal["auto", "on", "off"]
_WORDS: Final = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}


@dataclass(frozen=True)
class TrainSettings:
    """Settings of a run. ``minutes`` ends a piece early; it can be resumed.

    A batch holds ``rooms`` x ``items_per_room`` items for each process; ``accumulate`` batches, each with its own
    negatives, make one step. ``validate_every`` steps the running mean of the weights is measured on the validation
    split; after ``patience`` such measures without a better one the run ends, and the best weights are what it gives.
    """

    recipe: Recipe = RECIPES["ours"]
    steps: int = 3000
    rate: float = 6e-4
    warmup: int = 200
    decay: float = 0.05
    average: float = 0.998  # of the running mean of the weights, which is what is saved
    label_probability: float = 0.5
    rooms: int = 64
    items_per_room: int = 2
    accumulate: int = 1
    object_steps: int = 1500
    seed: int = 0
    minutes: float = 100.0
    save_every: int = 100
    validate_every: int = 0
    patience: int = 0
    precision: Precision = "auto"
    device: str = "auto"
    tensorboard: Switch = "auto"

    @classmethod
    def of(cls, given: Mapping[str, str]) -> TrainSettings:
        """Settings from texts: ``recipe=NAME``, ``recipe.FIELD=VALUE``, ``terms=st2m,m2t``, and the fields above.

        Raises InputError for an unknown key or a value of another type.
        """
        name = given.get("recipe", cls.recipe.name)
        if name not in RECIPES:
            raise InputError(f"unknown recipe {name!r}: expected one of {', '.join(RECIPES)}")
        nested = {key.removeprefix("recipe."): text for key, text in given.items() if key.startswith("recipe.")}
        if "terms" in given:
            nested["terms"] = given["terms"]
        own = {key: text for key, text in given.items() if key not in ("recipe", "terms") and "recipe." not in key}
        recipe = dataclasses.replace(RECIPES[name], **_values(Recipe, nested, "recipe."))
        return cls(recipe=recipe, **_values(cls, own, ""))


def _values(kind: type[Any], given: Mapping[str, str], prefix: str) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    known = [field.name for field in fields(kind) if field.name not in ("recipe", "name")]
    found = {}
    for key, text in given.items():
        if key not in known:
            listed = ", ".join(prefix + name for name in known)
            raise InputError(f"unknown setting {prefix + key!r}: expected one of {listed}")
        found[key] = _value(hints[key], text, f"setting {prefix}{key}")
    return found


def _value(hint: Any, text: str, where: str) -> Any:
    if hint == tuple[Term, ...]:
        return tuple(_term(name, where) for name in text.split(","))
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        return None if text.lower() == "none" else _value(typing.get_args(hint)[0], text, where)
    if typing.get_origin(hint) is Literal:
        if text not in typing.get_args(hint):
            raise InputError(f"{where}: expected one of {', '.join(typing.get_args(hint))}, got {text!r}")
        return text
    if hint is bool:
        if text.lower() not in _WORDS:
            raise InputError(f"{where}: expected true or false, got {text!r}")
        return _WORDS[text.lower()]
    return text if hint is str else _number(hint, text, where)


def _number(kind: type[int] | type[float], text: str, where: str) -> int | float:
    try:
        value = kind(text)
    except ValueError as error:
        raise InputError(f"{where}: expected {kind.__name__}, got {text!r}") from error
    if not 0 <= value < math.inf:
        raise InputError(f"{where}: expected a finite number from 0 on, got {text!r}")
    return value


def _term(name: str, where: str) -> Term:
    try:
        task = Task.parse(name)
    except TaskError as error:
        raise InputError(f"{where}: {error}") from error
    for term in SIX_TERMS:
        if {task.query, task.target} == set(term):
            return term
    raise InputError(f"{where}: {name!r} is no term")
