"""What a record says of training: which captions and hard negatives are held out, what is false of a motion alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from monster.corpus.checker import Claim, HardNegative
from worlds.captions import HELD_OUT_PATTERNS
from worlds.hard_negatives.edits import HELD_OUT_KINDS

_OTHER_ACTIONS: Final = ("other action", "other order")  # false whatever the scene if the actions differ
_OF_MOTION: Final = ("other pace", "other side", "other count", "other direction")  # false whatever the scene


def flagged(metadata: Mapping[str, Any], captions: int) -> dict[str, Any]:
    """The entries of a record's metadata that get flags: ``held_out`` of that many captions, the hard negatives."""
    patterns = metadata.get("patterns", ())
    known = patterns if len(patterns) == captions else [""] * captions
    entries: dict[str, Any] = {"held_out": [pattern in HELD_OUT_PATTERNS for pattern in known]}
    negatives = metadata.get("counterfactuals")
    if negatives:
        claims = metadata.get("claims", ())
        entries["counterfactuals"] = [flagged_negative(negative, claims) for negative in negatives]
    return entries


def flagged_negative(negative: HardNegative, claims: Sequence[Claim]) -> dict[str, Any]:
    """The hard negative of an item with these claims, with the flags that are set."""
    flags = {"held_out": negative["kind"] in HELD_OUT_KINDS, "of_motion": _is_of_motion(negative, claims)}
    return {**negative, **{name: True for name, value in flags.items() if value}}


def _is_of_motion(negative: HardNegative, claims: Sequence[Claim]) -> bool:
    """Whether its caption is false of the motion in every scene.

    One action done to two objects in another order is the same motion: only the scene tells the orders apart.
    """
    if negative["kind"] in _OF_MOTION:
        return True
    own = [_actions(claim) for claim in claims]
    return negative["kind"] in _OTHER_ACTIONS and _actions(negative["claim"]) not in own


def _actions(claim: Claim) -> list[str]:
    return [action for action, *_ in claim.get("steps", ())]
