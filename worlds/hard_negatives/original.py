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
    """A motion in its room, what was done, the first caption and the others, and the item's own generator of chance."""

    caption: Caption
    events: tuple[ActionInstance, ...]
    seen: MotionKinematics
    plan: FloorPlan
    rng: np.random.Generator
    others: tuple[Caption, ...] = ()  # its further captions, all true

    @property
    def captions(self) -> tuple[Caption, ...]:
        """All its captions."""
        return self.caption, *self.others

    @cached_property
    def observation(self) -> Observation:
        """What is seen of the motion in its room, computed once."""
        return Observation(self.plan, self.seen)

    @property
    def claim(self) -> Claim:
        """What the first caption says."""
        return self.caption.claim

    def is_false(self, claim: Claim) -> bool:
        """Whether the claim is false of this motion in this room."""
        return not self.observation.proves(claim)

    @cached_property
    def targets(self) -> list[PlacedObject]:
        """The objects that something was done to, each once."""
        targets = dict.fromkeys(target for event in self.events for target in event.targets)
        return [self.plan.room.by_id(target) for target in targets]
