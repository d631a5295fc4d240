"""The vector indexes of a gallery, one a kind of rows, built from its database and updated with it.

``indexes/<kind>`` holds a built index where that saves time, tagged with its generation of the database. It is a cache:
if it is missing, corrupt or of another state, it is rebuilt from the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from indexes import EngineError, IndexesError, IndexSpec, VectorIndex, read_head
from monster.arrays import FloatArray
from monster.errors import GalleryError, MissingExtra
from monster.gallery.files import INDEXES
from monster.gallery.store import Store
from monster.tasks import Kind

_WORTH_SAVING: Final = 1000  # changes; fewer are read from the database in a few milliseconds
_STALE_SHARE: Final = 0.25  # of the rows, changed since the index was saved; keeps the total cost of saving linear


def item_of(kind: Kind, key: str) -> str:
    """The id of the entity (single kinds) or item (pair kinds) of an index key; of m@s, the number of the motion."""
    if kind == "m@s":
        return key.partition("@")[0]
    return key.rpartition("#")[0] if kind in ("st", "mt", "mt@s") else key


class Vectors:
    """Indexes in memory, one per kind, each in the state of its last use. Not thread-safe."""

    def __init__(self, folder: Path, dim: int) -> None:
        self._folder = folder / INDEXES
        self._spec = IndexSpec(dim)
        self._loaded: dict[Kind, VectorIndex] = {}

    def search(self, store: Store, kind: Kind, row: FloatArray, *, k: int) -> list[tuple[str, float]]:
        """The best k keys and their cosines, best first; for kinds with several rows an item or motion, its best."""
        index = self.at(store, kind)
        size, depth = len(index), min(k, len(index))
        while size:
            ids, cosines = index.search(row, depth)
            best: dict[str, tuple[str, float]] = {}
            for key, cosine in zip(ids[0], cosines[0].tolist(), strict=True):
                best.setdefault(item_of(kind, key), (key, cosine))
            if len(best) >= k or depth == size:
                return list(best.values())[:k]
            depth = min(depth * 4, size)
        return []

    def at(self, store: Store, kind: Kind) -> VectorIndex:
        """The index of a kind, in the state of the store's snapshot."""
        with _index_errors(store):
            index = self._loaded.pop(kind, None) or self._saved(kind)
            if index is None or not _update(index, store, kind):
                index = VectorIndex(self._spec)
                if not _update(index, store, kind):
                    raise GalleryError(f"{store.path}: embeddings {kind} are incomplete; is the file damaged?")
            self._loaded[kind] = index
            return index

    def save(self, store: Store) -> None:
        """Save each index that has changed much since it was last saved. The caller must hold the writer lock."""
        for kind in store.kinds:
            if kind == "mt" and store.stored("mt@s") != kind:
                continue  # only scenes are queries for text and motion, and they are compared with mt@s
            since, size = self._saved_state(kind)
            if store.changes(kind, since) > max(_WORTH_SAVING, size * _STALE_SHARE):
                with _index_errors(store):
                    self.at(store, kind).save(self._folder / kind)

    def _saved(self, kind: Kind) -> VectorIndex | None:
        try:
            return VectorIndex.load(self._folder / kind, self._spec)
        except EngineError:
            raise
        except IndexesError:
            return None  # a corrupt copy is rebuilt from the database

    def _saved_state(self, kind: Kind) -> tuple[int, int]:
        try:
            head = read_head(self._folder / kind)
        except IndexesError:
            return 0, 0
        return (int(head.tag), head.count) if head.tag.isdecimal() else (0, 0)


def _update(index: VectorIndex, store: Store, kind: Kind) -> bool:
    """Bring an index to the state of the store. False if that fails, because it is not an index of this store."""
    generation = store.generation()
    since = int(index.tag) if index.tag.isdecimal() else 0
    if since == generation:
        return len(index) == store.row_count(kind)
    if since > generation:
        return False
    try:
        index.remove({key for key in store.removed(kind, since) if key in index})
        for keys, rows in store.rows(kind, since):
            index.add(keys, rows)
    except IndexesError:
        return False
    index.tag = str(generation)
    return len(index) == store.row_count(kind)


@contextmanager
def _index_errors(store: Store) -> Iterator[None]:
    try:
        yield
    except EngineError as error:
        raise MissingExtra("searching a gallery", "cpu") from error
    except IndexesError as error:
        raise GalleryError(f"{store.path.parent}: {error}") from error
