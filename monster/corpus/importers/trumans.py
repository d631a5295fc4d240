"""TRUMANS: one actor's recordings in a hundred furnished rooms, with the text of each action, in two layouts.

Jiang et al., "Scaling up dynamic human-scene interaction modeling" (CVPR 2024); the layout is that of the README of
github.com/jnnan/trumans_utils: arrays over all frames (``seg_name.npy``, ``scene_flag.npy``, ``scene_list.npy`` and
``human_joints.npy``, or ``human_pose.npy`` 63 wide with ``human_orient.npy`` and ``human_transl.npy``), ``Actions/
SEGMENT.txt`` (first frame, last frame, text; separated by tabs, counted from the segment's start), ``Scene/NAME.npy``
(occupied cells of 2 cm) or ``Scene_mesh/NAME.obj``, and ``bad_frames.npy``. Y up, metres, 30 frames a second. The
The (``Object_all``) join the scene where they are when an action begins.

TRUMANS+ (Collorone et al., ICCV 2025; the loader src/data/trumans.py in github.com/colloroneluca/MonSTeR) adds
``annotations/NAME/annotations.json`` and the splits ``train.txt``, ``val.txt``, ``test.txt``; their lines are
SCENE_action_SEGMENT_frame_FIRST_END_original_START_END, FIRST and END counted from START, the segment's first frame.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import AnyArray, IntArray
from monster.corpus.importers.data import DataSet, Entry, Importer, by_data_set, memory_mapped, require
from monster.corpus.importers.humanise_plus import read_annotations
from monster.corpus.importers.trumans_rooms import Rooms
from monster.corpus.storage import SPLITS, Split
from monster.errors import CorpusError, FileFormatError
from monster.geometry.axes import to_z_up
from monster.io.motion.smpl import joints_of_rows
from monster.io.sources import in_file, read_text
from monster.skeleton import JOINT_COUNT
from monster.types import Finding, Motion, Provenance, Scene

FPS: Final = 30.0
JOINTS: Final = "human_joints.npy"
PARAMETERS: Final = ("human_orient.npy", "human_pose.npy", "human_transl.npy")
_WIDTHS: Final = (3, 63, 3)
_LINE: Final = re.compile(r"(.+)_action_(.+)_frame_(\d+)_(\d+)_original_(\d+)_(\d+)")


def open_trumans(folder: Path, scenes: Path | None) -> DataSet:
    """TRUMANS or TRUMANS+ in a folder; ``scenes`` holds Scene or Scene_mesh if they are elsewhere.

    Raises CorpusError that names what is missing.
    """
    motions = (JOINTS,) if (folder / JOINTS).exists() else PARAMETERS
    require(folder, "TRUMANS", motions)
    rooms = scenes or folder
    if not any((rooms / name).is_dir() for name in ("Scene", "Scene_mesh")):
        raise CorpusError(f"{rooms}: expected the scenes of TRUMANS, got a folder without Scene or Scene_mesh")
    frames = Frames(folder, motions)
    annotations = sorted(folder.glob("annotations/*/annotations.json"))
    if annotations:
        if not any((folder / f"{split}.txt").is_file() for split in SPLITS):
            raise CorpusError(f"{folder}: expected TRUMANS+, got a folder without train.txt, val.txt and test.txt")
        return TrumansPlus(folder, frames, Rooms(rooms, folder / "Object_all"), annotations[0])
    require(folder, "TRUMANS", ("seg_name.npy", "scene_flag.npy", "scene_list.npy"))
    texts = next((folder / name for name in ("Actions", "Action") if (folder / name).is_dir()), None)
    if texts is None:
        raise CorpusError(f"{folder}: expected TRUMANS, got a folder without Actions")
    return Trumans(folder, frames, Rooms(rooms, folder / "Object_all"), texts)


@dataclass(frozen=True)
class Clip:
    """An action: segment, scene, the segment's first frame in the arrays, and the action's frames in the segment."""

    segment: str
    scene: str
    origin: int
    start: int
    end: int


@dataclass(frozen=True)
class Frames:
    """The memory-mapped arrays over all frames."""

    folder: Path
    names: tuple[str, ...]

    @cached_property
    def _arrays(self) -> tuple[AnyArray, ...]:
        arrays = tuple(memory_mapped(self.folder / name) for name in self.names)
        widths = _WIDTHS if len(arrays) > 1 else (None,)
        for name, array, width in zip(self.names, arrays, widths, strict=True):
            rows = array.shape[1:] == (width,) if width else array.shape[2:] == (3,) and array.shape[1] >= JOINT_COUNT
            if not rows or array.dtype.kind != "f" or len(array) != len(arrays[0]):
                expected = f"(frames, {width})" if width else f"(frames, {JOINT_COUNT} or more, 3)"
                raise CorpusError(f"{name}: expected numbers {expected}, got {array.dtype} {array.shape}")
        return arrays

    def __len__(self) -> int:
        return len(self._arrays[0])

    @cached_property
    def bad(self) -> IntArray:
        """The frames that the authors list as erroneous, in order."""
        path = self.folder / "bad_frames.npy"
        return np.unique(memory_mapped(path).astype(np.int64)) if path.is_file() else np.zeros(0, np.int64)

    def check(self, clip: Clip) -> None:
        """Raise FileFormatError for a clip outside the arrays or with an erroneous frame."""
        first, end = clip.origin + clip.start, clip.origin + clip.end
        if not 0 <= first < end <= len(self):
            raise FileFormatError(f"expected frames {clip.start} to {clip.end} of its segment, got fewer")
        bad = np.searchsorted(self.bad, [first, end])
        if bad[0] != bad[1]:
            raise FileFormatError(f"known: {bad[1] - bad[0]} of its frames are in bad_frames.npy; skipped")

    def motion(self, clip: Clip) -> Motion:
        """The motion of a clip: z up, in the coordinates of its scene."""
        rows = slice(clip.origin + clip.start, clip.origin + clip.end)
        values = [np.asarray(array[rows], dtype=np.float64) for array in self._arrays]
        path = self.folder / self.names[0]
        with in_file(path):
            if len(values) == 1:
                joints, joint_finding = values[0][:, :JOINT_COUNT], Finding("joints", f"{JOINT_COUNT} points", "given")
            else:
                joints, joint_finding = joints_of_rows(np.concatenate(values, axis=1))
            findings = joint_finding, by_data_set("axes", "y up"), by_data_set("fps", f"{FPS:g}")
            placed = to_z_up(joints, "y").astype(np.float32)
            return Motion(placed, FPS, placed=True, provenance=Provenance(path.name, findings))


@dataclass(eq=False)
class _Base(Importer):
    """Common parts of both layouts; ``texts`` is the folder or file of the captions."""

    frames: Frames
    rooms: Rooms
    texts: Path
    licence: str = "terms of TRUMANS: research only, not to be passed on"

    def scene(self, scene: str) -> Scene:
        """A room, with moved objects at their poses at the start of an action."""
        return self.rooms.scene(scene)

    def _entry(self, name: str, clip: Clip, captions: tuple[str, ...], split: Split | None = None) -> Entry:
        self.frames.check(clip)
        return Entry(
            name,
            captions,
            clip.scene,
            motion=partial(self.frames.motion, clip),
            scene=self.rooms.id_of(clip.scene, clip.segment, clip.start),
            split=split,
            metadata={"segment": clip.segment},
        )


@dataclass(eq=False)
class Trumans(_Base):
    """The layout of the release."""

    name: str = "TRUMANS"
    source: str = "Jiang et al. 2024, github.com/jnnan/trumans_utils"

    def _entries(self) -> Iterator[Entry]:
        """One entry for each action of each segment."""
        for segment, start, end in self._segments():
            yield from self._of_segment(segment, start, end)

    def _segments(self) -> Iterator[tuple[str, int, int]]:
        names = memory_mapped(self.folder / "seg_name.npy")
        if names.dtype.kind not in "US" or names.shape != (len(self.frames),):
            raise CorpusError(f"seg_name.npy: expected {len(self.frames)} names, got {names.dtype} {names.shape}")
        starts = [0, *(np.flatnonzero(names[1:] != names[:-1]) + 1).tolist()]
        for start, end in zip(starts, [*starts[1:], len(names)], strict=True):
            yield str(names[start].astype(str)), start, end

    @cached_property
    def _scenes(self) -> tuple[AnyArray, list[str]]:
        flags, listed = memory_mapped(self.folder / "scene_flag.npy"), memory_mapped(self.folder / "scene_list.npy")
        if flags.dtype.kind not in "iu" or flags.shape != (len(self.frames),) or listed.dtype.kind not in "US":
            raise CorpusError(
                f"scene_flag.npy: expected {len(self.frames)} numbers of names in scene_list.npy, "
                f"got {flags.dtype} {flags.shape} and {listed.dtype}"
            )
        return flags, [str(name) for name in listed.astype(str)]

    def _of_segment(self, segment: str, start: int, end: int) -> Iterator[Entry]:
        path = self.texts / f"{segment}.txt"
        path = path if path.is_file() else self.texts / f"{segment.split('_augment')[0]}.txt"
        if not path.is_file():
            self.left_out.append(f"{segment}: expected {self.texts.name}/{segment}.txt, got nothing")
            return
        flags, listed = self._scenes
        if not 0 <= flags[start] < len(listed):
            self.left_out.append(f"{segment}: expected a number of scene_list.npy, got {flags[start]}")
            return
        for number, line in enumerate(read_text(path, what="actions").splitlines(), start=1):
            if not line.strip():
                continue
            with self._skipping(f"{segment}/{number}"):
                first, last, text = _action(line)
                if not 0 <= first < last or start + first + 1 >= end:
                    raise FileFormatError(f"expected frames of a segment of {end - start}, got {first} to {last}")
                clip = Clip(segment, listed[int(flags[start])], start, first, min(last + 1, end - start))
                yield self._entry(f"{segment}/{number}", clip, (text,))


def _action(line: str) -> tuple[int, int, str]:
    words = line.strip().split("\t")
    if len(words) != 3 or not words[0].strip().isdecimal() or not words[1].strip().isdecimal():
        raise FileFormatError(f"expected first frame, last frame and text with tabs between, got {line[:40]!r}")
    return int(words[0]), int(words[1]), words[2].strip()


@dataclass(eq=False)
class TrumansPlus(_Base):
    """TRUMANS+: the same frames with other texts and splits."""

    name: str = "TRUMANS+"
    source: str = (
        "Jiang et al. 2024, github.com/jnnan/trumans_utils; Collorone et al. 2025, github.com/colloroneluca/MonSTeR"
    )

    def _entries(self) -> Iterator[Entry]:
        """One entry for each line of each split."""
        annotations = read_annotations(self.texts)
        for split, lines in self._split_lists(self.folder, "lines"):
            for line in lines:
                with self._skipping(line):
                    yield self._of_line(line, annotations, split)

    def _of_line(self, line: str, annotations: Mapping[str, Any], split: Split) -> Entry:
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise FileFormatError("expected SCENE_action_SEGMENT_frame_FIRST_END_original_START_END")
        annotation = annotations.get(line + "\n", annotations.get(line))
        try:
            captions = tuple(str(values["text"]) for values in annotation["annotations"])
        except (TypeError, KeyError):
            raise FileFormatError(f"expected annotations with a text, got {str(annotation)[:40]!r}") from None
        scene, segment, *numbers = parts.groups()
        first, end, origin, _ = map(int, numbers)
        return self._entry(f"{segment}/{first}-{end}", Clip(segment, scene, origin, first, end), captions, split)
