"""Arrays of ``.npy`` and ``.npz`` files: headers, then arrays, and never a pickle."""

from __future__ import annotations

import tokenize
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import numpy as np

from monster.arrays import AnyArray
from monster.errors import FileFormatError
from monster.files import atomic_file
from monster.io.sources import FileLike, Source, opened, short

MAX_BYTES: Final = 8 << 30
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time of a zip entry: no time of day in the bytes
_BROKEN: Final = (
    ValueError, TypeError, KeyError, OSError, EOFError, MemoryError, OverflowError, RuntimeError, SyntaxError,
    tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class ArrayHeader:
    """Shape of an array, and the letter of its type ("f", "i", "O"); ((), "") for a broken one."""

    shape: tuple[int, ...] = ()
    kind: str = ""


class NpzArrays(Mapping[str, AnyArray]):
    """The arrays of an ``.npz`` file by name, in their order; each is read when it is asked for.

    Raises FileFormatError if the file is not such an archive, or an array is broken or pickled.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        try:
            self._archive = zipfile.ZipFile(source.file)
            entries = self._archive.infolist()
        except _BROKEN as error:
            raise FileFormatError(f"{source.name}: expected an .npz archive, got {_what(source, error)}") from None
        self._members = {entry.filename[:-4]: entry for entry in entries if entry.filename.endswith(".npy")}

    def __getitem__(self, name: str) -> AnyArray:
        entry = self._members[name]
        self._check_size([name])
        try:
            with self._archive.open(entry) as file:
                return _read_array(file, self._source, size=entry.file_size, name=name)
        except FileFormatError:
            raise
        except _BROKEN as error:
            raise FileFormatError(
                f"{self._source.name}: expected an array {name!r}, got a broken one ({short(error)})"
            ) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def header(self, name: str) -> ArrayHeader:
        """Shape and type of one array, which is not read."""
        try:
            with self._archive.open(self._members[name]) as file:
                return _read_header(file)
        except _BROKEN:
            return ArrayHeader()

    def select(self, names: Iterable[str] | None = None) -> dict[str, AnyArray]:
        """All arrays, or those of these names. Raises FileFormatError if one is missing, or all are too large."""
        wanted = list(self._members) if names is None else list(names)
        missing = [name for name in wanted if name not in self._members]
        if missing:
            raise FileFormatError(
                f"{self._source.name}: expected an array named {missing[0]!r}, got {few_names(self._members)}"
            )
        self._check_size(wanted)
        return {name: self[name] for name in wanted}

    def _check_size(self, names: Iterable[str]) -> None:
        if sum(self._members[name].file_size for name in names) > MAX_BYTES:
            raise FileFormatError(f"{self._source.name}: expected arrays of at most {MAX_BYTES >> 30} GiB, got more")


def npz_arrays(source: Source) -> NpzArrays:
    """The arrays of an ``.npz`` file, opened once for the source."""
    return source.cached("npz", lambda: NpzArrays(source))


def header_of(arrays: Mapping[str, AnyArray], name: str) -> ArrayHeader:
    """Shape and type of one of several arrays, which is not read where they are in a file."""
    if isinstance(arrays, NpzArrays):
        return arrays.header(name)
    return ArrayHeader(arrays[name].shape, arrays[name].dtype.kind)


def npy_header(source: Source) -> ArrayHeader:
    """Shape and type of the array of a ``.npy`` file, which is not read. Raises FileFormatError for a broken file."""

    def parse() -> ArrayHeader:
        try:
            return _read_header(source.file)
        except _BROKEN:
            read_npy(source)  # raises the error that says what is wrong
            raise

    return source.cached("npy header", parse)


def read_npy(file: FileLike) -> AnyArray:
    """The array of a ``.npy`` file. Raises FileFormatError if it is broken, cut short or pickled."""
    with opened(file) as source:
        return _read_array(source.file, source, size=source.size)


def read_npz(file: FileLike, names: Iterable[str] | None = None) -> dict[str, AnyArray]:
    """The arrays of an ``.npz`` file by name (only ``names`` where given). Raises like ``read_npy``."""
    with opened(file) as source:
        return npz_arrays(source).select(names)


def write_npz(path: str | Path, arrays: Mapping[str, AnyArray]) -> None:
    """Write arrays compressed, all or nothing; equal arrays give equal bytes."""
    with atomic_file(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy", _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=array.nbytes > 1 << 30) as file:
                np.lib.format.write_array(file, np.asarray(array, order="C"), allow_pickle=False)


def few_names(names: Iterable[str]) -> str:
    """The first few names, for a message."""
    listed = list(names)
    if not listed:
        return "no array at all"
    return ", ".join(map(repr, listed[:5])) + (", ..." if len(listed) > 5 else "")


def _read_header(file: IO[bytes]) -> ArrayHeader:
    version = np.lib.format.read_magic(file)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    with warnings.catch_warnings(action="ignore"):  # that a file is of Python 2 does not matter
        shape, _, dtype = read(file)
    return ArrayHeader(tuple(shape), dtype.kind)


def _read_array(file: IO[bytes], source: Source, *, size: int, name: str = "") -> AnyArray:
    what = f"array {name!r}" if name else "an array"
    try:
        with warnings.catch_warnings(action="ignore"):
            array = np.lib.format.read_array(file, allow_pickle=False)
    except _BROKEN as error:
        if "allow_pickle" in str(error):
            raise FileFormatError(
                f"{source.name}: expected {what} of numbers, got a pickled array, which may run code and is not "
                "opened; save it again as a plain array (dtype float32)"
            ) from None
        raise FileFormatError(
            f"{source.name}: expected {what} of {size} bytes in all, got {_what(source, error)}"
        ) from None
    return np.asarray(array)


def _what(source: Source, error: BaseException) -> str:
    """What a file that could not be read is, in words."""
    start = source.head[:8]
    if start[:1] == b"\x80":
        return "a pickle, which may run code and is not opened; save it again with numpy.save or numpy.savez"
    if start.startswith(b"\x93NUMPY") and "magic" not in str(error):
        return "less or other data than its header says; was a download or copy cut short?"
    if start.startswith(b"PK"):
        return "a broken archive; was a download or copy cut short?"
    return f"something else (it starts with {start!r})"
