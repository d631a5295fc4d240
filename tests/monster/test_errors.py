"""One base class for all errors; the tree in the docstring is the tree of the classes."""

from __future__ import annotations

import re

import pytest

import monster.errors
from monster.errors import InputError, MissingExtra, MonsterError, WriteError

ERRORS = {
    name: value
    for name, value in vars(monster.errors).items()
    if isinstance(value, type) and issubclass(value, MonsterError)
}


def test_the_docstring_shows_the_tree_of_the_classes() -> None:
    shown: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for line in str(monster.errors.__doc__).splitlines():
        found = re.match(r"([│├└─ ]*)(\w+)( |$)", line)
        if found is None or found[2] not in ERRORS:
            continue
        depth = len(found[1])
        above = [(other, name) for other, name in above if other < depth]
        shown[found[2]] = above[-1][1] if above else "Exception"
        above.append((depth, found[2]))
    assert shown == {name: error.__bases__[0].__name__ for name, error in ERRORS.items()}


def test_a_missing_extra_says_how_to_install_it() -> None:
    error = MissingExtra("drawing", "viz")
    assert str(error) == "drawing needs an optional package: pip install 'monster-retrieval[viz]'"
    assert error.extra == "viz"


def test_a_write_error_is_also_an_os_error() -> None:
    with pytest.raises(OSError, match="full"):
        raise WriteError("out.bvh: the disk is full")
    assert issubclass(WriteError, InputError)
