"""Small files of every format that can be read, made here: what the fuzzer damages.

A seed is the files of one motion or scene by name, and which of them is read. ``SEEDS`` makes them by reader.
"""

from __future__ import annotations

import io
import json
import pickle
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from monster.readers.kinematics import REST_OFFSETS, STATURE, axis_angle_matrices, pose_body
from monster.skeleton import INDEX, JOINTS, PARENTS

Array = NDArray[Any]
FRAMES: Final = 12


@dataclass(frozen=True)
class Seed:
    """Files by name, the name of the one that is read ("" for their folder), and what it holds."""

    files: dict[str, bytes]
    main: str
    kind: Literal["motion", "scene"]


def turns() -> Array:
    """Rotation vectors (frames, 22, 3) of somebody who walks, y up."""
    found, phase = np.zeros((FRAMES, 22, 3)), np.arange(FRAMES) * 0.4
    for side, sign in (("left", 1), ("right", -1)):
        found[:, INDEX[f"{side}_hip"], 0] = -0.4 * sign * np.sin(phase)
        found[:, INDEX[f"{side}_knee"], 0] = 0.3 + 0.2 * sign * np.cos(phase)
        found[:, INDEX[f"{side}_shoulder"], 2] = -1.3 * sign
    return found


def place() -> Array:
    """Places of the pelvis (frames, 3) on the way."""
    return np.stack([np.zeros(FRAMES), np.full(FRAMES, 0.56 * STATURE), np.arange(FRAMES) * 0.05], axis=1)


def joints() -> Array:
    """The joints (frames, 22, 3) of the same."""
    return pose_body(axis_angle_matrices(turns()), place()).astype(np.float32)


def room(count: int = 240) -> Array:
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


def npy(array: Array, *, allow_pickle: bool = False) -> bytes:
    """The bytes of a ``.npy`` file."""
    out = io.BytesIO()
    np.save(out, array, allow_pickle=allow_pickle)
    return out.getvalue()


def npz(**arrays: Any) -> bytes:
    """The bytes of a ``.npz`` file."""
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def one(name: str, content: bytes, kind: Literal["motion", "scene"]) -> Seed:
    """A seed of a single file."""
    return Seed({name: content}, name, kind)


def bvh() -> Seed:
    """A skeleton named as Mixamo names it."""
    lines, columns = ["HIERARCHY"], []

    def joint(index: int, depth: int) -> None:
        children = [child for child, parent in enumerate(PARENTS) if parent == index]
        offset = 100 * REST_OFFSETS[index] if depth else np.zeros(3)
        channels = ["Zrotation", "Yrotation", "Xrotation"]
        if depth == 0:
            channels = ["Xposition", "Yposition", "Zposition", *channels]
            columns.append(100 * place())
        columns.append(np.degrees(turns()[:, index, ::-1]))
        lines.append(f"{'JOINT' if depth else 'ROOT'} {_BVH_NAMES.get(JOINTS[index], JOINTS[index])}")
        lines.append("{\nOFFSET " + " ".join(f"{value:.3f}" for value in offset))
        lines.append(f"CHANNELS {len(channels)} {' '.join(channels)}")
        for child in children:
            joint(child, depth + 1)
        lines.append("}" if children else "End Site\n{\nOFFSET 0 0 5\n}\n}")

    joint(0, 0)
    rows = "\n".join(" ".join(f"{value:.3f}" for value in row) for row in np.concatenate(columns, axis=1))
    text = "\n".join(lines) + f"\nMOTION\nFrames: {FRAMES}\nFrame Time: 0.05\n{rows}\n"
    return one("walk.bvh", text.encode(), "motion")


