"""The child process of the fuzzer: reads files, checks the results, and reports the outcome of each."""

from __future__ import annotations

import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monster.checks import check_motion, check_scene
from monster.errors import MissingExtra, MonsterError
from monster.io import file_kind, motion_ids, read_captions, read_motion, read_scene


def attempt(path: Path, kind: str, *, split: bool) -> str:
    """Read a file as its seed was to be read; "right", or "error" with the line of a clear error."""
    try:
        file_kind(path)
        if kind == "scene":
            check_scene(read_scene(path, split=split))
            return "right"
        read_captions(path.parent)
        for key in motion_ids(path)[:5]:
            check_motion(read_motion(path, key=key))
        return "right"
    except MissingExtra as error:
        return f"missing {error}"
    except MonsterError as error:
        line = str(error)
        is_clear = "\n" not in line and len(line) < 2000
        return f"error {line}" if is_clear else f"other an error of {len(line)} characters"


def outcome(path: str, kind: str, split: bool) -> Iterator[dict[str, Any]]:
    """The outcome of one attempt, its message, and its CPU seconds."""
    start = time.process_time()
    try:
        with warnings.catch_warnings(action="error"):
            outcome = attempt(Path(path), kind, split=split)
    except MemoryError:
        outcome = "memory " + traceback.format_exc(limit=-3)
    except Exception:  # noqa: BLE001 - finding these is what a fuzzer is for
        outcome = "other " + traceback.format_exc(limit=-6)
    ending, _, text = outcome.partition(" ")
    yield {"outcome": ending, "text": text, "seconds": time.process_time() - start}
