"""All errors of the package. The text is one line: where, what was expected, what came.

MonsterError
├── InputError            an argument that cannot be used
│   ├── FileFormatError   a file of another format, or a corrupt one (names the file)
│   ├── TaskError         an unknown task, modality or id
│   └── WriteError        a file or folder that cannot be written (also an OSError)
├── ModelError            weights and configuration that do not fit together
│   ├── WeightsMissing    weights that do not exist
│   └── FingerprintMismatch   embeddings of other weights
├── GalleryError          a gallery folder that is corrupt, locked or not a gallery
├── CorpusError           a corpus folder that is corrupt or of another version
└── MissingExtra          an optional package that a feature needs is not installed
"""

from __future__ import annotations


class MonsterError(Exception):
    """Base of all errors of this package; its text is one line meant for a person."""


class InputError(MonsterError):
    """The caller's motion, scene, text, query or argument cannot be used."""


class FileFormatError(InputError):
    """A file of another format, or a corrupt one; the text starts with the name of the file."""


class TaskError(InputError):
    """An unknown task, modality or id."""


class WriteError(InputError, OSError):
    """A file or folder that cannot be written; the text starts with its path. Code that handles OSError handles it."""


class ModelError(MonsterError):
    """Weights or a configuration that do not fit together."""


class WeightsMissing(ModelError):
    """The weights do not exist."""


class FingerprintMismatch(ModelError):
    """Embeddings of different weights were combined; the text names both fingerprints."""


class GalleryError(MonsterError):
    """A gallery folder that is corrupt, locked, or already exists."""


class CorpusError(MonsterError):
    """A corpus folder that is corrupt, incomplete, or of another format version."""


class MissingExtra(MonsterError):
    """An optional package is not installed; the text names the extra that installs it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an optional package: pip install 'monster-retrieval[{extra}]'")
        self.feature, self.extra = feature, extra

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        return MissingExtra, (self.feature, self.extra)  # pickling
