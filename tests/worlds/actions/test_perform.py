from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from handmade import BED, CHAIR, SHELF, TABLE, act, cupboard_all_round, plain_room

from monster.errors import InputError
from monster.skeleton import INDEX
from worlds.actions.perform import LONGEST, SHORTEST, find_candidates, perform
from worlds.checker.claims import detect_frames
from worlds.geometry.relations import FloorPlan
from worlds.people.body import ANKLES, BALLS, HEAD, WRISTS, bone_lengths
from worlds.rooms.floor import free_floor
from worlds.rooms.rooms import make_room
from worlds.types import ActionInstance, Performance, Room

Steps = tuple[ActionInstance, ...]
PLANS: tuple[Steps, ...] = (
    (act("walk to", CHAIR),), (act("walk to", TABLE),), (act("sit on", CHAIR),), (act("sit on", BED),),
    (act("lie on", BED),), (act("stand up from", CHAIR),), (act("reach for", SHELF),), (act("reach for", TABLE),),
    (act("point at", SHELF),), (act("point at", CHAIR),), (act("stand up from", CHAIR), act("walk to", TABLE)),
    (act("walk to", TABLE), act("sit on", CHAIR)), (act("reach for", SHELF), act("sit on", CHAIR)),
    (act("sit on", CHAIR), act("stand up from", CHAIR)), (act("walk past", TABLE),), (act("walk around", CHAIR),),
    (act("walk between", CHAIR, SHELF),), (act("walk away from", SHELF),), (act("back away from", SHELF),),
    (act("turn to", SHELF),), (act("look at", BED),), (act("get up from", BED),), (act("kneel beside", TABLE),),
    (act("crouch beside", BED),), (act("walk past", TABLE), act("turn to", BED)),
    (act("lie on", BED), act("get up from", BED)), (act("kneel beside", TABLE), act("walk away from", TABLE)),
    (act("turn to", SHELF), act("walk to", SHELF)),
)  # fmt: skip
ROOM = plain_room()


@lru_cache(maxsize=64)
def played(plan: Steps, seed: int = 0) -> Performance:
    """The first performance of the plan that the seeds from ``seed`` on give."""
    for number in range(seed, seed + 12):
        found = perform(ROOM, plan, np.random.default_rng(number))
        if found is not None:
            return found
    raise AssertionError(f"no performance of {plan}")


def each() -> Iterator[tuple[Steps, Performance]]:
    return ((plan, played(plan)) for plan in PLANS)


def penetration(room: Room, joints: np.ndarray, but: Sequence[int]) -> np.ndarray:
    """The depth (frames,) of the deepest joint inside any solid of other objects."""
    deepest = np.full(len(joints), -np.inf)
    for thing in room.objects:
        for solid in thing.solids if thing.id not in but else ():
            own = np.abs(thing.to_local(joints.reshape(-1, 3)) - np.array(solid.center))
            depth = (np.array(solid.size) / 2 - own).min(axis=1).reshape(len(joints), -1).max(axis=1)
            deepest = np.maximum(deepest, depth)
    return deepest


@pytest.mark.parametrize("plan", PLANS)
def test_every_performance_is_sound(plan: Steps) -> None:
    for seed in (0, 20, 40):
        performance = played(plan, seed)
        joints = performance.joints.astype(float)
        assert performance.joints.dtype == np.float32
        assert SHORTEST <= len(joints) <= LONGEST
        assert np.isfinite(joints).all()
        assert np.ptp(bone_lengths(joints), axis=0).max() < 0.001
        assert joints[..., 2].min() > -0.01
        assert (
            penetration(ROOM, joints, [target for instance in plan for target in instance.targets]) > 0.05
        ).mean() < 0.01
        accelerations = np.linalg.norm(np.diff(joints, 2, axis=0), axis=2) * 400
        assert accelerations.max() < 110  # CMU walks: feet to 62, brisk ones more
        assert accelerations[:, [0, HEAD]].max() < 25


