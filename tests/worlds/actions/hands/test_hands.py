from functools import lru_cache

import numpy as np
import pytest
from handmade import BOX, CUPBOARD, DOOR, PARCEL, SHELF, SINK, TABLE, WORKTOP, act, plain_room, workshop

from worlds.actions.hands.reach_for import reach_for
from worlds.actions.perform import LONGEST, SHORTEST, perform
from worlds.actions.performing.actor import Actor, Setting
from worlds.actions.registry import ACTIONS
from worlds.actions.walking.walk_to import walk_to
from worlds.geometry.kinematics import MotionKinematics
from worlds.people.body import ANKLES, BALLS, ELBOWS, HEAD, SHOULDERS, WRISTS, bone_lengths, make_body
from worlds.rooms.floor import free_floor
from worlds.types import ActionInstance, Performance, Room

ROOM, SHOP = plain_room(), workshop()
DEEDS: tuple[tuple[ActionInstance, ...], ...] = (
    (act("point at", CUPBOARD),), (act("point at", BOX),), (act("open", DOOR),), (act("open", CUPBOARD),),
    (act("knock on", DOOR),), (act("knock on", CUPBOARD),), (act("pick up", BOX),), (act("pick up", PARCEL),),
    (act("put down on", WORKTOP),), (act("lean on", WORKTOP),), (act("wipe", WORKTOP),), (act("wash hands at", SINK),),
    (act("pick up", BOX), act("put down on", WORKTOP)), (act("open", CUPBOARD), act("lean on", WORKTOP)),
)  # fmt: skip


@lru_cache(maxsize=128)
def played(plan: tuple[ActionInstance, ...], seed: int = 0) -> Performance:
    """The first performance of the plan that the seeds from ``seed`` on give."""
    for number in range(seed, seed + 6):
        found = perform(SHOP, plan, np.random.default_rng(number))
        if found is not None:
            return found
    raise AssertionError(f"no performance of {plan}")


def actor_in(room: Room, *, seed: int = 0) -> Actor:
    rng = np.random.default_rng(seed)
    return Actor(room, free_floor(room), make_body(1.7), rng, speed=1.2, tempo=1.0, longest=4.0)


@pytest.mark.parametrize("plan", DEEDS)
def test_every_performance_is_sound(plan: tuple[ActionInstance, ...]) -> None:
    touched = [target for instance in plan for target in instance.targets]
    for seed in (0, 20, 40):
        joints = played(plan, seed).joints.astype(float)
        assert SHORTEST <= len(joints) <= LONGEST
        assert np.isfinite(joints).all()
        assert np.ptp(bone_lengths(joints), axis=0).max() < 0.001
        assert joints[..., 2].min() > -0.01
        accelerations = np.linalg.norm(np.diff(joints, 2, axis=0), axis=2) * 400
        assert accelerations.max() < 110
        assert accelerations[:, [0, HEAD]].max() < 25
        for thing in SHOP.objects:
            solid = thing.solids[0]
            own = np.abs(thing.to_local(joints.reshape(-1, 3)) - np.array(solid.center))
            depth = (np.array(solid.size) / 2 - own).min(axis=1).reshape(len(joints), -1).max(axis=1)
            resting = PARCEL if WORKTOP in touched else WORKTOP if PARCEL in touched else -1
            if thing.id not in (*touched, resting):
                assert (depth > 0.05).mean() < 0.01, thing.category


@pytest.mark.parametrize("plan", DEEDS)
def test_most_seeds_can_do_it(plan: tuple[ActionInstance, ...]) -> None:
    floor = free_floor(SHOP)
    done = [perform(SHOP, plan, np.random.default_rng(seed), floor=floor) is not None for seed in range(10)]
    assert np.mean(done) >= 0.8


def test_feet_that_stand_stay_where_they_are_while_hands_work() -> None:
    for action, target in (("pick up", BOX), ("lean on", WORKTOP), ("open", CUPBOARD), ("wipe", WORKTOP)):
        joints = played((act(action, target),)).joints.astype(float)
        for ankle, ball in zip(ANKLES, BALLS, strict=True):
            down = (joints[:, ball, 2] < 0.031) & (joints[:, ankle, 2] < 0.09)
            steps = np.linalg.norm(np.diff(joints[:, ball, :2], axis=0), axis=1)[down[1:] & down[:-1]]
            assert np.percentile(steps, 90) < 0.002


