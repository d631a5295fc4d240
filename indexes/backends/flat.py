"""Exact search with FAISS."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from indexes.backends.contract import Numbers, Rows
from indexes.errors import EngineError, StorageError
from indexes.spec import IndexSpec

_LOAD_ROWS: Final = 65_536  # rows copied at a time from a mapped file, so that loading needs no second copy in memory


class FlatBackend:
    """Exact search with FAISS: every row is compared with every query (Douze et al., "The Faiss library", 2024).

    Saved as a plain ``.npy`` of the rows, which can be read without the engine and holds no code.
    """

    def __init__(self, spec: IndexSpec) -> None:
        self._faiss = _faiss()
        self._dim = spec.dim
        self._flat = self._faiss.IndexFlatIP(spec.dim)
        self._index = self._faiss.IndexIDMap2(self._flat)

    def add(self, numbers: Numbers, rows: Rows) -> None:
        """Add rows (n, dim) under new numbers (n,)."""
        self._index.add_with_ids(rows, numbers)

    def remove(self, numbers: Numbers) -> None:
        """Remove the rows of these numbers."""
        self._index.remove_ids(self._faiss.IDSelectorBatch(numbers))

    def get(self, number: int) -> Rows:
        """The row (dim,) of a number."""
        return np.asarray(self._index.reconstruct(number), dtype=np.float32)

    def search(self, rows: Rows, k: int, among: Numbers | None) -> tuple[Rows, Numbers]:
        """Scores and numbers (q, k) of the largest inner products."""
        if among is None:
            scores, numbers = self._index.search(rows, k)
        else:
            selector = self._faiss.IDSelectorBatch(among)
            scores, numbers = self._index.search(rows, k, params=self._faiss.SearchParameters(sel=selector))
        return scores, numbers

    def save(self, path: Path, numbers: Numbers) -> None:
        """Write the rows as ``.npy`` in the order of the numbers."""
        held = self._faiss.vector_to_array(self._index.id_map)
        rows = (
            self._faiss.rev_swig_ptr(self._flat.get_xb(), len(held) * self._dim)
            if len(held)
            else np.empty(0, np.float32)
        )
        rows = rows.reshape(len(held), self._dim)
        if not np.array_equal(held, numbers):
            sorter = np.argsort(held)
            rows = rows[sorter[np.searchsorted(held, numbers, sorter=sorter)]]
        with path.open("wb") as file:
            np.save(file, rows, allow_pickle=False)

    def load(self, path: Path, count: int) -> None:
        """Add the rows of a ``.npy`` file."""
        try:
            rows = np.load(path, mmap_mode="r" if count else None, allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise StorageError(
                f"{path}: expected rows as .npy, but it cannot be read ({error}); is it cut short?"
            ) from error
        if rows.shape != (count, self._dim) or rows.dtype != np.float32:
            raise StorageError(f"{path}: expected float32 ({count}, {self._dim}), got {rows.dtype} {rows.shape}")
        for start in range(0, count, _LOAD_ROWS):
            part = np.ascontiguousarray(rows[start : start + _LOAD_ROWS])
            self.add(np.arange(start, start + len(part), dtype=np.int64), part)


def _faiss() -> Any:
    try:
        import faiss
    except ModuleNotFoundError as error:
        raise EngineError("searching needs FAISS: install faiss-cpu or one of its GPU builds") from error
    return faiss
