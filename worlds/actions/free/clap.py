"""Clap."""

from __future__ import annotations

from typing import Final

import numpy as np

from worlds.actions.detecting.cycles import to_and_fro
from worlds.actions.detecting.limbs import wrists_from_shoulders
from worlds.actions.free.move import free_action
from worlds.actions.performing.actor import Actor
from worlds.actions.performing.open_floor import alternate
from worlds.actions.performing.postures import ARMS, rest_arms
from worlds.actions.performing.timeline import Timeline
from worlds.checker.kinematics import FPS, Seen
from worlds.checker.relations import Plan
from worlds.people.body import ELBOWS, SHOULDERS, WRISTS
from worlds.types import Targets

PALMS: Final = 0.04  # metres from a wrist to the middle when the palms meet


def clap(actor: Actor, line: Timeline) -> None:
    """Both hands meet before the chest, several times."""
    rng, body = actor.rng, actor.body
    swing, bend, half = rng.uniform(0.45, 0.85), rng.uniform(1.45, 1.75), max(actor.seconds(0.16, 0.26), 0.16)
    shoulder = float(body.offsets[SHOULDERS[1], 0] + body.offsets[14, 0])
    inward = (shoulder - PALMS + body.length(ELBOWS[0]) * np.sin(0.1)) / (body.length(WRISTS[0]) * np.sin(bend))
    shut = (swing, 0.1, float(np.arcsin(min(inward, 0.98))), bend)
    wide = (swing, 0.22, float(rng.uniform(-0.1, 0.15)), bend - 0.1)
    up, claps = actor.seconds(0.4, 0.55), int(rng.integers(4, 8))
    for arm in ARMS:
        line.move(arm, line.now, line.now + up, *wide)
    line.now += up
    for arm in ARMS:
        alternate(line, arm, [shut, wide], half=half, times=2 * claps)
    line.now += 2 * claps * half
    rest_arms(line, up)


def clapped(seen: Seen, things: Targets, plan: Plan) -> list[int]:
    """The hands meet before the trunk, part, and meet again."""
    wrists = wrists_from_shoulders(seen)
    gap = np.linalg.norm(seen.pair("wrist")[:, 0] - seen.pair("wrist")[:, 1], axis=1) / seen.arm
    before = (
        (wrists[..., 2] > -0.75).all(axis=1) & (wrists[..., 2] < 0.35).all(axis=1) & (wrists[..., 1] > 0.15).all(axis=1)
    )
    frames = to_and_fro(gap, before & seen.upright, 0.22, turns=4, within=2.4)
    return [frame for frame in frames if gap[frame : frame + round(2.4 * FPS)].min() < 0.26]


CLAP: Final = free_action(
    "clap",
    move=clap,
    seconds=2.4,
    detect=clapped,
    phrases=(
        "~clap",
        "~clap {your} hands",
        "~applaud",
        "~give a round of applause",
        "~clap a few times",
    ),
)
