"""Columns become points, colors and instances."""

from pathlib import Path

import numpy as np
import pytest

from monster.errors import FileFormatError, InputError
from monster.io.scene.clouds import as_colors, as_instances, instances_among, raw_columns, raw_named_columns

RANDOM = np.random.default_rng(0)
POINTS = RANDOM.uniform(-2, 2, (40, 3)).round(4)
COLORS = RANDOM.integers(0, 256, (40, 3))
IDS = RANDOM.integers(0, 4, 40)


def test_columns_that_are_no_colors_are_left(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    assert raw_columns(np.concatenate([POINTS, POINTS], axis=1), path).colors is None  # normals: negative
    assert raw_columns(POINTS, path).colors is None
    assert raw_columns(np.concatenate([POINTS, COLORS / 255], axis=1), path).colors is not None


def test_colors_behind_an_intensity_or_normals_are_found(tmp_path: Path) -> None:
    path, normals = tmp_path / "a.npy", POINTS / np.linalg.norm(POINTS, axis=1, keepdims=True)
    intensity = RANDOM.integers(-2000, -100, (40, 1))
    for between in (intensity, normals, np.abs(normals)):
        raw = raw_columns(np.concatenate([POINTS, between, COLORS], axis=1), path)
        assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw_columns(np.concatenate([POINTS, np.abs(normals)], axis=1), path).colors is None


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (np.array([[0, 128, 255]], np.uint8), [[0, 128 / 255, 1]]),
        (np.array([[0.0, 0.5, 1.0]]), [[0, 0.5, 1]]),
        (np.array([[0.0, 127.5, 255.0]]), [[0, 0.5, 1]]),
        (np.array([[0, 32767.5, 65535]]).astype(np.uint16), [[0, 32767 / 65535, 1]]),
        (np.array([[255, 0, 0, 9]], np.uint8), [[1, 0, 0]]),
        (np.array([[1, 0, 1]], np.uint8), [[1 / 255, 0, 1 / 255]]),
    ],
)
def test_colors_in_all_ranges(values: np.ndarray, expected: list[list[float]]) -> None:
    assert np.allclose(as_colors(values), expected)  # type: ignore[arg-type]


def test_instances_of_others_and_our_own() -> None:
    assert as_instances(np.array([0, 1, 2]), ours=True).tolist() == [0, 1, 2]
    assert as_instances(np.array([0, 1, 2]), ours=False).tolist() == [-1, 1, 2]
    assert as_instances(np.array([-100, 0, 2]), ours=False).tolist() == [-1, 0, 2]
    assert instances_among({}) is None
    assert instances_among({"instance": np.array([0, 1])}).tolist() == [-1, 1]  # type: ignore[union-attr]
    assert instances_among({"instances": np.array([0]), "instance": np.array([1])}).tolist() == [0]  # type: ignore[union-attr]
    with pytest.raises(InputError, match="one whole number a point"):
        as_instances(np.zeros((3, 2)), ours=True)


def test_columns_by_name(tmp_path: Path) -> None:
    columns = dict(
        zip(("X", "y", "Z", "diffuse_red", "diffuse_green", "diffuse_blue"), [*POINTS.T, *COLORS.T], strict=True)
    )
    raw = raw_named_columns({**columns, "ObjectId": IDS}, tmp_path / "a.ply")
    assert np.array_equal(raw.points, POINTS) and raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw.instances is not None and np.array_equal(raw.instances, np.where(IDS == 0, -1, IDS))
    with pytest.raises(FileFormatError, match=r"^a\.ply: expected numbers, got 1 points with NaN"):
        raw_named_columns({**columns, "X": np.where(np.arange(40) == 3, np.nan, POINTS[:, 0])}, tmp_path / "a.ply")


@pytest.mark.parametrize("type_", [np.float16, np.int8, np.float32])
def test_instances_of_small_types(type_: type[np.generic]) -> None:
    assert as_instances(np.array([0, 3, 100], dtype=type_), ours=True).tolist() == [0, 3, 100]
