"""A dictionary of vectors: maps an id to a row, and a row to the ids of the most similar rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from indexes import storage
from indexes.backends import Numbers, Rows, make_backend
from indexes.errors import IdError, RowsError, SpecError
from indexes.spec import IndexSpec


class SearchResult(NamedTuple):
    """For each query the ids found, best first, and their scores (q, found) as float32."""

    ids: list[list[str]]
    scores: Rows


class VectorIndex:
    """Rows (dim,) of float32 under string ids, searched by the largest inner product.

    Must not be changed while another thread uses it. ``tag`` is a text of the owner that is saved with the index,
    for example the state of the source that the index was built from.
    """

    def __init__(self, spec: IndexSpec) -> None:
        self.spec = spec
        self.tag = ""
        self._backend = make_backend(spec)
        self._numbers: dict[str, int] = {}
        self._ids: dict[int, str] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, id: object) -> bool:
        return id in self._numbers

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def ids(self) -> list[str]:
        """All ids in the order in which they were added."""
        return list(self._numbers)

    def add(self, ids: Sequence[str], rows: ArrayLike) -> None:
        """Add rows (n, dim) under new ids (n); if an error is raised, nothing is added.

        Raises RowsError for another shape or values that are not finite, IdError for a duplicate or empty id.
        """
        checked = self._checked(rows)
        if isinstance(ids, str) or len(ids) != len(checked):
            raise RowsError(f"expected as many rows as ids, got {len(checked)} rows for {len(ids)} ids")
        self._check_new(ids)
        if not len(ids):
            return
        numbers = np.arange(self._next, self._next + len(ids), dtype=np.int64)
        self._backend.add(numbers, checked)
        self._next += len(ids)
        self._remember(ids, numbers)

    def remove(self, ids: Collection[str]) -> None:
        """Remove these ids. Raises IdError if one is unknown; then nothing is removed."""
        if isinstance(ids, str):
            raise IdError(f"expected a collection of ids, got the str {ids!r}")
        removed = list(dict.fromkeys(ids))
        numbers = np.array([self._number(each) for each in removed], dtype=np.int64)
        if not removed:
            return
        self._backend.remove(numbers)
        for each, number in zip(removed, numbers.tolist(), strict=True):
            del self._numbers[each], self._ids[number]

    def get(self, id: str) -> Rows:
        """The row (dim,) of an id. Raises IdError if it is unknown."""
        return self._backend.get(self._number(id))

    def search(self, rows: ArrayLike, k: int, *, among: Collection[str] | None = None) -> SearchResult:
        """The k ids with the largest inner product for each row (q, dim) or for one row (dim,), best first.

        Exact, also with a filter: ``among`` restricts the search to those ids and ignores unknown ones. Equal scores
        are ordered by id. If fewer than k ids are found, all are returned. Raises RowsError for other rows or k < 1.
        """
        if isinstance(k, bool) or not isinstance(k, int | np.integer) or k < 1:
            raise RowsError(f"expected k of at least 1, got {k!r}")
        queries = self._checked(rows)
        numbers = None if among is None else self._known(among)
        total = len(self) if numbers is None else len(numbers)
        count = min(int(k), total)
        if not count or not len(queries):
            return SearchResult([[] for _ in queries], np.empty((len(queries), count), np.float32))
        return self._search(queries, count, total=total, among=numbers)

    def save(self, folder: Path | str) -> None:
        """Write the index into a folder; an existing index is replaced atomically."""
        numbers = np.fromiter(self._numbers.values(), np.int64, len(self))
        storage.write(
            Path(folder),
            spec=self.spec,
            ids=self.ids(),
            tag=self.tag,
            write_rows=lambda path: self._backend.save(path, numbers),
        )

    @classmethod
    def load(cls, folder: Path | str, spec: IndexSpec | None = None) -> VectorIndex:
        """Read a saved index. Raises StorageError if it is corrupt, SpecError if its settings are not ``spec``."""
        head = storage.read_head(Path(folder))
        if spec is not None and spec != head.spec:
            raise SpecError(f"{folder}: expected an index with {spec}, got {head.spec}")
        index = cls(head.spec)
        ids = storage.read_ids(head)
        index._backend.load(head.rows, head.count)
        index._remember(ids, np.arange(head.count, dtype=np.int64))
        index._next, index.tag = head.count, head.tag
        return index

    def _search(self, queries: Rows, k: int, *, total: int, among: Numbers | None) -> SearchResult:
        # One result more than requested shows whether equal scores are cut at the end; then the search goes deeper.
        depth = min(k + 1, total)
        scores, numbers = self._backend.search(queries, depth, among)
        result = SearchResult([], np.empty((len(queries), k), np.float32))
        for row, query in enumerate(queries):
            best, at, deep = scores[row], numbers[row], depth
            while deep < total and best[k - 1] == best[-1]:
                deep = min(deep * 4, total)
                deeper, deeper_at = self._backend.search(query[None], deep, among)
                best, at = deeper[0], deeper_at[0]
            ranked = sorted(zip((-best).tolist(), (self._ids[n] for n in at.tolist()), strict=True))[:k]
            result.ids.append([id for _, id in ranked])
            result.scores[row] = [-score for score, _ in ranked]
        return result

    def _checked(self, rows: ArrayLike) -> Rows:
        try:
            array = np.ascontiguousarray(rows, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise RowsError(f"expected rows of numbers, got values that are not numbers ({error})") from error
        array = array[None] if array.ndim == 1 and len(array) else array
        if array.ndim != 2 or array.shape[1] != self.spec.dim:
            if array.size == 0 and array.ndim <= 2:
                return np.empty((0, self.spec.dim), np.float32)
            raise RowsError(f"expected rows of shape (n, {self.spec.dim}), got {array.shape}")
        if not np.isfinite(array).all():
            raise RowsError(
                f"{int((~np.isfinite(array)).any(axis=1).sum())} of {len(array)} rows are not finite numbers"
            )
        return array

    def _check_new(self, ids: Sequence[str]) -> None:
        seen: set[str] = set()
        for each in ids:
            if not isinstance(each, str) or not each:
                raise IdError(f"expected an id as a non-empty str, got {each!r}")
            if each in self._numbers or each in seen:
                raise IdError(f"duplicate id {each!r}")
            seen.add(each)

    def _remember(self, ids: Sequence[str], numbers: Numbers) -> None:
        for each, number in zip(ids, numbers.tolist(), strict=True):
            self._numbers[each] = number
            self._ids[number] = each

    def _number(self, id: str) -> int:
        try:
            return self._numbers[id]
        except KeyError:
            raise IdError(f"unknown id {id!r}: it is not among the {len(self)} of this index") from None

    def _known(self, ids: Collection[str]) -> Numbers:
        if isinstance(ids, str):
            raise IdError(f"expected a collection of ids, got the str {ids!r}")
        return np.array([self._numbers[each] for each in set(ids) if each in self._numbers], dtype=np.int64)
