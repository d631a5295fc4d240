"""Biovision hierarchy (``.bvh``): a skeleton with offsets, and channels of numbers for every frame.

Any order of channels is read, position channels on any joint, and end sites. The position channels of a joint replace
its offset in some files and are added to it in others; the values decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final, NoReturn

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import FileFormatError, InputError
from monster.geometry.body import skipped_start
from monster.io.decimals import parse_decimals
from monster.io.formats import MotionFormat, MotionOptions, RawMotion, WriteOptions
from monster.io.motion.bvh_writer import write_bvh
from monster.io.motion.kinematics import euler_matrices, forward
from monster.io.normalise.rigs import Rig, joints_of
from monster.io.sources import FileLike, Source, in_file, opened, short
from monster.skeleton import JOINT_COUNT
from monster.types import Finding, Motion

_AXES: Final = {"x": 0, "y": 1, "z": 2}
_OFF_THE_FLOOR, _ON_THE_FLOOR = 0.25, 0.06  # of the body's size
_MAX_JOINTS: Final = 2000
_MOST: Final = 1e12  # no length or angle is so large; a larger number is damage
_HIERARCHY_WORDS: Final = 200_000


@dataclass(eq=False)
class BvhJoint:
    """One joint: its name, its parent's place in the list (-1 for a root), offset (3,), and channels in their order."""

    name: str
    parent: int
    offset: DoubleArray
    channels: tuple[str, ...] = ()
    is_end: bool = False


@dataclass(frozen=True, eq=False)
class Bvh:
    """A parsed file: joints with parents first, channel values (frames, channels), frames a second."""

    joints: tuple[BvhJoint, ...]
    values: DoubleArray
    fps: float

    def positions(self) -> tuple[DoubleArray, tuple[str, ...]]:
        """World positions (frames, joints, 3) in the file's axes and unit, and notes on how offsets were understood."""
        offsets, added = _offsets(self.joints, self.values)
        notes = [f"positions of {self.joints[index].name} are added to its offset" for index in added]
        positions = forward([joint.parent for joint in self.joints], offsets, _rotations(self.joints, self.values))
        shift = _root_shift(self.joints[0], positions)
        if shift.any():
            notes.append(f"positions of {self.joints[0].name} are added to its offset: so the feet are on the floor")
            positions = positions + shift
        return positions, tuple(notes)


def read_bvh(file: FileLike) -> Bvh:
    """Parse a file. Raises FileFormatError with the reason if it is cut short, mixed up or no BVH at all."""
    with opened(file) as source:
        path, text = source.path, source.text("a BVH file")
    head, found, tail = text.partition("MOTION")
    if "HIERARCHY" not in head[:2000].upper():
        raise FileFormatError(
            f"{path.name}: expected a BVH file that starts with HIERARCHY, got {text[:20].split()[:3]}"
        )
    if not found:
        raise FileFormatError(
            f"{path.name}: expected a MOTION part after the skeleton, got none; is the file cut short?"
        )
    with in_file(path):
        joints = _skeleton(head)
    channels = sum(len(joint.channels) for joint in joints)
    frames, frame_time, numbers = _motion_header(tail, path)
    values = _numbers(numbers, frames, channels, path)
    return Bvh(joints, values, _rate(frame_time))


@lru_cache(maxsize=8)  # many files of a folder share a skeleton
def _skeleton(head: str) -> tuple[BvhJoint, ...]:
    """The joints of a skeleton part. Raises InputError."""
    return tuple(_Hierarchy(head.split()[:_HIERARCHY_WORDS]).parse())


