"""Generated scenes in every format as seeds of the fuzzer: clouds, meshes and a scanned room."""

from __future__ import annotations

import json
import struct

import numpy as np
from fuzz_files import Seed, npy, npz, one

from monster.arrays import AnyArray


def room(count: int = 240) -> AnyArray:
    """Points (n, 3) of a floor, two walls and a table, z up."""
    random = np.random.default_rng(1)
    flat = random.uniform(0, 1, (count, 2))
    sides = [
        np.column_stack([4 * flat, np.zeros(count)]),
        np.column_stack([4 * flat[:, 0], np.zeros(count), 2.5 * flat[:, 1]]),
        np.column_stack([np.zeros(count), 4 * flat[:, 0], 2.5 * flat[:, 1]]),
        np.column_stack([1.5 + flat[:, 0], 1.5 + flat[:, 1], np.full(count, 0.75)]),
    ]
    return np.concatenate(sides).astype(np.float32)


def ply(order: str, *, faces: bool = False, instances: bool = True) -> bytes:
    """A cloud or a mesh."""
    points = room()
    fields = [("x", "f4"), ("y", "f4"), ("z", "f4"), ("red", "u1"), ("green", "u1"), ("blue", "u1")]
    fields += [("instance", "i4")] if instances else []
    names = {"f4": "float", "u1": "uchar", "i4": "int"}
    header = [f"ply\nformat {order} 1.0\ncomment made up\nelement vertex {len(points)}"]
    header += [f"property {names[kind]} {name}" for name, kind in fields]
    header += [f"element face {len(points) - 2}\nproperty list uchar int vertex_indices"] if faces else []
    mark = ">" if "big" in order else "<"
    table = np.zeros(len(points), [(name, mark + kind) for name, kind in fields])
    for axis, name in enumerate("xyz"):
        table[name] = points[:, axis]
    table["red"] = np.arange(len(points)) % 256
    if instances:
        table["instance"] = np.arange(len(points)) // 100
    corners = [(first, first + 1, first + 2) for first in range(len(points) - 2)] if faces else []
    if order == "ascii":
        rows = [" ".join(str(value) for value in row) for row in table.tolist()]
        body = "\n".join([*rows, *(f"3 {a} {b} {c}" for a, b, c in corners)]).encode()
    else:
        body = table.tobytes() + b"".join(struct.pack(f"{mark}B3i", 3, *corner) for corner in corners)
    return "\n".join([*header, "end_header\n"]).encode() + body


def pcd(data: str) -> bytes:
    """A cloud with packed colours."""
    points = room(60)
    table = np.zeros(len(points), [("x", "<f4"), ("y", "<f4"), ("z", "<f4"), ("rgb", "<u4")])
    for axis, name in enumerate("xyz"):
        table[name] = points[:, axis]
    table["rgb"] = np.arange(len(points)) * 1000
    header = (
        f"# .PCD v0.7\nVERSION 0.7\nFIELDS x y z rgb\nSIZE 4 4 4 4\nTYPE F F F U\nCOUNT 1 1 1 1\nWIDTH {len(points)}\n"
        f"HEIGHT 1\nVIEWPOINT 0 0 0 1 0 0 0\nPOINTS {len(points)}\nDATA {data}\n"
    ).encode()
    if data == "ascii":
        return header + "\n".join(" ".join(str(value) for value in row) for row in table.tolist()).encode()
    if data == "binary":
        return header + table.tobytes()
    plain = b"".join(table[name].tobytes() for name in table.dtype.names or ())
    packed = b"".join(bytes([len(part) - 1]) + part for part in _chunks(plain, 32))  # LZF: literal runs alone
    return header + struct.pack("<II", len(packed), len(plain)) + packed


def _chunks(content: bytes, size: int) -> list[bytes]:
    return [content[start : start + size] for start in range(0, len(content), size)]


def xyz(separator: str = " ", *, header: bool = False) -> bytes:
    """Lines of coordinates and colours."""
    rows = [[*point, 10, 200, 30] for point in room(60).round(3).tolist()]
    top = ["x,y,z,r,g,b"] if header else []
    return "\n".join([*top, *(separator.join(map(str, row)) for row in rows)]).encode()


