"""Files are told apart by their endings and by what they hold."""

from pathlib import Path

import numpy as np
import pytest

import monster.io
from monster.errors import FileFormatError
from monster.io import file_kind, is_motion_file, is_scene_file


@pytest.mark.parametrize(
    ("name", "values", "kind"),
    [
        ("a.npy", np.zeros((5, 22, 3)), "motion"),
        ("a.npy", np.zeros((5, 263)), "motion"),
        ("a.npy", np.zeros((500, 3)), "scene"),
        ("a.npy", np.zeros(4), "unclear"),
        ("a.npz", {"walk": np.zeros((5, 22, 3)), "run": np.zeros((5, 22, 3))}, "motion"),
        ("a.npz", {"xyz": np.zeros((5, 3)), "instance": np.zeros(5)}, "scene"),
        ("a.npz", {"chair/v": np.zeros((5, 3)), "chair/f": np.zeros((5, 3))}, None),
        ("a.bvh", b"x", "motion"),
        ("a.GLB", b"x", "scene"),
        ("a.txt", b"# points\n1.0 2.0 3.0\n", "scene"),
        ("a.txt", b"Licence: do what you like\n", None),
        ("a.md", b"x", None),
    ],
)
def test_kinds(tmp_path: Path, name: str, values: object, kind: str | None) -> None:
    path = tmp_path / name
    if isinstance(values, bytes):
        path.write_bytes(values)
    elif isinstance(values, dict):
        np.savez(path, **values)
    else:
        np.save(path, values)  # type: ignore[arg-type]
    assert file_kind(path) == kind
    assert is_motion_file(path) == (kind in ("motion", "unclear"))
    assert is_scene_file(path) == (kind in ("scene", "unclear"))


def test_a_broken_array_is_tried_as_either(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(b"noise")
    with pytest.raises(FileFormatError, match="npz archive"):
        file_kind(tmp_path / "a.npz")
    assert is_motion_file(tmp_path / "a.npz") and is_scene_file(tmp_path / "a.npz")


def test_all_names_exist() -> None:
    assert all(hasattr(monster.io, name) for name in monster.io.__all__)
