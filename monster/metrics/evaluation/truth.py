"""Positives by truth: the corpus's checker says that a caption is true of a motion in a scene.

A caption is true or false of a motion in a room. Two tables hold all that is asked: ``own``, whether caption i is true
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
    m2s, s2m     no caption takes part, so nothing is claimed: the motion's own room alone

In st2m and m2st a motion is not tried in rooms that it was not made in. What answers by identity is always true too.
Equal targets are equal answers. Only first captions are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from monster.arrays import BoolArray as Positives
from monster.arrays import IntArray as Numbers
from monster.corpus.storage import Corpus, ItemRecord
from monster.metrics.evaluation.positives import Embedded, codes
from monster.tasks import Task
from monster.types import CANONICAL_FPS
from worlds.checker.claims import Claim, is_true
from worlds.checker.kinematics import Seen
from worlds.checker.relations import OF_VIEWER, ObjectPhrase, Plan

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Truth:
    """``own`` and ``elsewhere``, both (n, n) by items; see the module."""

    own: Positives
    elsewhere: Positives

    def take(self, rows: Numbers) -> Truth:
        """The tables of some of the items."""
        return Truth(self.own[np.ix_(rows, rows)], self.elsewhere[np.ix_(rows, rows)])

    def answers(self, data: Embedded, task: Task) -> Positives:
        """Which items (columns) truly answer which (rows)."""
        room = codes(data, "s")
        here = room[:, None] == room[None, :]
        by_task: dict[str, Callable[[], Positives]] = {
            "t2m": lambda: self.own, "t2ms": lambda: self.own, "m2t": lambda: self.own.T, "ms2t": lambda: self.own.T,
            "t2s": lambda: self.own, "s2t": lambda: _reached(here, self.own.T), "st2m": lambda: self.own & here,
            "m2st": lambda: self.own.T & here, "tm2s": lambda: self.elsewhere, "s2tm": lambda: self.elsewhere.T,
            "m2s": lambda: here, "s2m": lambda: np.eye(len(data), dtype=bool),
        }  # fmt: skip
        target = codes(data, task.target)
        return _reached(by_task[str(task)](), target[:, None] == target[None, :])


def _reached(one: Positives, other: Positives) -> Positives:
    return np.asarray(one.astype(np.float32) @ other.astype(np.float32) > 0)


def truth_of(corpus: Corpus, records: Sequence[ItemRecord], progress: Progress | None = None) -> Truth | None:
    """Check the first captions of the records; None when the corpus has no claims or no floor plans for them."""
    claims = [next(iter(corpus.claims(record)), None) for record in records]
    plans = {str(record.scene): corpus.plans.get(str(record.scene)) for record in records}
    if any(claim is None for claim in claims) or any(plan is None for plan in plans.values()):
        return None
    known = {scene: plan for scene, plan in plans.items() if plan is not None}
    return _Checked(corpus, records, [claim for claim in claims if claim is not None], known).tables(progress)


class _Checked:
    """The claims of items against the motions of items."""

    def __init__(
        self, corpus: Corpus, records: Sequence[ItemRecord], claims: list[Claim], plans: dict[str, Plan]
    ) -> None:
        self.corpus, self.records, self.claims, self.plans = corpus, records, claims, plans
        self.items_of: dict[Claim, list[int]] = {}
        for index, claim in enumerate(claims):
            self.items_of.setdefault(claim, []).append(index)
        # Most claims name things that a room does not have, or has twice: those are false there without a look.
        self.sayable = {scene: [c for c in self.items_of if _names_things(c, plan)] for scene, plan in plans.items()}

    def tables(self, progress: Progress | None) -> Truth:
        """Both tables, motion by motion."""
        count = len(self.records)
        own, elsewhere = np.zeros((count, count), dtype=bool), np.zeros((count, count), dtype=bool)
        scenes = np.array([str(record.scene) for record in self.records])
        sayable = {scene: set(claims) for scene, claims in self.sayable.items()}
        for index, record in enumerate(self.records):
            seen = Seen.of(self.corpus.motion(str(record.motion)).resampled(CANONICAL_FPS).joints)
            home = str(record.scene)
            for claim in self.sayable[home]:
                if is_true(claim, self.plans[home], seen):
                    own[self.items_of[claim], index] = True
            claim = self.claims[index]
            fitting = [s for s, plan in self.plans.items() if claim in sayable[s] and is_true(claim, plan, seen)]
            elsewhere[index] = np.isin(scenes, fitting)
            if progress is not None:
                progress(index + 1, count)
        return Truth(own, elsewhere)


def _names_things(claim: Claim, plan: Plan) -> bool:
    if claim.room not in (None, plan.room.kind):
        return False
    return all(_singled_out(phrase, plan) for step in claim.steps for phrase in step.objects)


def _singled_out(phrase: ObjectPhrase, plan: Plan) -> bool:
    """Whether the phrase may name one thing there; whose left and right is meant, only the motion tells."""
    if phrase.relation in OF_VIEWER:
        return phrase.category in plan.by_category
    return len(plan.resolve(phrase)) == 1
