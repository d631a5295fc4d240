"""Pickles as data: what plain data round trips to, and that hostile files run nothing and take no memory."""

from __future__ import annotations

import builtins
import io
import os
import pickle
import subprocess
import time
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.f2py import run_main

from monster.errors import FileFormatError
from monster.io.pickles import load_object_array, load_pickle

ARRAYS = hnp.arrays(
    st.sampled_from(["f4", "f8", "i4", "u1", "?", "<U3", "S2"]), hnp.array_shapes(min_dims=0, min_side=0)
)
SINGLE = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary()
PLAIN = st.recursive(
    SINGLE | ARRAYS | hnp.from_dtype(np.dtype("f4"), allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if isinstance(one, list | tuple):
        return type(one) is type(other) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and bool(one == other)


@settings(max_examples=150, deadline=None)
@given(value=PLAIN, protocol=st.integers(0, 5))
def test_plain_data_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: Any, protocol: int) -> None:
    path = tmp_path_factory.mktemp("plain") / "value.pkl"
    path.write_bytes(pickle.dumps(value, protocol))
    assert same(load_pickle(path), value)


def test_both_names_of_numpys_core_are_known(tmp_path: Path) -> None:
    content = pickle.dumps({"joints": np.arange(6.0).reshape(2, 3)}, 2)
    for name in (b"numpy.core.multiarray", b"numpy._core.multiarray"):
        path = tmp_path / "value.pkl"
        path.write_bytes(content.replace(b"numpy._core.multiarray", name))
        np.testing.assert_array_equal(load_pickle(path)["joints"], np.arange(6.0).reshape(2, 3))


def test_object_arrays_and_column_order(tmp_path: Path) -> None:
    path = tmp_path / "results.npy"
    ragged = np.empty((1, 2), dtype=object)
    ragged[0, 0], ragged[0, 1] = [1, 2], np.ones((2, 2))
    value = {
        "ragged": ragged,
        "column": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "swapped": np.arange(3, dtype=">i2"),
    }
    np.save(path, value, allow_pickle=True)
    found = load_object_array(path)
    assert found["ragged"].shape == (1, 2) and found["ragged"][0, 0] == [1, 2]
    np.testing.assert_array_equal(found["column"], value["column"])
    np.testing.assert_array_equal(found["swapped"], [0, 1, 2])


class Reduced:
    """Pickles to a call of any function."""

    def __init__(self, *reduced: Any) -> None:
        self.reduced = reduced

    def __reduce__(self) -> tuple[Any, ...]:
        return self.reduced


HOSTILE = {
    "os.system": lambda mark: Reduced(os.system, (f"touch {mark}",)),
    "subprocess": lambda mark: Reduced(subprocess.check_call, (["touch", str(mark)],)),
    "eval": lambda mark: Reduced(builtins.eval, (f"open({str(mark)!r}, 'w')",)),
    "exec": lambda mark: Reduced(builtins.exec, (f"open({str(mark)!r}, 'w')",)),
    "open": lambda mark: Reduced(open, (str(mark), "w")),
    "getattr": lambda mark: Reduced(builtins.getattr, (Reduced(__import__, ("os",)), "system")),
    "numpy.load": lambda mark: Reduced(np.load, (str(mark), None, True)),
    "numpy.memmap": lambda mark: Reduced(np.memmap, (str(mark), "u1", "w+", 0, (10,))),
    "numpy.f2py": lambda mark: Reduced(run_main, (["-m", str(mark)],)),
    "numpy.loads": lambda mark: Reduced(pickle.loads, (pickle.dumps(Reduced(os.system, (f"touch {mark}",))),)),
    "a class": lambda mark: Path(mark),
    "a set": lambda mark: {1, 2},
    "complex": lambda mark: 1j,
    "a record array": lambda mark: np.zeros(2, [("a", "f4")]),
    "a matrix": lambda mark: np.zeros((2, 2)).view(np.memmap),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["alone", "in an object array", "in a dict"])
@pytest.mark.parametrize("protocol", [0, 2, 4])
def test_hostile_files_run_nothing(tmp_path: Path, name: str, place: str, protocol: int) -> None:
    mark, path = tmp_path / "ran", tmp_path / "hostile.pkl"
    hostile: Any = HOSTILE[name](mark)
    if place == "in an object array":
        hostile = np.array([hostile, None], dtype=object)
    elif place == "in a dict":
        hostile = {"motion": np.zeros(3), "text": hostile}
    content = pickle.dumps(hostile, protocol)
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=r"^hostile\.pkl: .*not opened"):
        load_pickle(path)
    assert not mark.exists()


