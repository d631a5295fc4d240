"""Remarks on a motion, from its geometry alone: they apply to files and to generated joints.

The limits are set so that recorded people (the CMU and Bandai Namco captures) get no remark and damaged recordings do.
A climber or a gymnast may still get one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from monster.arrays import BoolArray, DoubleArray, true_runs
from monster.checks.free_fall import LEAST, MOST, free_fall
from monster.geometry.body import SURE_UP, changing_bone, detect_up, shows_up_by_moving
from monster.provenance import Remark
from monster.skeleton import BONES, INDEX, JOINTS, PARENTS
from monster.types import Motion, person_size

SHORTEST, LONGEST = 0.5, 600.0  # seconds
WINDOW: Final = 10.0  # seconds that the model sees at once
BELOW_FLOOR: Final = 0.1  # metres; a capture's lowest joint stays within 0.06
AIRBORNE, AIRBORNE_TIME = 0.25, 1.5  # seconds; longer than any jump
FASTEST: Final = 12.0  # metres a second; a sprinter's pelvis
JUMP_STEP, JUMP_RATIO = 0.15, 4.0  # metres in one frame, and against the frames around it
STILL: Final = 0.03  # metres; a person who stands still sways more
REPEATED: Final = 1.0  # seconds of equal frames
STRETCH: Final = 0.05  # deviation of a bone's length from its mean; captures stay within 0.03
UNEVEN: Final = 0.2  # how much a limb may differ from the other side's
SLIDE: Final = 0.5  # metres a second of a foot on the floor; a dash reaches 0.28, a roll 0.44
USUAL_SIZE: Final = (1.0, 2.1)  # metres along the body; a child of six to a very tall person


@dataclass(frozen=True, eq=False)
class _Body:
    """A motion, and the quantities that several checks share."""

    motion: Motion

    @cached_property
    def joints(self) -> DoubleArray:
        return self.motion.joints.astype(np.float64)

    @cached_property
    def lowest(self) -> DoubleArray:
        """Height of the lowest joint (frames,)."""
        return np.asarray(self.joints[..., 2].min(axis=1))

    @cached_property
    def steps(self) -> DoubleArray:
        """Distance of each joint from frame to frame: (frames - 1, 22), metres."""
        return np.asarray(np.linalg.norm(np.diff(self.joints, axis=0), axis=2))

    @cached_property
    def bones(self) -> DoubleArray:
        """Lengths of the bones (frames, 21), in the order of BONES."""
        pairs = np.array(BONES)
        return np.asarray(np.linalg.norm(self.joints[:, pairs[:, 0]] - self.joints[:, pairs[:, 1]], axis=2))

    @cached_property
    def ahead(self) -> DoubleArray:
        """Unit vectors (frames, 3) to the front, from hips and spine."""
        across = self.at("left_hip") - self.at("right_hip")
        return _unit(np.cross(across, self.at("neck") - self.at("pelvis")))

    def at(self, name: str) -> DoubleArray:
        """Places of one joint (frames, 3)."""
        return np.asarray(self.joints[:, INDEX[name]])

    def seconds(self, flags: BoolArray) -> tuple[float, int]:
        """The longest stretch of True in seconds, and the frame where it starts."""
        start, length = longest_run(flags)
        return length / self.motion.fps, start


def check_motion(motion: Motion) -> tuple[Remark, ...]:
    """The remarks on a motion, in a fixed order; the motion is not changed."""
    body = _Body(motion)
    if (body.bones.mean(axis=0) < 1e-6).all():
        return (Remark("collapsed", "warning", "all joints are in one place"),)
    found = (check(body) for check in _CHECKS)
    return tuple(remark for remark in found if remark is not None)


def longest_run(flags: BoolArray) -> tuple[int, int]:
    """Start and length of the longest stretch of True; (0, 0) without any."""
    runs = true_runs(flags)
    if len(runs) == 0:
        return 0, 0
    starts, lengths = runs[:, 0], runs[:, 1] - runs[:, 0]
    best = int(lengths.argmax())
    return int(starts[best]), int(lengths[best])


def _duration(body: _Body) -> Remark | None:
    seconds = body.motion.duration
    if seconds < SHORTEST:
        return Remark("short", "warning", f"only {seconds:.2f} s long; is the rate right?")
    if seconds > LONGEST:
        return Remark("long", "warning", f"{seconds / 60:.0f} minutes long; is the rate right, or should it be cut?")
    if seconds > WINDOW:
        return Remark("long", "note", f"{seconds:.1f} s long: encoded in windows of {WINDOW:.0f} s and pooled")
    return None


def _size(body: _Body) -> Remark | None:
    size = person_size(body.motion.joints)
    if USUAL_SIZE[0] <= size <= USUAL_SIZE[1]:
        return None
    return Remark("size", "warning", f"{size:.2f} m along the body is unusual; is the unit metres?")


def _up(body: _Body) -> Remark | None:
    up, lead = detect_up(body.joints)
    if up == "z" or lead < SURE_UP or not shows_up_by_moving(np.asarray(body.joints, dtype=np.float64), up, "z"):
        return None
    return Remark("axes", "warning", f"{up} points up, as the body shows, not z; axes= (--axes) settles it")


def _below_floor(body: _Body) -> Remark | None:
    low = float(body.lowest.min())
    if low >= -BELOW_FLOOR:
        return None
    frame = int(body.lowest.argmin())
    return Remark(
        "below-floor", "warning", f"{JOINTS[_lowest(body, frame)]} is {-low:.2f} m below z = 0, frame {frame}"
    )


def _lowest(body: _Body, frame: int) -> int:
    return int(body.joints[frame, :, 2].argmin())


def _floating(body: _Body) -> Remark | None:
    seconds, start = body.seconds(body.lowest > AIRBORNE)
    if seconds < AIRBORNE_TIME:
        return None
    height = float(np.median(body.lowest[body.lowest > AIRBORNE]))
    text = f"no joint near the floor for {seconds:.1f} s from frame {start} ({height:.2f} m above it)"
    return Remark("floating", "warning", f"{text}; floating, or on something that is not there")


def _jump(body: _Body) -> Remark | None:
    way = body.steps.mean(axis=1)
    around = np.lib.stride_tricks.sliding_window_view(np.pad(way, 5, mode="reflect" if len(way) > 5 else "edge"), 11)
    usual = np.maximum(np.median(around, axis=1), 0.01)
    jumps = (way * body.motion.fps > FASTEST) | ((way > JUMP_STEP) & (way > JUMP_RATIO * usual))
    fast = float(np.median(way) * body.motion.fps)
    if fast > FASTEST / 2:
        text = f"moves at {fast:.0f} m/s all the time; is the place in centimetres, or the rate too high?"
        return Remark("too-fast", "warning", text)
    if not jumps.any():
        return None
    frame = int(way.argmax())
    return Remark("jump", "warning", f"jumps {way[frame]:.2f} m from frame {frame} to the next ({_times(jumps)})")


def _times(flags: BoolArray) -> str:
    count = int(flags.sum())
    return "once" if count == 1 else f"{count} such frames"


def _mirrored(body: _Body) -> Remark | None:
    """Toes and knees point to the front; where they point back, an axis was mirrored or left and right swapped."""
    toes = _median_along(body.ahead, *(body.at(f"{s}_foot") - body.at(f"{s}_ankle") for s in ("left", "right")))
    knees = _median_along(
        body.ahead,
        *(body.at(f"{s}_knee") - (body.at(f"{s}_hip") + body.at(f"{s}_ankle")) / 2 for s in ("left", "right")),
    )
    length = float(np.median(body.bones))
    if not (toes < -0.3 * length or (knees < -0.15 * length and toes < 0.1 * length)):
        return None
    text = "toes and knees point backwards as seen from the hips: left and right swapped, or an axis mirrored"
    return Remark("mirrored", "warning", text)


def _median_along(ahead: DoubleArray, *vectors: DoubleArray) -> float:
    return float(np.median([np.einsum("ti,ti->t", vector, ahead) for vector in vectors]))


def _frozen(body: _Body) -> Remark | None:
    moved = float(np.linalg.norm(body.joints - body.joints[:1], axis=2).max())
    if moved < STILL:
        return Remark("frozen", "warning", f"nothing moves: {moved * 1000:.0f} mm in {body.motion.duration:.1f} s")
    seconds, start = body.seconds(body.steps.max(axis=1) == 0)
    if seconds < REPEATED:
        return None
    return Remark("frozen", "warning", f"stands perfectly still for {seconds:.1f} s from frame {start}; frames repeat")


def _constant(body: _Body) -> Remark | None:
    """Joints that stay in one place of the world, or on their parent, while the body moves."""
    if float(np.median(body.steps.sum(axis=0))) < 0.5:
        return None
    stuck = body.steps.max(axis=0) < 1e-5
    stuck |= np.isin(np.arange(len(JOINTS)), [child for (_, child), size in zip(BONES, body.bones.T, strict=True)
                                              if size.max() < 1e-4])  # fmt: skip
    names = [JOINTS[index] for index in np.flatnonzero(stuck)]
    if not names:
        return None
    return Remark("constant", "warning", f"{', '.join(names[:4])}{', ...' if len(names) > 4 else ''} never moves")


def _t_pose(body: _Body) -> Remark | None:
    flags = _arms_out(body)
    if not flags[0] or flags.mean() > 0.5:
        return None
    frames = int(np.argmin(flags))
    return Remark("t-pose", "warning", f"starts in a T-pose ({frames} frame{'s' if frames > 1 else ''}); cut it off")


def _arms_out(body: _Body) -> BoolArray:
    """Frames with both arms straight out to the sides and both legs straight: (frames,)."""
    out = _unit(body.at("left_hip") - body.at("right_hip"))
    flags = np.ones(len(body.joints), dtype=bool)
    for side, sign in (("left", 1), ("right", -1)):
        arm = _unit(body.at(f"{side}_wrist") - body.at(f"{side}_shoulder"))
        flags &= sign * np.einsum("ti,ti->t", arm, out) > 0.95
        for chain in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle")):
            start, middle, end = (f"{side}_{part}" for part in chain)
            length = body.bones[:, [_bone(middle), _bone(end)]].sum(axis=1)
            flags &= np.linalg.norm(body.at(end) - body.at(start), axis=1) > 0.97 * length
    return flags


def _bone(child: str) -> int:
    return BONES.index((PARENTS[INDEX[child]], INDEX[child]))


def _stretching(body: _Body) -> Remark | None:
    changing = changing_bone(body.joints)
    if changing is not None:
        text = f"bones are not rigid ({changing[0].replace('_', ' ')} changes by {changing[1]:.0%}): no body, or broken"
        return Remark("bone-length", "warning", text)
    change = body.bones.std(axis=0) / np.maximum(body.bones.mean(axis=0), 0.05)
    worst = int(change.argmax())
    if change[worst] < STRETCH:
        return None
    parent, child = BONES[worst]
    text = f"the bone from {JOINTS[parent]} to {JOINTS[child]} changes its length by {change[worst]:.0%}"
    return Remark("bone-length", "warning", f"{text}; noise, or joints that are not tracked well")


def _uneven(body: _Body) -> Remark | None:
    lengths = body.bones.mean(axis=0)
    for part in ("knee", "ankle", "elbow", "wrist"):
        left, right = lengths[_bone(f"left_{part}")], lengths[_bone(f"right_{part}")]
        if min(left, right) < (1 - UNEVEN) * max(left, right):
            text = f"the bone to left_{part} is {left:.2f} m long, to right_{part} {right:.2f} m"
            return Remark("uneven", "warning", f"{text}; are the joints in the order of SMPL?")
    return None


def _slide(body: _Body) -> Remark | None:
    """The speed of a foot along the floor while the body is upright and the foot is down."""
    upright = (body.at("neck") - body.at("pelvis"))[:, 2] > 0.8 * np.linalg.norm(
        body.at("neck") - body.at("pelvis"), axis=1
    )
    speeds = []
    for side in ("left", "right"):
        foot = body.at(f"{side}_foot")
        down = (foot[:, 2] < np.percentile(foot[:, 2], 5) + 0.03) & upright & (body.lowest < 0.1)
        both = down[1:] & down[:-1]
        if both.sum() >= max(5, 0.2 * body.motion.fps):
            way = np.linalg.norm(np.diff(foot[:, :2], axis=0), axis=1)
            speeds.append(float(np.median(way[both])) * body.motion.fps)
    if not speeds or min(speeds) < SLIDE:
        return None
    return Remark("foot-slide", "warning", f"feet slide at {np.mean(speeds):.1f} m/s while they are on the floor")


def _unit(vectors: DoubleArray) -> DoubleArray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _fall(body: _Body) -> Remark | None:
    acceleration = free_fall(body.joints, body.motion.fps)
    if acceleration is None or LEAST <= acceleration <= MOST:
        return None
    likely = body.motion.fps * float(np.sqrt(9.81 / acceleration))
    text = f"falls at {acceleration:.1f} m/s2 in its jumps, not 9.8; its rate may be {likely:.0f}, not"
    return Remark("free-fall", "warning", f"{text} {body.motion.fps:g} frames a second: fps= (--source-fps) settles it")


_CHECKS: Final[tuple[Callable[[_Body], Remark | None], ...]] = (
    _duration, _size, _up, _below_floor, _floating, _jump, _mirrored, _frozen, _constant, _t_pose, _stretching,
    _uneven, _slide, _fall,
)  # fmt: skip
