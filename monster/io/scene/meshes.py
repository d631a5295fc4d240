"""Meshes (``.obj``, ``.glb``) as points drawn on their surfaces, with a fixed seed."""

from __future__ import annotations

import json
import re
import struct
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray, IntArray
from monster.errors import FileFormatError, InputError
from monster.io.formats import RawScene, SceneFormat
from monster.io.gltf import read_gltf, with_float_attributes
from monster.io.sources import FileLike, Source, in_file, opened
from monster.types import Finding

SAMPLES: Final = 100_000
_MAX_JSON: Final = 1 << 26  # bytes
_SEED: Final = 0
_FARTHEST_IN_TEXTURE: Final = 1e6  # times that a texture repeats; more is damage
_PARSE_ERRORS: Final = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, OSError, EOFError,
    RuntimeError, MemoryError, NameError, struct.error,
)  # fmt: skip
# Words that exporters use for parts without a name.
_NAMELESS: Final = frozenset(
    (
        "mesh",
        "object",
        "node",
        "geometry",
        "group",
        "default",
        "material",
        "primitive",
        "scene",
        "world",
        "root",
        "part",
    )
)


@dataclass(frozen=True, eq=False)
class Drawn:
    """Points (n, 3) on triangles, the corners (n, 3) of each point's triangle, and their weights (n, 3)."""

    points: DoubleArray
    corners: IntArray
    weights: DoubleArray


@dataclass(frozen=True, eq=False)
class MeshCloud:
    """Points sampled on a mesh file, colors in 0..1 or None, the part of each point, and the names of the parts."""

    points: DoubleArray
    colors: DoubleArray | None
    parts: IntArray
    names: dict[int, str]
    faces: int


def sample_surface(vertices: DoubleArray, faces: IntArray, count: int = SAMPLES) -> Drawn:
    """``count`` points spread evenly over the area of triangles. Raises InputError for a mesh without area."""
    with np.errstate(over="ignore", invalid="ignore"):
        first, second, third = (vertices[faces[:, corner]] for corner in range(3))
        areas = np.linalg.norm(np.cross(second - first, third - first), axis=1)
    if not np.isfinite(areas).all() or areas.sum() <= 0:
        raise InputError(f"expected a mesh with surfaces, got {len(faces)} faces without area")
    random = np.random.default_rng(_SEED)
    corners = faces[random.choice(len(faces), count, p=areas / areas.sum())]
    root, along = np.sqrt(random.random(count)), random.random(count)
    weights = np.stack([1 - root, root * (1 - along), root * along], axis=1)
    return Drawn(np.einsum("nc,ncd->nd", weights, vertices[corners]), corners, weights)


def read_mesh(file: FileLike) -> MeshCloud:
    """Draw points on the surfaces of an ``.obj`` or ``.glb`` file; parts are its objects. Raises FileFormatError."""
    with opened(file) as source:
        return _read_mesh(source)


def _read_mesh(source: Source) -> MeshCloud:
    path = source.path
    try:
        with warnings.catch_warnings(
            action="ignore"
        ):  # warnings about damaged files, which end in an error or in fewer parts
            parts = _load_parts(source)
    except _PARSE_ERRORS as error:
        reason = (str(error).splitlines() or [""])[0][:120]
        raise FileFormatError(
            f"{path.name}: expected a mesh, got something that cannot be read ({reason or type(error).__name__}); "
            "is the file damaged or cut short?"
        ) from None
    if not parts:
        raise FileFormatError(f"{path.name}: expected a mesh with faces, got none; for bare points use .ply or .xyz")
    with in_file(path):
        return _draw(parts)


