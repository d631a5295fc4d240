"""What a motion does in a room, with times: every action that the detectors find, walks and turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from worlds.actions.registry import ACTIONS
from worlds.checker.claims import all_targets, moments_of
from worlds.geometry.kinematics import FPS, STOP_SPEED, Mask, MotionKinematics, smoothed, spans
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, Targets

Span = tuple[int, int]  # first frame, and the frame after the last
_LEAST_WALK: Final = 0.5  # metres
_LEAST_TURN: Final = np.radians(45)
_TURNING: Final = np.radians(30)  # a second
_SAME: Final = 3  # frames by which a moment may differ in a shorter motion
_SHORTEST: Final = 8  # frames that detectors need
_PAUSE: Final = 0.4  # seconds of standing still that do not end a walk or a turn


def describe(seen: MotionKinematics, plan: FloorPlan) -> list[dict[str, Any]]:
    """Entries by start: "action", "start" and "end" in seconds, "objects"; of walks "metres", of turns "degrees"."""
    entries = [*_walks(seen), *_turns(seen), *_ActionSpans(seen, plan).entries()]
    return sorted(entries, key=lambda entry: (entry["start"], entry["end"], entry["action"]))


def _entry(action: str, span: Span, objects: Targets = (), **more: float) -> dict[str, Any]:
    start, end = (round(frame / FPS, 2) for frame in span)
    named = [{"id": object_.id, "category": object_.category} for object_ in objects]
    return {"action": action, "start": start, "end": end, "objects": named, **more}


def _walks(seen: MotionKinematics) -> Iterator[dict[str, Any]]:
    steps = np.linalg.norm(np.diff(seen.pelvis[:, :2], axis=0, prepend=seen.pelvis[:1, :2]), axis=1)
    for start, end in _walking(seen):
        metres = float(steps[start:end].sum())
        if metres >= _LEAST_WALK:
            yield _entry("walk", (start, end), metres=round(metres, 2))


def _turns(seen: MotionKinematics) -> Iterator[dict[str, Any]]:
    """Turns of the hips' heading: stretches in which it keeps turning to one side."""
    yaw = np.unwrap(np.arctan2(seen.heading[:, 1], seen.heading[:, 0]))
    rate = np.gradient(smoothed(yaw, 2)) * FPS if len(yaw) > 1 else np.zeros(len(yaw))
    for side in (1, -1):
        for start, end in spans(side * rate > _TURNING, _PAUSE):
            turned = float(yaw[end - 1] - yaw[start])
            if side * turned >= _LEAST_TURN:
                yield _entry("turn", (start, end), degrees=round(float(np.degrees(turned)), 1))


class _ActionSpans:
    """When the actions of a motion in a room happen."""

    def __init__(self, seen: MotionKinematics, plan: FloorPlan) -> None:
        self.seen, self.plan = seen, plan
        self.walks = _walking(seen)

    def entries(self) -> Iterator[dict[str, Any]]:
        """One entry for each stretch of each action on each of its targets."""
        for action in ACTIONS.names:
            for objects in all_targets(action, self.plan, self.seen):
                moments = moments_of(action, objects, self.plan, self.seen)
                for span in sorted({self._span(action, objects, moment) for moment in moments}):
                    yield _entry(action, span, objects)

    def _span(self, action: ActionName, objects: Targets, moment: int) -> Span:
        """When the action that is found at the moment begins, and by when it is done or, for a rest, over."""
        extent = ACTIONS[action].extent
        if extent.starts_rest is not None:
            return _around(extent.starts_rest(objects[0], self.seen), moment)
        if extent.ends_rest is not None:
            resting = np.flatnonzero(extent.ends_rest(objects[0], self.seen)[:moment])
            return int(resting.max(initial=0)), moment + 1
        if extent.is_walk:
            walks = [span for span in self.walks if span[0] <= moment]
            return walks[-1] if walks else (moment, moment + 1)
        return moment, self._proven_by(action, objects, moment)

    def _proven_by(self, action: ActionName, objects: Targets, moment: int) -> int:
        """The length of the shortest beginning of the motion in which the detector finds the moment."""
        low, high = max(moment, _SHORTEST), len(self.seen)
        while low + 1 < high:
            middle = (low + high) // 2
            found = moments_of(action, objects, self.plan, MotionKinematics(self.seen.joints[:middle]))
            if any(abs(other - moment) <= _SAME for other in found):
                high = middle
            else:
                low = middle
        return high


def _walking(seen: MotionKinematics) -> list[Span]:
    return spans(seen.speed > STOP_SPEED, _PAUSE)


def _around(state: Mask, moment: int) -> Span:
    """The stretch of the state that contains the moment."""
    return next((span for span in spans(state) if span[0] <= moment < span[1]), (moment, moment + 1))
