"""Data sets of the field as corpora: HUMANISE(+), TRUMANS(+), HumanML3D, BONES-SEED, and a folder with a table.

`open_data_set` reads a folder in its authors' layout; `import_corpus` (in `writer`) converts it to a corpus.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Final

from monster.corpus.importers.data import DataSet
from monster.errors import InputError

_OPENERS: Final[dict[str, str]] = {
    "humanise": "humanise:open_humanise",
    "trumans": "trumans:open_trumans",
    "humanml3d": "humanml:open_humanml",
    "bones-seed": "bones_seed:open_bones_seed",
    "table": "table:open_table",
}
KINDS: Final = tuple(_OPENERS)


def open_data_set(kind: str, folder: str | Path, *, scenes: str | Path | None = None) -> DataSet:
    """A data set of one of `KINDS` in a folder; ``scenes`` is the folder of its scenes if they are elsewhere.

    Raises InputError for another kind, CorpusError that names what the folder lacks.
    """
    if kind not in _OPENERS:
        raise InputError(f"expected a kind of data set ({', '.join(KINDS)}), got {kind!r}")
    module, _, name = _OPENERS[kind].partition(":")
    data_set: DataSet = getattr(import_module(f"{__name__}.{module}"), name)(
        Path(folder), None if scenes is None else Path(scenes)
    )
    return data_set
