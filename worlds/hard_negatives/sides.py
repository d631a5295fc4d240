"""Left and right in claims."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, Step
from worlds.types import ActionName

OPPOSITE: Final[dict[Any, Any]] = {"left": "right", "right": "left"}


def names_side(claim: Claim) -> bool:
    """Whether the claim names the left or the right limb, or a turn to a side."""
    return opposite(claim) != claim


def opposite(claim: Claim) -> Claim:
    """The claim with left and right swapped: what is true of the mirrored motion in the mirrored room."""
    steps = tuple(_opposite_step(step) for step in claim.steps)
    return replace(claim, steps=steps, turn=OPPOSITE.get(claim.turn, claim.turn))


def _opposite_step(step: Step) -> Step:
    return replace(step, action=_opposite_action(step.action), side=OPPOSITE.get(step.side, step.side))


def _opposite_action(action: ActionName) -> ActionName:
    """The action of the other side for one that is named by its side: "hop left"."""
    name = " ".join(OPPOSITE.get(word, word) for word in action.split())
    return ActionName(name) if name in ACTIONS else action
