"""What a body has done to nothing: seen from its joints alone, in arm's and leg's lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from worlds.checker.kinematics import Seen
from worlds.checker.relations import Plan
from worlds.detectors.free.arms import bowed, circled_arms, clapped, punched, stretched, threw, waved
from worlds.detectors.free.legs import kicked, marched, squatted, turned_around
from worlds.detectors.free.whole import danced, did_jumping_jacks, jumped
from worlds.types import Action, PlacedObject

FREE: Final[dict[Action, Callable[[Seen, tuple[PlacedObject, ...], Plan], list[int]]]] = {
    "wave": waved, "kick": kicked, "punch": punched, "jump": jumped, "dance": danced, "squat": squatted,
    "turn around": turned_around, "stretch": stretched, "clap": clapped, "bow": bowed, "march": marched,
    "throw": threw, "do jumping jacks": did_jumping_jacks, "circle the arms": circled_arms,
}  # fmt: skip
