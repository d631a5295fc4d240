"""Every error that the package raises on purpose. One line each: where, what was expected, what came.

MonsterError
├── InputError            what the caller handed over cannot be used
│   ├── FileFormatError   a file that is not what it should be (names the file)
│   └── TaskError         an unknown task, modality, or id
├── ModelError            weights or configuration that do not fit
│   ├── WeightsMissing
│   └── FingerprintMismatch
├── GalleryError          a gallery folder that is broken, locked or made by other weights
├── CorpusError           a corpus folder that is broken or of another version
└── MissingExtra          an optional package that a feature needs is not installed
"""

from __future__ import annotations


class MonsterError(Exception):
    """Base of all errors of this package; its text is one line meant for a person."""


class InputError(MonsterError):
    """The caller's motion, scene, text, query or argument cannot be used."""


class FileFormatError(InputError):
    """A file is not what it should be; the text starts with the file's name."""


class TaskError(InputError):
    """An unknown task, modality or id."""


class ModelError(MonsterError):
    """Weights or a configuration that do not fit together."""


class WeightsMissing(ModelError):
    """The weights that were asked for do not exist."""


class FingerprintMismatch(ModelError):
    """Embeddings of one model were mixed with another's; the text names both fingerprints."""


class GalleryError(MonsterError):
    """A gallery folder that is broken, locked, or already there."""


class CorpusError(MonsterError):
    """A corpus folder that is broken, incomplete, or of another format version."""


class MissingExtra(MonsterError):
    """An optional package is missing; the text names the extra that brings it."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs an optional package: pip install 'monster-retrieval[{extra}]'")
        self.extra = extra
