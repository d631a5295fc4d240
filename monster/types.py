"""What the engine speaks of: Motion, Scene, Query, Item, Hit, Scores. Metres, seconds, z up, float32.

Values are checked when they are made, so whoever holds one may rely on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from monster.errors import InputError
from monster.skeleton import JOINT_COUNT
from monster.tasks import LETTER_OF, Kind, Modality, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]

CANONICAL_FPS: Final = 20.0
MAX_OBJECTS: Final = 50
MAX_SCENE_SIZE: Final = 200.0
MIN_PERSON, MAX_PERSON = 0.5, 2.5
MAX_TEXT: Final = 10_000


@dataclass(frozen=True)
class Finding:
    """One thing known of where a value came from: what, its value, and how sure that is."""

    what: str  # "axes", "unit", "fps", "joints", "floor", "objects" ...
    value: str
    how: Literal["given", "detected", "guessed"]
    note: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.value} ({self.how}{'; ' + self.note if self.note else ''})"


@dataclass(frozen=True)
class Provenance:
    """Where a motion or scene came from and what was converted or guessed while reading it."""

    source: str = ""
    findings: tuple[Finding, ...] = ()

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)


def _floats(values: ArrayLike, name: str) -> FloatArray:
    array = np.asarray(values, dtype=np.float32)
    if not np.isfinite(array).all():
        raise InputError(f"{name} has {int((~np.isfinite(array)).sum())} values that are not finite numbers")
    array = array.view()
    array.flags.writeable = False
    return array


@dataclass(frozen=True, eq=False)
class Motion:
    """A skeleton sequence: joints (frames, 22, 3) in metres, z up, at ``fps`` frames a second.

    ``placed`` says that the coordinates are those of a scene; a clip of a motion library is not placed.
    Raises InputError when the shape is another, a value is not finite, or nobody is of that size.
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
        if not 1 <= self.fps <= 1000:
            raise InputError(f"expected a rate of 1 to 1000 frames a second, got {self.fps}")
        size = person_size(joints)
        if not MIN_PERSON <= size <= MAX_PERSON:
            raise InputError(
                f"expected a person of {MIN_PERSON} to {MAX_PERSON} m, got {size:.3g} m along the body;"
                " is the unit metres?"
            )
        object.__setattr__(self, "joints", joints)
        object.__setattr__(self, "fps", float(self.fps))

    def __len__(self) -> int:
        return len(self.joints)

    @property
    def duration(self) -> float:
        """Seconds from the first frame to the end of the last."""
        return len(self.joints) / self.fps

    def resampled(self, fps: float = CANONICAL_FPS) -> Motion:
        """The same motion at another rate, joints interpolated linearly in time."""
        if abs(fps - self.fps) < 1e-6:
            return self
        # Never past the last frame: ten seconds stay ten seconds, and one window.
        count = max(2, int((len(self.joints) - 1) * fps / self.fps + 1e-6) + 1)
        at = np.minimum(np.arange(count) * (self.fps / fps), len(self.joints) - 1)
        low = np.minimum(at.astype(np.int64), len(self.joints) - 2)
        weight = (at - low).astype(np.float32)[:, None, None]
        joints = self.joints[low] * (1 - weight) + self.joints[low + 1] * weight
        return Motion(joints, fps, placed=self.placed, provenance=self.provenance)


def person_size(joints: FloatArray) -> float:
    """Length in metres of the chain left ankle, knee, hip, pelvis, spine, neck, head: a height that no pose changes."""
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

    ``labels`` names instances. Raises InputError for other shapes, values that are not finite, fewer than
    two points, or an extent that no room has.
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
        instances = np.asarray(self.instances)
        if instances.shape != (count,) or instances.dtype.kind not in "iu":
            raise InputError(f"expected instances as {count} integers, got {instances.dtype} {instances.shape}")
        object.__setattr__(self, "instances", instances.astype(np.int64))

    def objects(self, most: int = MAX_OBJECTS) -> list[SceneObject]:
        """The objects, those of most points first, at most ``most``; none without instances."""
        if self.instances is None:
            return []
        ids, members = _instances(self.instances, most)
        if not ids:
            return []
        rows, ends = np.concatenate(members), np.cumsum([len(part) for part in members])[:-1]
        # All at once, and `take` copies rows several times as quick as an index does.
        points = np.split(self.points.take(rows, axis=0), ends)
        colors = [None] * len(ids) if self.colors is None else np.split(self.colors.take(rows, axis=0), ends)
        names = self.labels or {}
        return [SceneObject(i, own, color, names.get(i)) for i, own, color in zip(ids, points, colors, strict=True)]


