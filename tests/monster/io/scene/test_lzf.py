"""LZF: whatever was packed comes back, and damage is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.io.scene.lzf import decompressed

STEPS = st.lists(st.binary(min_size=1, max_size=32) | st.tuples(st.integers(1, 8192), st.integers(3, 264)), max_size=30)


def packed(steps: list[bytes | tuple[int, int]]) -> tuple[bytes, bytes]:
    """Packed and plain bytes of plain runs and of repeats (distance, length), byte by byte."""
    out, plain = bytearray(), bytearray()
    for step in steps:
        if isinstance(step, bytes):
            out += bytes([len(step) - 1]) + step
            plain += step
            continue
        distance, length = min(step[0], len(plain)), step[1]
        if distance == 0:
            continue
        high, low = divmod(distance - 1, 256)
        out += bytes([(min(length - 2, 7) << 5) | high]) + (bytes([length - 9]) if length >= 9 else b"") + bytes([low])
        for _ in range(length):
            plain.append(plain[-distance])
    return bytes(out), bytes(plain)


@given(STEPS)
def test_what_was_packed_comes_back(steps: list[bytes | tuple[int, int]]) -> None:
    small, plain = packed(steps)
    assert decompressed(small, len(plain)) == plain
    for wrong in (len(plain) + 1, len(plain) - 1):
        with pytest.raises(ValueError, match=r"instead of|was not there"):
            decompressed(small, wrong)


@given(st.binary(max_size=200), st.integers(0, 1000))
def test_any_bytes_give_an_error_or_so_many_bytes(content: bytes, size: int) -> None:
    try:
        assert len(decompressed(content, size)) == size
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize("content", [b"\x05ab", b"\x20", b"\xe0", b"\xe0\x01", b"\x00a\x3f\xff"])
def test_cut_and_senseless_data(content: bytes) -> None:
    with pytest.raises(ValueError):
        decompressed(content, 9)