def test_the_hostile_files_would_have_run_otherwise(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    pickle.loads(pickle.dumps(HOSTILE["os.system"](mark)))
    assert mark.exists()


def test_hostile_names_without_a_call(tmp_path: Path) -> None:
    for content in (
        b"cos\nsystem\n.",  # a name as the value itself
        b"(S'echo hi'\nios\nsystem\n.",  # INST
        b"\x80\x02cos\nsystem\n(X\x02\x00\x00\x00hi\x81.",  # NEWOBJ
        b"\x80\x02\x82\x01.",  # EXT1
        b"Pabc\n.",  # PERSID
        b"\x80\x05\x97.",  # NEXT_BUFFER
        b"}(X\x01\x00\x00\x00aK\x01ub.",  # BUILD on a dict
        b"\x80\x02cnumpy\ndtype\n.",
        b"\x80\x02cnumpy\ndtype\nX\x02\x00\x00\x00f4\x85R.",  # a type as the value itself
    ):
        path = tmp_path / "hostile.pkl"
        path.write_bytes(content)
        with pytest.raises(FileFormatError, match=r"hostile\.pkl"):
            load_pickle(path)


def array_pickle(shape: tuple[int, ...], code: str = "f8", content: Any = b"") -> bytes:
    """An array of any shape with any content, as no honest writer would make it."""

    class Shaped:
        def __reduce__(self) -> tuple[Any, ...]:
            reconstruct = np.zeros(1).__reduce__()[0]
            state = (1, shape, np.dtype(code), False, content)
            return reconstruct, (np.ndarray, (0,), b"b"), state

    return pickle.dumps(Shaped(), 2)


BOMBS = {
    "shape": array_pickle((10**12,)),
    "product": array_pickle((2**40, 2**40)),
    "negative": array_pickle((-1,)),
    "objects": array_pickle((10**10,), "O", []),
    "memo": b"\x80\x02K\x01r\xff\xff\xff\x7f.",
    "length": b"\x80\x05\x96" + (2**50).to_bytes(8, "little") + b"x.",
    "frame": b"\x80\x04\x95" + (2**60).to_bytes(8, "little") + b"N.",
    "keys": b"\x80\x04)" + b"2\x86" * 60 + b"}2" + b"K\x01s.",
    "deep": b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b".",
    "copies": b"\x80\x02X\x00\x00\x40\x00" + b"x" * (4 << 20) + b"q\x000c_codecs\nencode\nq\x010"
    + b"h\x01h\x00X\x06\x00\x00\x00latin1\x86R" * 200 + b"\x85.",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_take_neither_memory_nor_time(tmp_path: Path, name: str) -> None:
    path = tmp_path / "bomb.pkl"
    path.write_bytes(BOMBS[name])
    tracemalloc.start()
    start = time.monotonic()
    try:
        load_pickle(path)
    except FileFormatError as error:
        assert str(error).startswith("bomb.pkl: expected a pickle")
    else:
        assert name in ("memo", "deep", "frame")  # harmless when every slot takes no more than its own value
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300 << 20
    assert time.monotonic() - start < 30


@settings(max_examples=200, deadline=None)
@given(place=st.integers(0, 400), byte=st.integers(0, 255), cut=st.booleans())
def test_damage_gives_plain_data_or_one_clear_error(
    tmp_path_factory: pytest.TempPathFactory, place: int, byte: int, cut: bool
) -> None:
    content = bytearray(pickle.dumps({"motion": np.zeros((2, 3), "f4"), "text": ["a", "b"], "n": np.int64(2)}, 4))
    place %= len(content)
    content[place] = byte
    path = tmp_path_factory.mktemp("damage") / "damaged.pkl"
    path.write_bytes(bytes(content[: place + 1] if cut else content))
    try:
        load_pickle(path)
    except FileFormatError as error:
        assert str(error).startswith("damaged.pkl: expected a pickle")


def test_an_npy_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "results.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00garbage")
    with pytest.raises(FileFormatError, match="expected an array of objects"):
        load_object_array(path)
    buffer = io.BytesIO()
    np.save(buffer, np.array({"motion": 1}), allow_pickle=True)
    path.write_bytes(buffer.getvalue()[:-30])
    with pytest.raises(FileFormatError, match="damaged"):
        load_object_array(path)


def test_a_small_file_takes_little_memory(tmp_path: Path) -> None:
    packed = np.empty((), dtype=object)
    packed[()] = {"motion": np.zeros((2, 22, 3, 4), np.float32), "lengths": [4, 3]}
    np.save(tmp_path / "results.npy", packed, allow_pickle=True)
    tracemalloc.start()
    try:
        assert load_object_array(tmp_path / "results.npy")["lengths"] == [4, 3]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 << 20


def test_a_message_does_not_repeat_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.pkl").write_bytes(b"S" + b"x" * 5000 + b"\n.")
    with pytest.raises(FileFormatError) as caught:
        load_pickle(tmp_path / "a.pkl")
    assert len(str(caught.value)) < 300
