"""Settings dataclasses from text (``key=value``, dotted keys for nested ones) and from plain mappings (JSON).

Both check every value by the annotation of its field: bool, int, float, str, Literal, a tuple, None or another
dataclass. A field may carry ``metadata``: ``parse`` (text, place) -> value, ``parse_group`` (text or None, nested
texts) -> value for a field whose settings are not fields of a dataclass, and ``optional`` for a key that a mapping may
leave out.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, TypeVar

from monster.errors import InputError, MonsterError

T = TypeVar("T")
_TRUE: Final = ("true", "yes", "on", "1")
_FALSE: Final = ("false", "no", "off", "0")


def split_assignments(texts: Iterable[str]) -> dict[str, str]:
    """``key=value`` texts as a mapping. Raises InputError for a text without a key or a "="."""
    assignments = {}
    for text in texts:
        key, mark, value = text.partition("=")
        if not key or not mark:
            raise InputError(f"{text!r}: expected a setting as key=value")
        assignments[key] = value
    return assignments


def unknown_name(what: str, name: str, known: Iterable[str]) -> str:
    """A message for an unknown name that suggests the known ones near it and lists all."""
    names = list(known)
    within = [each for each in names if name and (name in each or each in name)]
    near = within or difflib.get_close_matches(name, names)
    hint = f"; did you mean {' or '.join(near[:3])}?" if near else ""
    return f"unknown {what} {name!r}: expected one of {', '.join(names)}{hint}"


def settings_from_text(kind: type[T], texts: Mapping[str, str], *, base: T | None = None, prefix: str = "") -> T:
    """The dataclass with the fields that the texts name, the others as in ``base`` or by default.

    ``{"recipe.kl": "0.1"}`` sets the field ``kl`` of the dataclass in the field ``recipe``. Raises InputError for an
    unknown key, with the nearest known one, and for a value of another type.
    """
    fields = {field.name: field for field in dataclasses.fields(typing.cast(Any, kind)) if field.init}
    hints = typing.get_type_hints(kind)
    values: dict[str, Any] = {}
    for name, group in _grouped(texts).items():
        if name not in fields:
            listed = [prefix + each for each in fields]
            raise InputError(unknown_name("setting", prefix + name, listed))
        where = f"setting {prefix}{name}"
        current = getattr(base, name, None)
        values[name] = _field_from_text(fields[name], hints[name], group, where=where, current=current)
    return kind(**values) if base is None else dataclasses.replace(typing.cast(Any, base), **values)


def refuse_negative_numbers(settings: Any, *, prefix: str = "") -> None:
    """Raises InputError for the first field of a dataclass that is negative or NaN."""
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, (int, float)) and not value >= 0:
            raise InputError(f"setting {prefix}{field.name}: expected a number from 0 on, got {value}")


def _grouped(texts: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The texts by the first part of their key; "" is the key of a text for the field itself."""
    groups: dict[str, dict[str, str]] = {}
    for key, text in texts.items():
        name, _, rest = key.partition(".")
        groups.setdefault(name, {})[rest] = text
    return groups


def _field_from_text(
    field: dataclasses.Field[Any], hint: Any, group: Mapping[str, str], *, where: str, current: Any
) -> Any:
    nested = {key: text for key, text in group.items() if key}
    if "parse_group" in field.metadata:
        return field.metadata["parse_group"](group.get(""), nested)
    if dataclasses.is_dataclass(hint) and not group.get(""):
        kind = typing.cast("type[Any]", hint)
        return settings_from_text(kind, nested, base=current, prefix=f"{where.removeprefix('setting ')}.")
    if nested:
        raise InputError(f"{where}: has no nested settings, got {'.'.join([field.name, next(iter(nested))])!r}")
    if "parse" in field.metadata:
        return field.metadata["parse"](group[""], where)
    return parse_value(hint, group[""], where)


def parse_value(hint: Any, text: str, where: str) -> Any:
    """The value that a text stands for, by the annotation. Raises InputError for another type."""
    origin = typing.get_origin(hint)
    if origin in (types.UnionType, typing.Union):
        return None if text.lower() == "none" else parse_value(_not_none(hint), text, where)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return tuple(parse_value(inner, part, where) for part in text.split(",") if part)
    if hint is bool:
        if text.lower() not in _TRUE + _FALSE:
            raise InputError(f"{where}: expected true or false, got {text!r}")
        return text.lower() in _TRUE
    if hint in (int, float):
        return _parse_number(hint, text, where)
    return checked_value(hint, text, where)


def parse_literal(text: str) -> bool | int | float | str | None:
    """A number, true, false, none, or the text itself, for arguments without a declared type."""
    words = {"true": True, "false": False, "none": None}
    if text.lower() in words:
        return words[text.lower()]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _parse_number(kind: type[int] | type[float], text: str, where: str) -> int | float:
    try:
        value = kind(text)
    except ValueError as error:
        raise InputError(f"{where}: expected {kind.__name__}, got {text!r}") from error
    if not math.isfinite(value):
        raise InputError(f"{where}: expected a finite number, got {text!r}")
    return value


def _not_none(hint: Any) -> Any:
    return next(part for part in typing.get_args(hint) if part is not type(None))


def settings_from_mapping(kind: type[T], values: Any, where: str, *, error: type[MonsterError] = InputError) -> T:
    """The dataclass of a mapping of plain values (JSON), nested mappings for nested dataclasses.

    Raises ``error`` that names each unknown or missing key, and each value of another type.
    """
    if not isinstance(values, Mapping):
        raise error(f"{where}: expected a mapping of settings, got {type(values).__name__}")
    fields = {field.name: field for field in dataclasses.fields(typing.cast(Any, kind))}
    unknown = sorted(str(key) for key in values if key not in fields)
    if unknown:
        raise error(f"{where}: unknown settings {', '.join(unknown)}; known are {', '.join(fields)}")
    required = [name for name, field in fields.items() if not field.metadata.get("optional")]
    missing = sorted(name for name in required if name not in values)
    if missing:
        raise error(f"{where}: missing settings {', '.join(missing)}")
    hints = typing.get_type_hints(kind)
    values_by_name = {name: checked_value(hints[name], values[name], f"{where}.{name}", error=error) for name in values}
    return kind(**values_by_name)


def checked_value(hint: Any, value: Any, where: str, *, error: type[MonsterError] = InputError) -> Any:
    """The value, converted to what the annotation says. Raises ``error`` for another type."""
    origin = typing.get_origin(hint)
    if dataclasses.is_dataclass(hint):
        return settings_from_mapping(typing.cast("type[Any]", hint), value, where, error=error)
    if origin in (types.UnionType, typing.Union):
        return None if value is None else checked_value(_not_none(hint), value, where, error=error)
    if origin is tuple:
        return _checked_tuple(typing.get_args(hint)[0], value, where, error)
    if origin is Literal:
        if value not in typing.get_args(hint):
            raise error(f"{where}: expected one of {', '.join(map(str, typing.get_args(hint)))}, got {value!r}")
        return value
    accepted = (int, float) if hint is float else (hint,)
    if type(value) not in accepted:
        raise error(f"{where}: expected {hint.__name__}, got {value!r}")
    return float(value) if hint is float else value


def _checked_tuple(hint: Any, value: Any, where: str, error: type[MonsterError]) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)):
        raise error(f"{where}: expected a list, got {value!r}")
    return tuple(checked_value(hint, entry, f"{where}[{index}]", error=error) for index, entry in enumerate(value))
