"""Numbers of texts: every bit as `float` has it, by NumPy and by pyarrow."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monster.io import decimals
from monster.io.decimals import parse_decimals

finite = st.floats(allow_nan=False, allow_infinity=False)
words = st.one_of(
    finite.map(repr),
    st.floats(-1e6, 1e6).map("{:.6f}".format),
    st.floats(-1e6, 1e6).map("{:g}".format),
    finite.map("{:.3e}".format),
    st.integers(-(10**25), 10**25).map(str),
    st.sampled_from(["-0", "5.", "-.5", "1E+05", "00012", "1e-400", "9007199254740993"]),
)


@pytest.fixture(params=["numpy", "pyarrow"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "pyarrow":
        pytest.importorskip("pyarrow")
    monkeypatch.setattr(decimals, "_WORTH_IMPORTING", 0 if request.param == "pyarrow" else sys.maxsize)
    return str(request.param)


@pytest.mark.parametrize("arrow", [False, True])
@settings(deadline=None)
@given(st.lists(words, min_size=1, max_size=30), st.sampled_from([" ", "\n", " \r\n", "\t  "]))
def test_each_number_is_what_float_reads(arrow: bool, listed: list[str], space: str) -> None:
    text = space.join(["", *listed, ""])
    read = decimals._by_arrow(text, pytest.importorskip("pyarrow")) if arrow else decimals._by_numpy(text)
    assert read is not None
    assert read.tobytes() == np.array([float(word) for word in listed]).tobytes()


@pytest.mark.parametrize(
    "word", ["abc", "1-2", "1.2.3", "1e", "e5", ".", "-", "1,5", "0x10", "1_0", "1\x002", "\u0661"]
)
def test_a_word_that_is_no_number_gives_none(parser: str, word: str) -> None:
    assert parse_decimals(f"1 2 {word} 3") is None


@pytest.mark.parametrize("text", ["", "  \n "])
def test_a_text_without_words_gives_none(parser: str, text: str) -> None:
    assert parse_decimals(text) is None


def test_nan_and_infinity_are_read(parser: str) -> None:
    read = parse_decimals("1 nan -inf")
    assert read is not None and np.isnan(read[1]) and read[2] == -np.inf


def test_without_pyarrow_numpy_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decimals, "_WORTH_IMPORTING", 0)
    monkeypatch.setattr(decimals, "_pyarrow", lambda: None)
    read = parse_decimals("1 2.5")
    assert read is not None and read.tolist() == [1.0, 2.5]
