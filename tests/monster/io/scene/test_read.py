"""Scene files of every kind are read; every wrong one is refused in one line that names it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import DATA, needs_data, needs_open3d, room

from monster.errors import FileFormatError, MonsterError
from monster.io import read_scene
from monster.io.npz import save_motion, save_scene
from monster.io.scene import read as scene
from monster.types import Motion, Scene

POINTS, OF = room()


def notes(found: Scene) -> str:
    return " | ".join(map(str, found.provenance))


@pytest.mark.parametrize("kind", ["npy", "npz", "xyz", "txt", "ply"])
def test_the_same_room_in_every_format(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"room.{kind}"
    if kind == "npy":
        np.save(path, POINTS)
    elif kind == "npz":
        np.savez(path, xyz=POINTS, instance=OF + 1)
    elif kind == "ply":
        head = f"ply\nformat binary_little_endian 1.0\nelement vertex {len(POINTS)}\n"
        head += "".join(f"property float {axis}\n" for axis in "xyz") + "end_header\n"
        path.write_bytes(head.encode() + POINTS.astype("<f4").tobytes())
    else:
        np.savetxt(path, POINTS)
    found = read_scene(path, split=False)
    assert np.abs(found.points - POINTS).max() < 1e-5
    assert found.provenance.source == path.name
    assert "axes: z up (detected" in notes(found) and "unit: metres (detected" in notes(found)
    assert (found.instances is not None) == (kind == "npz")


@needs_open3d
def test_a_room_without_instances_is_split_unless_told_otherwise(tmp_path: Path) -> None:
    np.save(tmp_path / "room.npy", POINTS @ np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]) * 100)
    found = read_scene(tmp_path / "room.npy")
    assert found.labels is not None and {"floor", "wall"} == set(found.labels.values())
    assert "axes: y up (detected" in notes(found) and "centimetres" in notes(found) and "objects: 5" in notes(found)
    assert read_scene(tmp_path / "room.npy", split=False).instances is None


def test_the_own_format_is_read_as_it_was_saved(tmp_path: Path) -> None:
    kept = Scene(POINTS.astype(np.float32) + 7, instances=OF, labels={3: "table"})
    save_scene(tmp_path / "own.npz", kept)
    found = read_scene(tmp_path / "own.npz")
    assert np.abs(found.points - kept.points).max() < 0.001 and found.labels == {3: "table"}


def test_meshes_are_sampled(tmp_path: Path) -> None:
    import trimesh

    parts = trimesh.Scene()
    for name, size, at in [("floor", (5, 0.02, 4), (0, -0.01, 0)), ("Bed", (2, 0.5, 1.5), (1, 0.25, 0))]:
        parts.add_geometry(
            trimesh.creation.box(size), node_name=name, transform=trimesh.transformations.translation_matrix(at)
        )
    (tmp_path / "room.glb").write_bytes(parts.export(file_type="glb"))
    found = read_scene(tmp_path / "room.glb")
    assert sorted(found.labels.values()) == ["bed", "floor"]  # type: ignore[union-attr]
    bed = next(thing for thing in found.objects() if thing.label == "bed")
    assert np.allclose(bed.box, [1, 0, 0.25, 2, 1.5, 0.5], atol=0.02)
    assert "axes: y up (given; by the format)" in notes(found)


def test_noise_is_no_object(tmp_path: Path) -> None:
    ids = OF + 1
    ids[:5] = 77
    np.savez(tmp_path / "room.npz", xyz=POINTS, instance=ids)
    found = read_scene(tmp_path / "room.npz")
    assert (found.instances[:5] == -1).all() and len(found.objects()) == 5  # type: ignore[index]


def test_large_scans_are_thinned_and_too_large_ones_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scene, "KEPT_POINTS", 1000)
    np.savez(tmp_path / "room.npz", xyz=POINTS, instance=OF + 1)
    found = read_scene(tmp_path / "room.npz")
    assert len(found.points) == 1000 and "1,000 of" in notes(found)
    assert np.array_equal(found.points, read_scene(tmp_path / "room.npz").points)
    monkeypatch.setattr(scene, "MAX_POINTS", 2000)
    with pytest.raises(FileFormatError, match=r"at most 2,000 points, got .* thin it first"):
        read_scene(tmp_path / "room.npz")


def test_wrong_files(tmp_path: Path) -> None:
    np.save(tmp_path / "one.npy", POINTS[:1])
    np.save(tmp_path / "far.npy", POINTS * 1e7)
    np.save(tmp_path / "same.npy", np.zeros((50, 3)))
    np.save(tmp_path / "motion.npy", np.zeros((50, 22, 3)))
    np.save(tmp_path / "pickle.npy", np.array([None]))
    (tmp_path / "none.ply").touch()
    (tmp_path / "room.blend").write_bytes(b"BLENDER")
    body = np.zeros((5, 22, 3), np.float32)
    body[..., 2] = np.linspace(0, 1.7, 22)
    save_motion(tmp_path / "walk.npz", Motion(body))
    for name, words in [
        ("one.npy", "at least 2 points in a scene, got 1"),
        ("far.npy", "0.05 to 200 m"),
        ("same.npy", "0.05 to 200 m, got 0 across"),
        ("motion.npy", "is this a motion"),
        ("pickle.npy", "pickled array"),
        ("none.ply", "empty file"),
        ("room.blend", r"\.npy\), got '.blend'"),
        ("walk.npz", "expected a scene with an array 'points' or 'xyz', got 'format'"),
        ("gone.ply", "No such file"),
        (".", "got a folder"),
    ]:
        with pytest.raises(FileFormatError, match=words) as caught:
            read_scene(tmp_path / name)
        assert "\n" not in str(caught.value)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_files_give_an_error_or_a_scene(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "fuzz.npz"
    np.savez(path, xyz=POINTS[::100].astype(np.float32), instance=OF[::100])
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(content[: data.draw(st.integers(0, len(content)))]))
    try:
        found = read_scene(path, split=False)
    except MonsterError as error:
        assert str(error).startswith("fuzz.npz: ") and "\n" not in str(error)
    else:
        assert len(found.points) > 1


@needs_data
@needs_open3d
@pytest.mark.parametrize(
    "name", ["scene0000_00", "scene0004_00", "sunrgbd_000001", "votenet_demo_sunrgbd", "open3d_fragment"]
)
def test_real_scans_are_read_without_a_flag(name: str) -> None:
    found = read_scene(DATA / "scene" / f"{name}.npz")
    up = "-z" if name == "open3d_fragment" else "z"
    assert f"axes: {up} up (detected" in notes(found)
    assert 5 <= len(found.objects()) <= 50
    assert "floor" in {thing.label for thing in found.objects()}
    assert (found.colors is not None) and found.points[:, 2].min() > -1


@pytest.mark.parametrize("kind", ["xyz", "npy", "npz", "pcd", "obj", "glb"])
def test_too_many_points_are_refused_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    import trimesh

    path = tmp_path / f"a.{kind}"
    points = np.random.default_rng(0).uniform(0, 3, (600, 3)).astype(np.float32)
    if kind == "xyz":
        np.savetxt(path, points)
    elif kind == "npy":
        np.save(path, points)
    elif kind == "npz":
        np.savez_compressed(path, xyz=points)
    elif kind == "pcd":
        head = "FIELDS x y z\nSIZE 4 4 4\nTYPE F F F\nCOUNT 1 1 1\nPOINTS 600\nDATA binary\n"
        path.write_bytes(head.encode() + points.tobytes())
    else:
        mesh = trimesh.Trimesh(points, np.arange(600).reshape(-1, 3), process=False)
        path.write_bytes(
            trimesh.Scene(mesh).export(file_type=kind) if kind == "glb" else mesh.export(file_type=kind).encode()
        )
    monkeypatch.setattr(scene, "MAX_POINTS", 599)
    with pytest.raises(
        FileFormatError, match=rf"^a\.{kind}: expected at most 599 points, got 600; save it as a binary"
    ):
        read_scene(path, split=False)
    monkeypatch.setattr(scene, "MAX_POINTS", 200_000)
    assert len(read_scene(path, split=False).points) >= 600


@pytest.mark.parametrize("kind", ["npy", "npz", "pcd", "glb"])
def test_a_damaged_file_is_not_counted(tmp_path: Path, kind: str) -> None:
    (tmp_path / f"a.{kind}").write_bytes(b"something else, longer than any header would have to be")
    with pytest.raises(FileFormatError, match=rf"^a\.{kind}: expected (?!at most)"):
        read_scene(tmp_path / f"a.{kind}")
