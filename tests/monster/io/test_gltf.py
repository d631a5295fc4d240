"""The container of glTF files: accessors of every kind, buffers inside, beside and in base64, and damage."""

from __future__ import annotations

import base64
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import FileFormatError
from monster.io.gltf import read_gltf


def document(data: bytes, accessors: list[dict[str, Any]], views: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "asset": {"version": "2.0"},
        "buffers": [{"byteLength": len(data)}],
        "bufferViews": views,
        "accessors": accessors,
    }


def glb(values: dict[str, Any], data: bytes) -> bytes:
    text = json.dumps(values).encode()
    text += b" " * (-len(text) % 4)
    data += b"\0" * (-len(data) % 4)
    chunks = struct.pack("<II", len(text), 0x4E4F534A) + text + struct.pack("<II", len(data), 0x004E4942) + data
    return struct.pack("<III", 0x46546C67, 2, 12 + len(chunks)) + chunks


def one_accessor(folder: Path, data: bytes, accessor: dict[str, Any], view: dict[str, Any] | None = None) -> Any:
    path = folder / "a.glb"
    views = [{"buffer": 0, "byteLength": len(data), **(view or {})}]
    path.write_bytes(glb(document(data, [{"bufferView": 0, **accessor}], views), data))
    return read_gltf(path).accessor(0)


@pytest.mark.parametrize(
    ("code", "component", "largest"),
    [("<i1", 5120, 127), ("<u1", 5121, 255), ("<i2", 5122, 32767), ("<u2", 5123, 65535)],
)
def test_normalised_integers_are_shares_of_their_largest(
    tmp_path: Path, code: str, component: int, largest: int
) -> None:
    values = np.array([[np.iinfo(code).min, 0, largest]], dtype=code)
    accessor = {"componentType": component, "count": 1, "type": "VEC3"}
    assert one_accessor(tmp_path, values.tobytes(), accessor).tolist() == values.tolist()
    found = one_accessor(tmp_path, values.tobytes(), {**accessor, "normalized": True})
    assert found.tolist() == [[-1.0 if code[1] == "i" else 0.0, 0.0, 1.0]]


@given(rows=st.integers(0, 5), gap=st.integers(0, 3), start=st.integers(0, 2))
def test_strided_views(tmp_path_factory: pytest.TempPathFactory, rows: int, gap: int, start: int) -> None:
    table = np.arange(rows * (3 + gap), dtype="<f4").reshape(rows, 3 + gap)
    data = b"\xff" * 4 * start + table.tobytes()
    accessor = {"componentType": 5126, "count": rows, "type": "VEC3", "byteOffset": 4 * start}
    found = one_accessor(tmp_path_factory.mktemp("gltf"), data, accessor, {"byteStride": 4 * (3 + gap)})
    assert np.array_equal(found, table[:, :3])


def test_sparse_accessors_are_filled_in(tmp_path: Path) -> None:
    data = np.array([1, 3], dtype="<u2").tobytes() + np.array([7.0, 9.0], dtype="<f4").tobytes()
    views = [{"buffer": 0, "byteLength": 4}, {"buffer": 0, "byteOffset": 4, "byteLength": 8}]
    sparse = {"count": 2, "indices": {"bufferView": 0, "componentType": 5123}, "values": {"bufferView": 1}}
    accessor = {"componentType": 5126, "count": 4, "type": "SCALAR", "sparse": sparse}
    path = tmp_path / "a.glb"
    path.write_bytes(glb(document(data, [accessor], views), data))
    assert read_gltf(path).accessor(0)[:, 0].tolist() == [0, 7, 0, 9]


@pytest.mark.parametrize("where", ["beside", "base64"])
def test_buffers_outside_of_the_file(tmp_path: Path, where: str) -> None:
    data = np.array([1.5, -2.0], dtype="<f4").tobytes()
    values = document(data, [{"bufferView": 0, "componentType": 5126, "count": 2, "type": "SCALAR"}], [])
    values["bufferViews"] = [{"buffer": 0, "byteLength": 8}]
    (tmp_path / "a b.bin").write_bytes(data)
    encoded = "data:application/octet-stream;base64," + base64.b64encode(data).decode()
    values["buffers"][0]["uri"] = "a%20b.bin" if where == "beside" else encoded
    path = tmp_path / "a.gltf"
    path.write_text(json.dumps(values))
    assert read_gltf(path).accessor(0)[:, 0].tolist() == [1.5, -2.0]


@pytest.mark.parametrize("uri", ["../secret.bin", "/etc/hostname", "missing.bin", "data:;base64,%%%", 7])
def test_buffers_that_are_not_beside_the_file_are_refused(tmp_path: Path, uri: Any) -> None:
    folder = tmp_path / "inner"
    folder.mkdir()
    (tmp_path / "secret.bin").write_bytes(b"secret")
    path = folder / "a.gltf"
    path.write_text(json.dumps({"asset": {"version": "2.0"}, "buffers": [{"byteLength": 6, "uri": uri}]}))
    with pytest.raises(FileFormatError, match=r"a\.gltf: expected"):
        read_gltf(path)


@pytest.mark.parametrize(
    "accessor",
    [
        {"componentType": 5126, "count": 99, "type": "VEC3"},
        {"componentType": 5126, "count": -1, "type": "VEC3"},
        {"componentType": 9999, "count": 1, "type": "VEC3"},
        {"componentType": 5126, "count": 1, "type": "VEC9"},
        {"componentType": 5126, "count": 1, "type": "VEC3", "bufferView": 4},
        {"componentType": 5126, "count": 1 << 60, "type": "MAT4"},
        {"componentType": 5126, "count": True, "type": "VEC3"},
    ],
)
def test_damaged_accessors_are_refused(tmp_path: Path, accessor: dict[str, Any]) -> None:
    with pytest.raises(FileFormatError, match="accessor 0 is damaged"):
        one_accessor(tmp_path, bytes(12), accessor)


def test_what_is_no_gltf_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.glb"
    whole = glb({"asset": {"version": "2.0"}}, b"")
    for data, words in [
        (b"glTF", "cut short"),
        (whole[:-3], "cut short"),
        (whole[:4] + struct.pack("<I", 1) + whole[8:], "GLB version 2, got 1"),
        (b"{}", "version 'unknown'"),
        (b'{"asset": {"version": "1.0"}}', "version '1.0'"),
        (b"ply\n", "JSON"),
        (b"[" * 100_000, "JSON"),
    ]:
        path.write_bytes(data)
        with pytest.raises(FileFormatError, match=words):
            read_gltf(path)
