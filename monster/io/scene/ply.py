"""Stanford PLY (``.ply``): ascii and both binary forms, any properties in any order, with or without faces.

Own code, because the available libraries accept a truncated ascii file, drop properties such as instances, or refuse
faces of different lengths.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.arrays import AnyArray, IntArray
from monster.errors import FileFormatError
from monster.io.sources import FileLike, opened

_TYPES: Final[dict[str, str]] = {
    "char": "i1", "int8": "i1", "uchar": "u1", "uint8": "u1", "short": "i2", "int16": "i2", "ushort": "u2",
    "uint16": "u2", "int": "i4", "int32": "i4", "uint": "u4", "uint32": "u4", "float": "f4", "float32": "f4",
    "double": "f8", "float64": "f8", "int64": "i8", "uint64": "u8",
}  # fmt: skip
_ORDERS: Final[dict[str, str]] = {"ascii": "=", "binary_little_endian": "<", "binary_big_endian": ">"}
MAX_HEADER: Final = 1 << 16


@dataclass(frozen=True)
class Property:
    """A property of an element: its name, its NumPy type, and for a list the type of its length."""

    name: str
    type: str
    count_type: str | None = None  # of a list


@dataclass(frozen=True)
class Element:
    """A table of a file: its name, the number of its rows, and the properties of a row."""

    name: str
    count: int
    properties: tuple[Property, ...]

    @property
    def has_lists(self) -> bool:
        """Whether rows differ in length."""
        return any(entry.count_type for entry in self.properties)


@dataclass(frozen=True, eq=False)
class Ply:
    """Vertex properties by name (n,) in their own types, and faces (m, 3) as triangles (none: m = 0)."""

    vertices: dict[str, AnyArray]
    faces: IntArray


def read_ply(file: FileLike) -> Ply:
    """Parse a file. Raises FileFormatError if it is cut short or damaged."""
    with opened(file) as source:
        path, content = source.path, source.read()
    order, elements, start = read_header(content, path)
    body = _Ascii(content[start:], path) if order == "=" else _Binary(content, start, order, path)
    vertices: dict[str, AnyArray] = {}
    faces = np.zeros((0, 3), np.int64)
    for element in elements:
        if element.name == "vertex" and not element.has_lists:
            vertices = body.columns(element)
        elif element.name == "face":
            faces = _triangles(body.lists(element))
        elif element.has_lists:
            body.lists(element)
        else:
            body.columns(element)
    if not {"x", "y", "z"} <= {name.lower() for name in vertices}:
        raise FileFormatError(
            f"{path.name}: expected vertices with x, y and z, got {', '.join(vertices) or 'no vertices'}"
        )
    count = len(next(iter(vertices.values())))
    if len(faces) and not 0 <= faces.min() <= faces.max() < count:
        raise FileFormatError(f"{path.name}: expected faces of {count} vertices, got another vertex number")
    return Ply(vertices, faces)


def read_header(content: bytes, path: Path) -> tuple[str, list[Element], int]:
    """Byte order ("=" for ascii), elements in file order, and where the body starts, from the start of a file."""
    end = content.find(b"end_header", 0, MAX_HEADER)
    if not content.startswith(b"ply") or end < 0:
        raise broken(path, "a PLY header from 'ply' to 'end_header'", f"{content[:12]!r} ...")
    start = content.find(b"\n", end) + 1 or len(content)
    order = ""
    elements: list[Element] = []
    for line in re.split(r"\r\n|\n|\r", content[:end].decode("latin-1"))[1:]:  # comments may hold any other byte
        words = line.split()
        if not words or words[0] in ("comment", "obj_info"):
            continue
        if words[0] == "format" and len(words) > 1 and words[1] in _ORDERS:
            order = _ORDERS[words[1]]
        elif words[0] == "element" and len(words) == 3 and words[2].isdecimal():
            elements.append(Element(words[1], int(words[2]), ()))
        elif words[0] == "property" and elements:
            last = elements.pop()
            elements.append(Element(last.name, last.count, (*last.properties, _property(words, path))))
        else:
            raise broken(path, "a line of a PLY header", repr(line[:60]))
    if not order:
        raise broken(path, f"a format line ({', '.join(_ORDERS)})", "none")
    return order, elements, start


def _property(words: list[str], path: Path) -> Property:
    if len(words) == 3 and words[1] in _TYPES:
        return Property(words[2], _TYPES[words[1]])
    if len(words) == 5 and words[1] == "list" and _TYPES.get(words[2], "f")[0] != "f" and words[3] in _TYPES:
        return Property(words[4], _TYPES[words[3]], _TYPES[words[2]])
    raise broken(path, "a property with a known type", repr(" ".join(words)[:60]))


def broken(path: Path, expected: str, got: str) -> FileFormatError:
    """The error for a file that does not match its header."""
    return FileFormatError(f"{path.name}: expected {expected}, got {got}; is the file damaged or cut short?")


class _Binary:
    """The body of a binary file, read element by element."""

    def __init__(self, content: bytes, start: int, order: str, path: Path) -> None:
        self.content, self.at, self.order, self.path = content, start, order, path

    def columns(self, element: Element) -> dict[str, AnyArray]:
        """Values of an element without lists, by property."""
        table = self._table(element, [(entry.name, self.order + entry.type) for entry in element.properties])
        if table is None:
            raise broken(self.path, f"{element.count} rows of {element.name}", f"{len(self.content) - self.at} bytes")
        return {name: table[name] for name in table.dtype.names or ()}

    def lists(self, element: Element) -> list[IntArray]:
        """The polygons of an element with lists, grouped by length."""
        return self._equal_lists(element) or self._any_lists(element)

    def _table(self, element: Element, fields: list[tuple[str, str]]) -> NDArray[np.void] | None:
        """The next rows as a table, or None when there are not so many."""
        try:
            dtype = np.dtype(fields)
        except ValueError:
            raise broken(self.path, f"properties of {element.name} with different names", "one name twice") from None
        if dtype.itemsize * element.count > len(self.content) - self.at:
            return None
        table = np.frombuffer(self.content, dtype, element.count, self.at)
        self.at += dtype.itemsize * element.count
        return table

    def _equal_lists(self, element: Element) -> list[IntArray] | None:
        """All at once where every row has one list of three: a triangle mesh. Else None, and nothing is read."""
        start, fields = self.at, []
        for entry in element.properties:
            if entry.count_type:
                fields.append(("count", self.order + entry.count_type))
            fields.append((entry.name, f"3{self.order}{entry.type}" if entry.count_type else self.order + entry.type))
        listed = [entry.name for entry in element.properties if entry.count_type]
        table = self._table(element, fields) if len(listed) == 1 else None
        if table is None or (table["count"] != 3).any():
            self.at = start
            return None
        return [table[listed[0]].astype(np.int64)]

    def _any_lists(self, element: Element) -> list[IntArray]:
        rows = []
        if not element.has_lists:
            raise broken(self.path, f"a list in every row of {element.name}", "none")
        try:
            for _ in range(element.count):
                lists = [self._value_or_list(entry) for entry in element.properties]
                rows.append(
                    next(values for values, entry in zip(lists, element.properties, strict=True) if entry.count_type)
                )
        except struct.error:
            raise broken(self.path, f"{element.count} rows of {element.name}", f"{len(rows)}") from None
        return _grouped(rows)

    def _value_or_list(self, entry: Property) -> tuple[float, ...]:
        count = int(self._unpack(entry.count_type, 1)[0]) if entry.count_type else 1
        return self._unpack(entry.type, count)

    def _unpack(self, kind: str, count: int) -> tuple[float, ...]:
        if not 0 <= count <= len(self.content):
            raise struct.error
        layout = struct.Struct(f"{'>' if self.order == '>' else '<'}{count}{np.dtype(kind).char}")
        values = layout.unpack_from(self.content, self.at)
        self.at += layout.size
        return values


class _Ascii:
    """The body of an ascii file, read element by element; a row is a line."""

    def __init__(self, content: bytes, path: Path) -> None:
        self.lines = [line for line in content.splitlines() if line.strip()]
        self.at, self.path = 0, path

    def columns(self, element: Element) -> dict[str, AnyArray]:
        """Values of an element without lists, by property."""
        width = len(element.properties)
        words = b" ".join(self._rows(element)).split()
        if len(words) != element.count * width:
            raise broken(
                self.path, f"{element.count} rows of {width} numbers for {element.name}", f"{len(words)} numbers"
            )
        values = np.array([self._number(word) for word in words]).reshape(element.count, width)
        return {entry.name: _typed(values[:, place], entry.type) for place, entry in enumerate(element.properties)}

    def lists(self, element: Element) -> list[IntArray]:
        """The polygons of an element with lists, grouped by length."""
        return _grouped([self._first_list(row.split(), element) for row in self._rows(element)])

    def _rows(self, element: Element) -> list[bytes]:
        rows = self.lines[self.at : self.at + element.count]
        if len(rows) < element.count:
            raise broken(self.path, f"{element.count} rows of {element.name}", f"{len(rows)}")
        self.at += element.count
        return rows

    def _first_list(self, words: list[bytes], element: Element) -> tuple[float, ...]:
        for at, entry in enumerate(element.properties):
            if entry.count_type:
                found = self._number(words[at]) if at < len(words) else -1.0
                count = int(found) if np.isfinite(found) else -1
                if not 0 <= count < len(words) - at:
                    break
                return tuple(self._number(word) for word in words[at + 1 : at + 1 + count])
        raise broken(self.path, f"a list in every row of {element.name}", repr(b" ".join(words)[:40]))

    def _number(self, word: bytes) -> float:
        try:
            return float(word)
        except ValueError:
            raise broken(self.path, "numbers", repr(word[:20])) from None


def _typed(values: AnyArray, kind: str) -> AnyArray:
    """Numbers in the type that they are said to have; whole ones in a larger one where they do not fit it."""
    if kind[0] == "f":
        with np.errstate(over="ignore"):
            return values.astype(kind)
    if not np.isfinite(values).all() or np.abs(values).max(initial=0) >= 2**53:
        return values
    limits = np.iinfo(kind)
    fits = limits.min <= values.min(initial=0) and values.max(initial=0) <= limits.max
    return values.astype(kind if fits else np.int64)


def _grouped(rows: list[tuple[float, ...]]) -> list[IntArray]:
    by_length: dict[int, list[tuple[float, ...]]] = {}
    for row in rows:
        by_length.setdefault(len(row), []).append(row)
    return [_vertex_numbers(np.array(group)) for length, group in sorted(by_length.items()) if length]


def _vertex_numbers(values: AnyArray) -> IntArray:
    """Whole numbers; -1, which is no vertex, for whatever else a file has there."""
    if values.dtype.kind == "f":
        values = np.where((np.abs(values) < 2**53) & (values == np.floor(values)), values, -1)
    return values.astype(np.int64)


def _triangles(polygons: list[IntArray]) -> IntArray:
    """Polygons cut into triangles that share their first corner."""
    fans = [group[:, [0, corner, corner + 1]] for group in polygons for corner in range(1, group.shape[1] - 1)]
    return np.concatenate(fans) if fans else np.zeros((0, 3), np.int64)
