"""Seeds of the fuzzer, and bytes of NumPy files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from monster.arrays import AnyArray


@dataclass(frozen=True)
class Seed:
    """Files by name, the name of the one that is read ("" for their folder), and what it holds."""

    files: dict[str, bytes]
    main: str
    kind: Literal["motion", "scene"]


def npy(array: AnyArray, *, allow_pickle: bool = False) -> bytes:
    """The bytes of a ``.npy`` file."""
    out = io.BytesIO()
    np.save(out, array, allow_pickle=allow_pickle)
    return out.getvalue()


def npz(**arrays: Any) -> bytes:
    """The bytes of a ``.npz`` file."""
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def one(name: str, content: bytes, kind: Literal["motion", "scene"]) -> Seed:
    """A seed of a single file."""
    return Seed({name: content}, name, kind)
