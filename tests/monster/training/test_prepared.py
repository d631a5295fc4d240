"""A prepared corpus on disk: parts and spans of its arrays, its names, and folders that are none."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from monster.errors import CorpusError
from monster.training.prepared import FILE, FORMAT, Prepared


def write(folder: Path, **meta: object) -> Path:
    """Four items: whole, without a caption, a caption alone, and whole in the test split."""
    arrays = {
        "joints": torch.arange(7 * 66, dtype=torch.int16).reshape(7, 22, 3),
        "motion_starts": torch.tensor([0, 3, 7]),
        "item_motion": torch.tensor([0, 1, -1, 1]),
        "item_scene": torch.tensor([0, 0, -1, 0]),
        "item_captions": torch.tensor([0, 1, 1, 0]),
        "item_starts": torch.tensor([0, 2, 2, 3, 4]),
        "split": torch.tensor([0, 0, 0, 2]),
    }
    for name in ("caption", "scene", "negative", "edit"):
        arrays[f"{name}_starts"] = torch.tensor([0, 1])
    save_file(arrays, str(folder / FILE), {"meta": json.dumps({"format": FORMAT, "categories": ["chair"], **meta})})
    return folder


def test_parts_are_cut_at_their_starts(tmp_path: Path) -> None:
    prepared = Prepared.open(write(tmp_path))
    assert torch.equal(prepared.part("joints", 1), prepared["joints"][3:7])
    assert prepared.span("joints", 0) == (0, 3) and prepared.span("item_captions", 1) == (2, 2)
    assert prepared.part("item_captions", 1).tolist() == [] and prepared.part("item_captions", 2).tolist() == [1]


@pytest.mark.parametrize(("modalities", "expected"), [(1, [0, 1, 2]), (2, [0, 1]), (3, [0])])
def test_rows_hold_so_many_modalities(tmp_path: Path, modalities: int, expected: list[int]) -> None:
    prepared = Prepared.open(write(tmp_path))
    np.testing.assert_array_equal(prepared.rows(0, modalities=modalities), expected)
    assert prepared.rows(2).tolist() == [3] and prepared.rows(1).tolist() == []


def test_names_come_from_the_meta_data(tmp_path: Path) -> None:
    meta = {"items": ["a", "b"], "left_out": [["c", "broken"]], "negative_kinds": ["order"]}
    prepared = Prepared.open(write(tmp_path, **meta))
    assert prepared.ids([1, 3]) == ["b", "3"] and prepared.left_out == [("c", "broken")]
    assert prepared.categories == ["chair"] and prepared.negative_kinds == ["order"]
    older = Prepared.open(write(tmp_path))
    assert older.negative_kinds == [] and older.left_out == [] and older.ids([0]) == ["0"]


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="expected a prepared corpus with"):
        Prepared.open(tmp_path)
    (tmp_path / FILE).write_bytes(b"no arrays")
    with pytest.raises(CorpusError, match="expected a prepared corpus, got"):
        Prepared.open(tmp_path)
    save_file({"a": torch.zeros(1)}, str(tmp_path / FILE), {"meta": json.dumps({"format": "prepared 0"})})
    with pytest.raises(CorpusError, match="'prepared 0'; prepare the corpus again"):
        Prepared.open(tmp_path)
