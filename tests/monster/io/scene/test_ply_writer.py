"""Scenes through PLY: points, colours, instances and their names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reader_files import room

from monster.io import read_scene, write_ply
from monster.io.scene.clouds import labels_in_comments
from monster.io.scene.ply import read_ply
from monster.types import Scene

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
