from functools import cache

import numpy as np
import pytest
from handmade import BOX, CUPBOARD, DOOR, PARCEL, SHELF, SINK, WORKTOP, act, plain_room, workshop

from worlds.actions.perform import perform
from worlds.checker.claims import detect_frames
from worlds.geometry.kinematics import MotionKinematics, reversals
from worlds.geometry.relations import FloorPlan
from worlds.rooms.floor import free_floor
from worlds.types import Room

SHOP, ROOM = workshop(), plain_room()
TWINS: dict[int, int] = {DOOR: CUPBOARD, CUPBOARD: DOOR, BOX: PARCEL, PARCEL: BOX}  # what else it could be done to
DEEDS: tuple[tuple[str, int], ...] = (
    ("point at", CUPBOARD), ("point at", BOX), ("open", DOOR), ("open", CUPBOARD), ("knock on", DOOR),
    ("knock on", CUPBOARD), ("pick up", BOX), ("pick up", PARCEL), ("put down on", WORKTOP), ("lean on", WORKTOP),
    ("wipe", WORKTOP), ("wash hands at", SINK),
)  # fmt: skip
HANDS: tuple[str, ...] = tuple(dict.fromkeys(action for action, _ in DEEDS))
SEEDS = range(20)


@cache
def seen_of(action: str, target: int) -> list[MotionKinematics]:
    """Performances of the action by many bodies."""
    room: Room = ROOM if action == "reach for" else SHOP
    floor = free_floor(room)
    found = [perform(room, [act(action, target)], np.random.default_rng(seed), floor=floor) for seed in SEEDS]
    return [MotionKinematics.of(np.round(one.joints, 3)) for one in found if one is not None]


@pytest.mark.parametrize(("action", "target"), DEEDS)
def test_what_was_performed_is_found_and_of_that_object_alone(action: str, target: int) -> None:
    plan, performances = FloorPlan(SHOP), seen_of(action, target)
    assert len(performances) >= 0.8 * len(SEEDS)
    found = [bool(detect_frames(action, [SHOP.by_id(target)], plan, seen)) for seen in performances]
    assert np.mean(found) >= 0.95
    for other in SHOP.objects:
        if other.id != target:
            assert not any(detect_frames(action, [other], plan, seen) for seen in performances), other.category


@pytest.mark.parametrize(("action", "target"), DEEDS)
def test_a_motion_that_is_moved_away_does_nothing(action: str, target: int) -> None:
    for seen in seen_of(action, target)[:5]:
        moved = MotionKinematics.of(seen.joints + np.array([7.0, 0.0, 0.0]))
        assert not detect_frames(action, [SHOP.by_id(target)], FloorPlan(SHOP), moved)


@pytest.mark.parametrize(("action", "target"), DEEDS)
def test_no_hand_does_two_things_at_once(action: str, target: int) -> None:
    plan = FloorPlan(SHOP)
    for other in HANDS:
        if other != action:
            mistaken = [any(detect_frames(other, [thing], plan, seen) for thing in SHOP.objects)
                        for seen in seen_of(action, target)]  # fmt: skip
            assert np.mean(mistaken) < 0.05, other


def test_reaching_is_nothing_else() -> None:
    plan = FloorPlan(ROOM)
    for seen in seen_of("reach for", SHELF):
        assert detect_frames("reach for", [ROOM.by_id(SHELF)], plan, seen)
        for other in HANDS:
            assert not any(detect_frames(other, [thing], plan, seen) for thing in ROOM.objects), other


def test_a_box_put_down_is_not_picked_up() -> None:
    plan = FloorPlan(SHOP)
    for seen in seen_of("pick up", BOX)[:8]:
        backwards = MotionKinematics.of(seen.joints[::-1])
        assert not detect_frames("pick up", [SHOP.by_id(BOX)], plan, backwards)


def test_hands_that_stop_short_of_the_door_have_not_knocked() -> None:
    plan, door = FloorPlan(SHOP), SHOP.by_id(DOOR)
    for seen in seen_of("knock on", DOOR)[:8]:
        assert not detect_frames("knock on", [door], plan, seen.joints + np.array([0.0, 0.25, 0.0]))


def test_standing_with_arms_down_is_no_carrying_and_carrying_is() -> None:
    for seen in seen_of("pick up", BOX)[:8]:
        assert not seen.carrying[0]
        assert seen.carrying[-1]


@pytest.mark.parametrize(
    ("track", "expected"),
    [([0, 1, 2, 3], 0), ([0, 1, 0], 1), ([0, 1, 0, 1], 2), ([0, 0.1, 0, 0.1, 0], 0), ([0, -1, 0, -1, 0], 3)],
)
def test_reversals_are_counted_when_far_enough(track: list[float], expected: int) -> None:
    assert reversals(np.array(track, dtype=float), 0.5) == expected
