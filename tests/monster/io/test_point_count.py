"""Files with too many points are refused before they are read, with a word on what to do."""

from pathlib import Path

import numpy as np
import pytest

from monster.errors import FileFormatError
from monster.io import point_count as sizes
from monster.io import read_scene
from monster.io.point_count import count_points, refuse_huge
from monster.io.scene import read as scene

POINTS = np.random.default_rng(0).uniform(0, 3, (500, 3)).astype(np.float32)


@pytest.fixture(autouse=True)
def _every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "_LEAST", 0)
    monkeypatch.setattr(sizes, "_CHUNK", 1000)


def write(path: Path) -> None:
    """500 points in the form that the file's ending asks for."""
    kind = path.suffix
    if kind in (".xyz", ".txt"):
        np.savetxt(path, POINTS)
    elif kind == ".npy":
        np.save(path, POINTS)
    elif kind == ".npz":
        np.savez_compressed(path, xyz=POINTS, other=np.zeros((9000, 2)))
    elif kind == ".pcd":
        fields = "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\n"
        head = f"VERSION .7\n{fields}WIDTH 500\nHEIGHT 1\nPOINTS 500\nDATA binary\n"
        path.write_bytes(head.encode() + POINTS.tobytes())
    elif kind == ".obj":
        lines = [f"v {x} {y} {z}" for x, y, z in POINTS]
        path.write_text("\n".join(["# a mesh", *lines, "vn 0 0 1", "f 1 2 3"]))
    else:
        import trimesh

        mesh = trimesh.Trimesh(POINTS, np.arange(498).reshape(-1, 3), process=False)
        path.write_bytes(trimesh.Scene(mesh).export(file_type="glb"))


@pytest.mark.parametrize("kind", ["xyz", "txt", "npy", "npz", "pcd", "obj", "glb"])
def test_points_are_counted_and_too_many_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    write(path)
    assert count_points(path, names=("points", "xyz")) == 500
    monkeypatch.setattr(scene, "MAX_POINTS", 499)
    with pytest.raises(
        FileFormatError, match=rf"^a\.{kind}: expected at most 499 points, got 500; save it as a binary"
    ):
        read_scene(path)
    refuse_huge(path, most=500, names=("xyz",))


@pytest.mark.parametrize("kind", ["npy", "npz", "pcd", "glb"])
def test_damage_is_left_to_the_reader(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"a.{kind}").write_bytes(b"something else, longer than any header would have to be")
    assert count_points(tmp_path / f"a.{kind}") == 0


def test_small_files_are_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizes, "_LEAST", 1 << 20)
    write(tmp_path / "a.xyz")
    assert count_points(tmp_path / "a.xyz") == 0
