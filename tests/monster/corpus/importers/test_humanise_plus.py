"""HUMANISE+ in miniature, laid out as its authors publish it."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from reader_files import room, walking, z_up

from monster.corpus.importers import open_data_set
from monster.corpus.importers.writer import import_corpus
from monster.errors import CorpusError

WALK = z_up(walking(40)).astype(np.float32) + np.array([3, 4, 0], np.float32)


def dump(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(value))


@pytest.fixture
def plus(tmp_path: Path) -> Path:
    folder = tmp_path / "HUMANISE+"
    target = folder / "annotations" / "humanise_recaptioned"
    (target / "splits").mkdir(parents=True)
    points, of = room(0.1)
    colors = np.tile(np.array([[255.0, 128, 0]]), (len(points), 1))
    category = np.array([0, 1, 1, 6, 2])[of]
    cut = np.concatenate([points, colors, of[:, None], category[:, None]], axis=1).astype(np.float32)
    cut[0] = np.nan
    data = {"scene_cut": cut, "idx_crop": np.ones(len(cut), bool), "joints": WALK.astype(np.float32), "obj_list": [1]}
    scans = {"a": "scene0000_00", "b": "scene0000_01", "c": "scene0001_00"}
    annotations = {
        key: {"path": f"walk/1810_{key}/x", "annotations": [{"scene": scan, "recaptioning": f"A person walks {key}."}]}
        for key, scan in scans.items()
    }
    annotations["a"]["annotations"].append({"scene": "scene0000_00", "recaptioning": "Someone walks."})  # type: ignore[attr-defined]
    (target / "annotations.json").write_text(json.dumps(annotations))
    for key, scan in scans.items():
        dump(folder / "data" / "walk" / f"{scan[:9]}_00001810_{key}" / "0.pkl", data)
    (target / "splits" / "train.txt").write_text("a\nb\n")
    (target / "splits" / "test.txt").write_text("c\nd\n")
    return folder


def test_plus(plus: Path) -> None:
    result = import_corpus(open_data_set("humanise", plus), plus.parent / "corpus")
    assert result.corpus.info["name"] == "HUMANISE+"
    assert result.left_out == (
        "a/1: expected data/walk/scene0000_00001810_a/1.pkl, got nothing",
        "val.txt: expected the keys of val, got nothing",
        "d: expected path and annotations in annotations.json, got 'None'",
    )
    split = {record.id: record.split for record in result.corpus.records}
    assert split == {"a/0": "train", "b/0": "train", "c/0": "test"}
    item = result.corpus.item("c/0")
    assert item.captions == ("A person walks c.",) and item.metadata["room"] == "scene0001"
    assert item.motion is not None and np.allclose(item.motion.joints, WALK, atol=0.001)
    assert item.scene is not None and len(item.scene.points) == len(room(0.1)[0]) - 1
    assert item.scene.labels == {0: "floor", 1: "wall", 2: "wall", 3: "table", 4: "cabinet"}
    assert np.allclose(item.scene.colors[0], [1, 128 / 255, 0], atol=0.003)  # type: ignore[index]


def test_plus_with_other_parts_is_refused_item_by_item(plus: Path) -> None:
    place = plus / "data" / "walk"
    dump(place / "scene0000_00001810_a" / "0.pkl", {"scene_cut": np.zeros((5, 3)), "joints": WALK})
    dump(place / "scene0000_00001810_b" / "0.pkl", {"scene_cut": np.zeros((5, 8)), "joints": np.zeros((4, 5))})
    messages = "\n".join(import_corpus(open_data_set("humanise", plus), plus.parent / "corpus").left_out)
    assert "0.pkl: expected scene_cut (points, 8 or more), got (5, 3)" in messages
    assert "b/0: 0.pkl: expected joints (frames, 22 or more, 3), got (4, 5)" in messages


def test_plus_needs_splits_and_readable_annotations(plus: Path) -> None:
    annotations = plus / "annotations" / "humanise_recaptioned"
    (annotations / "annotations.json").write_text("[1, 2")
    with pytest.raises(CorpusError, match=r"annotations\.json: expected JSON"):
        open_data_set("humanise", plus).entries()
    for path in (annotations / "splits").iterdir():
        path.unlink()
    with pytest.raises(CorpusError, match=r"expected splits/train\.txt, splits/val\.txt, splits/test\.txt, got none"):
        open_data_set("humanise", plus)
