"""What all readers share: a path that can be read, and errors that start with the file's name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monster.errors import FileFormatError, InputError


def checked_file(path: str | Path) -> Path:
    """The path of a file that is there, is a file, may be read and is not empty. Raises FileFormatError."""
    path = Path(path)
    if path.is_dir():
        raise FileFormatError(f"{path.name}: expected a file, got a folder")
    try:
        size = path.stat().st_size
    except (OSError, ValueError) as error:
        raise FileFormatError(f"{path.name}: expected a file, got nothing at {path} ({_reason(error)})") from None
    if not os.access(path, os.R_OK):
        raise FileFormatError(f"{path.name}: expected a file that may be read, got no permission")
    if size == 0:
        raise FileFormatError(f"{path.name}: expected content, got an empty file; was a download or copy cut short?")
    return path


def _reason(error: Exception) -> str:
    return (error.strerror or "cannot be opened") if isinstance(error, OSError) else str(error)


def short(error: BaseException, length: int = 120) -> str:
    """What an error says, on one line and no longer than a message can bear."""
    text = " ".join(str(error).split())
    return text if len(text) <= length else text[: length - 3] + "..."


@contextmanager
def in_file(path: Path) -> Iterator[None]:
    """Errors about values raised inside become FileFormatError whose text starts with the file's name."""
    try:
        yield
    except FileFormatError:
        raise
    except InputError as error:
        raise FileFormatError(f"{path.name}: {error}") from None


def read_text(path: Path, *, what: str) -> str:
    """The whole file as text (UTF-8, else Latin-1). Raises FileFormatError when it is binary; ``what`` was expected."""
    content = path.read_bytes()
    if b"\x00" in content[:4096]:
        raise FileFormatError(f"{path.name}: expected {what} as text, got a binary file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")