class _Hierarchy:
    """Reads the words of the skeleton part from left to right, without recursion."""

    def __init__(self, words: list[str]) -> None:
        self.words, self.at = words, 0
        self.joints: list[BvhJoint] = []

    def parse(self) -> list[BvhJoint]:
        """All joints, parents first."""
        open_joints: list[int] = []
        current = -1
        while self.at < len(self.words):
            word = self.words[self.at].upper()
            self.at += 1
            if word in ("ROOT", "JOINT", "END"):
                current = self._begin(word, open_joints[-1] if open_joints else -1)
            elif word == "{":
                open_joints.append(current)
            elif word == "}":
                if not open_joints:
                    self._fail("a closing brace too many")
                open_joints.pop()
            elif word in ("OFFSET", "CHANNELS"):
                self._fill(word, current)
            elif word != "HIERARCHY":
                self._fail(f"the word {word[:30]!r}")
        if open_joints or not any(joint.channels for joint in self.joints):
            self._fail("a skeleton without an end" if open_joints else "no joint with channels")
        return self.joints

    def _begin(self, word: str, parent: int) -> int:
        name: list[str] = []
        while self.at < len(self.words) and self.words[self.at] != "{":
            name.append(self.words[self.at])
            self.at += 1
        if len(self.joints) >= _MAX_JOINTS:
            self._fail(f"more than {_MAX_JOINTS} joints")
        self.joints.append(BvhJoint(" ".join(name), parent, np.zeros(3), is_end=word == "END"))
        return len(self.joints) - 1

    def _fill(self, word: str, current: int) -> None:
        if current < 0:
            self._fail(f"{word} before the first joint")
        joint = self.joints[current]
        if word == "OFFSET":
            joint.offset = np.array([self._number() for _ in range(3)])
            return
        joint.channels = tuple(self._word().lower() for _ in range(min(int(self._number()), 6)))
        kinds = {f"{axis}{kind}" for axis in "xyz" for kind in ("position", "rotation")}
        if not set(joint.channels) <= kinds or len(set(joint.channels)) != len(joint.channels):
            self._fail(f"channels {' '.join(joint.channels)[:80]!r} of joint {joint.name!r}")

    def _word(self) -> str:
        self.at += 1
        if self.at > len(self.words):
            self._fail("the end of the file")
        return self.words[self.at - 1]

    def _number(self) -> float:
        word = self._word()
        try:
            number = float(word)
        except ValueError:
            number = np.nan
        if not abs(number) < _MOST:
            self._fail(f"{word[:30]!r} where a number belongs")
        return number

    def _fail(self, got: str) -> NoReturn:
        raise InputError(f"expected a BVH skeleton, got {got}; is the file damaged?")


def _motion_header(tail: str, path: Path) -> tuple[int, float, str]:
    lines = tail.lstrip().split("\n", 2)
    header = [line.partition(":") for line in lines[:2]]
    try:
        frames, frame_time = int(header[0][2]), float(header[1][2])
    except (ValueError, IndexError):
        frames, frame_time = 0, 0.0
    if frames < 1 or not 0.0005 <= frame_time <= 10:
        raise FileFormatError(
            f"{path.name}: expected 'Frames: N' and 'Frame Time: SECONDS' after MOTION, "
            f"got {' / '.join(lines[:2])[:80]!r}"
        )
    return frames, frame_time, lines[2] if len(lines) > 2 else ""


def _numbers(text: str, frames: int, channels: int, path: Path) -> DoubleArray:
    values = parse_decimals(text)
    if values is None or len(values) != frames * channels:
        words = text.split()
        if len(words) != frames * channels:
            raise FileFormatError(
                f"{path.name}: expected {frames} frames of {channels} numbers, got {len(words)} numbers "
                f"({len(words) / channels:.1f} frames); is the file cut short?"
            )
        try:
            values = np.array(words, dtype=np.float64)
        except ValueError as error:
            raise FileFormatError(
                f"{path.name}: expected numbers in the MOTION part, got a word ({short(error)})"
            ) from None
    values = values.reshape(frames, channels)
    if not np.abs(values).max() < _MOST:
        wrong = ~(np.abs(values) < _MOST)
        place = int(np.argwhere(wrong)[0][0])
        raise FileFormatError(
            f"{path.name}: expected numbers, got {int(wrong.sum())} NaN or infinite, the first in frame {place}"
        )
    return values


def _rate(frame_time: float) -> float:
    """Frames a second: the nearest whole number where the file rounds its frame time (0.016667 s is 60)."""
    rate = 1 / frame_time
    return float(round(rate)) if abs(rate - round(rate)) < 1e-4 * rate else round(rate, 3)


