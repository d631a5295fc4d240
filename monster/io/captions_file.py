"""The captions file ``captions.jsonl`` beside motion files: texts of each clip, and its frames a second."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from monster.errors import FileFormatError, InputError
from monster.io.sources import Source, checked_file, read_text
from monster.types import checked_text

NAME: Final = "captions.jsonl"
log = logging.getLogger("monster.io")
_TEXT_NAMES: Final = ("caption", "text", "raw", "sentence", "description")


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


def usable_texts(given: Any, where: str) -> tuple[str, ...]:
    """The captions that a file gives: a text, or a list of texts or of objects with a text under a usual name.

    Any other value is left out, and logged with its place: a caption does not stop a motion.
    """
    texts = []
    for value in given if isinstance(given, list | tuple) else [given]:
        text = next((value[name] for name in _TEXT_NAMES if name in value), None) if isinstance(value, dict) else value
        try:
            texts.append(checked_text(text))
        except InputError as error:
            log.warning("%s: a caption is left out: %s", where, error)
    return tuple(texts)


def _line(path: Path, number: int, line: str) -> tuple[str, Caption]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        entry = None
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise FileFormatError(f"{path.name}: expected a JSON object with an id in line {number}, got {line[:40]!r}")
    captions = usable_texts(entry.get("captions", ()), f"{path.name}, line {number}")
    fps = entry.get("fps")
    if fps is not None and (not isinstance(fps, int | float) or not 1 <= fps <= 1000):
        raise FileFormatError(f"{path.name}: expected fps of 1 to 1000 in line {number}, got {str(fps)[:20]!r}")
    rest = {key: value for key, value in entry.items() if key not in ("id", "captions", "fps")}
    return entry["id"], Caption(captions, None if fps is None else float(fps), rest)
