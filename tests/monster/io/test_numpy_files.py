"""NumPy files are read without unpickling, headers before arrays, and written all or nothing."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from monster.errors import FileFormatError
from monster.io.numpy_files import (
    ArrayHeader,
    few_names,
    header_of,
    npy_header,
    npz_arrays,
    read_npy,
    read_npz,
    write_npz,
)
from monster.io.sources import Source

ARRAYS = hnp.arrays(st.sampled_from([np.float32, np.float64, np.int16, np.bool_]), hnp.array_shapes(min_dims=0))


@given(st.dictionaries(st.text("abcxyz", min_size=1), ARRAYS, max_size=3))
def test_arrays_come_back_with_their_headers(
    tmp_path_factory: pytest.TempPathFactory, arrays: dict[str, np.ndarray]
) -> None:
    path = tmp_path_factory.mktemp("arrays") / "a.npz"
    write_npz(path, arrays)
    with Source(path) as source:
        there = npz_arrays(source)
        assert list(there) == list(arrays) and len(there) == len(arrays) and npz_arrays(source) is there
        for name, array in arrays.items():
            assert header_of(there, name) == header_of(arrays, name) == ArrayHeader(array.shape, array.dtype.kind)
            assert np.array_equal(there[name], array, equal_nan=array.dtype.kind == "f")
    assert list(read_npz(path, list(arrays)[:1])) == list(arrays)[:1]


@given(ARRAYS)
def test_an_array_comes_back_with_its_header(tmp_path_factory: pytest.TempPathFactory, array: np.ndarray) -> None:
    path = tmp_path_factory.mktemp("array") / "a.npy"
    np.save(path, array)
    with Source(path) as source:
        for _ in range(2):
            assert npy_header(source) == ArrayHeader(array.shape, array.dtype.kind)
            assert np.array_equal(read_npy(source), array, equal_nan=array.dtype.kind == "f")


def test_a_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    write_npz(path, {"x": np.arange(3)})
    with pytest.raises(ValueError, match="Object arrays"):
        write_npz(path, {"x": np.array([{}], dtype=object)})
    assert np.array_equal(read_npz(path)["x"], np.arange(3))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.npz"]


class Trap:
    """Unpickling this writes a file."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.target,))


@pytest.mark.parametrize("kind", ["npy", "npz", "raw"])
def test_pickles_are_refused_and_never_run(tmp_path: Path, kind: str) -> None:
    victim, path = tmp_path / "victim", tmp_path / f"evil.{'npy' if kind == 'raw' else kind}"
    trap = np.array([Trap(victim)], dtype=object)
    if kind == "npz":
        np.savez(path, joints=trap)
    elif kind == "npy":
        np.save(path, trap)
    else:
        path.write_bytes(pickle.dumps(Trap(victim)))
    with pytest.raises(FileFormatError, match=r"^evil\.np.*pickle"):
        read_npz(path) if kind == "npz" else read_npy(path)
    assert not victim.exists()


def test_messages_name_the_file_and_the_reason(tmp_path: Path) -> None:
    np.savez(tmp_path / "other.npz", walk=np.zeros(3), run=np.zeros(3))
    cut = tmp_path / "cut.npy"
    np.save(cut, np.zeros(500))
    cut.write_bytes(cut.read_bytes()[:-100])
    (tmp_path / "empty.npy").touch()
    (tmp_path / "noise.npy").write_bytes(b"noise")
    for path, words in [
        (cut, "cut short"),
        (tmp_path / "empty.npy", "empty file"),
        (tmp_path / "noise.npy", r"starts with b'noise'"),
        (tmp_path / "gone.npy", "No such file"),
        (tmp_path, "folder"),
    ]:
        with pytest.raises(FileFormatError, match=words) as caught:
            read_npy(path)
        assert str(caught.value).startswith(path.name) and "\n" not in str(caught.value)
    with pytest.raises(FileFormatError, match=r"'sit'.*'walk', 'run'"):
        read_npz(tmp_path / "other.npz", ["sit"])
    with Source(tmp_path / "noise.npy") as source, pytest.raises(FileFormatError, match="starts with b'noise'"):
        npy_header(source)


def test_a_broken_header_of_many_is_empty(tmp_path: Path) -> None:
    write_npz(tmp_path / "a.npz", {"a": np.zeros(3)})
    content = (tmp_path / "a.npz").read_bytes()
    place = content.index(b"a.npy") + 5
    (tmp_path / "a.npz").write_bytes(content[:place] + b"\xff\xff" + content[place + 2 :])
    with Source(tmp_path / "a.npz") as source:
        assert npz_arrays(source).header("a") == ArrayHeader()
        assert npz_arrays(source).header("b") == ArrayHeader()
        with pytest.raises(FileFormatError, match="got a broken"):
            _ = npz_arrays(source)["a"]
        with pytest.raises(KeyError):
            _ = npz_arrays(source)["b"]


def test_a_few_names() -> None:
    assert few_names([]) == "no array at all"
    assert few_names("abcdef") == "'a', 'b', 'c', 'd', 'e', ..."
