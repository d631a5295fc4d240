"""Positives by truth: the checker of the corpus proves that a caption is true of a motion in a scene.

A caption is true or false of a motion in a room. Two tables hold the answers: ``own``, whether caption i is true
of motion j in the room that motion j was made in, and ``elsewhere``, whether caption i is true of its own motion in the
room of item j (the motion keeps its coordinates). A target counts as true, task by task:

    t2m, t2ms    the caption is true of that motion in the motion's own room
    m2t, ms2t    the caption is true of this motion in its own room
    t2s          some motion of the evaluated set that was made in that room makes the caption true there
    s2t          some motion of the evaluated set in this room makes that caption true
    st2m         the motion was made in this room, and the caption is true of it there
    m2st         that room is the motion's own, and that caption is true of it there
    tm2s         the caption is true of this motion in that room: its own, and any other where it happens to fit
    s2tm         that caption is true of that motion in this room
    m2s, s2m     no caption takes part: only the motion's own room

In st2m and m2st a motion is checked only in the room that it was made in. Relevant by identity implies true. Targets of
equal content are equal answers. Only first captions are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from monster.arrays import AnyArray, BoolArray, IntArray, Progress
from monster.corpus.checker import Case, Checker, Claim
from monster.corpus.storage import Corpus, ItemRecord
from monster.metrics.evaluation.positives import Embedded, codes
from monster.tasks import Task
from monster.types import CANONICAL_FPS


@dataclass(frozen=True, eq=False)
class Truth:
    """``own`` and ``elsewhere``, both (n, n) by items; see the module."""

    own: BoolArray
    elsewhere: BoolArray

    def take(self, rows: IntArray) -> Truth:
        """The tables of some of the items."""
        return Truth(self.own[np.ix_(rows, rows)], self.elsewhere[np.ix_(rows, rows)])

    def answers(self, data: Embedded, task: Task) -> BoolArray:
        """(n, n) mask: item j (column) is a true answer to the query of item i (row)."""
        room = codes(data, "s")
        here = room[:, None] == room[None, :]
        by_task: dict[str, Callable[[], BoolArray]] = {
            "t2m": lambda: self.own, "t2ms": lambda: self.own, "m2t": lambda: self.own.T, "ms2t": lambda: self.own.T,
            "t2s": lambda: self.own, "s2t": lambda: _any_path(here, self.own.T), "st2m": lambda: self.own & here,
            "m2st": lambda: self.own.T & here, "tm2s": lambda: self.elsewhere, "s2tm": lambda: self.elsewhere.T,
            "m2s": lambda: here, "s2m": lambda: np.eye(len(data), dtype=bool),
        }  # fmt: skip
        target = codes(data, task.target)
        return _any_path(by_task[str(task)](), target[:, None] == target[None, :])


def _any_path(one: BoolArray, other: BoolArray) -> BoolArray:
    return np.asarray(one.astype(np.float32) @ other.astype(np.float32) > 0)


def truth_of(corpus: Corpus, records: Sequence[ItemRecord], progress: Progress | None = None) -> Truth | None:
    """Check the first captions of the records; None if the corpus has no checker or it does not know their scenes.

    Raises CorpusError if the checker that the corpus names is not installed.
    """
    claims = [record.claims[0] for record in records if record.claims]
    checker = corpus.checker
    if checker is None or len(claims) < len(records) or not all(checker.knows(str(r.scene)) for r in records):
        return None
    return _Tables(corpus, checker, records, claims).truth(progress)


class _Tables:
    """Proves the first claims of items on the motions of items."""

    def __init__(
        self, corpus: Corpus, checker: Checker, records: Sequence[ItemRecord], claims: Sequence[Claim]
    ) -> None:
        self.corpus, self.checker, self.records, self.claims = corpus, checker, records, claims

    def truth(self, progress: Progress | None) -> Truth:
        """Both tables; each table reads every motion once."""
        scenes, scene_numbers = np.unique([str(record.scene) for record in self.records], return_inverse=True)
        own = self.checker.prove(self.claims, self._own_cases(progress))
        elsewhere = np.zeros((len(self.records), len(scenes)), dtype=bool)
        for row, record in enumerate(self.records):
            joints = self._joints(record)
            elsewhere[row] = self.checker.prove([self.claims[row]], [(joints, str(scene)) for scene in scenes])[0]
            if progress is not None:
                progress(len(self.records) + row + 1, 2 * len(self.records))
        return Truth(own, elsewhere[:, scene_numbers])

    def _own_cases(self, progress: Progress | None) -> Iterator[Case]:
        for row, record in enumerate(self.records):
            yield self._joints(record), str(record.scene)
            if progress is not None:
                progress(row + 1, 2 * len(self.records))

    def _joints(self, record: ItemRecord) -> AnyArray:
        return self.corpus.motion(str(record.motion)).resampled(CANONICAL_FPS).joints
