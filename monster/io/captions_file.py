"""The captions file ``captions.jsonl`` beside motion files: texts of each clip, and its frames a second."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from monster.errors import FileFormatError
from monster.io.sources import Source, checked_file, read_text

NAME: Final = "captions.jsonl"


@dataclass(frozen=True)
class Caption:
    """One line of the file: a clip's captions (perhaps none), its frames a second, and all its other entries."""

    captions: tuple[str, ...] = ()
    fps: float | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


def read_captions(folder: str | Path) -> dict[str, Caption]:
    """The lines of ``captions.jsonl`` in a folder (or of that file itself), by clip id; nothing without such a file.

    Raises FileFormatError with the line's number if a line is not an object with an ``id``.
    """
    path = Path(folder)
    path = path / NAME if path.is_dir() else path
    if not path.exists():
        return {}
    lines = read_text(checked_file(path), what="JSON lines").splitlines()
    return dict(_line(path, number, line) for number, line in enumerate(lines, 1) if line.strip())


def captions_beside(source: Source) -> Mapping[str, Caption]:
    """The lines of ``captions.jsonl`` beside a motion file, by clip id; nothing without such a file."""
    path = source.path.parent / NAME
    if path not in source.beside:
        source.beside[path] = read_captions(path)
    captions: Mapping[str, Caption] = source.beside[path]
    return captions


def fps_beside(source: Source, clip: str, frames: int) -> float | None:
    """Frames a second that ``captions.jsonl`` states for one clip of a motion file, or None.

    A line with another number of ``frames`` is about another version of the clip (a recording that was thinned later),
    so its rate is not used.
    """
    entry = captions_beside(source).get(clip)
    if entry is None or entry.metadata.get("frames", frames) != frames:
        return None
    return entry.fps


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
