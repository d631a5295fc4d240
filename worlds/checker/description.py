"""Describes a motion in a room as timed entries: detected actions, walks and turns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from monster.arrays import BoolArray
from worlds.actions.registry import ACTIONS
from worlds.checker.claims import candidate_targets, detect_frames
from worlds.geometry.kinematics import FPS, STOP_SPEED, MotionKinematics, smoothed, spans
from worlds.geometry.relations import FloorPlan
from worlds.types import ActionName, Targets

FrameSpan = tuple[int, int]  # first frame, and the frame after the last
_LEAST_WALK: Final = 0.5  # metres
_LEAST_TURN: Final = np.radians(45)
_MIN_TURN_RATE: Final = np.radians(30)  # per second
_FRAME_TOLERANCE: Final = 3  # by which a detection may shift when the motion is cut
_MIN_FRAMES: Final = 8  # that detectors need
_MAX_PAUSE: Final = 0.4  # seconds of standing still that do not end a walk or a turn


def describe(motion: MotionKinematics, floor_plan: FloorPlan) -> list[dict[str, Any]]:
    """Entries sorted by start, with "action", "start" and "end" in seconds and "objects".

    Walks also have "metres", turns "degrees".
    """
    entries = [*_walks(motion), *_turns(motion), *_ActionSpans(motion, floor_plan).entries()]
    return sorted(entries, key=lambda entry: (entry["start"], entry["end"], entry["action"]))


def _entry(action: str, span: FrameSpan, objects: Targets = (), **more: float) -> dict[str, Any]:
    start, end = (round(frame / FPS, 2) for frame in span)
    named = [{"id": object_.id, "category": object_.category} for object_ in objects]
    return {"action": action, "start": start, "end": end, "objects": named, **more}


def _walks(motion: MotionKinematics) -> Iterator[dict[str, Any]]:
    steps = np.linalg.norm(np.diff(motion.pelvis[:, :2], axis=0, prepend=motion.pelvis[:1, :2]), axis=1)
    for start, end in _walking(motion):
        metres = float(steps[start:end].sum())
        if metres >= _LEAST_WALK:
            yield _entry("walk", (start, end), metres=round(metres, 2))


def _turns(motion: MotionKinematics) -> Iterator[dict[str, Any]]:
    """Spans in which the heading of the hips keeps turning to one side."""
    yaw = np.unwrap(np.arctan2(motion.heading[:, 1], motion.heading[:, 0]))
    rate = np.gradient(smoothed(yaw, 2)) * FPS if len(yaw) > 1 else np.zeros(len(yaw))
    for side in (1, -1):
        for start, end in spans(side * rate > _MIN_TURN_RATE, _MAX_PAUSE):
            turned = float(yaw[end - 1] - yaw[start])
            if side * turned >= _LEAST_TURN:
                yield _entry("turn", (start, end), degrees=round(float(np.degrees(turned)), 1))


class _ActionSpans:
    """Finds the time spans of the actions of a motion in a room."""

    def __init__(self, motion: MotionKinematics, floor_plan: FloorPlan) -> None:
        self.motion, self.floor_plan = motion, floor_plan
        self.walks = _walking(motion)

    def entries(self) -> Iterator[dict[str, Any]]:
        """One entry for each span of each action on each of its targets."""
        for action in ACTIONS.names:
            for objects in candidate_targets(action, self.floor_plan, self.motion):
                frames = detect_frames(action, objects, self.floor_plan, self.motion)
                for span in sorted({self._span(action, objects, frame) for frame in frames}):
                    yield _entry(action, span, objects)

    def _span(self, action: ActionName, objects: Targets, frame: int) -> FrameSpan:
        """The span of the action detected at ``frame``, by the action's `Extent`."""
        extent = ACTIONS[action].extent
        if extent.starts_rest is not None:
            return _span_at(extent.starts_rest(objects[0], self.motion), frame)
        if extent.ends_rest is not None:
            resting = np.flatnonzero(extent.ends_rest(objects[0], self.motion)[:frame])
            return int(resting.max(initial=0)), frame + 1
        if extent.is_walk:
            walks = [span for span in self.walks if span[0] <= frame]
            return walks[-1] if walks else (frame, frame + 1)
        return frame, self._first_detection(action, objects, frame)

    def _first_detection(self, action: ActionName, objects: Targets, frame: int) -> int:
        """The length of the shortest prefix of the motion in which the detector finds ``frame``."""
        low, high = max(frame, _MIN_FRAMES), len(self.motion)
        while low + 1 < high:
            middle = (low + high) // 2
            detected = detect_frames(action, objects, self.floor_plan, MotionKinematics(self.motion.joints[:middle]))
            if any(abs(other - frame) <= _FRAME_TOLERANCE for other in detected):
                high = middle
            else:
                low = middle
        return high


def _walking(motion: MotionKinematics) -> list[FrameSpan]:
    return spans(motion.speed > STOP_SPEED, _MAX_PAUSE)


def _span_at(state: BoolArray, frame: int) -> FrameSpan:
    """The span of the state that contains ``frame``; the frame alone if there is none."""
    for start, end in spans(state):
        if start <= frame < end:
            return start, end
    return frame, frame + 1