def part_label(name: str) -> str | None:
    """A label from a part's name ("Office_Chair.001": "office chair"), or None for a name that an exporter made up."""
    words = [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    words = [word for word in words if word not in _NAMELESS and len(word) > 1]
    return " ".join(words) or None


def _load_parts(source: Source) -> list[tuple[str, Any]]:
    """Names and meshes (trimesh) of a file, in the coordinates of the scene."""
    import trimesh

    is_obj = source.suffix == ".obj"
    options = {"split_objects": True} if is_obj else {}
    content = _with_absolute_faces(source.read()) if is_obj else _with_floats(source)
    # A file object, so that nothing beside the file is opened.
    scene = trimesh.load_scene(BytesIO(content), file_type=source.suffix.lstrip("."), **options)
    parts = []
    for node in scene.graph.nodes_geometry:
        transform, geometry = scene.graph[node]
        mesh = scene.geometry[geometry].copy()
        if np.shape(mesh.vertices)[1:] != (3,):
            raise ValueError("vertices without three coordinates")
        if not 0 <= np.min(mesh.faces, initial=0) <= np.max(mesh.faces, initial=0) < max(1, len(mesh.vertices)):
            raise ValueError("faces of vertices that do not exist")
        if isinstance(mesh, trimesh.Trimesh) and len(mesh.faces):
            mesh.apply_transform(transform)
            parts.append((str(node), mesh))
    return parts


def _with_floats(source: Source) -> bytes:
    """A GLB file whose vertex attributes are floats: trimesh takes normalised integers for plain numbers."""
    return with_float_attributes(read_gltf(source)) or source.read()


def _with_absolute_faces(content: bytes) -> bytes:
    """An OBJ file whose faces count vertices from the first on, where they count back from the line they are in."""
    if not re.search(rb"(?m)^\s*[fl]\s.*-\d", content):
        return content
    counts = {b"v": 0, b"vt": 0, b"vn": 0}
    lines = content.split(b"\n")
    for place, line in enumerate(lines):
        key, *words = line.split() or [b""]
        if key in counts:
            counts[key] += 1
        elif key in (b"f", b"l"):
            lines[place] = b" ".join([key, *(_absolute(word, counts) for word in words)])
    return b"\n".join(lines)


def _absolute(word: bytes, counts: Mapping[bytes, int]) -> bytes:
    """One corner ``v/vt/vn`` with the numbers of the file's first vertex, texture place and normal being 1."""
    parts = word.split(b"/")
    for place, kind in enumerate((b"v", b"vt", b"vn")[: len(parts)]):
        if parts[place].startswith(b"-"):
            parts[place] = b"%d" % (counts[kind] + 1 + int(parts[place]))
    return b"/".join(parts)


def _draw(parts: list[tuple[str, Any]]) -> MeshCloud:
    starts = np.cumsum([0] + [len(mesh.vertices) for _, mesh in parts])
    vertices = np.concatenate([np.asarray(mesh.vertices, dtype=np.float64) for _, mesh in parts])
    faces = np.concatenate(
        [np.asarray(mesh.faces, np.int64) + start for (_, mesh), start in zip(parts, starts, strict=False)]
    )
    of_vertex = np.repeat(np.arange(len(parts)), np.diff(starts))
    drawn = sample_surface(vertices, faces)
    colors = [_vertex_colors(mesh) for _, mesh in parts]
    mixed = None
    if any(found is not None for found in colors):
        grey = [np.full((len(mesh.vertices), 3), 0.5) if found is None else found
                for (_, mesh), found in zip(parts, colors, strict=True)]  # fmt: skip
        mixed = np.clip(np.einsum("nc,ncd->nd", drawn.weights, np.concatenate(grey)[drawn.corners]), 0, 1)
    labels = {index: label for index, (name, _) in enumerate(parts) if (label := part_label(name)) is not None}
    return MeshCloud(drawn.points, mixed, of_vertex[drawn.corners[:, 0]], labels, len(faces))


def _vertex_colors(mesh: Any) -> DoubleArray | None:
    """Colors of a mesh's vertices (n, 3) in 0..1: its own, or those of its material or texture."""
    visual = mesh.visual
    if visual.kind == "texture":
        if not _has_places_in_texture(mesh):
            return None
        visual = visual.to_color()
    colors = np.asarray(visual.vertex_colors) if visual.kind in ("vertex", "face") else None
    return None if colors is None or colors.shape != (len(mesh.vertices), 4) else colors[:, :3] / 255.0


def _has_places_in_texture(mesh: Any) -> bool:
    """Whether every vertex has two coordinates in the texture, or the mesh has none at all."""
    places = mesh.visual.uv
    if places is None:
        return True
    return np.shape(places) == (len(mesh.vertices), 2) and bool((np.abs(places) < _FARTHEST_IN_TEXTURE).all())


def _read(source: Source) -> RawScene:
    cloud = read_mesh(source)
    found = Finding("points", f"{len(cloud.points):,} drawn on {cloud.faces:,} faces", "detected", "the file is a mesh")
    raw = RawScene(cloud.points, cloud.colors, findings=(found,))
    if len(np.unique(cloud.parts)) > 1:
        raw = replace(raw, instances=cloud.parts, labels=cloud.names)
    is_gltf = source.suffix == ".glb"
    return replace(raw, up="y", unit=1.0) if is_gltf else raw  # glTF 2.0, section 3.4


def _count(source: Source) -> int:
    """Vertices of all meshes."""
    if source.suffix == ".obj":
        return source.count(b"\nv ")
    file = source.file
    length = struct.unpack("<12xII", file.read(20))[0]  # of the JSON chunk (glTF 2.0, section 4.4)
    document = json.loads(file.read(min(length, _MAX_JSON)))
    used = {part["attributes"]["POSITION"] for mesh in document["meshes"] for part in mesh["primitives"]}
    return sum(int(document["accessors"][index]["count"]) for index in used)


FORMAT: Final = SceneFormat("mesh", (".obj", ".glb"), _read, count=_count)
