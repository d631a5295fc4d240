"""Errors of this package. Each text is one line: what was expected, what came.

IndexesError
├── SpecError         unknown settings, or an index opened with other settings
├── RowsError         rows of another width, or with values that are not finite
├── IdError           a duplicate, empty or unknown id
├── StorageError      a missing, corrupt or newer saved index (names the file)
└── EngineError       the search engine's package is not installed
"""

from __future__ import annotations


class IndexesError(Exception):
    """Base of all errors of this package; its text is one line."""


class SpecError(IndexesError):
    """Unknown settings, or settings that are not those of the index; the text names both."""


class RowsError(IndexesError):
    """Rows that are not finite float32 of the index's width."""


class IdError(IndexesError):
    """A duplicate, empty or unknown id."""


class StorageError(IndexesError):
    """A saved index that is missing, corrupt, or of a newer format; the text starts with the file."""


class EngineError(IndexesError):
    """The package of the search engine is not installed."""
