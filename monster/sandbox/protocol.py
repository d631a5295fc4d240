"""The messages of client and worker: one JSON object per line, and arrays in ``.npz`` files without pickles.

The client sends ``{"arguments": {...}}``. The worker answers with any number of ``{"answer": {...}, "arrays": NAME}``,
where NAME is a file in the worker's folder or null, and ends with ``{"done": true}`` or with one
``{"error": KIND, "text": ..., "extra": ...}``.
"""

from __future__ import annotations

import tokenize
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from monster.arrays import AnyArray

MAX_LINE: Final = 1 << 24  # bytes of one message
MAX_ANSWER: Final = 1 << 30  # bytes of the arrays of one answer, and of any file that a worker writes
ErrorKind = Literal["input", "extra", "memory"]
_READ_ERRORS: Final = (
    ValueError, TypeError, KeyError, OSError, EOFError, MemoryError, OverflowError, RuntimeError, SyntaxError,
    tokenize.TokenError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """Limits of one answer: CPU seconds, and MiB of memory above that of the started worker."""

    seconds: float = 30.0
    megabytes: int = 4096


def save_arrays(path: Path, arrays: Mapping[str, AnyArray]) -> None:
    """Write arrays uncompressed. Raises ValueError for an array of objects."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                np.lib.format.write_array(file, np.asarray(array), allow_pickle=False)


def load_arrays(path: Path) -> dict[str, AnyArray]:
    """The arrays that ``save_arrays`` wrote. Raises ValueError for anything else; nothing is unpickled."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            is_packed = any(member.compress_type != zipfile.ZIP_STORED for member in members)
            if is_packed or sum(member.file_size for member in members) > MAX_ANSWER:
                raise ValueError("expected uncompressed arrays of at most 1 GiB")
            return {member.filename.removesuffix(".npy"): _array(archive, member) for member in members}
    except _READ_ERRORS as error:
        raise ValueError(f"corrupt arrays: {error}") from None


def split_answer(answer: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, AnyArray]]:
    """The JSON values of an answer, and its NumPy arrays."""
    arrays = {name: value for name, value in answer.items() if isinstance(value, np.ndarray)}
    return {name: value for name, value in answer.items() if name not in arrays}, arrays


def _array(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> AnyArray:
    with archive.open(member) as file:
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))
