"""An opened file that detection, counting and reading share, and errors that start with a file's name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, TypeVar

from monster.errors import FileFormatError, InputError

T = TypeVar("T")
HEAD: Final = 1 << 16  # bytes
_CHUNK: Final = 1 << 24


class Source:
    """A file, or a folder, whose content several functions ask for; it is opened once, when that is needed.

    ``beside`` keeps what was parsed of files beside this one (captions), by path: sources of one folder may share it.

        with Source("walk.npz") as source:
            if file_kind(source) == "motion":
                motions = read_motions(source)
    """

    def __init__(self, path: str | Path, *, beside: dict[Path, Any] | None = None) -> None:
        self.path = Path(path)
        self.name, self.stem, self.suffix = self.path.name, self.path.stem, self.path.suffix.lower()
        self.beside: dict[Path, Any] = {} if beside is None else beside
        self._file: BinaryIO | None = None
        self._parsed: dict[str, Any] = {}

    @cached_property
    def is_folder(self) -> bool:
        """Whether the path is a folder."""
        return self.path.is_dir()

    @cached_property
    def size(self) -> int:
        """Bytes of the file. Raises FileFormatError if it cannot be read or is empty."""
        return checked_file(self.path).stat().st_size

    @property
    def file(self) -> BinaryIO:
        """The open file, set to its start. Raises FileFormatError if it cannot be read or is empty."""
        if self._file is None:
            self._file = checked_file(self.path).open("rb")
        self._file.seek(0)
        return self._file

    @cached_property
    def head(self) -> bytes:
        """The first 64 KiB."""
        return self.file.read(HEAD)

    def read(self) -> bytes:
        """The whole content."""
        return self.file.read()

    def text(self, what: str) -> str:
        """The whole content as text (UTF-8, else Latin-1). Raises FileFormatError if it is binary, not ``what``."""
        content = self.read()
        if b"\x00" in content[:4096]:
            raise FileFormatError(f"{self.name}: expected {what} as text, got a binary file")
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return content.decode("latin-1")

    def count(self, word: bytes) -> int:
        """How often some bytes occur in the file, which is read piece by piece."""
        file, count, end = self.file, 0, b""
        while chunk := file.read(_CHUNK):
            content = end + chunk
            count += content.count(word)
            end = content[len(content) - len(word) + 1 :]
        return count

    def cached(self, key: str, parse: Callable[[], T]) -> T:
        """What ``parse`` returned when it was first called for this key."""
        if key not in self._parsed:
            self._parsed[key] = parse()
        value: T = self._parsed[key]
        return value

    def close(self) -> None:
        """Close the file; it is opened again if its content is asked for."""
        if self._file is not None:
            self._file.close()
            self._file = None
        self._parsed.clear()

    def __enter__(self) -> Source:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()


FileLike = str | Path | Source


@contextmanager
def opened(file: FileLike) -> Iterator[Source]:
    """A source as it is, which stays open, or the source of a path, which is closed at the end."""
    if isinstance(file, Source):
        yield file
        return
    with Source(file) as source:
        yield source


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
    """What an error says, on one line of at most ``length`` characters."""
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


def read_text(path: FileLike, *, what: str) -> str:
    """The whole file as text (UTF-8, else Latin-1). Raises FileFormatError if it is binary; ``what`` was expected."""
    with opened(path) as source:
        return source.text(what)
