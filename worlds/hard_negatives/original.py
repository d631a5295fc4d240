"""A true item, from which hard negatives are made."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from worlds.captions import Caption
from worlds.checker.claims import Claim, Observation
from worlds.geometry.kinematics import MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionInstance, PlacedObject


@dataclass(frozen=True, eq=False)
class Original:
    """A motion in its room, its actions and captions, and the item's random generator."""

    caption: Caption
    actions: tuple[ActionInstance, ...]
    motion: MotionKinematics
    floor_plan: FloorPlan
    rng: np.random.Generator
    others: tuple[Caption, ...] = ()  # the other true captions

    @property
    def captions(self) -> tuple[Caption, ...]:
        """All captions, the first one first."""
        return self.caption, *self.others

    @cached_property
    def observation(self) -> Observation:
        """The motion in its room, for testing claims."""
        return Observation(self.floor_plan, self.motion)

    @property
    def claim(self) -> Claim:
        """The claim of the first caption."""
        return self.caption.claim

    def is_false(self, claim: Claim) -> bool:
        """Whether the claim is false of this motion in this room."""
        return not self.observation.proves(claim)

    @cached_property
    def targets(self) -> list[PlacedObject]:
        """The targets of all actions, each once."""
        ids = dict.fromkeys(target for instance in self.actions for target in instance.targets)
        return [self.floor_plan.room.by_id(target) for target in ids]
