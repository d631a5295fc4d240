"""Arrays of an answer: what a worker saves is loaded, and nothing else is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from monster.sandbox import protocol
from monster.sandbox.protocol import load_arrays, save_arrays, split_answer

KINDS = [np.float32, np.float64, np.int16, np.uint8, np.bool_]


@given(
    st.dictionaries(
        st.text("abcxyz_", min_size=1),
        st.sampled_from(KINDS).flatmap(lambda kind: hnp.arrays(kind, hnp.array_shapes(min_dims=0, min_side=0))),
        max_size=3,
    )
)
def test_arrays_come_back_as_they_were(tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, np.ndarray]) -> None:
    path = tmp_path_factory.mktemp("arrays") / "a.npz"
    save_arrays(path, arrays)
    loaded = load_arrays(path)
    assert list(loaded) == list(arrays)
    for name, array in arrays.items():
        assert loaded[name].dtype == array.dtype and np.array_equal(
            loaded[name], array, equal_nan=array.dtype.kind == "f"
        )


def test_objects_are_neither_saved_nor_loaded(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="allow_pickle"):
        save_arrays(tmp_path / "a.npz", {"a": np.array([{}], dtype=object)})
    with (tmp_path / "a.npy").open("wb") as file:
        np.lib.format.write_array(file, np.array([{}], dtype=object), allow_pickle=True)
    with zipfile.ZipFile(tmp_path / "b.npz", "w") as archive:
        archive.write(tmp_path / "a.npy", "a.npy")
    with pytest.raises(ValueError, match="corrupt arrays"):
        load_arrays(tmp_path / "b.npz")


def test_what_unpacks_to_more_than_it_is_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.savez_compressed(tmp_path / "a.npz", a=np.zeros(1000))
    with pytest.raises(ValueError, match="uncompressed"):
        load_arrays(tmp_path / "a.npz")
    np.savez(tmp_path / "b.npz", a=np.zeros(1000))
    monkeypatch.setattr(protocol, "MAX_ANSWER", 7000)
    with pytest.raises(ValueError, match="uncompressed"):
        load_arrays(tmp_path / "b.npz")


@pytest.mark.parametrize("content", [b"", b"PK", b"\x80\x04cos\nsystem\n"])
def test_other_files_are_a_value_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(ValueError, match="corrupt arrays"):
        load_arrays(tmp_path / "a.npz")
    with pytest.raises(ValueError, match="corrupt arrays"):
        load_arrays(tmp_path / "none.npz")


def test_an_answer_is_split_into_values_and_arrays() -> None:
    values, arrays = split_answer({"a": 1, "b": np.zeros(2), "c": [1, 2]})
    assert values == {"a": 1, "c": [1, 2]} and list(arrays) == ["b"]
