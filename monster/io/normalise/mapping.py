"""Mappings from our joint names to those of a file, for rigs whose names are not recognised.

    {"left_hip": "LThigh", "spine2": ["Belly", "Chest"]}

Several names mean their mean position. Joints that the mapping leaves out are found by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from monster.errors import FileFormatError, InputError
from monster.io.sources import checked_file, in_file, read_text
from monster.skeleton import JOINTS

Names = str | Sequence[str]


def read_mapping(mapping: Mapping[str, Names] | str | Path | None) -> dict[str, tuple[str, ...]]:
    """The file's names for each of our joints, of a mapping or the JSON file that holds it; empty for None.

    Raises FileFormatError (InputError for a mapping that is not a file) that names the wrong entry.
    """
    if mapping is None:
        return {}
    if isinstance(mapping, Mapping):
        return dict(_entry(joint, names) for joint, names in mapping.items())
    path = checked_file(mapping)
    try:
        entries = json.loads(read_text(path, what="a mapping as JSON"))
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, dict):
        raise FileFormatError(f"{path.name}: expected a JSON object from our joint names to those of the file")
    with in_file(path):
        return dict(_entry(joint, names) for joint, names in entries.items())


def mapped_places(mapping: Mapping[str, Sequence[str]], names: Sequence[str]) -> dict[str, list[int]]:
    """The indices in a file's ``names`` of each mapped joint. Raises InputError that names what the file lacks."""
    exact = {name: place for place, name in reversed(list(enumerate(names)))}
    lower = {name.lower(): place for name, place in exact.items()}
    places = {}
    for joint, wanted in mapping.items():
        for name in wanted:
            if name not in exact and name.lower() not in lower:
                few = ", ".join(list(filter(None, names))[:8])
                raise InputError(f"the mapping has {name!r} for {joint}, which is not among {few}")
        places[joint] = [exact.get(name, lower.get(name.lower(), 0)) for name in wanted]
    return places


def _entry(joint: object, names: object) -> tuple[str, tuple[str, ...]]:
    if joint not in JOINTS:
        raise InputError(f"unknown joint {str(joint)[:40]!r} in a mapping: expected one of {', '.join(JOINTS)}")
    listed = [names] if isinstance(names, str) else names
    if not isinstance(listed, Sequence) or not listed or not all(isinstance(name, str) and name for name in listed):
        raise InputError(f"expected a name or a list of names for {joint} in a mapping, got {str(names)[:40]!r}")
    return str(joint), tuple(listed)
