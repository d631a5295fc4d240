"""Errors of this package. Each text is one line: what was expected, what came.

IndexesError
├── SpecError         settings that do not exist, or an index opened with other settings than its own
├── RowsError         rows of another width, or with values that are not finite
├── IdError           an id that is there twice, empty, or not there at all
├── StorageError      a folder that holds no index, a broken one, or one of a newer version (names the file)
└── EngineError       the search engine's package is not installed
"""

from __future__ import annotations


class IndexesError(Exception):
    """Base of all errors of this package; its text is one line meant for a person."""


class SpecError(IndexesError):
    """Settings that do not exist, or that are not those of the index; the text names both."""


class RowsError(IndexesError):
    """Rows that are not finite float32 of the index's width."""


class IdError(IndexesError):
    """An id that is there twice, empty, or unknown."""


class StorageError(IndexesError):
    """A saved index that is missing, broken, or of a newer format; the text starts with the file."""


class EngineError(IndexesError):
    """The package of the search engine is not installed."""
