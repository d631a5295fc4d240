"""ScanNet folders made of a room whose every point is known."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from reader_files import room

NAMES = ("floor", "wall", "wall", "table", "cabinet")


def ply_bytes(columns: Mapping[str, np.ndarray], *, order: str = "<", faces: int = 0) -> bytes:
    """A binary PLY file with one vertex property for each column, and ``faces`` triangles of the first vertices."""
    names = {"f4": "float", "f8": "double", "u1": "uchar", "i4": "int", "u2": "ushort"}
    first = next(iter(columns.values()))
    table = np.zeros(len(first), [(name, order + column.dtype.str[1:]) for name, column in columns.items()])
    for name, column in columns.items():
        table[name] = column
    form = "binary_little_endian" if order == "<" else "binary_big_endian"
    head = [f"ply\nformat {form} 1.0", f"element vertex {len(first)}"]
    head += [f"property {names[column.dtype.str[1:]]} {name}" for name, column in columns.items()]
    body = table.tobytes()
    if faces:
        head += [f"element face {faces}", "property list uchar int vertex_indices"]
        rows = np.zeros(faces, [("count", "u1"), ("corners", order + "i4", 3)])
        rows["count"], rows["corners"] = 3, np.arange(faces * 3).reshape(-1, 3) % len(first)
        body += rows.tobytes()
    return ("\n".join(head) + "\nend_header\n").encode() + body


def write_scan(folder: Path, *, shift: tuple[float, float, float] = (0, 0, 0), align: str | None = None) -> np.ndarray:
    """Write a ScanNet folder of the known room; returns its vertices (n, 3). Objects are 10, 11, 12, 13, 14."""
    folder.mkdir(parents=True)
    scan = folder.name
    points, of = room(0.1)
    points = points + np.array(shift)
    columns = {axis: points[:, place].astype(np.float32) for place, axis in enumerate("xyz")}
    columns |= {name: np.full(len(points), 40 * place, np.uint8) for place, name in enumerate(("red", "green", "blue"))}
    (folder / f"{scan}_vh_clean_2.ply").write_bytes(ply_bytes(columns, faces=12))
    segments = of * 1000 + np.arange(len(points)) % 7  # seven segments to an object, numbered with gaps
    (folder / f"{scan}_vh_clean_2.0.010000.segs.json").write_text(json.dumps({"segIndices": segments.tolist()}))
    groups = [
        {"id": key, "objectId": 10 + key, "label": name, "segments": [key * 1000 + part for part in range(7)]}
        for key, name in enumerate(NAMES)
    ]
    (folder / f"{scan}.aggregation.json").write_text(json.dumps({"sceneId": scan, "segGroups": groups}))
    (folder / f"{scan}.txt").write_text("numColorFrames = 5\n" + (f"axisAlignment = {align}\n" if align else ""))
    return points
