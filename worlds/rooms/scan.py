"""Simulates a depth camera scan of a room: visible surfaces, holes, noise and uneven density.

Surfaces are sampled; points that no viewpoint sees are removed with a coarse depth buffer for each viewpoint; the rest
is subsampled by distance. Every point keeps its instance id.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from monster.arrays import BoolArray, FloatArray, IntArray
from monster.types import Finding, Provenance, Scene
from worlds.rooms.floor import free_floor, inside
from worlds.rooms.surfaces import Faces, room_faces
from worlds.types import Room

MIN_POINTS: Final = 120  # of an object, at the expense of the others
LARGE_SHARE: Final = 0.009  # of the surface: points of larger objects grow more slowly than their surface
GROWTH_EXPONENT: Final = 0.4  # of the points of larger objects, which scans see from farther away and from fewer sides
OVERSAMPLING: Final = 2.6  # samples per final point, before visibility and subsampling
NOISE: Final = 0.005  # metres, standard deviation
BUFFER_CELLS: Final = 72  # cells along a side of a depth buffer, about 2.9 degrees each
LIGHT: Final = np.array([0.35, 0.25, 0.9], dtype=np.float32)


def scan(room: Room, rng: np.random.Generator, points: int = 20_000) -> Scene:
    """A labelled point cloud of the room with ``points`` points in random order, rounded to a millimetre.

    Objects keep their ids; the floor has the next id, and the walls the ids after it.
    """
    faces, labels = room_faces(room, rng)
    eyes = viewpoints(room, rng)
    faces = faces.rows(_facing(faces, eyes))
    position, face = _sample(faces, rng, int(points * OVERSAMPLING))
    position, face = _within(room, position, face, floor=faces.instance[face] == len(room.objects) + 1)
    density = visible(position, faces.normal[face], eyes) * _kept_share(faces, len(room.objects))[faces.instance[face]]
    chosen = _subsample(density, density * _outside_holes(position, rng), faces.instance[face], rng, count=points)
    position, face = position[chosen], face[chosen]
    colors = _colors(faces, face, position, rng)
    wave = 0.003 * np.sin(position @ rng.uniform(2, 6, (3, 3)).astype(np.float32))  # slow drift of a camera's path
    measured = position + wave + np.clip(rng.normal(0, NOISE, position.shape), -3 * NOISE, 3 * NOISE)
    origin = Provenance("generated", (Finding("axes", "z up", "given"), Finding("unit", "metres", "given")))
    return Scene(np.round(measured, 3).astype(np.float32), colors, faces.instance[face], labels, origin)


def without_labels(scene: Scene) -> Scene:
    """The scene without instances and labels."""
    return replace(scene, instances=None, labels=None)


def viewpoints(room: Room, rng: np.random.Generator) -> FloatArray:
    """Three to five camera positions (n, 3) over free floor, far apart, 1.4 to 1.8 m high."""
    grid = free_floor(room, resolution=0.2)
    free = grid.reachable_points()
    if not len(free):
        free = room.outline.mean(axis=0, keepdims=True)
    some = free[rng.integers(len(free), size=40)]
    chosen, away = [some[0]], np.full(len(some), np.inf)
    for _ in range(int(rng.integers(2, 5))):
        away = np.minimum(away, np.linalg.norm(some - chosen[-1], axis=1))
        chosen.append(some[int(away.argmax())])
    return np.column_stack([chosen, rng.uniform(1.4, 1.8, len(chosen))]).astype(np.float32)


def _facing(faces: Faces, eyes: FloatArray) -> BoolArray:
    toward = eyes[None] - faces.corner[:, None]
    return np.asarray((np.einsum("nec,nc->ne", toward, faces.normal) > 0).any(axis=1))


def _sample(faces: Faces, rng: np.random.Generator, count: int) -> tuple[FloatArray, IntArray]:
    """Points (m, 3) on the faces by weight, and the face of each; small objects are oversampled."""
    total = np.bincount(faces.instance, weights=faces.weight)
    share = total / total.sum() * count
    boost = np.where(share > 0, np.maximum(share, 1.8 * MIN_POINTS) / np.maximum(share, 1e-9), 0.0)
    wanted = faces.weight / faces.weight.sum() * count * boost[faces.instance]
    number = np.floor(wanted + rng.random(len(faces))).astype(np.int64)
    face = np.repeat(np.arange(len(faces)), number)
    u, v = rng.random((2, len(face), 1), dtype=np.float32)
    return faces.corner[face] + u * faces.edge_u[face] + v * faces.edge_v[face], face


def _kept_share(faces: Faces, objects: int) -> FloatArray:
    """Share of its points that each instance keeps (ids,): 1, or less for large objects with ids up to ``objects``."""
    total = np.bincount(faces.instance, weights=faces.weight)
    share = np.maximum(total / total.sum(), 1e-9)
    kept = np.minimum((LARGE_SHARE / share) ** (1 - GROWTH_EXPONENT), 1.0)
    return np.where(np.arange(len(share)) <= objects, kept, 1.0).astype(np.float32)


def _within(room: Room, position: FloatArray, face: IntArray, *, floor: BoolArray) -> tuple[FloatArray, IntArray]:
    """The points without floor points outside a non-rectangular outline."""
    if len(room.outline) == 4:
        return position, face
    keep = ~floor
    keep[floor] = inside(room.outline, position[floor, :2].astype(np.float64))
    return position[keep], face[keep]


def visible(position: FloatArray, normal: FloatArray, eyes: FloatArray) -> FloatArray:
    """Visible density (n,) of each point: 0 if hidden from every viewpoint, decreasing with distance."""
    density = np.zeros(len(position), dtype=np.float32)
    cell_angle = np.float32(np.sqrt(4 * np.pi) / BUFFER_CELLS)
    along, across = np.ascontiguousarray(position.T), np.ascontiguousarray(normal.T)  # sums over columns are fast
    for eye in eyes:
        ray = along - eye[:, None]
        distance = np.sqrt(ray[0] ** 2 + ray[1] ** 2 + ray[2] ** 2)
        slant = -(ray[0] * across[0] + ray[1] * across[1] + ray[2] * across[2]) / distance
        cell = _octahedral(ray)
        nearest = np.full(BUFFER_CELLS * BUFFER_CELLS, np.inf, dtype=np.float32)
        np.minimum.at(nearest, cell, np.where(slant > 0, distance, np.float32(np.inf)))
        nearest = _fill_gaps(nearest)
        slack = 0.03 + np.minimum(distance * cell_angle / np.maximum(slant, 0.05), 0.2)
        seen = (slant > 0.1) & (distance <= nearest[cell] + slack)
        near = np.clip(2.0 / np.maximum(distance, 0.6), 0.3, 1.8)
        np.maximum(density, near * seen, out=density)
    return density


def _fill_gaps(nearest: FloatArray) -> FloatArray:
    """The depth buffer with gaps of one cell filled, because they come from sparse sampling."""
    depth = nearest.reshape(BUFFER_CELLS, BUFFER_CELLS).copy()
    rows, columns = np.maximum(depth[:-2], depth[2:]), np.maximum(depth[:, :-2], depth[:, 2:])
    np.minimum(depth[1:-1], rows, out=depth[1:-1])
    np.minimum(depth[:, 1:-1], columns, out=depth[:, 1:-1])
    return depth.reshape(-1)


def _octahedral(ray: FloatArray) -> IntArray:
    """The depth buffer cell (n,) of each direction (3, n), by the octahedral map of the sphere."""
    x, y, z = ray / (np.abs(ray[0]) + np.abs(ray[1]) + np.abs(ray[2]))
    below = z < 0
    u = np.where(below, np.copysign(1 - np.abs(y), x), x)
    v = np.where(below, np.copysign(1 - np.abs(x), y), y)
    half = np.float32(BUFFER_CELLS / 2)
    row, column = ((u + 1) * half).astype(np.int32), ((v + 1) * half).astype(np.int32)
    return np.asarray(
        np.minimum(row, BUFFER_CELLS - 1) * BUFFER_CELLS + np.minimum(column, BUFFER_CELLS - 1), dtype=np.int64
    )


def _outside_holes(position: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(n,) 1, or 0 inside a few random spheres without measurements."""
    left = np.ones(len(position), dtype=np.float32)
    x, y, z = np.ascontiguousarray(position.T)
    for _ in range(int(rng.integers(8, 18))):
        center = position[int(rng.integers(len(position)))]
        radius = float(rng.uniform(0.05, 0.3))
        left[(x - center[0]) ** 2 + (y - center[1]) ** 2 + (z - center[2]) ** 2 < radius**2] = 0
    return left