_BVH_NAMES: Final = {
    "pelvis": "Hips", "neck": "Neck", "head": "Head",
    **{f"{side}_{ours}": f"{side.title()}{theirs}" for side in ("left", "right") for ours, theirs in (
        ("hip", "UpLeg"), ("knee", "Leg"), ("ankle", "Foot"), ("foot", "ToeBase"),
        ("collar", "Shoulder"), ("shoulder", "Arm"), ("elbow", "ForeArm"), ("wrist", "Hand"))},
}  # fmt: skip


def amc() -> Seed:
    """A skeleton of Acclaim's bones and its motion."""
    bones: dict[str, tuple[str, tuple[float, float, float], float]]
    bones = {"lowerback": ("root", (0, 1, 0), 2.0), "upperback": ("lowerback", (0, 1, 0), 2.0),
             "thorax": ("upperback", (0, 1, 0), 2.0), "lowerneck": ("thorax", (0, 1, 0), 1.5),
             "upperneck": ("lowerneck", (0, 1, 0), 1.5)}  # fmt: skip
    for side, sign in (("l", 1), ("r", -1)):
        bones |= {f"{side}hipjoint": ("root", (sign, -1, 0), 2.0), f"{side}femur": (f"{side}hipjoint", (0, -1, 0), 7.0),
                  f"{side}tibia": (f"{side}femur", (0, -1, 0), 7.0), f"{side}foot": (f"{side}tibia", (0, -0.4, 1), 2.3),
                  f"{side}clavicle": ("thorax", (sign, 0.4, 0), 3.0),
                  f"{side}humerus": (f"{side}clavicle", (sign, 0, 0), 5.0),
                  f"{side}radius": (f"{side}humerus", (sign, 0, 0), 3.0)}  # fmt: skip
    lines = [":version 1.10", ":units\n  mass 1.0\n  length 0.45\n  angle deg", ":root"]
    lines += ["  order TX TY TZ RX RY RZ\n  axis XYZ\n  position 0 0 0\n  orientation 0 0 0", ":bonedata"]
    for number, (name, (_, direction, length)) in enumerate(bones.items(), 1):
        lines.append(f"  begin\n  id {number}\n  name {name}\n  direction {' '.join(map(str, direction))}")
        lines.append(f"  length {length}\n  axis 0 0 0 XYZ\n  dof rx ry rz\n  limits (-180 180)\n  end")
    lines.append(":hierarchy\n  begin")
    parents = {parent for parent, _, _ in bones.values()}
    lines += [
        f"    {p} {' '.join(n for n, (of, _, _) in bones.items() if of == p)}" for p in ["root", *bones] if p in parents
    ]
    asf = "\n".join([*lines, "  end"]) + "\n"
    frames = [":FULLY-SPECIFIED\n:DEGREES"]
    for frame in range(FRAMES):
        frames.append(f"{frame + 1}\nroot 0 17 {0.5 * frame} 0 0 0")
        frames += [f"{name} {10 * np.sin(frame):.3f} 0 0" for name in bones]
    files = {"01.asf": asf.encode(), "01_01.amc": ("\n".join(frames) + "\n").encode()}
    return Seed(files, "01_01.amc", "motion")


def batch() -> dict[str, Any]:
    """What MDM saves: several motions in one array."""
    return {
        "motion": np.stack([joints().transpose(1, 2, 0)] * 2),
        "text": ["a person walks", "somebody walks"],
        "lengths": np.array([FRAMES, FRAMES - 2]),
        "num_samples": 2,
        "num_repetitions": 1,
    }


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


