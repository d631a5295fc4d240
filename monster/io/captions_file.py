"""``captions.jsonl`` beside motion files: what each clip shows and how many frames a second it has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from monster.errors import FileFormatError
from monster.io.sources import checked_file, read_text

NAME: Final = "captions.jsonl"


@dataclass(frozen=True)
class Caption:
    """One line of the file: the clip's captions (none is possible), its rate, and everything else that it says."""

    captions: tuple[str, ...] = ()
    fps: float | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


def read_captions(folder: str | Path) -> dict[str, Caption]:
    """The lines of ``captions.jsonl`` in a folder (or of that file itself) by clip id; nothing without such a file.

    Raises FileFormatError with the line's number when one is not an object with an ``id``.
    """
    path = Path(folder)
    path = path / NAME if path.is_dir() else path
    if not path.exists():
        return {}
    lines = read_text(checked_file(path), what="JSON lines").splitlines()
    return dict(_line(path, number, line) for number, line in enumerate(lines, 1) if line.strip())


def captions_beside(path: Path) -> Mapping[str, Caption]:
    """What ``captions.jsonl`` beside a motion file says, by clip id; nothing without such a file."""
    beside = path.parent / NAME
    if not beside.exists():
        return {}
    status = beside.stat()
    return _cached(beside, status.st_mtime_ns, status.st_size)


def rate_of(path: Path, clip: str, frames: int | None = None) -> float | None:
    """Frames a second that ``captions.jsonl`` beside a motion file gives for one of its clips, or None.

    Where the line says how many ``frames`` the clip has and the file has others, it is about another file (the raw
    recording of a clip that was thinned), and its rate is not this one's.
    """
    entry = captions_beside(path).get(clip)
    if entry is None or (frames is not None and entry.metadata.get("frames", frames) != frames):
        return None
    return entry.fps


@lru_cache(maxsize=4)
def _cached(path: Path, modified: int, size: int) -> Mapping[str, Caption]:
    """The lines of a file in this very version: a folder of a thousand clips reads them once."""
    return read_captions(path)


def _line(path: Path, number: int, line: str) -> tuple[str, Caption]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise FileFormatError(f"{path.name}: expected a JSON object with an id in line {number}, got {line[:40]!r}")
    captions = entry.get("captions", ())
    captions = [captions] if isinstance(captions, str) else captions
    if not isinstance(captions, list | tuple) or not all(isinstance(text, str) for text in captions):
        raise FileFormatError(f"{path.name}: expected captions as a list of texts in line {number}, got {line[:40]!r}")
    fps = entry.get("fps")
    if fps is not None and (not isinstance(fps, int | float) or not 1 <= fps <= 1000):
        raise FileFormatError(f"{path.name}: expected fps of 1 to 1000 in line {number}, got {str(fps)[:20]!r}")
    rest = {key: value for key, value in entry.items() if key not in ("id", "captions", "fps")}
    return entry["id"], Caption(tuple(captions), None if fps is None else float(fps), rest)
