"""Dance."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import near, to_and_fro
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.feet import READY, Feet, aside
from worlds.actions.performing.postures import ARMS
from worlds.actions.performing.timeline import ARM_AT_REST, Timeline
from worlds.checker.kinematics import FPS, Mask, Seen
from worlds.checker.relations import Plan
from worlds.people.body import SIDES
from worlds.people.curves import smoothed
from worlds.types import Array, Targets


def dance(actor: Actor, line: Timeline) -> None:
    """Weight from side to side on the beat, knees springing, hips and arms swinging."""
    rng, body, feet = actor.rng, line.body, Feet(line)
    beat, beats = max(actor.seconds(0.42, 0.52), 0.38), int(rng.integers(6, 8))
    first, sway, turn = int(rng.integers(2)), rng.uniform(0.085, 0.12), rng.uniform(0.1, 0.3)
    line.now += READY - 0.1
    high = rng.random() < 0.4
    for index in range(beats):
        side = (first + index) % 2  # the foot that carries
        sign, t = SIDES[side], line.now
        other = 1 - side
        feet.put(other, t)
        feet.put(other, t + 0.5 * beat, up=0.07, out=-0.03, ahead=0.04, pitch=-0.3)
        feet.put(other, t + 0.95 * beat)
        line.move("place", t, t + 0.6 * beat, *aside(line, 1.3 * sign * sway))
        line.move("height", t, t + 0.45 * beat, body.standing_height - 0.1)
        line.move("height", t + 0.45 * beat, t + beat, body.standing_height - 0.035)
        line.move("yaw", t, t + 0.6 * beat, line.stand.yaw + sign * turn)
        line.move("spine", t, t + 0.6 * beat, -sign * turn, 0.08, -sign * 0.14)
        for index_of_arm, arm in enumerate(ARMS):
            toward = 1.0 if index_of_arm == side else -1.0
            low = (0.35 + 0.5 * toward, 0.35 + 0.15 * toward, 0.3, 1.5)
            up = (0.3, 1.5 + 0.4 * toward, -1.4, 1.3 - 0.3 * toward)
            line.move(arm, t, t + 0.6 * beat, *(up if high else low))
        line.now += beat
    line.move("place", line.now, line.now + 0.4, line.stand.x, line.stand.y)
    line.move("height", line.now, line.now + 0.4, body.standing_height)
    line.move("yaw", line.now, line.now + 0.4, line.stand.yaw)
    line.move("spine", line.now, line.now + 0.4, 0.0, 0.06, 0.0)
    for arm in ARMS:
        line.move(arm, line.now, line.now + 0.4, *ARM_AT_REST)
    line.now += 0.3
    feet.down()


def danced(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The pelvis sways from side to side over the feet while the arms swing, in a rhythm, on the spot."""
    sway = _sway(seen)
    hands = (seen.own_pair("wrist") - seen.own_pair("shoulder")) / seen.arm
    moving = np.linalg.norm(np.gradient(hands, axis=0), axis=2).mean(axis=1) * FPS
    busy = smoothed(moving[:, None], 4.0)[:, 0] > 0.5
    bent = seen.elbows.mean(axis=1) < np.radians(140)
    where = busy & seen.upright & (seen.speed < 1.2) & bent
    found = to_and_fro(sway, where & ~_high_knees(seen), 0.12, turns=4, within=3.2)
    return [start for start in found if np.ptp(seen.pelvis[start : start + 40, :2], axis=0).max() < 0.9]


def _high_knees(seen: Seen) -> Mask:
    """Frames near which a foot is lifted as high as in marching: (frames,)."""
    high = (seen.soles > 0.16 * seen.leg).any(axis=1) & (seen.knees.min(axis=1) < np.radians(120))
    return near(high, 0.5)


def _sway(seen: Seen) -> Array:
    """How far the pelvis is to the right (frames,) along the way it mostly faces, in leg's lengths."""
    ahead = seen.heading.mean(axis=0)
    ahead = ahead / max(float(np.linalg.norm(ahead)), 1e-9)
    return np.asarray((seen.pelvis[:, 0] * ahead[1] - seen.pelvis[:, 1] * ahead[0]) / seen.leg)


DANCE: Final = free_action(
    "dance",
    move=dance,
    seconds=4.0,
    detect=danced,
    phrases=(
        "~dance",
        "~dance on the spot",
        "~do a dance",
        "~dance a little",
        "~perform a few dance moves",
    ),
)
