"""What a format of motion or scene files is, what a caller declares about a file, and what a reader returns.

Whatever a caller or a reader leaves None is detected from the content, or guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from monster.arrays import DoubleArray, IntArray
from monster.io.sources import Source
from monster.types import Finding, Motion, Scene

if TYPE_CHECKING:
    from monster.io.motion.body_model import BodyModel

Kind = Literal["motion", "scene"]
MAX_POINTS: Final = 10_000_000  # of a scene file, unless its format reads a part of a larger one
KEPT_POINTS: Final = 1_000_000  # of a scene with more


@dataclass(frozen=True)
class DeclaredFrame:
    """Axes ("y": y points up), unit ("cm", or metres in one unit), and whether coordinates are those of a scene."""

    axes: str | None = None
    unit: str | float | None = None
    placed: bool = False


@dataclass(frozen=True)
class MotionOptions(DeclaredFrame):
    """The declared frame and rate of a motion, and how its skeleton becomes our 22 joints.

    ``mapping`` has the file's names for some of our joints. ``keep_height`` is for a motion that is used with a scene.
    """

    fps: float | None = None
    mapping: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    body_model: BodyModel | None = None
    keep_height: bool = False


@dataclass(frozen=True)
class WriteOptions:
    """The axis that points up in a written file, where its format leaves that open."""

    up: Literal["z", "y"] = "z"


@dataclass(frozen=True, eq=False)
class RawMotion:
    """Joints (frames, 22, 3) in the file's axes and unit.

    ``fps``, ``up`` and ``unit`` (metres in one unit) are what the file or its format states; None where neither does,
    which leaves it to detection. ``usual_up`` and ``usual_fps`` are what most files of the format have: a last guess.
    ``has_floor`` says that the format puts the floor at height 0.
    """

    joints: DoubleArray
    fps: float | None = None
    fps_source: str = "the file"
    up: str | None = None
    unit: float | None = None
    usual_up: str | None = None
    usual_fps: float | None = None
    has_floor: bool = False
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, eq=False)
class RawScene:
    """Points (n, 3) in the file's axes and unit, colors (n, 3) in 0..1, instances (n,) with -1 for none, labels.

    ``up`` and ``unit`` (metres in one unit) are what the format states, None where it does not.
    """

    points: DoubleArray
    colors: DoubleArray | None = None
    instances: IntArray | None = None
    labels: Mapping[int, str] | None = None
    up: str | None = None
    unit: float | None = None
    findings: tuple[Finding, ...] = ()


def any_file(source: Source) -> bool:
    """Claims every file with the format's suffix."""
    return True


def one_key(source: Source) -> tuple[str, ...]:
    """The only motion of a file is named after it."""
    return (source.stem,)


def no_captions(source: Source) -> Mapping[str, tuple[str, ...]]:
    """The file itself holds no captions."""
    return {}


def unknown_count(source: Source) -> int:
    """The file does not state how many points it has."""
    return 0


@dataclass(frozen=True)
class MotionFormat:
    """A format of motion files.

    ``suffixes`` are lower case, the one to write first. ``sniff`` says whether a file with such a suffix is of this
    format. ``keys`` names the motions of a file, ``captions`` their texts by key. ``read`` returns one of them: a
    RawMotion as the file has it, or a Motion that is complete. ``write`` writes one motion, where that is possible.
    Errors about a file are FileFormatErrors that start with its name.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Source, str, MotionOptions], RawMotion | Motion]
    sniff: Callable[[Source], bool] = any_file
    keys: Callable[[Source], tuple[str, ...]] = one_key
    captions: Callable[[Source], Mapping[str, tuple[str, ...]]] = no_captions
    write: Callable[[Path, Motion, WriteOptions], None] | None = None
    kind: Kind = field(default="motion", init=False)
    folders: bool = field(default=False, init=False)

    def count(self, source: Source) -> int:
        """How many motions a file holds."""
        return len(self.keys(source))


@dataclass(frozen=True)
class SceneFormat:
    """A format of scene files, or with ``folders`` of folders that are one scene.

    ``suffixes``, ``sniff`` and ``write`` are as for a MotionFormat. ``count`` says how many points a file states,
    without reading them (0: it does not say). ``read`` returns a RawScene as the file has it, or a Scene that is
    complete. With ``reads_large`` it keeps a part of the points of a file that has too many, else such a file is
    refused.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Source], RawScene | Scene]
    sniff: Callable[[Source], bool] = any_file
    count: Callable[[Source], int] = unknown_count
    write: Callable[[Path, Scene, WriteOptions], None] | None = None
    folders: bool = False
    reads_large: bool = False
    kind: Kind = field(default="scene", init=False)


@dataclass(frozen=True)
class RefusedFormat:
    """Files that are not read; ``advice`` says what to do with them. ``kind`` None: they only explain other files."""

    suffixes: tuple[str, ...]
    kind: Kind | None
    advice: str


Format = MotionFormat | SceneFormat