def test_elbows_never_bend_backwards() -> None:
    """The elbow lies behind or below the straight line from shoulder to wrist, never before it, above it."""
    for plan in DEEDS:
        seen = MotionKinematics.of(played(plan).joints)
        joints = seen.joints
        for shoulder, elbow, wrist in zip(SHOULDERS, ELBOWS, WRISTS, strict=True):
            middle = (joints[:, shoulder] + joints[:, wrist]) / 2
            out = joints[:, elbow] - middle
            ahead = (out[:, :2] * seen.heading).sum(axis=1)
            assert not ((ahead > 0.08) & (out[:, 2] > 0.08)).any(), plan


def test_hands_work_outside_the_trunk() -> None:
    for plan in DEEDS:
        joints = played(plan).joints.astype(float)
        trunk = joints[:, [0, 3, 6, 9]]
        gaps = np.linalg.norm(joints[:, WRISTS, None] - trunk[:, None], axis=3)
        assert gaps.min() > 0.11, plan


def test_a_picked_up_box_is_carried_to_where_it_is_put_down() -> None:
    performance = played((act("pick up", BOX), act("put down on", WORKTOP)))
    seen = MotionKinematics.of(performance.joints)
    lifted = int(np.flatnonzero(seen.carrying)[0])
    walking = seen.speed > 0.5
    walking[:lifted] = False
    assert walking.sum() > 8
    assert seen.carrying[walking].mean() > 0.95
    apart = np.linalg.norm(seen.pair("wrist")[:, 0] - seen.pair("wrist")[:, 1], axis=1)[walking]
    assert np.ptp(apart) < 0.08  # the hands keep what is between them
    assert not seen.carrying[-1]


def test_who_carries_has_no_hand_for_anything_else() -> None:
    for action in ("point at", "open", "knock on", "pick up", "lean on", "wipe", "wash hands at", "reach for"):
        actor = actor_in(SHOP)
        actor.load = 0.3
        for thing in SHOP.objects:
            assert not ACTIONS[action].perform(actor, (thing,), True)
        assert actor.timeline is None


def test_nothing_is_put_down_by_hands_that_were_empty() -> None:
    assert (
        perform(
            SHOP,
            [act("open", CUPBOARD), act("put down on", WORKTOP)],
            np.random.default_rng(0),
        )
        is None
    )
    carried = perform(
        SHOP,
        [act("walk to", CUPBOARD), act("put down on", WORKTOP)],
        np.random.default_rng(0),
    )
    assert carried is not None
    assert MotionKinematics.of(carried.joints).carrying[:20].all()  # it came with something in its hands


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("open", {DOOR, CUPBOARD}), ("knock on", {DOOR, CUPBOARD}), ("pick up", {BOX, PARCEL}),
        ("put down on", {WORKTOP}), ("lean on", {WORKTOP}), ("wipe", {WORKTOP}), ("wash hands at", {SINK}),
    ],
)  # fmt: skip
def test_possible_is_what_the_things_are_for(action: str, expected: set[int]) -> None:
    found = ACTIONS[action].find_targets(Setting(SHOP, free_floor(SHOP), make_body()))
    assert {target for (target,) in found} == expected


def test_reaching_ends_with_the_hand_there_or_back() -> None:
    ends = set()
    for seed in range(12):
        actor = actor_in(ROOM, seed=seed)
        assert reach_for(actor, (ROOM.by_id(SHELF),), True)
        assert actor.timeline is not None
        ends.add(max(actor.timeline.last("reach")))
    assert ends == {0.0, 1.0}


def test_reaching_on_the_way_takes_the_hand_back_while_leaving() -> None:
    actor = actor_in(ROOM, seed=2)
    assert reach_for(actor, (ROOM.by_id(SHELF),), False)
    assert actor.timeline is not None
    assert actor.timeline.last("reach") == (0.0, 0.0)
    before = actor.timeline.now
    assert walk_to(actor, (ROOM.by_id(TABLE),), True)
    weights = actor.timeline._sampled("reach", np.arange(actor.timeline.frames) / 20).max(axis=1)
    assert weights[round(before * 20)] > 0.05
    assert weights[-1] == pytest.approx(0.0, abs=1e-6)