def points_npz() -> Seed:
    """Points, colours, instances, and the objects' names beside them."""
    points = room()
    arrays = {"xyz": points, "rgb": np.full(points.shape, 99, np.uint8), "instance": np.arange(len(points)) // 240 + 1}
    names = {"objects": [{"id": number, "label": label} for number, label in enumerate(("floor", "wall", "table"), 1)]}
    return Seed({"room.npz": npz(**arrays), "room.json": json.dumps(names).encode()}, "room.npz", "scene")


def own_scene() -> Seed:
    """The project's own format."""
    points = (room() * 1000).astype(np.int16)
    arrays = {"format": np.array("monster scene 1"), "points": points, "origin": np.zeros(3, np.int32),
              "colors": np.zeros(points.shape, np.uint8), "instances": (np.arange(len(points)) // 240).astype(np.int16),
              "label_ids": np.arange(2), "label_names": np.array(["floor", "wall"])}  # fmt: skip
    return one("room.npz", npz(**arrays), "scene")


def mesh() -> tuple[AnyArray, AnyArray]:
    """Corners (n, 3) and triangles (m, 3) of a floor and a box, y up."""
    corners = np.array([(x, y, z) for x in (0.0, 1.0) for y in (0.0, 0.8) for z in (0.0, 1.0)])
    sides = [
        (0, 1, 3),
        (0, 3, 2),
        (4, 6, 7),
        (4, 7, 5),
        (0, 4, 5),
        (0, 5, 1),
        (2, 3, 7),
        (2, 7, 6),
        (0, 2, 6),
        (0, 6, 4),
    ]
    floor = np.array([(-2.0, 0.0, -2.0), (-2.0, 0.0, 3.0), (3.0, 0.0, 3.0), (3.0, 0.0, -2.0)])
    return np.concatenate([corners, floor]), np.array([*sides, (8, 9, 10), (8, 10, 11)])


def obj() -> Seed:
    """Two objects with colours at their corners."""
    corners, faces = mesh()
    lines = ["# made up", "mtllib room.mtl", "o Box_Table"]
    lines += [f"v {x} {y} {z} 0.5 0.2 0.1" for x, y, z in corners] + ["vt 0 0", "vn 0 1 0"]
    lines += [f"f {a + 1}//1 {b + 1}//1 {c + 1}//1" for a, b, c in faces[:-2]] + ["o Floor", "usemtl grey"]
    lines += [f"f {a + 1}/1/1 {b + 1}/1/1 {c + 1}/1/1" for a, b, c in faces[-2:]]
    return one("room.obj", "\n".join(lines).encode(), "scene")


def glb() -> Seed:
    """A mesh that stands turned in a scene."""
    corners, faces = mesh()
    places, numbers = corners.astype("<f4").tobytes(), faces.astype("<u4").tobytes()
    tree = {
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "name": "Table", "translation": [0, 0.1, 0], "rotation": [0, 0.7071, 0, 0.7071]}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0}, "indices": 1, "material": 0}]}],
        "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [0.5, 0.4, 0.3, 1]}}],
        "buffers": [{"byteLength": len(places) + len(numbers)}],
        "bufferViews": [
            {"buffer": 0, "byteOffset": 0, "byteLength": len(places)},
            {"buffer": 0, "byteOffset": len(places), "byteLength": len(numbers)},
        ],
        "accessors": [
            {"bufferView": 0, "componentType": 5126, "count": len(corners), "type": "VEC3",
             "min": corners.min(axis=0).tolist(), "max": corners.max(axis=0).tolist()},
            {"bufferView": 1, "componentType": 5125, "count": faces.size, "type": "SCALAR"},
        ],
    }  # fmt: skip
    text = json.dumps(tree).encode()
    text += b" " * (-len(text) % 4)
    parts = struct.pack("<II", len(text), 0x4E4F534A) + text
    parts += struct.pack("<II", len(places + numbers), 0x004E4942) + places + numbers
    return one("room.glb", struct.pack("<III", 0x46546C67, 2, 12 + len(parts)) + parts, "scene")


def scannet() -> Seed:
    """A folder as ScanNet has them, tiny."""
    count = len(room())
    segments = {"segIndices": [number // 120 for number in range(count)]}
    groups = [
        {"objectId": number, "label": f"thing {number}", "segments": [2 * number, 2 * number + 1]}
        for number in range(4)
    ]
    files = {
        "_vh_clean_2.ply": ply("binary_little_endian", faces=True, instances=False),
        "_vh_clean_2.0.010000.segs.json": json.dumps(segments).encode(),
        ".aggregation.json": json.dumps({"segGroups": groups}).encode(),
        ".txt": b"axisAlignment = 1 0 0 0.5 0 1 0 0.5 0 0 1 0 0 0 0 1\nnumColorFrames = 3\n",
    }
    return Seed({f"scene0000_00{end}": content for end, content in files.items()}, "", "scene")


def plys() -> tuple[Seed, ...]:
    """Clouds and meshes in all three encodings."""
    orders = ("ascii", "binary_little_endian", "binary_big_endian")
    return tuple(one("room.ply", ply(order, faces=faces), "scene") for order in orders for faces in (False, True))


def pcds() -> tuple[Seed, ...]:
    """A cloud in all three encodings."""
    return tuple(one("room.pcd", pcd(data), "scene") for data in ("ascii", "binary", "binary_compressed"))


def clouds() -> tuple[Seed, ...]:
    """Points as a bare array, and with colours, instances and names."""
    return points_npz(), one("room.npy", npy(room()), "scene")


def texts() -> tuple[Seed, ...]:
    """Points as text."""
    return one("room.xyz", xyz(), "scene"), one("room.txt", xyz(",", header=True), "scene")
