"""The container of glTF 2.0 files (``.glb``, ``.gltf``): JSON, buffers, and accessors as arrays.

Follows the Khronos glTF 2.0 specification, sections 3.6 (binary data) and 4 (GLB). Normalised integers are turned into
numbers of -1..1 or 0..1 as section 3.6.2.2 says; sparse accessors are filled in.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.errors import FileFormatError
from monster.io.sources import FileLike, Source, opened, short

_MAGIC: Final = 0x46546C67
_JSON_CHUNK, _BINARY_CHUNK = 0x4E4F534A, 0x004E4942
_FLOAT: Final = 5126
_MAX_BYTES: Final = 1 << 31
_MAX_VALUES: Final = 1 << 28
_TYPES: Final = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_DAMAGE: Final = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True, eq=False)
class Gltf:
    """A parsed file: its JSON document and its buffers."""

    path: Path
    document: Mapping[str, Any]
    buffers: tuple[bytes, ...]

    def list(self, name: str) -> list[dict[str, Any]]:
        """The entries of one of the document's lists ("nodes", "animations" ...), empty where there are none."""
        entries = self.document.get(name) or []
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise FileFormatError(f"{self.path.name}: expected a list of objects as {name!r}; is the file damaged?")
        return entries

    def accessor(self, index: int) -> DoubleArray:
        """The numbers of an accessor: (count, width). Raises FileFormatError if the file does not hold them."""
        try:
            return self._accessor(self.list("accessors")[_natural(index)])
        except _DAMAGE as error:
            raise FileFormatError(f"{self.path.name}: accessor {index!r} is damaged ({short(error)})") from error

    def _accessor(self, entry: Mapping[str, Any]) -> DoubleArray:
        kind = _TYPES[entry["componentType"]]
        count, width = _natural(entry["count"]), _WIDTHS[entry["type"]]
        if count * width > _MAX_VALUES:
            raise ValueError(f"{count} x {width} values are too many")
        values = np.zeros((count, width), dtype=kind)
        if "bufferView" in entry:
            values = self._view(entry["bufferView"], entry.get("byteOffset", 0), kind, (count, width))
        if "sparse" in entry:
            values = self._filled(values, entry["sparse"])
        with np.errstate(invalid="ignore"):  # signalling NaN of damaged files
            return _normalised(values) if entry.get("normalized") else values.astype(np.float64)

    def _view(self, index: int, offset: int, kind: str, shape: tuple[int, int]) -> AnyArray:
        view = self.list("bufferViews")[_natural(index)]
        item = np.dtype(kind).itemsize
        stride = _natural(view.get("byteStride") or shape[1] * item)
        start = _natural(view.get("byteOffset", 0)) + _natural(offset)
        buffer = self.buffers[_natural(view["buffer"])]
        needed = start + (shape[0] - 1) * stride + shape[1] * item if shape[0] else start
        if needed > len(buffer):
            raise ValueError(f"{needed} bytes are needed, the buffer has {len(buffer)}")
        return np.array(np.ndarray(shape, kind, buffer, start, (stride, item)))

    def _filled(self, values: AnyArray, sparse: Mapping[str, Any]) -> AnyArray:
        count = _natural(sparse["count"])
        where, what = sparse["indices"], sparse["values"]
        rows = self._view(where["bufferView"], where.get("byteOffset", 0), _TYPES[where["componentType"]], (count, 1))
        shape = (count, values.shape[1])
        filled = values.copy()
        filled[rows[:, 0].astype(np.int64)] = self._view(
            what["bufferView"], what.get("byteOffset", 0), values.dtype.str, shape
        )
        return filled


def read_gltf(file: FileLike) -> Gltf:
    """Parse a ``.glb`` or ``.gltf`` file with its buffers; buffers of other files must be beside it.

    Raises FileFormatError if it is not glTF 2.0, is cut short, or names a buffer that is not there.
    """
    with opened(file) as source:
        return source.cached("gltf", lambda: _parsed(source))


def _parsed(source: Source) -> Gltf:
    path = source.path
    if source.size > _MAX_BYTES:
        raise FileFormatError(f"{path.name}: expected a glTF file of at most 2 GiB, got a larger one")
    data = source.read()
    text, binary = _chunks(data, path) if data[:4] == b"glTF" else (data, b"")
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FileFormatError(f"{path.name}: expected the JSON of a glTF file, got {short(error)}") from None
    asset = document.get("asset") if isinstance(document, dict) else None
    version = str(asset.get("version", "")) if isinstance(asset, dict) else ""
    if not version.startswith("2"):
        raise FileFormatError(f"{path.name}: expected glTF 2.0, got version {version[:10] or 'unknown'!r}")
    found = Gltf(path, document, ())
    buffers = tuple(_buffer(entry, binary, path) for entry in found.list("buffers"))
    return Gltf(path, document, buffers)


