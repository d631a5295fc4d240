"""Audits a whole corpus in several processes and lists its faults."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from monster.arrays import FloatArray, Progress
from monster.corpus.storage import Corpus
from monster.errors import MonsterError
from worlds.audit.items import Fault, ItemAudit
from worlds.audit.splits import SplitOverlap, motion_signature, shared_with_training, split_leaks
from worlds.corpus_checker import floor_plans_of

SCENES_PER_GROUP: Final = 8  # checked by a process at a time
_MIN_GROUPS: Final = 4  # with fewer a second process does not pay


@dataclass
class Audit:
    """The result: faults in the order of the corpus, counts of checked parts, and overlaps between splits."""

    items: int
    scenes: int
    claims: int  # captions with a claim that the checker can prove
    faults: list[Fault] = field(default_factory=list)
    overlaps: list[SplitOverlap] = field(default_factory=list)

    @property
    def counts(self) -> Counter[str]:
        """Number of faults by code."""
        return Counter(fault.code for fault in self.faults)

    @property
    def broken(self) -> set[str]:
        """Ids of the items and scenes with a fault."""
        return {fault.owner for fault in self.faults}


@dataclass(frozen=True)
class _PartialAudit:
    faults: list[Fault]
    signatures: dict[str, FloatArray]
    items: int


def audit(corpus: Corpus, *, workers: int = 1, progress: Progress | None = None) -> Audit:
    """Check every item and scene, and the splits against each other. ``progress(done, total)`` counts items."""
    groups = list(_groups(corpus))
    claims = sum(len(record.claims) for record in corpus.records) if floor_plans_of(corpus) else 0
    result = Audit(len(corpus), len({r.scene for r in corpus.records if r.scene}), claims)
    signatures: dict[str, FloatArray] = {}
    done = 0
    for part in _audit_groups(corpus.folder, groups, workers):
        result.faults += part.faults
        signatures |= part.signatures
        done += part.items
        if progress is not None:
            progress(done, len(corpus))
    result.faults += split_leaks(corpus)
    result.overlaps = shared_with_training(corpus, signatures)
    return result


def _groups(corpus: Corpus) -> Iterator[list[int]]:
    """Row numbers of items in groups of SCENES_PER_GROUP scenes."""
    rows: dict[str | None, list[int]] = defaultdict(list)
    for row, record in enumerate(corpus.records):
        rows[record.scene].append(row)
    scenes = list(rows.values())
    for start in range(0, len(scenes), SCENES_PER_GROUP):
        yield [row for rows_of_scene in scenes[start : start + SCENES_PER_GROUP] for row in rows_of_scene]


def _audit_groups(folder: Path, groups: list[list[int]], workers: int) -> Iterator[_PartialAudit]:
    if workers < 2 or len(groups) < _MIN_GROUPS:
        _open_in_worker(folder)
        yield from map(_audit_group, groups)
        return
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_open_in_worker, initargs=(folder,)) as pool:
        yield from pool.map(_audit_group, groups)


_WORKER: dict[str, ItemAudit] = {}  # one per process


def _open_in_worker(folder: Path) -> None:
    _WORKER["corpus"] = ItemAudit(Corpus.open(folder))


def _audit_group(rows: list[int]) -> _PartialAudit:
    item_audit = _WORKER["corpus"]
    records = [item_audit.corpus.records[row] for row in rows]
    faults = [fault for record in records for fault in item_audit.faults(record)]
    for scene in dict.fromkeys(record.scene for record in records if record.scene is not None):
        faults += item_audit.scene_faults(scene)
    signatures = {}
    for motion in dict.fromkeys(record.motion for record in records if record.motion is not None):
        try:
            signatures[motion] = motion_signature(item_audit.corpus.motion(motion).joints)
        except (MonsterError, OSError):
            continue  # listed as a fault of its item
    return _PartialAudit(faults, signatures, len(records))