def own(kind: Literal["motion", "scene"]) -> Seed:
    """The project's own formats."""
    if kind == "motion":
        arrays = {"format": np.array("monster motion 1"), "joints": joints(), "fps": np.array(20.0),
                  "placed": np.array(False), "provenance": np.array('["a", [["fps", "20", "given", ""]]]')}  # fmt: skip
        return one("walk.npz", npz(**arrays), "motion")
    points = (room() * 1000).astype(np.int16)
    arrays = {"format": np.array("monster scene 1"), "points": points, "origin": np.zeros(3, np.int32),
              "colors": np.zeros(points.shape, np.uint8), "instances": (np.arange(len(points)) // 240).astype(np.int16),
              "label_ids": np.arange(2), "label_names": np.array(["floor", "wall"])}  # fmt: skip
    return one("room.npz", npz(**arrays), "scene")


def mesh() -> tuple[Array, Array]:
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


def captions() -> Seed:
    """Two motions and what is said of them."""
    lines = [{"id": "a", "captions": ["someone walks"], "fps": 30, "more": [1]}, {"id": "b", "captions": "walks"}]
    text = "\n".join(json.dumps(line) for line in lines).encode()
    return Seed({"many.npz": npz(a=joints(), b=joints()), "captions.jsonl": text}, "many.npz", "motion")


def _smpl() -> Seed:
    arrays = {"poses": np.concatenate([turns().reshape(FRAMES, -1), np.zeros((FRAMES, 90))], axis=1), "trans": place(),
              "betas": np.zeros(16), "mocap_framerate": np.array(60.0), "gender": np.array("neutral")}  # fmt: skip
    return one("walk.npz", npz(**arrays), "motion")


def _smplx() -> Seed:
    pose = turns()
    arrays = {"global_orient": pose[:, 0], "body_pose": pose[:, 1:].reshape(FRAMES, -1), "transl": place()}
    return one("walk.npz", npz(**arrays), "motion")


def _rows() -> Seed:
    return one("walk.npy", npy(np.concatenate([turns().reshape(FRAMES, -1), place()], axis=1)), "motion")


def _features() -> Seed:
    features = np.zeros((FRAMES, 263), np.float32)
    around = joints() - joints()[:, :1] * np.array([1, 0, 1], np.float32)
    features[:, 3], features[:, 4:67] = joints()[:, 0, 1], around[:, 1:].reshape(FRAMES, -1)
    return one("walk.npy", npy(features), "motion")


def _joints() -> tuple[Seed, ...]:
    flat = joints().reshape(FRAMES, -1)
    return (
        one("walk.npy", npy(joints()), "motion"),
        one("walk.npy", npy(flat), "motion"),
        one("many.npz", npz(a=joints(), b=joints()), "motion"),
    )


def _generators() -> tuple[Seed, ...]:
    packed = np.empty((), dtype=object)
    packed[()] = batch()
    return (
        one("results.npy", npy(packed, allow_pickle=True), "motion"),
        one("motion.pkl", pickle.dumps(batch(), 4), "motion"),
        one("many.npy", npy(np.stack([joints()] * 2)), "motion"),
        one("many.npz", npz(**batch()), "motion"),
    )


def _plys() -> tuple[Seed, ...]:
    orders = ("ascii", "binary_little_endian", "binary_big_endian")
    return tuple(one("room.ply", ply(order, faces=faces), "scene") for order in orders for faces in (False, True))


def _pcds() -> tuple[Seed, ...]:
    return tuple(one("room.pcd", pcd(data), "scene") for data in ("ascii", "binary", "binary_compressed"))


SEEDS: Final[dict[str, Callable[[], tuple[Seed, ...]]]] = {
    "bvh": lambda: (bvh(),),
    "amc": lambda: (amc(),),
    "joints": _joints,
    "features": lambda: (_features(),),
    "smpl": lambda: (_smpl(), _smplx(), _rows()),
    "generators": _generators,
    "captions": lambda: (captions(),),
    "own": lambda: (own("motion"), own("scene")),
    "ply": _plys,
    "pcd": _pcds,
    "text": lambda: (one("room.xyz", xyz(), "scene"), one("room.txt", xyz(",", header=True), "scene")),
    "points": lambda: (points_npz(), one("room.npy", npy(room()), "scene")),
    "obj": lambda: (obj(),),
    "glb": lambda: (glb(),),
    "scannet": lambda: (scannet(),),
}