def with_float_attributes(gltf: Gltf) -> bytes | None:
    """The file as GLB with every quantised vertex attribute as float32; None where no attribute is quantised.

    For readers of meshes that do not know `KHR_mesh_quantization` or normalised integers.
    """
    quantised = {
        index
        for mesh in gltf.list("meshes")
        for primitive in mesh.get("primitives") or ()
        for name, index in (primitive.get("attributes") or {}).items()
        if isinstance(index, int) and not name.startswith("JOINTS") and _is_quantised(gltf, index)
    }
    if not quantised:
        return None
    document = json.loads(json.dumps(gltf.document))
    data = bytearray()
    offsets = []
    for buffer in gltf.buffers:
        data += b"\0" * (-len(data) % 4)
        offsets.append(len(data))
        data += buffer
    for view in document.get("bufferViews", []):
        view["byteOffset"] = _natural(view.get("byteOffset", 0)) + offsets[_natural(view["buffer"])]
        view["buffer"] = 0
    for index in sorted(quantised):
        values = gltf.accessor(index).astype("<f4")
        data += b"\0" * (-len(data) % 4)
        document["bufferViews"].append({"buffer": 0, "byteOffset": len(data), "byteLength": values.nbytes})
        kept = {"count": len(values), "type": document["accessors"][index]["type"]}
        view_number = len(document["bufferViews"]) - 1
        document["accessors"][index] = {"bufferView": view_number, "componentType": _FLOAT, **kept}
        data += values.tobytes()
    document["buffers"] = [{"byteLength": len(data)}]
    for name in ("extensionsRequired", "extensionsUsed"):
        document[name] = [entry for entry in document.get(name, []) if entry != "KHR_mesh_quantization"]
    return packed_glb(document, bytes(data))


def packed_glb(document: Mapping[str, Any], data: bytes) -> bytes:
    """The bytes of a GLB file of a JSON document and the content of its one buffer."""
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    chunks = struct.pack("<II", len(text), _JSON_CHUNK) + text + struct.pack("<II", len(data), _BINARY_CHUNK) + data
    return struct.pack("<III", _MAGIC, 2, 12 + len(chunks)) + chunks


def _is_quantised(gltf: Gltf, index: int) -> bool:
    entries = gltf.list("accessors")
    return 0 <= index < len(entries) and entries[index].get("componentType") != _FLOAT


def _chunks(data: bytes, path: Path) -> tuple[bytes, bytes]:
    """The JSON and the binary chunk of a GLB file."""
    cut = f"{path.name}: expected a whole GLB file, got one that is cut short or damaged"
    if len(data) < 20:
        raise FileFormatError(cut)
    _, version, length = struct.unpack_from("<III", data)
    if version != 2:
        raise FileFormatError(f"{path.name}: expected GLB version 2, got {version}")
    if length > len(data):
        raise FileFormatError(f"{cut}: {length} bytes are stated, {len(data)} are there")
    found: dict[int, bytes] = {}
    place = 12
    while place + 8 <= length:
        size, kind = struct.unpack_from("<II", data, place)
        if place + 8 + size > length:
            raise FileFormatError(cut)
        found.setdefault(kind, data[place + 8 : place + 8 + size])
        place += 8 + size
    if _JSON_CHUNK not in found:
        raise FileFormatError(f"{path.name}: expected a JSON chunk in the GLB file, got none")
    return found[_JSON_CHUNK], found.get(_BINARY_CHUNK, b"")


def _buffer(entry: Mapping[str, Any], binary: bytes, path: Path) -> bytes:
    uri = entry.get("uri")
    if uri is None:
        return binary
    if not isinstance(uri, str):
        raise FileFormatError(f"{path.name}: expected the name of a buffer, got {type(uri).__name__}")
    if uri.startswith("data:"):
        try:
            return base64.b64decode(uri.partition(",")[2], validate=True)
        except (binascii.Error, ValueError):
            raise FileFormatError(f"{path.name}: expected a buffer in base64, got something else") from None
    name = unquote(uri)
    beside = path.parent / name
    if Path(name).name != name or not beside.is_file():
        raise FileFormatError(f"{path.name}: expected the buffer {name[:80]!r} beside the file, got nothing there")
    return beside.read_bytes()


def _normalised(values: AnyArray) -> DoubleArray:
    if values.dtype.kind == "f":
        return values.astype(np.float64)
    largest = np.iinfo(values.dtype).max
    return np.maximum(values.astype(np.float64) / largest, -1.0)


def _natural(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError(f"expected a whole number from 0, got {str(value)[:40]!r}")
    return value