def _instances(instances: IntArray, most: int) -> tuple[list[int], list[IntArray]]:
    """The instances of most rows, at most ``most`` of them, those of as many by number: their numbers and rows."""
    short = np.abs(instances).max() <= np.iinfo(np.int16).max
    order = np.argsort(instances.astype(np.int16) if short else instances, kind="stable")  # short ones by radix
    ordered = instances[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=ordered[0] - 1))
    ids, counts = ordered[starts], np.diff(starts, append=len(order))
    kept = [row for row in np.lexsort((ids, -counts)) if ids[row] >= 0][:most]
    return [int(ids[row]) for row in kept], [order[starts[row] : starts[row] + counts[row]] for row in kept]


def checked_text(text: str) -> str:
    """The text itself, stripped. Raises InputError when it is empty or longer than 10,000 characters."""
    if not isinstance(text, str):
        raise InputError(f"expected a text as str, got {type(text).__name__}")
    stripped = text.strip()
    if not stripped:
        raise InputError("expected a text, got nothing but white space")
    if len(stripped) > MAX_TEXT:
        raise InputError(f"expected a text of at most {MAX_TEXT} characters, got {len(stripped)}")
    return stripped


@dataclass(frozen=True)
class Query:
    """What is searched with: one or two of text, motion and scene."""

    text: str | None = None
    motion: Motion | None = None
    scene: Scene | None = None

    def __post_init__(self) -> None:
        if self.text is not None:
            object.__setattr__(self, "text", checked_text(self.text))
        if not 1 <= len(self.modalities) <= 2:
            raise InputError(f"a query holds one or two of text, motion and scene, got {len(self.modalities)}")

    @property
    def modalities(self) -> tuple[Modality, ...]:
        """The modalities that are given, in the order text, motion, scene."""
        given: dict[Modality, object] = {"text": self.text, "motion": self.motion, "scene": self.scene}
        return tuple(name for name, value in given.items() if value is not None)

    @property
    def kind(self) -> Kind:
        """The embedding kind of the query."""
        return kind_of("".join(LETTER_OF[name] for name in self.modalities))


@dataclass(frozen=True)
class Item:
    """What belongs together: at most one motion, at most one scene, any number of captions.

    Items that share a motion or a scene name it by the same ``motion_id`` / ``scene_id``.
    """

    id: str
    motion: Motion | None = None
    scene: Scene | None = None
    captions: tuple[str, ...] = ()
    motion_id: str | None = None
    scene_id: str | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.id:
            raise InputError("an item needs an id that is not empty")
        if self.motion is None and self.scene is None and not self.captions:
            raise InputError(f"item {self.id!r} holds no motion, no scene and no caption")
        object.__setattr__(self, "captions", tuple(checked_text(caption) for caption in self.captions))
        object.__setattr__(self, "motion_id", (self.motion_id or self.id) if self.motion is not None else None)
        object.__setattr__(self, "scene_id", (self.scene_id or self.id) if self.scene is not None else None)


@dataclass(frozen=True)
class Hit:
    """One answer: an entity (motion, scene or caption), or an item for a pair target. ``rank`` counts from 1."""

    rank: int
    id: str
    score: float  # (1 + cosine) / 2
    kind: Kind
    text: str | None = None  # the caption, where the hit has one
    items: tuple[str, ...] = ()  # ids of the items that the entity belongs to
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rank:3d}  {self.score:.3f}  {self.id}{'  ' + self.text if self.text else ''}"


@dataclass(frozen=True)
class Scores:
    """How well text, motion and scene fit, each 0..1; None where a modality was not given."""

    tm2s: float | None = None
    st2m: float | None = None
    ms2t: float | None = None
    t2m: float | None = None
    t2s: float | None = None
    m2s: float | None = None
    notes: tuple[str, ...] = ()

    def given(self) -> dict[str, float]:
        """The scores that exist, by name."""
        named = {name: getattr(self, name) for name in ("tm2s", "st2m", "ms2t", "t2m", "t2s", "m2s")}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, eq=False)
class ItemEmbeddings:
    """What a model makes of one item: unit rows of float32, None where a modality is missing.

    ``motion``, ``scene`` and ``ms`` are (dim,); ``captions`` is (c, dim), and ``st`` and ``mt`` have one row a caption.
    """

    captions: FloatArray
    motion: FloatArray | None = None
    scene: FloatArray | None = None
    st: FloatArray | None = None
    mt: FloatArray | None = None
    ms: FloatArray | None = None
