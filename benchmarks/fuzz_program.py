"""What the fuzzer runs in a process of its own: reads files and checks what it read, telling how each ended."""

from __future__ import annotations

import sys
import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monster.checks import check_motion, check_scene
from monster.errors import MissingExtra, MonsterError
from monster.io import file_kind, motion_ids, read_captions, read_motion, read_scene
from monster.io.open3d_loader import load_open3d
from monster.sandbox.worker import answer_requests


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


def handle(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """One attempt, whatever happens."""
    start = time.process_time()
    try:
        with warnings.catch_warnings(action="error"):
            told = attempt(Path(request["path"]), request["kind"], split=request["split"])
    except MemoryError:
        told = "memory " + traceback.format_exc(limit=-3)
    except Exception:  # noqa: BLE001 - finding these is what a fuzzer is for
        told = "other " + traceback.format_exc(limit=-6)
    outcome, _, text = told.partition(" ")
    yield {"outcome": outcome, "text": text, "seconds": time.process_time() - start}


if __name__ == "__main__":
    try:
        load_open3d("fuzzing")
    except MissingExtra as error:
        sys.stderr.write(f"{error}\n")
    import trimesh  # noqa: F401

    answer_requests(handle, megabytes=int(sys.argv[1]), seconds=float(sys.argv[2]))
