"""Do jumping jacks."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import to_and_fro
from worlds.actions.detecting.limbs import ankle_spread, jack_frames
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.ballistics import GRAVITY, TICK
from worlds.actions.performing.feet import READY, Feet
from worlds.actions.performing.keyframes import ARM_AT_REST, ARMS, ArmAngles, Keyframe, Posture
from worlds.actions.performing.open_floor import alternate
from worlds.actions.performing.timeline import Timeline
from worlds.actions.spec import Phrases
from worlds.geometry.kinematics import FPS, MotionKinematics
from worlds.geometry.relations import FloorPlan
from worlds.people.curves import ease
from worlds.types import Targets

# Lengths in metres, angles in radians.
HALF_SECONDS, SHORTEST_HALF = (0.44, 0.54), 0.4  # from shut to open
JACKS: Final = (3, 5)
FEET_OUT: Final = (0.2, 0.28)
RISE: Final = (0.03, 0.045)
ARM_SWING, ARM_RAISED, ELBOW = 0.1, (2.6, 2.85), 0.2  # arms overhead
ARMS_DOWN: Final = ArmAngles(swing=0.05, raised=0.2, elbow=0.15)
KNEES_GIVE: Final = 0.02
TOES_DOWN: Final = -0.35
HOP_SECONDS, REST_SECONDS, END_SECONDS = 0.2, 0.3, 0.15
SPREAD: Final = 0.2  # leg lengths between the ankles before they turn back
TURNS, WITHIN = 4, 3.5  # of the distance of the ankles; seconds
ARMS_SECONDS: Final = 1.5


def jumping_jacks(actor: Actor, timeline: Timeline) -> None:
    """Small jumps that spread the legs with the arms overhead, and bring both back."""
    rng, feet = actor.rng, Feet(timeline)
    half, count = actor.seconds(HALF_SECONDS, least=SHORTEST_HALF), int(rng.integers(*JACKS))
    out, rise = actor.draw(FEET_OUT), actor.draw(RISE)
    timeline.wait(READY - 0.1)
    for arm in ARMS:
        overhead = ArmAngles(ARM_SWING, rng.uniform(*ARM_RAISED), 0.0, ELBOW)
        alternate(timeline, arm, [overhead, ARMS_DOWN], half=half, times=2 * count)
    for index in range(2 * count):
        _spring(feet, (0.0, out) if index % 2 == 0 else (out, 0.0), rise=rise, seconds=half)
    timeline.play(
        [
            Keyframe(Posture(hop=0.0), start=0.0, at=HOP_SECONDS),
            Keyframe(Posture(arms=ARM_AT_REST), start=0.0, at=REST_SECONDS),
        ]
    )
    timeline.wait(END_SECONDS)
    feet.down()


def _spring(feet: Feet, out: tuple[float, float], *, rise: float, seconds: float) -> None:
    """A small jump that takes the feet from the first distance to their sides to the second one."""
    timeline, leg = feet.timeline, feet.timeline.body.leg
    air = float(np.sqrt(8 * rise / GRAVITY))
    for u in np.arange(0, seconds - 0.5 * TICK, TICK):
        since = u - 0.5 * (seconds - air)
        share = float(np.clip(since / air, 0.0, 1.0))
        spread = out[0] + (out[1] - out[0]) * float(ease(np.array(share)))
        height = max(0.0, 0.5 * GRAVITY * since * (air - since))
        give = KNEES_GIVE * (np.sin(np.pi * share) - 1)
        timeline.set("hop", timeline.now + u, float(height + np.sqrt(leg**2 - spread**2) - leg + give))
        for side in range(2):
            feet.put(side, timeline.now + u, out=spread, up=height, pitch=TOES_DOWN * min(1.0, height / rise))
    timeline.wait(seconds)


def did_jumping_jacks(motion: MotionKinematics, targets: Targets, floor_plan: FloorPlan) -> list[int]:
    """Arms overhead with the feet apart, arms down with the feet together, at least twice."""
    spans = to_and_fro(ankle_spread(motion), motion.upright, SPREAD, turns=TURNS, within=WITHIN)
    frames = jack_frames(motion)
    return [start for start in spans if frames[start : start + round(ARMS_SECONDS * FPS)].any()]


DO_JUMPING_JACKS: Final = free_action(
    "do jumping jacks",
    move=jumping_jacks,
    seconds=3.6,
    detect=did_jumping_jacks,
    phrases=Phrases(
        general=(
            "exercise",
            "leave the floor",
            "raise a hand",
        ),
        bare=(
            "~do jumping jacks",
            "~do star jumps",
            "~perform jumping jacks",
            "~do some jumping jacks",
            "~jump with arms and legs swinging out and in",
            "~exercise by doing jumping jacks",
        ),
        tells_walk=False,
    ),
)
