"""Points in NumPy files, with colors, instances and labels under several names."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from monster.errors import FileFormatError
from monster.io.scene.point_arrays import FORMAT, raw_npz
from monster.io.sources import Source

RANDOM = np.random.default_rng(0)
POINTS = RANDOM.uniform(-2, 2, (40, 3)).round(4)
COLORS = RANDOM.integers(0, 256, (40, 3))
IDS = RANDOM.integers(0, 4, 40)


def test_arrays_with_names_beside(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", xyz=POINTS, rgb=COLORS.astype(np.uint8), instance=IDS.astype(np.int16), semantic=IDS)
    objects = {"objects": [{"instance": 1, "label": "sofa"}, {"instance": 3, "label": "table"}, {"label": "a box"}]}
    (tmp_path / "a.json").write_text(json.dumps(objects))
    raw = raw_npz(tmp_path / "a.npz")
    assert np.array_equal(raw.points, POINTS)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw.instances is not None and np.array_equal(raw.instances, np.where(IDS == 0, -1, IDS))
    assert raw.labels == {1: "sofa", 3: "table"}
    (tmp_path / "a.json").write_text("{")
    with pytest.raises(FileFormatError, match=r"^a.json: expected a JSON object"):
        raw_npz(tmp_path / "a.npz")


def test_arrays_with_our_own_words(tmp_path: Path) -> None:
    names = np.array(["floor", "lamp"])
    np.savez(
        tmp_path / "a.npz", points=POINTS, colors=COLORS / 255, instances=IDS - 1, label_ids=[0, 2], label_names=names
    )
    raw = raw_npz(tmp_path / "a.npz")
    assert raw.instances is not None and np.array_equal(raw.instances, IDS - 1)
    assert raw.labels == {0: "floor", 2: "lamp"}


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"mesh": POINTS}, "array 'points' or 'xyz', got 'mesh'"),
        ({"xyz": POINTS[:, :2]}, r"shape \(n, 3\)"),
        ({"xyz": POINTS[None]}, "is this a motion"),
        ({"xyz": POINTS, "rgb": COLORS[:-1]}, "colors for 40 points, got 39"),
        ({"xyz": POINTS, "rgb": COLORS - 100}, "colors .* in 0..255"),
        ({"xyz": POINTS, "instance": IDS[:-1]}, "instances for 40 points, got 39"),
        ({"xyz": POINTS, "instance": np.where(IDS > 1, np.nan, IDS)}, "instances as one whole number"),
        ({"points": POINTS, "instances": IDS, "label_ids": [1], "label_names": ["a", "b"]}, "one name for each label"),
    ],
)
def test_wrong_arrays(tmp_path: Path, arrays: dict[str, np.ndarray], words: str) -> None:
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(FileFormatError, match=words) as caught:
        raw_npz(tmp_path / "a.npz")
    assert str(caught.value).startswith("a.npz: ")


@pytest.mark.parametrize(
    ("values", "claimed", "count"),
    [
        (np.zeros((7, 3)), True, 7),
        (np.zeros((7, 2)), False, 7),
        (np.zeros((7, 17)), False, 7),
        (np.zeros((7, 22, 3)), False, 0),
        ({"xyz": np.zeros((9, 3)), "other": np.zeros((99, 3))}, True, 9),
        ({"walk": np.zeros((9, 3))}, False, 0),
    ],
)
def test_what_a_file_states(tmp_path: Path, values: object, claimed: bool, count: int) -> None:
    path = tmp_path / ("a.npz" if isinstance(values, dict) else "a.npy")
    np.savez(path, **values) if isinstance(values, dict) else np.save(path, values)  # type: ignore[arg-type]
    with Source(path) as source:
        assert (FORMAT.sniff(source), FORMAT.count(source)) == (claimed, count)


def test_an_instance_zero_that_the_file_names_is_an_object(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", xyz=POINTS, instance=IDS)
    assert np.array_equal(raw_npz(tmp_path / "a.npz").instances, np.where(IDS == 0, -1, IDS))
    (tmp_path / "a.json").write_text(json.dumps({"objects": [{"instance": 0, "label": "canapé"}]}))
    found = raw_npz(tmp_path / "a.npz")
    assert np.array_equal(found.instances, IDS) and found.labels == {0: "canapé"}
