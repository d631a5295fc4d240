"""A dictionary of vectors by id, searched by similarity. Knows nothing about motions, scenes or texts."""

from indexes.errors import EngineError, IdError, IndexesError, RowsError, SpecError, StorageError
from indexes.index import SearchResult, VectorIndex
from indexes.kinds import register_kind
from indexes.spec import IndexSpec
from indexes.storage import SavedIndex, read_head

__all__ = [
    "EngineError",
    "IdError",
    "IndexSpec",
    "IndexesError",
    "RowsError",
    "SavedIndex",
    "SearchResult",
    "SpecError",
    "StorageError",
    "VectorIndex",
    "read_head",
    "register_kind",
]
