"""PLY of a scene: binary points with colours and instances; names of instances are comments in the header."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monster.files import atomic_file
from monster.types import Scene


def write_ply(path: str | Path, scene: Scene) -> None:
    """Write a scene. Points keep all their digits, colours become 0..255; `read_scene` gives names back too."""
    columns: list[tuple[str, str, str, NDArray[Any]]]
    columns = [("float", name, "<f4", scene.points[:, axis]) for axis, name in enumerate("xyz")]
    if scene.colors is not None:
        bytes_ = np.round(scene.colors * 255).astype(np.uint8)
        columns += [("uchar", name, "u1", bytes_[:, axis]) for axis, name in enumerate(("red", "green", "blue"))]
    if scene.instances is not None:
        columns.append(("int", "instances", "<i4", scene.instances))
    table = np.empty(len(scene.points), [(name, code) for _, name, code, _ in columns])
    for _, name, _, values in columns:
        table[name] = values
    labels = sorted((scene.labels or {}).items())
    header = ["ply", "format binary_little_endian 1.0", "comment metres, z up"]
    header += [f"comment label {key} {_quoted(label)}" for key, label in labels]
    header += [f"element vertex {len(table)}", *(f"property {kind} {name}" for kind, name, _, _ in columns)]
    with atomic_file(path) as temporary:
        temporary.write_bytes("\n".join([*header, "end_header\n"]).encode() + table.tobytes())


def _quoted(label: str) -> str:
    """A name as a JSON string: ASCII on one line, and never the words that end a header."""
    return json.dumps(label).replace("end_header", "end\\u005fheader")
