"""Data types of the engine: Motion, Scene, Query, Item. Metres, seconds, z up, float32.

Every value is checked when it is constructed, so later code relies on shapes, ranges and types.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Real
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from monster.arrays import FloatArray, IntArray
from monster.errors import InputError
from monster.provenance import Finding as Finding
from monster.provenance import Provenance as Provenance
from monster.skeleton import JOINT_COUNT
from monster.tasks import KINDS, LETTER_OF, Kind, Modality, kind_of

CANONICAL_FPS: Final = 20.0
MAX_OBJECTS: Final = 50
MAX_SCENE_SIZE: Final = 200.0
MIN_PERSON, MAX_PERSON = 0.5, 2.5
MAX_TEXT: Final = 10_000
_BLANK: Final = frozenset("\u115f\u1160\u2800\u3164\ufffd\uffa0")  # signs that are drawn as nothing, or stand for none


def _floats(values: ArrayLike, name: str) -> FloatArray:
    """A read-only view as float32. Raises InputError if it is no array of finite numbers."""
    try:
        array = np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError):
        raise InputError(f"expected {name} as an array of numbers, got {_described(values)}") from None
    if not np.isfinite(array).all():
        raise InputError(f"{name} has {int((~np.isfinite(array)).sum())} values that are not finite numbers")
    array = array.view()
    array.flags.writeable = False
    return array


def _described(value: object) -> str:
    """The type of a wrong argument, with what identifies it: "str 'walk.bvh'", "ndarray of shape (8, 22, 3)"."""
    name = type(value).__name__
    if isinstance(value, str):
        return f"{name} {value[:60]!r}"
    if isinstance(value, np.ndarray):
        return f"{name} of shape {value.shape}"
    return name


def _checked_fps(fps: object) -> float:
    if isinstance(fps, Real) and 1 <= float(fps) <= 1000:
        return float(fps)
    raise InputError(f"expected a rate of 1 to 1000 frames a second, got {fps!r}")


@dataclass(frozen=True, eq=False)
class Motion:
    """A skeleton sequence: joints (frames, 22, 3) in metres, z up, at ``fps`` frames a second.

    ``placed`` is True if the coordinates are those of a scene; a clip of a motion library is not placed.
    Raises InputError for another shape, values that are not finite, or a body outside 0.5 to 2.5 m.
    """

    joints: FloatArray
    fps: float = CANONICAL_FPS
    placed: bool = False
    provenance: Provenance = field(default_factory=Provenance, repr=False)

    def __post_init__(self) -> None:
        joints = _floats(self.joints, "joints")
        if joints.ndim != 3 or joints.shape[1:] != (JOINT_COUNT, 3):
            raise InputError(f"expected joints of shape (frames, {JOINT_COUNT}, 3), got {joints.shape}")
        if len(joints) < 2:
            raise InputError(f"expected at least 2 frames of motion, got {len(joints)}")
        size = person_size(joints)
        if not MIN_PERSON <= size <= MAX_PERSON:
            expected = f"expected a person of {MIN_PERSON} to {MAX_PERSON} m"
            raise InputError(f"{expected}, got {size:.3g} m along the body; is the unit metres?")
        object.__setattr__(self, "joints", joints)
        object.__setattr__(self, "fps", _checked_fps(self.fps))

    def __len__(self) -> int:
        return len(self.joints)

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return len(self.joints) / self.fps

    def resampled(self, fps: float = CANONICAL_FPS) -> Motion:
        """The motion at another rate, with joints interpolated linearly in time."""
        if abs(fps - self.fps) < 1e-6:
            return self
        # No frame after the last one: ten seconds stay ten seconds, which is one window.
        count = max(2, int((len(self.joints) - 1) * fps / self.fps + 1e-6) + 1)
        at = np.minimum(np.arange(count) * (self.fps / fps), len(self.joints) - 1)
        low = np.minimum(at.astype(np.int64), len(self.joints) - 2)
        weight = (at - low).astype(np.float32)[:, None, None]
        joints = self.joints[low] * (1 - weight) + self.joints[low + 1] * weight
        return Motion(joints, fps, placed=self.placed, provenance=self.provenance)


def person_size(joints: FloatArray) -> float:
    """Body height in metres that does not depend on the pose: the chain left ankle, knee, hip, pelvis, spine, head."""
    chain = [7, 4, 1, 0, 3, 6, 9, 12, 15]
    bones = np.diff(np.asarray(joints, dtype=np.float64)[:, chain], axis=1)
    return float(np.median(np.linalg.norm(bones, axis=-1).sum(axis=1)))


@dataclass(frozen=True, eq=False)
class SceneObject:
    """One object of a scene: its points (n, 3), colors (n, 3) or None, label or None."""

    id: int
    points: FloatArray
    colors: FloatArray | None
    label: str | None

    @property
    def box(self) -> FloatArray:
        """Centre (mean) and size (max - min) of all points: (6,), world coordinates."""
        size = self.points.max(axis=0) - self.points.min(axis=0)
        return np.concatenate([self.points.mean(axis=0, dtype=np.float64), size]).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Scene:
    """A point cloud: points (n, 3) in metres, z up; colors (n, 3) in 0..1, instances (n,) with -1 for none.

    ``labels`` maps instances to names. Raises InputError for other shapes, values that are not finite, fewer than
    two points, or an extent of 0 or of 200 m and more.
    """

    points: FloatArray
    colors: FloatArray | None = None
    instances: IntArray | None = None
    labels: Mapping[int, str] | None = None
    provenance: Provenance = field(default_factory=Provenance, repr=False)

    def __post_init__(self) -> None:
        points = _floats(self.points, "points")
        if points.ndim != 2 or points.shape[1] != 3:
            raise InputError(f"expected points of shape (n, 3), got {points.shape}")
        if len(points) < 2:
            raise InputError(f"expected at least 2 points in a scene, got {len(points)}")
        extent = float((points.max(axis=0) - points.min(axis=0)).max())
        if not 0 < extent < MAX_SCENE_SIZE:
            raise InputError(
                f"expected a scene under {MAX_SCENE_SIZE:.0f} m, got {extent:.4g} m across; is the unit metres?"
            )
        object.__setattr__(self, "points", points)
        self._check_colors(len(points))
        self._check_instances(len(points))

    def _check_colors(self, count: int) -> None:
        if self.colors is None:
            return
        colors = _floats(self.colors, "colors")
        if colors.shape != (count, 3):
            raise InputError(f"expected colors of shape ({count}, 3), got {colors.shape}")
        if colors.min() < 0 or colors.max() > 1:
            raise InputError(f"expected colors in 0..1, got {colors.min():.3g}..{colors.max():.3g}")
        object.__setattr__(self, "colors", colors)

    def _check_instances(self, count: int) -> None:
        if self.instances is None:
            if self.labels:
                raise InputError("labels name instances, but the scene has no instances")
            return
        if self.labels is not None and not isinstance(self.labels, Mapping):
            raise InputError(f"expected labels as {{instance: name}}, got {_described(self.labels)}")
        instances = np.asarray(self.instances)
        if instances.shape != (count,) or instances.dtype.kind not in "iu":
            raise InputError(f"expected instances as {count} integers, got {instances.dtype} {instances.shape}")
        object.__setattr__(self, "instances", instances.astype(np.int64))

    def objects(self, most: int = MAX_OBJECTS) -> list[SceneObject]:
        """The ``most`` objects with the most points, largest first; an empty list without instances."""
        if self.instances is None:
            return []
        ids, members = _instances(self.instances, most)
        if not ids:
            return []
        rows, ends = np.concatenate(members), np.cumsum([len(part) for part in members])[:-1]
        # One `take` for all objects: it copies rows several times faster than fancy indexing.
        points = np.split(self.points.take(rows, axis=0), ends)
        colors = [None] * len(ids) if self.colors is None else np.split(self.colors.take(rows, axis=0), ends)
        names = self.labels or {}
        return [SceneObject(i, part, color, names.get(i)) for i, part, color in zip(ids, points, colors, strict=True)]


def _instances(instances: IntArray, most: int) -> tuple[list[int], list[IntArray]]:
    """Ids and rows of the ``most`` largest instances; instances of equal size are in the order of their ids."""
    short = np.abs(instances).max() <= np.iinfo(np.int16).max
    order = np.argsort(instances.astype(np.int16) if short else instances, kind="stable")  # short ones by radix
    ordered = instances[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
    ids, counts = ordered[starts], np.diff(starts, append=len(order))
    kept = [row for row in np.lexsort((ids, -counts)) if ids[row] >= 0][:most]
    return [int(ids[row]) for row in kept], [order[starts[row] : starts[row] + counts[row]] for row in kept]


def checked_text(text: object) -> str:
    """The stripped text.

    Raises InputError if it is no str, has no visible sign or a lone surrogate, or is longer than 10,000 characters.
    """
    if not isinstance(text, str):
        raise InputError(f"expected a text as str, got {_described(text)}")
    check_encodable(text)
    stripped = text.strip()
    if all(sign in _BLANK or unicodedata.category(sign)[0] in "CZM" for sign in stripped):
        raise InputError("expected a text, got nothing but white space or invisible signs")
    if len(stripped) > MAX_TEXT:
        raise InputError(f"expected a text of at most {MAX_TEXT} characters, got {len(stripped)}")
    return stripped


def check_encodable(text: str) -> None:
    """Raise InputError if a text has a lone surrogate, or no character at all (as numpy makes of damaged arrays)."""
    try:
        lone = next((sign for sign in text if "\ud800" <= sign <= "\udfff"), None)
    except SystemError:
        raise InputError("text contains a code beyond U+10FFFF, which is no character") from None
    if lone is not None:
        raise InputError(f"text contains a lone surrogate (U+{ord(lone):04X}), which UTF-8 cannot encode")


def checked_motion(value: object) -> Motion:
    """The value itself. Raises InputError, with how to make a Motion of it, if it is no Motion."""
    if isinstance(value, Motion):
        return value
    raise InputError(f"expected a Motion, got {_described(value)}{_advice(value, 'motion', 'Motion(joints, fps=...)')}")


def checked_scene(value: object) -> Scene:
    """The value itself. Raises InputError, with how to make a Scene of it, if it is no Scene."""
    if isinstance(value, Scene):
        return value
    raise InputError(f"expected a Scene, got {_described(value)}{_advice(value, 'scene', 'Scene(points)')}")


def _advice(value: object, modality: str, constructor: str) -> str:
    if isinstance(value, str | Path):
        return f"; monster.read_{modality}({str(value)[:60]!r}) reads a file"
    return f"; {constructor} takes an array" if isinstance(value, np.ndarray) else ""


@dataclass(frozen=True)
class Query:
    """One or two of text, motion and scene. Raises InputError for none, for three, and for values of another type."""

    text: str | None = None
    motion: Motion | None = None
    scene: Scene | None = None

    def __post_init__(self) -> None:
        if self.text is not None:
            object.__setattr__(self, "text", checked_text(self.text))
        if self.motion is not None:
            checked_motion(self.motion)
        if self.scene is not None:
            checked_scene(self.scene)
        if not 1 <= len(self.modalities) <= 2:
            raise InputError(f"a query holds one or two of text, motion and scene, got {len(self.modalities)}")

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """The modalities of the query, in the order text, motion, scene."""
        return tuple(self.parts)

    @property
    def parts(self) -> dict[Modality, str | Motion | Scene]:
        """The values of the query by modality, in the order text, motion, scene."""
        values: dict[Modality, str | Motion | Scene | None]
        values = {"text": self.text, "motion": self.motion, "scene": self.scene}
        return {modality: value for modality, value in values.items() if value is not None}

    @property
    def kind(self) -> Kind:
        """The embedding kind of the query."""
        return kind_of("".join(LETTER_OF[name] for name in self.modalities))


def as_query(value: object) -> Query:
    """The query itself, or the query of a single text, motion or scene. Raises InputError for another type."""
    if isinstance(value, Query):
        return value
    if isinstance(value, Motion):
        return Query(motion=value)
    if isinstance(value, Scene):
        return Query(scene=value)
    if isinstance(value, str):
        return Query(text=value)
    raise InputError(f"expected a query as Query, str, Motion or Scene, got {_described(value)}")


def _checked_captions(captions: object) -> tuple[str, ...]:
    if isinstance(captions, str) or not isinstance(captions, Iterable):
        raise InputError(f"expected captions as a tuple of str, got {_described(captions)}")
    return tuple(checked_text(caption) for caption in captions)


@dataclass(frozen=True)
class Item:
    """At most one motion, at most one scene and any number of captions that belong together.

    Items that share a motion or a scene give it the same ``motion_id`` or ``scene_id``. Raises InputError for an empty
    item or id, and for values of another type.
    """

    id: str
    motion: Motion | None = None
    scene: Scene | None = None
    captions: tuple[str, ...] = ()
    motion_id: str | None = None
    scene_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id:
            raise InputError(f"expected an item id as a str that is not empty, got {self.id!r}")
        if self.motion is not None:
            checked_motion(self.motion)
        if self.scene is not None:
            checked_scene(self.scene)
        if self.motion is None and self.scene is None and not self.captions:
            raise InputError(f"item {self.id!r} holds no motion, no scene and no caption")
        object.__setattr__(self, "captions", _checked_captions(self.captions))
        object.__setattr__(self, "motion_id", (self.motion_id or self.id) if self.motion is not None else None)
        object.__setattr__(self, "scene_id", (self.scene_id or self.id) if self.scene is not None else None)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The embedding kinds that the item's modalities allow; a motion's two frames (`tasks.PLACED`) count as one."""
        present = {"t": bool(self.captions), "m": self.motion is not None, "s": self.scene is not None}
        return tuple(kind for kind in KINDS if all(present[letter] for letter in kind))
