"""The frame rate that a file of named values states, whatever its name and form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from monster.errors import InputError

FPS_NAMES: Final = (
    "fps", "mocap_framerate", "mocap_frame_rate", "framerate", "frame_rate", "frameRate", "frames_per_second",
)  # fmt: skip
SECONDS_NAMES: Final = ("frame_time", "dt")
RATE_NAMES: Final = frozenset((*FPS_NAMES, *SECONDS_NAMES))
_MOST: Final = 10_000.0


def stated_fps(values: Mapping[str, Any]) -> float | None:
    """Frames a second by the first name that is there: a number, text of one, or an array of one; None without any.

    Raises InputError for a value under such a name that is no rate: what a file states must not be passed over.
    """
    for name in (*FPS_NAMES, *SECONDS_NAMES):
        if name in values and values[name] is not None:
            number = _number(values[name])
            fps = None if not number or number <= 0 else 1 / number if name in SECONDS_NAMES else number
            if fps is None or not 0 < fps <= _MOST:
                got = str(values[name])[:40]
                raise InputError(f"expected a frame rate as {name!r}, got {got!r}; fps= (--source-fps) overrules it")
            return fps
    return None


def _number(value: Any) -> float | None:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if isinstance(value, list | tuple | np.ndarray):
        array = np.asarray(value)
        if array.size == 0 or array.dtype.kind not in "iufUS":
            return None
        return _number(array.flat[0].item()) if (array == array.flat[0]).all() else None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if np.isfinite(number) else None
