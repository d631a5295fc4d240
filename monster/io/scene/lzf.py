"""LZF, the compression of ``.pcd`` files: runs of literal bytes, and repeats of earlier bytes.

The encoding is that of M. Lehmann's liblzf. A byte n below 32 is followed by n + 1 literal bytes. Any other byte
holds a length in its upper three bits (7: more in the next byte), and a distance in its lower five bits and the next
byte.
"""

from __future__ import annotations


def decompressed(packed: bytes, size: int) -> bytes:
    """The ``size`` bytes that were packed. Raises ValueError if there are not so many, or the data are damaged."""
    out = bytearray()
    at, end = 0, len(packed)
    while at < end and len(out) <= size:
        control = packed[at]
        at += 1
        if control < 32:
            out += packed[at : at + control + 1]
            at += control + 1
            continue
        length = control >> 5
        if length == 7:
            length += packed[at] if at < end else 0
            at += 1
        start = len(out) - ((control & 31) << 8) - (packed[at] if at < end else 0) - 1
        at += 1
        if start < 0:
            raise ValueError("a repeat of bytes before the start")
        _repeat(out, start, length + 2)
    if at != end or len(out) != size:
        raise ValueError(f"{len(out)} bytes instead of {size}")
    return bytes(out)


def _repeat(out: bytearray, start: int, length: int) -> None:
    """Append ``length`` bytes from ``start`` on; a range that passes the end repeats the appended bytes."""
    there = len(out) - start
    if there >= length:
        out += out[start : start + length]
    else:
        out += (bytes(out[start:]) * (length // there + 1))[:length]
