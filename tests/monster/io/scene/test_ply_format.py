"""Scenes through PLY: points, colours, instances and their names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import room
from scan_files import ply_bytes

from monster.io import read_scene, write_ply
from monster.io.scene.ply import read_ply
from monster.io.scene.ply_format import labels_in_comments, raw_ply
from monster.types import Scene

RANDOM = np.random.default_rng(0)
POINTS = RANDOM.uniform(-2, 2, (40, 3)).round(4)
COLORS = RANDOM.integers(0, 256, (40, 3))
IDS = RANDOM.integers(0, 4, 40)
NAMES = {0: "floor", 1: "wall", 2: "wall", 3: "coffee table", 4: "Schrank für Bücher"}


def furnished(*, colors: bool = True, labels: bool = True) -> Scene:
    points, of = room()
    shades = np.random.default_rng(0).integers(0, 256, points.shape) / 255 if colors else None
    return Scene(points.astype(np.float32), shades, of, NAMES if labels else None)


@pytest.mark.parametrize("colors", [True, False])
@pytest.mark.parametrize("labels", [True, False])
def test_a_room_comes_back(tmp_path: Path, colors: bool, labels: bool) -> None:
    scene = furnished(colors=colors, labels=labels)
    write_ply(tmp_path / "room.ply", scene)
    found = read_scene(tmp_path / "room.ply")
    assert np.array_equal(found.instances, scene.instances) and found.labels == scene.labels
    assert np.abs(found.points - scene.points).max() < 1e-5
    if colors:
        assert np.abs(found.colors - scene.colors).max() < 1e-6
    else:
        assert found.colors is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    labels=st.dictionaries(st.integers(-1, 2**31 - 1), st.text(st.characters(codec="utf-8"), min_size=1), max_size=4),
    data=st.data(),
)
def test_the_columns_are_exact(tmp_path: Path, labels: dict[int, str], data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 20))
    seed = data.draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    instances = rng.integers(-1, 2**31 - 1, count)
    scene = Scene(rng.normal(0, 5, (count, 3)).astype(np.float32), None, instances, labels)
    write_ply(tmp_path / "any.ply", scene)
    columns = read_ply(tmp_path / "any.ply").vertices
    assert np.array_equal(np.stack([columns[name] for name in "xyz"], axis=1), scene.points)
    assert np.array_equal(columns["instances"], instances)
    assert (labels_in_comments(tmp_path / "any.ply") or {}) == labels


def test_names_that_would_end_a_header_and_names_of_others(tmp_path: Path) -> None:
    scene = furnished()
    write_ply(tmp_path / "room.ply", Scene(scene.points, None, scene.instances, {0: "end_header", 3: 'a "table"\nset'}))
    assert read_scene(tmp_path / "room.ply").labels == {0: "end_header", 3: 'a "table"\nset'}
    content = (tmp_path / "room.ply").read_bytes().replace(b'label 0 "end\\u005fheader"', b"label 0 round table")
    (tmp_path / "room.ply").write_bytes(content)
    assert read_scene(tmp_path / "room.ply").labels == {0: "round table", 3: 'a "table"\nset'}


@pytest.mark.parametrize("form", ["ascii", "binary_big_endian"])
def test_ply_names_in_capitals_and_colors_of_two_bytes(tmp_path: Path, form: str) -> None:
    table = np.zeros(40, [(axis, ">f8") for axis in "XYZ"] + [(name, ">u2") for name in ("Red", "Green", "Blue")])
    for place, name in enumerate(table.dtype.names or ()):
        table[name] = np.concatenate([POINTS, COLORS * 257], axis=1)[:, place]
    head = f"ply\nformat {form} 1.0\nelement vertex 40\n"
    head += "".join(f"property {'double' if len(name) == 1 else 'ushort'} {name}\n" for name in table.dtype.names or ())
    rows = "\n".join(" ".join(map(str, row)) for row in table.tolist()).encode()
    (tmp_path / "a.ply").write_bytes(head.encode() + b"end_header\n" + (rows if form == "ascii" else table.tobytes()))
    raw = raw_ply(tmp_path / "a.ply")
    assert np.abs(raw.points - POINTS).max() < 1e-12  # doubles stay doubles
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)


def test_ply_properties(tmp_path: Path) -> None:
    head = ["ply", "format ascii 1.0", "element vertex 40", *(f"property float {axis}" for axis in "xyz")]
    head += [*(f"property uchar {name}" for name in ("red", "green", "blue")), "property int objectId", "end_header"]
    rows = [" ".join(map(str, [*p, *c, i])) for p, c, i in zip(POINTS, COLORS, IDS, strict=True)]
    (tmp_path / "a.ply").write_text("\n".join(head + rows))
    raw = raw_ply(tmp_path / "a.ply")
    assert np.allclose(raw.points, POINTS, atol=1e-6)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw.instances is not None and np.array_equal(raw.instances, np.where(IDS == 0, -1, IDS))


def test_a_mesh_in_a_ply_is_sampled_with_its_colors_and_instances(tmp_path: Path) -> None:
    text = """ply
format ascii 1.0
element vertex 6
property float x
property float y
property float z
property float red
property float green
property float blue
property int instance
element face 2
property list uchar int vertex_indices
end_header
0 0 0 1 0 0 1
1 0 0 1 0 0 1
0 1 0 1 0 0 1
0 0 5 0 0 1 2
1 0 5 0 0 1 2
0 1 5 0 0 1 2
3 0 1 2
3 3 4 5
"""
    (tmp_path / "a.ply").write_text(text)
    raw = raw_ply(tmp_path / "a.ply")
    upper = raw.points[:, 2] > 1
    assert raw.colors is not None and raw.instances is not None
    assert np.allclose(raw.points[:, 2], np.where(upper, 5, 0))
    assert np.allclose(raw.colors[upper], [0, 0, 1]) and np.allclose(raw.colors[~upper], [1, 0, 0])
    assert np.array_equal(raw.instances, np.where(upper, 2, 1))
    assert 0.49 < upper.mean() < 0.51 and raw.points[:, :2].sum(axis=1).max() < 1 + 1e-9


def test_an_instance_zero_that_the_file_names_is_an_object(tmp_path: Path) -> None:
    path, ids = tmp_path / "a.ply", IDS.astype(np.int32)
    columns = {axis: POINTS[:, place].astype("f4") for place, axis in enumerate("xyz")} | {"instance": ids}
    content = ply_bytes(columns)
    path.write_bytes(content)
    assert np.array_equal(raw_ply(path).instances, np.where(ids == 0, -1, ids))
    path.write_bytes(content.replace(b"element vertex", 'comment label 0 "canapé"\nelement vertex'.encode(), 1))
    found = raw_ply(path)
    assert np.array_equal(found.instances, ids) and found.labels == {0: "canapé"}


@pytest.mark.parametrize("comment", ["scanned by Åsa", "caf\x85\u2028é", "\x0b\x0c\x1c ok"])
def test_comments_of_a_ply_hold_any_bytes(tmp_path: Path, comment: str) -> None:
    content = ply_bytes({axis: POINTS[:, place].astype("f4") for place, axis in enumerate("xyz")})
    (tmp_path / "a.ply").write_bytes(
        content.replace(b"element vertex", f"comment {comment}\nelement vertex".encode(), 1)
    )
    assert np.allclose(raw_ply(tmp_path / "a.ply").points, POINTS, atol=1e-6)