def _subsample(
    density: FloatArray, outside_holes: FloatArray, instance: IntArray, rng: np.random.Generator, *, count: int
) -> IntArray:
    """Rows to keep, in random order: by density, but at least MIN_POINTS of every instance, also if hidden."""
    few = np.bincount(instance, weights=outside_holes > 0) < MIN_POINTS
    barely = np.bincount(instance, weights=density > 0) < MIN_POINTS
    weight = np.where(few[instance], np.where(barely[instance], np.maximum(density, 0.05), density), outside_holes)
    alive = np.flatnonzero(weight > 0)
    order = alive[np.argsort(rng.standard_exponential(len(alive), dtype=np.float32) / weight[alive])]
    owner = instance[order].astype(np.int16)
    grouped = np.argsort(owner, kind="stable")
    first = np.flatnonzero(np.diff(owner[grouped], prepend=-1))
    rank = np.empty(len(order), dtype=np.int64)
    rank[grouped] = np.arange(len(order)) - np.repeat(first, np.diff(first, append=len(order)))
    best = np.concatenate([order[rank < MIN_POINTS], order[rank >= MIN_POINTS]])[:count]
    return np.asarray(rng.permutation(best))


def _colors(faces: Faces, face: IntArray, position: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Colours of the faces with shading, patches and noise, in steps of 1/255."""
    lit = 0.72 + 0.28 * np.maximum(faces.normal @ (LIGHT / np.linalg.norm(LIGHT)), 0)
    patch = 1 + 0.05 * np.sin(position @ rng.uniform(-4, 4, 3).astype(np.float32) + rng.uniform(0, 6))
    grain = rng.normal(0, 0.025, (len(face), 3)) + rng.normal(0, 0.03, (len(face), 1))
    cast = rng.uniform(0.85, 1.08) * rng.uniform(0.97, 1.03, 3)
    color = faces.color[face] * (lit[face] * patch)[:, None] * cast + grain
    return np.asarray(np.round(np.clip(color, 0, 1) * 255) / 255, dtype=np.float32)
