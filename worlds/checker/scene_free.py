"""Captions that name no object ("someone sits down"): which motions of a corpus they are true of.

Such a caption is true of many motions, in any room. Training must not push it away from one that it fits, so the
checker decides for each motion; what a motion was meant to be says too little (most walk on their way).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, all_targets, moments_of
from worlds.checker.kinematics import Joints, Pace, Seen, Turn
from worlds.checker.relations import Plan
from worlds.types import ActionName


@dataclass(frozen=True)
class Signature:
    """What a caption without objects says; equal for captions that say the same in other words."""

    actions: tuple[ActionName, ...]
    pace: Pace | None = None
    turn: Turn | None = None

    @classmethod
    def of(cls, claim: Claim) -> Signature | None:
        """The signature of a claim, None when it names an object or the kind of room."""
        if claim.room is not None or any(step.objects for step in claim.steps):
            return None
        return cls(tuple(step.action for step in claim.steps), claim.pace, claim.turn)


@dataclass(frozen=True)
class Done:
    """What a motion does, to whatever object: the frames at which each action is done, its pace and turn."""

    moments: Mapping[ActionName, Sequence[int]]
    pace: Pace | None
    turn: Turn | None

    @classmethod
    def by(cls, joints: Joints, plan: Plan) -> Done:
        """What the checker finds in joints (frames, 22, 3) at 20 fps, in the room of the plan."""
        seen = Seen.of(joints)
        found = {
            action: sorted(
                {m for things in all_targets(action, plan, seen) for m in moments_of(action, things, plan, seen)}
            )
            for action in ACTIONS.names
        }
        return cls(found, seen.pace, seen.turn)

    def fits(self, said: Signature) -> bool:
        """Whether the caption is true of the motion: its actions in their order, its pace, its turn."""
        if said.pace not in (None, self.pace) or said.turn not in (None, self.turn):
            return False
        after = -1
        for action in said.actions:
            later = [moment for moment in self.moments[action] if moment > after]
            if not later:
                return False
            after = later[0]
        return True