def _root_shift(root: BvhJoint, positions: DoubleArray) -> DoubleArray:
    """The root's offset where its position channels are meant to be added to it, else zero.

    Positions of a root are absolute in nearly all files. Where an offset along one axis puts the lowest joint on the
    floor and absolute positions leave it far below or above, they are added.
    """
    nothing = np.zeros(3)
    if not any(name.endswith("position") for name in root.channels) or not root.offset.any():
        return nothing
    size = float(np.median(np.ptp(positions, axis=1).max(axis=-1)))
    if size == 0:
        return nothing
    up = int(np.abs(root.offset).argmax())
    lowest = float(np.percentile(positions[..., up].min(axis=1), 5))
    is_far = abs(lowest) > _OFF_THE_FLOOR * size
    return root.offset if is_far and abs(lowest + root.offset[up]) < _ON_THE_FLOOR * size else nothing


def _rotations(joints: Sequence[BvhJoint], values: DoubleArray) -> DoubleArray:
    """Local rotations (frames, joints, 3, 3); joints with the same order of axes are computed together."""
    columns_of: dict[tuple[int, ...], dict[int, list[int]]] = {}
    for index, channels in enumerate(_channels_of(joints, "rotation")):
        order = tuple(axis for axis, _ in channels)
        columns_of.setdefault(order, {})[index] = [column for _, column in channels]
    rotations = np.empty((len(joints), 3, 3, len(values)))  # frames last: as `forward` computes
    for order, columns in columns_of.items():
        angles = values.T[np.array(list(columns.values()), dtype=np.intp)]
        rotations[list(columns)] = np.moveaxis(euler_matrices(np.moveaxis(angles, 1, -1), order), 1, -1)
    return np.moveaxis(rotations, -1, 0)


def _offsets(joints: Sequence[BvhJoint], values: DoubleArray) -> tuple[DoubleArray, list[int]]:
    """Each joint's place in its parent's frame (frames, joints, 3), and which joints' positions add to the offset."""
    rest = np.stack([joint.offset for joint in joints])
    stated = np.zeros((*rest.shape, len(values)))  # frames last: as `forward` computes
    has_channel = np.zeros((*rest.shape, 1), dtype=bool)
    listed = enumerate(_channels_of(joints, "position"))
    places = [(index, axis, column) for index, channels in listed for axis, column in channels]
    if places:
        indices, axes, columns = (list(each) for each in zip(*places, strict=True))
        stated[indices, axes] = values.T[columns]
        has_channel[indices, axes] = True
    main = np.abs(rest).argmax(axis=1)
    length = rest[np.arange(len(rest)), main]
    below_root = np.array([joint.parent >= 0 for joint in joints])
    unclear = np.flatnonzero(has_channel.any(axis=(1, 2)) & below_root & (length != 0))
    added: list[int] = []
    if len(unclear):
        usual = np.median(stated[unclear, main[unclear]], axis=1)
        added = unclear[np.abs(usual) < np.abs(usual - length[unclear])].tolist()
    stated[added] += rest[added, :, None]
    return np.moveaxis(np.where(has_channel, stated, rest[..., None]), -1, 0), added


def _channels_of(joints: Sequence[BvhJoint], kind: str) -> Iterator[list[tuple[int, int]]]:
    """Axis and column of each joint's channels of a kind ("position" or "rotation"), in the file's order."""
    column = 0
    for joint in joints:
        names = enumerate(joint.channels, column)
        yield [(_AXES[name[0]], place) for place, name in names if name.endswith(kind)]
        column += len(joint.channels)


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    bvh = read_bvh(source)
    positions, notes = bvh.positions()
    names = [joint.name for joint in bvh.joints]
    rig = Rig(names, [joint.parent for joint in bvh.joints], [joint.is_end for joint in bvh.joints])
    with in_file(source.path):
        joints, more = joints_of(rig, positions, options.mapping)
    note = "; ".join((*notes[:1], *more))
    findings = [Finding("joints", f"{JOINT_COUNT} of {len(names)} by name", "detected", note)]
    skipped, reason = skipped_start(joints, bvh.fps)
    if skipped:
        joints = joints[skipped:]
        count = "first frame" if skipped == 1 else f"first {skipped} frames"
        findings.append(Finding("start", f"{count} left out", "detected", reason))
    return RawMotion(joints, bvh.fps, usual_up="y", findings=tuple(findings))


def _write(path: Path, motion: Motion, options: WriteOptions) -> None:
    write_bvh(path, motion)


FORMAT: Final = MotionFormat("bvh", (".bvh",), _read, write=_write)
