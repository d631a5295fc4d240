"""PLY files (``.ply``) as scenes, read and written; names of instances are comments in the header.

A file with faces is a mesh: points are drawn on its surfaces. A binary file with very many points is thinned while it
is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray
from monster.files import atomic_file
from monster.io.formats import KEPT_POINTS, MAX_POINTS, RawScene, SceneFormat, WriteOptions
from monster.io.scene.clouds import raw_named_columns, sample_vertices
from monster.io.scene.large_ply import read_thinned
from monster.io.scene.ply import Ply, read_ply
from monster.io.sources import FileLike, in_file, opened
from monster.types import Finding, Scene


def raw_ply(file: FileLike) -> RawScene:
    """A ``.ply`` file: its vertices, or points drawn on its surfaces where it has faces."""
    with opened(file) as source:
        thinned = read_thinned(source, above=MAX_POINTS, kept=KEPT_POINTS)
        if thinned is None:
            labels = labels_in_comments(source)
            raw = cloud_of_ply(read_ply(source), source.path, labels)
            return raw if raw.instances is None else replace(raw, labels=labels)
        faces = f"; {thinned.faces:,} faces are not used" if thinned.faces else ""
        note = f"one of each stretch of the file, while it was read{faces}"
        found = Finding("points", f"{KEPT_POINTS:,} of {thinned.points:,} kept", "detected", note)
        raw = cloud_of_ply(thinned.ply, source.path)
        return replace(raw, findings=(*raw.findings, found))


def labels_in_comments(file: FileLike) -> dict[int, str] | None:
    """Names of instances from the lines ``comment label 3 "chair"`` of a PLY header, or None without any."""
    with opened(file) as source:
        header = source.head.partition(b"end_header")[0].decode("utf-8", "replace")
    found = re.findall(r"^comment label (-?\d{1,10}) +(\S.*?)\s*$", header, flags=re.MULTILINE)
    return {int(key): _unquoted(name) for key, name in found} or None


def cloud_of_ply(ply: Ply, path: Path, labels: Mapping[int, str] | None = None) -> RawScene:
    """The scene of a file's vertices and faces; ``labels`` are the names of instances in its header."""
    raw = raw_named_columns(ply.vertices, path, labels)
    with in_file(path):
        return sample_vertices(raw, ply.faces) if len(ply.faces) else raw


def write_ply(path: str | Path, scene: Scene) -> None:
    """Write a scene. Points keep all their digits, colours become 0..255; names of instances are kept too."""
    columns: list[tuple[str, str, str, AnyArray]]
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


def _unquoted(name: str) -> str:
    try:
        return str(json.loads(name)) if name.startswith('"') else name
    except ValueError:
        return name


def _quoted(label: str) -> str:
    """A name as a JSON string: ASCII on one line, without the words that end a header."""
    return json.dumps(label).replace("end_header", "end\\u005fheader")


def _write(path: Path, scene: Scene, options: WriteOptions) -> None:
    write_ply(path, scene)


FORMAT: Final = SceneFormat("ply", (".ply",), raw_ply, write=_write, reads_large=True)
