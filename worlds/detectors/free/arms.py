"""What arms and trunk do on their own. Distances are fractions of the arm's length."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.checker.kinematics import FPS, Mask, Seen, starts
from worlds.checker.relations import Plan
from worlds.detectors.free.cycles import separate, to_and_fro
from worlds.types import Array, PlacedObject

Things = tuple[PlacedObject, ...]
FAST: Final = 2.7  # arm lengths a second


def _on_both_feet(seen: Seen) -> Mask:
    return np.asarray((seen.soles < 0.09 * seen.leg).all(axis=1) & seen.upright)


def _from_shoulder(seen: Seen) -> Array:
    """Wrists (frames, 2, 3) from their shoulders, as the body has them: right, ahead, up, in arm's lengths."""
    return np.asarray((seen.own_pair("wrist") - seen.own_pair("shoulder")) / seen.arm)


def waved(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """One forearm stands up at the side and swings from left to right and back; the other hand is down."""
    found: list[int] = []
    hand = _from_shoulder(seen)
    fore = (seen.own_pair("wrist") - seen.own_pair("elbow")) / seen.arm
    for side in range(2):
        up = (hand[:, side, 2] > 0.0) & (fore[:, side, 2] > 0.12) & (hand[:, 1 - side, 2] < -0.2)
        calm = seen.speed < 1.6
        found += to_and_fro(fore[:, side, 0], up & calm & seen.upright, 0.13, turns=3, within=2.4)
    return separate(found)


def clapped(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The hands meet before the trunk, part, and meet again."""
    wrists = _from_shoulder(seen)
    gap = np.linalg.norm(seen.pair("wrist")[:, 0] - seen.pair("wrist")[:, 1], axis=1) / seen.arm
    before = (
        (wrists[..., 2] > -0.75).all(axis=1) & (wrists[..., 2] < 0.35).all(axis=1) & (wrists[..., 1] > 0.15).all(axis=1)
    )
    frames = to_and_fro(gap, before & seen.upright, 0.22, turns=4, within=2.4)
    return [frame for frame in frames if gap[frame : frame + round(2.4 * FPS)].min() < 0.26]


def stretched(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Both straight arms are overhead and stay there."""
    hand = _from_shoulder(seen)
    up = (hand[..., 2] > 0.7).all(axis=1) & (seen.elbows > np.radians(135)).all(axis=1)
    still = np.linalg.norm(np.gradient(hand, axis=0), axis=2).max(axis=1) * FPS < 1.2
    return starts(up & still & seen.standing & _on_both_feet(seen), 0.6)


def bowed(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """The trunk bends forward over straight legs with the hands at the thighs, and rises again, on one spot."""
    lean = np.degrees(seen.leaning)
    legs = (seen.knees > np.radians(140)).all(axis=1) & (seen.speed < 0.45)
    thigh = 0.5 * (seen.pair("hip") + seen.pair("knee"))
    down = (np.linalg.norm(seen.pair("wrist") - thigh, axis=2) < 0.62 * seen.arm).all(axis=1)
    found = []
    for start in starts((lean > 32) & legs & down, 0.25):
        before, after = slice(max(start - round(1.6 * FPS), 0), start), slice(start, start + round(3.5 * FPS))
        if _straight(lean[before]) and _straight(lean[after]) and legs[start : _next(lean < 18, start) + 1].all():
            found.append(start)
    return found


def _straight(lean: Array) -> bool:
    return bool((lean < 18).any())


def _next(state: Mask, start: int) -> int:
    return start + int(state[start:].argmax())


def punched(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """A fist at the shoulder shoots straight forward, level with it."""
    hand, found = _from_shoulder(seen), []
    speed = np.gradient(hand[..., 1], axis=0) * FPS
    for side in range(2):
        out = (hand[:, side, 1] > 0.72) & (np.abs(hand[:, side, 2]) < 0.4) & (seen.elbows[:, side] > np.radians(140))
        for end in starts(out & _on_both_feet(seen), 0.0):
            window = slice(max(end - round(0.45 * FPS), 0), end + 1)
            begin = (
                (seen.elbows[window, side] < np.radians(105))
                & (hand[window, side, 2] < 0.3)
                & (hand[window, side, 1] > 0.0)
            )
            if begin.any() and speed[window, side].max() > FAST:
                found.append(end)
    return separate(found, 0.2)


def threw(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """A hand behind the head or beside it whips forward over the shoulder and down."""
    hand, found = _from_shoulder(seen), []
    speed = np.linalg.norm(np.gradient(hand, axis=0), axis=2) * FPS
    for side in range(2):
        back = (hand[:, side, 1] < 0.05) & (hand[:, side, 2] > 0.12) & (seen.elbows[:, side] < np.radians(140))
        for start in starts(back & seen.upright, 0.1):
            end = start + int((~back[start:]).argmax())
            after = slice(end, end + round(0.6 * FPS))
            ahead = (hand[after, side, 1] > 0.45) & (hand[after, side, 2] > -0.3)
            low = (hand[end : end + round(0.9 * FPS), side, 2] < 0.0).any()
            if ahead.any() and low and speed[after, side].max() > FAST and (hand[start:end, 1 - side, 2] < 0.3).all():
                found.append(end)
    return separate(found)


def circled_arms(seen: Seen, things: Things, plan: Plan) -> list[int]:
    """Both straight arms go round their shoulders, a turn and a half or more, seen from the side."""
    hand = _from_shoulder(seen)
    angle = np.unwrap(np.arctan2(hand[..., 1], -hand[..., 2]), axis=0)
    straight: Mask = np.asarray((seen.elbows > np.radians(130)).all(axis=1))
    for start in starts(straight, 1.2):
        end = start + int(np.append(~straight[start:], True).argmax())
        turned = np.abs(angle[start:end] - angle[start]) >= np.radians(500)
        if turned.any(axis=0).all():
            return [start + int(turned.all(axis=1).argmax())]
    return []
