"""Helpers that importers share: required files and memory-mapped arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from monster.corpus.importers.data import memory_mapped, require
from monster.errors import CorpusError, FileFormatError


def test_all_missing_names_are_listed(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    require(tmp_path, "a data set", ["a"])
    with pytest.raises(CorpusError, match="expected a data set, got a folder without b, c"):
        require(tmp_path, "a data set", ["a", "b", "c"])
    with pytest.raises(CorpusError, match="got a file"):
        require(tmp_path / "a", "a data set", [])
    with pytest.raises(CorpusError, match="got nothing"):
        require(tmp_path / "z", "a data set", [])


def test_an_array_is_mapped_from_the_disk(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.arange(6).reshape(2, 3))
    array = memory_mapped(tmp_path / "a.npy")
    assert isinstance(array, np.memmap)
    assert array.tolist() == [[0, 1, 2], [3, 4, 5]]


def test_other_content_is_a_file_format_error(tmp_path: Path) -> None:
    np.savez(tmp_path / "many.npz", a=np.zeros(2))
    with pytest.raises(FileFormatError, match=r"many\.npz: expected one array, got an archive"):
        memory_mapped(tmp_path / "many.npz")
    np.save(tmp_path / "objects.npy", np.array([{}]), allow_pickle=True)
    with pytest.raises(FileFormatError, match=r"objects\.npy: expected an array of plain values"):
        memory_mapped(tmp_path / "objects.npy")
    whole = tmp_path / "whole.npy"
    np.save(whole, np.zeros(100))
    (tmp_path / "cut.npy").write_bytes(whole.read_bytes()[:-8])
    with pytest.raises(FileFormatError, match=r"cut\.npy"):
        memory_mapped(tmp_path / "cut.npy")