@pytest.mark.parametrize("plan", PLANS)
def test_actions_are_the_sequence_in_order_over_all_frames(plan: Steps) -> None:
    performance = played(plan)
    assert [replace(instance, frames=None) for instance in performance.actions] == list(plan)
    frames = [instance.frames for instance in performance.actions]
    assert all(span for span in frames)
    assert [number for span in frames for number in span] == list(range(len(performance.joints)))


@pytest.mark.parametrize("plan", PLANS)
def test_the_checker_sees_what_was_planned(plan: Steps) -> None:
    world = FloorPlan(ROOM)
    for seed in (0, 20):
        joints, after = played(plan, seed).joints, -1
        for action, targets in ((instance.action, instance.targets) for instance in plan):
            later = [
                moment
                for moment in detect_frames(action, [ROOM.by_id(target) for target in targets], world, joints)
                if moment > after
            ]
            assert later, (action, targets)
            after = later[0]


def slides(joints: np.ndarray) -> list[float]:
    """How far a foot that stands flat moves over the floor, for each stand."""
    found = []
    for ankle, ball in zip(ANKLES, BALLS, strict=True):
        down = (joints[:, ball, 2] < 0.031) & (joints[:, ankle, 2] < 0.09)
        moved = np.linalg.norm(np.diff(joints[:, ball, :2], axis=0), axis=1)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], down[1:] & down[:-1], [0]]).astype(int)))
        found += [moved[a:b].sum() for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 2]
    return found


def test_feet_that_carry_weight_do_not_slide() -> None:
    every = [slide for _, performance in each() for slide in slides(performance.joints.astype(float))]
    assert len(every) > 50
    assert np.median(every) < 0.005


def test_who_walks_to_something_ends_beside_it_facing_it() -> None:
    for target in (CHAIR, TABLE, SHELF, BED):
        joints, thing = played((act("walk to", target),)).joints.astype(float), ROOM.by_id(target)
        pelvis = joints[-1, 0]
        assert 0.3 < thing.distance(pelvis)[0] < 0.65
        across = joints[-1, INDEX["right_hip"]] - joints[-1, INDEX["left_hip"]]
        ahead = np.array([-across[1], across[0]]) / np.linalg.norm(across[:2])
        assert thing.distance(pelvis[:2] + 0.4 * ahead)[0] < 0.3
        assert np.linalg.norm(joints[-1, 0] - joints[-5, 0]) < 0.03
        assert np.linalg.norm(np.diff(joints[:, 0, :2], axis=0), axis=1).sum() > 0.9


def test_who_sits_has_the_pelvis_on_the_seat_and_the_feet_on_the_floor() -> None:
    for target in (CHAIR, BED):
        joints, thing = played((act("sit on", target),)).joints.astype(float), ROOM.by_id(target)
        seat = thing.to_room(np.array(thing.seats))[0]
        assert joints[-1, 0, :2] == pytest.approx(seat[:2], abs=0.04)
        assert 0.07 < joints[-1, 0, 2] - seat[2] < 0.13
        assert joints[-1, list(BALLS), 2].max() < 0.05


def test_who_lies_has_head_and_pelvis_on_the_bed() -> None:
    joints, thing = played((act("lie on", BED),)).joints.astype(float), ROOM.by_id(BED)
    assert thing.lying is not None
    points = thing.to_room(np.array(thing.lying))
    assert joints[-1, HEAD, :2] == pytest.approx(points[1, :2], abs=0.1)
    assert (np.abs(joints[-1, [0, HEAD], 2] - points[0, 2] - 0.1) < 0.08).all()


def test_who_reaches_has_a_wrist_at_a_handle_for_a_while() -> None:
    for target in (SHELF, TABLE):
        joints, thing = played((act("reach for", target),)).joints.astype(float), ROOM.by_id(target)
        handles = thing.to_room(np.array(thing.handles))
        gaps = np.linalg.norm(joints[:, list(WRISTS), None] - handles, axis=3).min(axis=(1, 2))
        assert (gaps < 0.12).sum() >= 8


