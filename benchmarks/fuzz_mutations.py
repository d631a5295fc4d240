"""Ways to damage the bytes of a file, from a single bit to a number in its header, drawn from a seeded generator."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

Random = np.random.Generator
NUMBER: Final = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
ODD: Final = (
    b"0", b"-1", b"1", b"nan", b"inf", b"-inf", b"1e308", b"1e-320", b"2147483648", b"4294967296", b"99999999999999",
    b"18446744073709551616", b"x", b"", b"3.5", b"1e999", b"255", b"256", b"65536", b"-2147483649", b"null", b"[]",
    b'"a"', b"{}", b"1_0", b"0x10", b"+1", b"\xff", b"\x00",
)  # fmt: skip
_HEAD: Final = 300
_MOST: Final = 1 << 20  # bytes that a file may grow to


def damaged(files: Mapping[str, bytes], others: Mapping[str, bytes], random: Random) -> dict[str, bytes]:
    """The files with one of them damaged one to three times; ``others`` lend pieces."""
    name = sorted(files)[int(random.integers(len(files)))]
    content = files[name]
    for _ in range(int(random.integers(1, 4))):
        other = others.get(name, content)
        content = _in_archive(content, other, random) if content.startswith(b"PK") else _once(content, other, random)
    return {**files, name: content[:_MOST]}


def _once(content: bytes, other: bytes, random: Random) -> bytes:
    ways = _WAYS if content else _WAYS[:1]
    return ways[int(random.integers(len(ways)))](content, other, random)


def _in_archive(content: bytes, other: bytes, random: Random) -> bytes:
    """Mostly a member is damaged and packed again, for the checksum would give away any other damage."""
    if random.random() < 0.25:
        return _once(content, other, random)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()[:50]}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError):
        return _once(content, other, random)
    if not members:
        return content
    name = list(members)[int(random.integers(len(members)))]
    lender = list(members)[int(random.integers(len(members)))]
    way = random.random()
    if way < 0.1:
        del members[name]
    elif way < 0.2:
        members[name] = members[lender]
    else:
        members[name] = _once(members[name], members[lender], random)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, data in members.items():
            archive.writestr(member, data)
    return out.getvalue()


def _add(content: bytes, other: bytes, random: Random) -> bytes:
    at = int(random.integers(len(content) + 1))
    return content[:at] + random.bytes(int(random.integers(1, 40))) + content[at:]


def _flip(content: bytes, other: bytes, random: Random) -> bytes:
    changed = bytearray(content)
    for place in random.integers(0, len(content), int(random.integers(1, 9))):
        changed[place] ^= 1 << int(random.integers(8))
    return bytes(changed)


def _set(content: bytes, other: bytes, random: Random) -> bytes:
    start = int(random.integers(len(content)))
    length = int(random.integers(1, 9))
    value = random.choice(np.array([0x00, 0xFF, 0x7F, 0x80, 0x20, 0x41], dtype=np.uint8))
    return content[:start] + bytes([int(value)]) * len(content[start : start + length]) + content[start + length :]


def _cut(content: bytes, other: bytes, random: Random) -> bytes:
    return content[: int(random.integers(len(content)))]


def _piece(content: bytes, random: Random) -> tuple[int, int]:
    start = int(random.integers(len(content)))
    return start, min(len(content), start + int(random.integers(1, max(2, len(content) // 3))))


def _repeat(content: bytes, other: bytes, random: Random) -> bytes:
    start, end = _piece(content, random)
    return content[:end] + content[start:end] * int(random.integers(1, 4)) + content[end:]


def _remove(content: bytes, other: bytes, random: Random) -> bytes:
    start, end = _piece(content, random)
    return content[:start] + content[end:]


def _splice(content: bytes, other: bytes, random: Random) -> bytes:
    start, end = _piece(other or content, random)
    at = int(random.integers(len(content)))
    return content[:at] + (other or content)[start:end] + content[at + (end - start) * int(random.integers(2)) :]


def _head(content: bytes, other: bytes, random: Random) -> bytes:
    """Damage near the beginning, where headers are."""
    way = (_flip, _set, _remove, _digits, _number)[int(random.integers(5))]
    return way(content[:_HEAD], other[:_HEAD], random) + content[_HEAD:]


def _number(content: bytes, other: bytes, random: Random) -> bytes:
    """One number replaced by an odd one."""
    found = list(NUMBER.finditer(content[: 1 << 16]))
    if not found:
        return _flip(content, other, random)
    match = found[int(random.integers(len(found)))]
    return content[: match.start()] + ODD[int(random.integers(len(ODD)))] + content[match.end() :]


def _digits(content: bytes, other: bytes, random: Random) -> bytes:
    """One number replaced by another of as many digits, so that lengths stay right."""
    found = list(NUMBER.finditer(content[: 1 << 16]))
    if not found:
        return _flip(content, other, random)
    match = found[int(random.integers(len(found)))]
    digits = bytes(int(random.integers(48, 58)) if 48 <= byte <= 57 else byte for byte in match.group())
    return content[: match.start()] + digits + content[match.end() :]


def _lines(content: bytes, other: bytes, random: Random) -> bytes:
    """A line lost, twice there, or changed places with another."""
    lines = content.split(b"\n")
    first, second = (int(random.integers(len(lines))) for _ in range(2))
    way = int(random.integers(3))
    if way == 0:
        del lines[first]
    elif way == 1:
        lines.insert(second, lines[first])
    else:
        lines[first], lines[second] = lines[second], lines[first]
    return b"\n".join(lines)


_WAYS: Final[tuple[Callable[[bytes, bytes, Random], bytes], ...]] = (
    _add, _flip, _set, _cut, _repeat, _remove, _splice, _head, _head, _number, _number, _digits, _lines,
)  # fmt: skip
