"""Reads motions and scenes of untrusted files in a child process, within limits."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, Literal, overload

import numpy as np

from monster.arrays import AnyArray
from monster.errors import FileFormatError, InputError
from monster.io.npz import (
    labels_of,
    labels_to_arrays,
    motion_from_arrays,
    motion_to_arrays,
    provenance_from_arrays,
    provenance_to_arrays,
)
from monster.io.registry import load_modules, registered_modules
from monster.sandbox import Limits, SandboxError, WorkerDied, call
from monster.types import Motion, Scene

READER: Final = "monster.io.untrusted:read_to_arrays"
MAX_FRAMES: Final = 36_000
MAX_POINTS: Final = 5_000_000
DEFAULT: Final = Limits()


@overload
def read_untrusted(
    path: str | Path,
    kind: Literal["motion"],
    *,
    limits: Limits = ...,
    most: int | None = ...,
    reader: str | None = ...,
    **options: Any,
) -> Motion: ...
@overload
def read_untrusted(
    path: str | Path,
    kind: Literal["scene"],
    *,
    limits: Limits = ...,
    most: int | None = ...,
    reader: str | None = ...,
    **options: Any,
) -> Scene: ...
def read_untrusted(
    path: str | Path,
    kind: Literal["motion", "scene"],
    *,
    limits: Limits = DEFAULT,
    most: int | None = None,
    reader: str | None = None,
    **options: Any,
) -> Motion | Scene:
    """Read a motion or scene in a child process; ``options`` are those of ``read_motion`` or ``read_scene``, as JSON.

    ``most`` is the largest number of frames (36,000) or points (5,000,000), ``reader`` another function for the child
    to run. Raises FileFormatError with the file's name for whatever goes wrong with the file, WorkerDied, WorkerTimeout
    and WorkerOutOfMemory among it; MissingExtra where the reader needs one.
    """
    path = Path(path).absolute()
    if most is None:
        most = MAX_FRAMES if kind == "motion" else MAX_POINTS
    arguments = {"path": str(path), "kind": kind, "most": most, "options": options}
    arguments["formats"] = registered_modules()
    try:
        answer = call(reader or READER, arguments, name=path.name, limits=limits)
    except SandboxError:
        raise
    except FileFormatError as error:
        raise FileFormatError(str(error).replace(f"{path.parent}{os.sep}", "")) from None
    try:
        return motion_from_arrays(answer) if kind == "motion" else _scene_from_arrays(answer)
    except (InputError, KeyError, TypeError, ValueError, AttributeError):
        raise WorkerDied(path.name) from None  # only a parser that a hostile file has taken over answers like this


def read_to_arrays(
    *, path: str, kind: str, most: int, options: dict[str, Any], formats: Sequence[str] = ()
) -> Iterator[dict[str, AnyArray]]:
    """Read the motion or scene of a file, in the child. Raises FileFormatError when it has more than ``most``.

    ``formats`` are the modules of formats that the caller registered.
    """
    from monster.io import read_motion, read_scene

    load_modules(formats)
    name = Path(path).name
    if kind == "motion":
        motion = read_motion(path, **options)
        if len(motion) > most:
            raise FileFormatError(f"{name}: expected at most {most} frames, got {len(motion)}")
        yield motion_to_arrays(motion)
        return
    scene = read_scene(path, **options)
    if len(scene.points) > most:
        raise FileFormatError(f"{name}: expected at most {most} points, got {len(scene.points)}")
    yield _scene_to_arrays(scene)


def _scene_to_arrays(scene: Scene) -> dict[str, AnyArray]:
    """The arrays of a scene, every digit kept."""
    arrays: dict[str, AnyArray] = {"points": scene.points}
    if scene.colors is not None:
        arrays["colors"] = scene.colors
    if scene.instances is not None:
        arrays["instances"] = scene.instances
    return arrays | labels_to_arrays(scene.labels) | provenance_to_arrays(scene.provenance)


def _scene_from_arrays(arrays: Mapping[str, AnyArray]) -> Scene:
    return Scene(
        np.asarray(arrays["points"], dtype=np.float32),
        colors=arrays.get("colors"),
        instances=arrays.get("instances"),
        labels=labels_of(arrays),
        provenance=provenance_from_arrays(arrays),
    )