def test_who_stands_up_starts_on_the_seat_and_goes_away() -> None:
    joints, thing = played((act("stand up from", CHAIR),)).joints.astype(float), ROOM.by_id(CHAIR)
    seat = thing.to_room(np.array(thing.seats))[0]
    assert joints[0, 0] == pytest.approx([*seat[:2], seat[2] + 0.1], abs=0.05)
    assert 0.3 < np.linalg.norm(joints[-1, 0, :2] - seat[:2]) < 2.5


def test_styles_walk_at_their_speed() -> None:
    pace: dict[str, list[float]] = {}
    for seed in range(24):
        performance = perform(ROOM, [act("walk to", SHELF)], np.random.default_rng(seed))
        assert performance is not None
        speed = np.linalg.norm(np.diff(performance.joints[:, 0, :2], axis=0), axis=1) * 20
        pace.setdefault(performance.style, []).append(float(np.percentile(speed, 80)))
    assert np.median(pace["slowly"]) < 0.85 < np.median(pace["normal"]) < 1.4 < np.median(pace["quickly"])


def test_the_same_seed_gives_the_same_performance() -> None:
    floor = free_floor(ROOM)
    first, again = (perform(ROOM, [act("sit on", CHAIR)], np.random.default_rng(5), floor=floor) for _ in range(2))
    other = perform(ROOM, [act("sit on", CHAIR)], np.random.default_rng(6))
    assert first is not None and again is not None and other is not None
    assert np.array_equal(first.joints, again.joints)
    assert first.actions == again.actions
    assert first.joints.shape != other.joints.shape or not np.allclose(first.joints, other.joints)


@pytest.mark.parametrize(
    "plan",
    [
        [act("sit on", TABLE)], [act("lie on", CHAIR)], [act("reach for", CHAIR)], [act("stand up from", SHELF)],
        [act("lie on", BED), act("walk to", CHAIR)], [act("walk to", TABLE), act("stand up from", CHAIR)],
    ],
)  # fmt: skip
def test_impossible_plans_give_nothing(plan: list[ActionInstance]) -> None:
    assert all(perform(ROOM, plan, np.random.default_rng(seed)) is None for seed in range(4))


def test_nobody_gets_to_what_is_shut_in() -> None:
    room = plain_room(*cupboard_all_round())
    rng = np.random.default_rng(0)
    for action in ("walk to", "sit on", "stand up from"):
        assert perform(room, [act(action, CHAIR)], rng) is None  # type: ignore[list-item]
    afar = ("look at", "turn to", "point at")
    found = [one.action for one in find_candidates(room, free_floor(room)) if CHAIR in one.targets]
    assert set(found) <= set(afar)


def test_wrong_plans_are_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(InputError, match="one to three actions"):
        perform(ROOM, [], rng)
    with pytest.raises(InputError, match=r"expected 'walk to' with the ids of 1 objects of this room, got \(99,\)"):
        perform(ROOM, [act("walk to", 99)], rng)


def test_candidates_are_what_the_objects_are_for() -> None:
    found = set(find_candidates(ROOM, free_floor(ROOM)))
    assert {
        act("walk to", TABLE),
        act("sit on", CHAIR),
        act("stand up from", BED),
        act("lie on", BED),
        act("reach for", SHELF),
    } <= found
    assert not found & {
        act("sit on", TABLE),
        act("lie on", CHAIR),
        act("reach for", BED),
    }


@pytest.mark.parametrize("kind", ["bedroom", "living room", "kitchen", "office"])
def test_candidates_of_generated_rooms_can_mostly_be_played_and_are_true(kind: str) -> None:
    rng = np.random.default_rng(3)
    room = make_room(kind, rng)
    floor, world = free_floor(room), FloorPlan(room)
    found = find_candidates(room, floor)
    picked = [found[index] for index in rng.permutation(len(found))[:10]]
    performances = [(step, perform(room, [step], rng, floor=floor)) for step in picked]
    played_ones = [(step, performance) for step, performance in performances if performance is not None]
    assert len(played_ones) >= 0.8 * len(picked)
    for instance, performance in played_ones:
        things = [room.by_id(target) for target in instance.targets]
        assert detect_frames(instance.action, things, world, performance.joints), instance
        assert (penetration(room, performance.joints.astype(float), instance.targets) > 0.05).mean() < 0.05
