"""A room without instances is split into floor, walls and the things in it."""

import builtins
import sys

import numpy as np
import pytest
from reader_files import needs_open3d, room

from monster.errors import MissingExtra
from monster.io.normalise.segmentation import _cell_numbers, _clusters, split_objects, without_noise
from monster.types import Scene

POINTS, OF = room()


@needs_open3d
def test_the_parts_of_a_room_are_found() -> None:
    noisy = POINTS + np.random.default_rng(0).normal(0, 0.004, POINTS.shape)
    scene = split_objects(Scene(noisy.astype(np.float32)))
    assert scene.instances is not None and scene.labels is not None
    names = {part: [] for part in range(5)}  # type: dict[int, list[str | None]]
    for part in range(5):
        ids, counts = np.unique(scene.instances[part == OF], return_counts=True)
        main = int(ids[counts.argmax()])
        assert counts.max() / counts.sum() > 0.85
        inside = (OF[scene.instances == main] == part).mean()
        assert inside > 0.85
        names[part].append(scene.labels.get(main))
    assert names == {0: ["floor"], 1: ["wall"], 2: ["wall"], 3: [None], 4: [None]}
    assert "objects: 5" in str(scene.provenance.findings[-1])


@needs_open3d
def test_the_same_scene_gives_the_same_objects() -> None:
    scene = Scene(POINTS.astype(np.float32))
    first, second = split_objects(scene), split_objects(scene)
    assert np.array_equal(first.instances, second.instances)  # type: ignore[arg-type]
    assert first.labels == second.labels


@needs_open3d
def test_what_is_wider_than_furniture_is_cut() -> None:
    grid = np.stack(np.meshgrid(np.arange(0, 6, 0.04), np.arange(0, 0.6, 0.04), [0.9]), axis=-1).reshape(-1, 3)
    floor = np.stack(np.meshgrid(np.arange(0, 6, 0.05), np.arange(0, 3, 0.05), [0.0]), axis=-1).reshape(-1, 3)
    scene = split_objects(Scene(np.concatenate([grid, floor]).astype(np.float32)))
    pieces = scene.instances[: len(grid)]  # type: ignore[index]
    assert 3 <= len(np.unique(pieces)) <= 8
    for piece in np.unique(pieces):
        assert np.ptp(grid[pieces == piece][:, 0]) <= 2.2


@needs_open3d
def test_tiny_scenes_do_not_fail() -> None:
    scene = split_objects(Scene(np.array([[0, 0, 0], [1, 1, 1]], np.float32)))
    assert scene.instances is not None and (scene.instances == -1).all() and scene.labels is None


def test_few_points_are_noise() -> None:
    ids = np.array([5] * 30 + [7] * 19 + [-1] * 2)
    assert without_noise(ids).tolist() == [5] * 30 + [-1] * 21


@pytest.mark.parametrize("error", [ModuleNotFoundError("open3d"), ImportError("libusb-1.0.so.0: cannot open")])
def test_without_open3d_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, error: ImportError) -> None:
    real = builtins.__import__

    def missing(name: str, *args: object, **kwargs: object) -> object:
        if name == "open3d":
            raise error
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.delitem(sys.modules, "open3d", raising=False)
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtra, match=r"splitting a scene into objects.*monster-retrieval\[scene\]") as caught:
        split_objects(Scene(POINTS.astype(np.float32)))
    assert ("apt-get install" in str(caught.value)) == (type(error) is ImportError)


def test_points_have_equal_cell_numbers_in_one_cell_only() -> None:
    points = np.random.default_rng(3).uniform(-2, 3, (400, 3))
    cells = np.floor((points - points.min(axis=0)) / 0.9)
    same_cell = (cells[:, None] == cells[None]).all(axis=-1)
    numbers = _cell_numbers(points, 0.9)
    np.testing.assert_array_equal(numbers[:, None] == numbers[None], same_cell)


@needs_open3d
def test_a_flat_patch_is_one_cluster_and_a_far_one_another() -> None:
    import open3d

    patch = np.stack(np.meshgrid(np.arange(10) * 0.09, np.arange(10) * 0.09, [0.5]), axis=-1).reshape(-1, 3)
    instances = np.full(100, -1)
    _clusters(open3d, patch, instances)
    assert instances.tolist() == [0] * 100
    instances = np.full(200, -1)
    _clusters(open3d, np.concatenate([patch, patch + np.array([3.0, 0, 0])]), instances)
    assert instances.tolist() == [0] * 100 + [1] * 100
