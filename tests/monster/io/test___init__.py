"""What ``monster.io`` exports can be imported, is documented, and costs nothing until it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import monster.io


def test_the_exported_names_exist_and_are_documented() -> None:
    assert set(monster.io._HOME) == set(monster.io.__all__) == set(dir(monster.io))
    assert len(set(monster.io.__all__)) == len(monster.io.__all__)
    for name in monster.io.__all__:
        value = getattr(monster.io, name)
        if callable(value):
            assert (value.__doc__ or "").strip(), name
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = monster.io.no_such_name


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("import monster.io", set()),
        ("import monster; monster.Corpus", {"monster.io.npz", "monster.io.numpy_files", "monster.io.sources"}),
    ],
)
def test_no_reader_is_loaded_before_it_is_used(code: str, allowed: set[str]) -> None:
    code = f"import sys\n{code}\nprint(*[name for name in sys.modules if name.startswith(('monster.io.', 'trimesh'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert set(done.stdout.split()) <= allowed
