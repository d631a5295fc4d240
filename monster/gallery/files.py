"""The files of a gallery folder: head, writer lock, and copies of the original motions and scenes.

gallery.json      format version, fingerprint of the model, width of the embeddings, counts
items.sqlite      items, entities and embeddings (see `monster.gallery.store`)
motions/<n>.npz   scenes/<n>.npz      the originals, named by the number of their entity
indexes/<kind>    built indexes: a cache of the database, rebuilt if it is missing
lock              locked by the one writer
"""

from __future__ import annotations

import fcntl
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from monster.errors import GalleryError
from monster.files import atomic_file

FORMAT: Final = 2  # 1 had one row a motion, whatever the task
HEAD: Final = "gallery.json"
DATABASE: Final = "items.sqlite"
INDEXES: Final = "indexes"
ORIGINALS: Final = {"motion": "motions", "scene": "scenes"}


@dataclass(frozen=True)
class Head:
    """Fingerprint of the model that made the embeddings of a gallery, their width, and the gallery's format."""

    fingerprint: str
    dim: int
    format: int = FORMAT


def read_head(folder: Path) -> Head:
    """The head of a gallery.

    Raises GalleryError if the folder is not a gallery, is corrupt, or was made by a newer version.
    """
    path = folder / HEAD
    if not path.is_file():
        what = "a folder without it" if folder.is_dir() else "a file" if folder.exists() else "nothing at that path"
        raise GalleryError(f"{folder}: expected a gallery (a folder with {HEAD}), got {what}")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise GalleryError(
            f"{path}: expected the head of a gallery as JSON, but it cannot be read ({error})"
        ) from error
    version = values.get("format") if isinstance(values, dict) else None
    if isinstance(version, bool) or not isinstance(version, int):
        raise GalleryError(f"{path}: expected the head of a gallery with a format version, got something else")
    if version > FORMAT:
        raise GalleryError(f"{path}: expected format {FORMAT} or older, got {version}; was it made by a newer version?")
    return _checked_head(path, values)


def _checked_head(path: Path, values: dict[str, Any]) -> Head:
    fingerprint, dim = values.get("fingerprint"), values.get("dim")
    if not isinstance(fingerprint, str) or not re.fullmatch(r"[0-9a-fA-F]+", fingerprint):
        raise GalleryError(f"{path}: expected the fingerprint of a model in hexadecimal, got {fingerprint!r}")
    if isinstance(dim, bool) or not isinstance(dim, int) or dim < 1:
        raise GalleryError(f"{path}: expected the width (dim) of the embeddings, got {dim!r}")
    return Head(fingerprint, dim, values["format"])


def write_head(folder: Path, head: Head, counts: Mapping[str, int]) -> None:
    """Write or replace the head atomically."""
    values = {"format": head.format, "fingerprint": head.fingerprint, "dim": head.dim, "counts": dict(counts)}
    with atomic_file(folder / HEAD, durable=True) as temporary:
        temporary.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


def original_path(folder: Path, modality: str, number: int) -> Path:
    """Path of the copy of a motion or scene. It is named by number, because an id may contain any character."""
    return folder / ORIGINALS[modality] / f"{number:08d}.npz"


@contextmanager
def writer_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of the one writer; the system frees it if the process is killed.

    Raises GalleryError if another process holds it.
    """
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise GalleryError(f"{folder}: the gallery cannot be changed ({error.strerror})") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(descriptor, 20).decode("ascii", "replace").strip() or "unknown"
            raise GalleryError(
                f"{folder}: the gallery is being changed by another writer (process {holder})"
            ) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        yield
    finally:
        os.close(descriptor)
