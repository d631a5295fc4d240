"""Checks a whole corpus in several processes and lists its faults."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from monster.arrays import Progress
from monster.corpus.storage import Corpus
from monster.errors import MonsterError
from worlds.audit.items import Fault, ItemAudit
from worlds.audit.splits import Shared, form, leaks, shared_with_training
from worlds.corpus_checker import floor_plans_of

GROUP: Final = 8  # scenes that a process checks at a time
_FEW: Final = 4


@dataclass
class Audit:
    """The result: faults in the order of the corpus, counts of what was checked, and what splits share."""

    items: int
    scenes: int
    claims: int  # captions with a claim that the checker can prove
    faults: list[Fault] = field(default_factory=list)
    shared: list[Shared] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """How often each fault occurs, by its code."""
        return Counter(fault.code for fault in self.faults)

    @property
    def broken(self) -> set[str]:
        """Ids of the items and scenes with a fault."""
        return {fault.owner for fault in self.faults}


@dataclass(frozen=True)
class _Found:
    faults: list[Fault]
    forms: dict[str, NDArray[np.float32]]
    items: int


def audit(corpus: Corpus, *, workers: int = 1, progress: Progress | None = None) -> Audit:
    """Check every item and scene, and the splits against each other. ``progress(done, all)`` counts items."""
    groups = list(_groups(corpus))
    told = sum(len(record.claims) for record in corpus.records) if floor_plans_of(corpus) else 0
    found = Audit(len(corpus), len({r.scene for r in corpus.records if r.scene}), told)
    forms: dict[str, NDArray[np.float32]] = {}
    done = 0
    for part in _mapped(corpus.folder, groups, workers):
        found.faults += part.faults
        forms |= part.forms
        done += part.items
        if progress is not None:
            progress(done, len(corpus))
    found.faults += leaks(corpus)
    found.shared = shared_with_training(corpus, forms)
    return found


def _groups(corpus: Corpus) -> Iterator[list[int]]:
    """Rows of items, those of one scene together, a few scenes at a time."""
    rows: dict[str | None, list[int]] = defaultdict(list)
    for row, record in enumerate(corpus.records):
        rows[record.scene].append(row)
    every = list(rows.values())
    for start in range(0, len(every), GROUP):
        yield [row for part in every[start : start + GROUP] for row in part]


def _mapped(folder: Path, groups: list[list[int]], workers: int) -> Iterator[_Found]:
    if workers < 2 or len(groups) < _FEW:
        _open(folder)
        yield from map(_checked, groups)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_open, initargs=(folder,)) as pool:
        yield from pool.map(_checked, groups)


_OPENED: dict[str, ItemAudit] = {}  # one a process


def _open(folder: Path) -> None:
    _OPENED["corpus"] = ItemAudit(Corpus.open(folder))


def _checked(rows: list[int]) -> _Found:
    look = _OPENED["corpus"]
    records = [look.corpus.records[row] for row in rows]
    faults = [fault for record in records for fault in look.faults(record)]
    for scene in dict.fromkeys(record.scene for record in records):
        faults += look.scene_faults(scene) if scene is not None else ()
    forms = {}
    for motion in dict.fromkeys(record.motion for record in records):
        if motion is not None:
            try:
                forms[motion] = form(look.corpus.motion(motion).joints)
            except (MonsterError, OSError):
                continue  # listed as a fault of its item
    return _Found(faults, forms, len(records))
