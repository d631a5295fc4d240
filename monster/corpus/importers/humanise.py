"""HUMANISE: motions that were placed in ScanNet scans, with descriptions, in three published layouts.

Wang et al., "HUMANISE: language-conditioned human motion generation in 3D scenes" (NeurIPS 2022); the layouts are those
of dataset/README.md and dataset/dataset.md in github.com/Silverster98/HUMANISE:

- as released: ``align_data_release/ACTION/*/anno.pkl`` (placements) and ``pure_motion/ACTION/MOTION/motion.pkl``;
- as re-formatted: ``annotation.csv`` and ``motions/000000.pkl`` (SMPL-X parameters, already placed);
- HUMANISE+, see `humanise_plus`.

Motions have 30 frames a second. The authors train on scans below scene0600 and test on the rest; so does a corpus.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray
from monster.corpus.importers.data import DataSet, Entry, Importer, by_data_set, require
from monster.corpus.importers.humanise_plus import open_plus
from monster.corpus.importers.scans import Scans
from monster.corpus.storage import Split
from monster.errors import CorpusError, FileFormatError
from monster.io.motion.smpl import joints_of_rows
from monster.io.pickles import load_pickle
from monster.io.scene.scannet import room_of
from monster.io.sources import in_file
from monster.skeleton import JOINT_COUNT
from monster.types import Finding, Motion, Provenance, Scene

FPS: Final = 30.0
NAME: Final = "HUMANISE"
LICENCE: Final = "terms of HUMANISE, AMASS, BABEL and ScanNet: research only, not to be passed on"
SOURCE: Final = "Wang et al. 2022, github.com/Silverster98/HUMANISE"
_FIRST_TEST: Final = 600
_ANCHORS: Final[dict[str, int]] = {"stand up": 0}  # frame that is moved to the target place; else the last
_PARTS: Final = 9  # gender, trans, orient, betas, body, hands, jaw, eyes, joints
_WIDTH: Final = 69  # translation, orientation, body; hands follow
_COLUMNS: Final = ("motion_id", "scene_id", "scene_trans_x", "scene_trans_y", "scene_trans_z", "action", "text")


def open_humanise(folder: Path, scenes: Path | None) -> DataSet:
    """HUMANISE in any of its layouts. Raises CorpusError that names what is missing."""
    plus = open_plus(folder)
    if plus is not None:
        return plus
    if (folder / "annotation.csv").exists():
        require(folder, "re-formatted HUMANISE", ("annotation.csv", "motions"))
        return Reformatted(folder, Scans.in_folder(scenes, NAME))
    require(folder, f"{NAME} (or annotation.csv and motions)", ("align_data_release", "pure_motion"))
    return Released(folder, Scans.in_folder(scenes, NAME))


def split_of(scan: str) -> Split:
    """The authors' split of a scan."""
    number = scan[5:9]
    return "test" if number.isdecimal() and int(number) >= _FIRST_TEST else "train"


@dataclass(eq=False)
class Released(Importer):
    """The layout of the release: placements and motions in separate files, joints from the authors' body model."""

    scans: Scans
    name: str = NAME
    licence: str = LICENCE
    source: str = SOURCE

    def scene(self, scene: str) -> Scene:
        """The scan, shifted as its first placement requires."""
        return self.scans.scene(scene)

    def _entries(self) -> Iterator[Entry]:
        """One entry for each placement."""
        paths = sorted((self.folder / "align_data_release").glob("*/*/anno.pkl"))
        if not paths:
            raise CorpusError(f"{self.folder}: expected align_data_release/ACTION/*/anno.pkl, got none")
        for path in paths:
            name = f"{path.parent.parent.name}/{path.parent.name}"
            placements: Sequence[Any] = ()
            with self._skipping(name):
                placements = _placements(path)
            for number, values in enumerate(placements):
                with self._skipping(f"{name}/{number}"):
                    yield self._entry(f"{name}/{number}", _Placement.of(values, path))

    def _entry(self, name: str, placement: _Placement) -> Entry:
        path = self.folder / "pure_motion" / placement.action / placement.motion / "motion.pkl"
        if not path.is_file():
            raise FileFormatError(f"expected pure_motion/{placement.action}/{placement.motion}/motion.pkl, got nothing")
        shift = self.scans.shift(placement.scan, placement.shift)
        return Entry(
            name,
            (placement.text,),
            room_of(placement.scan),
            motion=partial(_placed, path, placement, shift - placement.shift),
            scene=placement.scan,
            split=split_of(placement.scan),
            metadata={"action": placement.action, "target": placement.target, "target_label": placement.label},
        )


def _placements(path: Path) -> Sequence[Any]:
    content = load_pickle(path)
    if not isinstance(content, list | tuple):
        raise FileFormatError(f"{path.name}: expected a list of placements, got {type(content).__name__}")
    return content


@dataclass(frozen=True, eq=False)
class _Placement:
    """The place of a motion in a scan, its action and its target object."""

    action: str
    motion: str
    scan: str
    text: str
    target: int
    label: str
    place: DoubleArray  # (3,), of the pelvis on the floor in the anchor's frame
    turn: float  # about z, radians
    shift: DoubleArray  # (3,), added to the scan

    @classmethod
    def of(cls, values: Any, path: Path) -> _Placement:
        """The placement in a dict of ``anno.pkl``. Raises FileFormatError for a missing or invalid value."""
        try:
            action, motion, scan, text = (str(values[key]) for key in ("action", "motion", "scene", "utterance"))
            place, shift = (
                np.asarray(values[key], np.float64).reshape(3) for key in ("translation", "scene_translation")
            )
            target, label = int(values.get("object_id", -1)), str(values.get("object_label", ""))
            placement = cls(action, motion, scan, text, target, label, place, float(values["rotation"]), shift)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise FileFormatError(f"{path.name}: expected a placement as a dict, got one without {error}") from None
        names = (action, motion, scan)
        if any("/" in name or "\\" in name or name.startswith(".") for name in names):
            raise FileFormatError(f"{path.name}: expected plain names, got {', '.join(names)[:60]!r}")
        return placement


def _placed(path: Path, placement: _Placement, shift: DoubleArray) -> Motion:
    """The joints of a motion, rotated and moved to its place in the scan."""
    joints = _joints(path, path.stat().st_mtime_ns)
    anchor = joints[_ANCHORS.get(placement.action, -1), 0]
    cos, sin = np.cos(placement.turn), np.sin(placement.turn)
    turn = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    placed = (joints - [anchor[0], anchor[1], 0.0]) @ turn.T + placement.place + shift
    joints_finding = Finding("joints", f"{JOINT_COUNT} points", "given", "by the authors' body model")
    with in_file(path):
        return Motion(
            placed.astype(np.float32), FPS, placed=True, provenance=Provenance(path.name, (joints_finding, *_frame()))
        )


def _frame() -> tuple[Finding, ...]:
    return by_data_set("axes", "z up"), by_data_set("unit", "metres"), by_data_set("fps", f"{FPS:g}")


@lru_cache(maxsize=64)
def _joints(path: Path, modified: int) -> DoubleArray:
    """The joints (frames, 22, 3) of a ``motion.pkl``, cached by modification time: one motion has many placements."""
    content = load_pickle(path)
    parts = content if isinstance(content, list | tuple) else ()
    joints = parts[-1] if len(parts) == _PARTS else None
    if not isinstance(joints, np.ndarray) or joints.ndim != 3 or joints.shape[1] < JOINT_COUNT or joints.shape[2] != 3:
        actual = f"{len(parts)} parts" if joints is None else f"joints {getattr(joints, 'shape', type(joints))}"
        raise FileFormatError(f"{path.name}: expected {_PARTS} parts, the last joints (frames, 127, 3), got {actual}")
    if joints.dtype.kind not in "iuf" or not len(joints):
        raise FileFormatError(f"{path.name}: expected frames of numbers, got {joints.dtype} {joints.shape}")
    return joints[:, :JOINT_COUNT].astype(np.float64)


@dataclass(eq=False)
class Reformatted(Importer):
    """The re-formatted layout: SMPL-X parameters of motions that are already placed, on our neutral body."""

    scans: Scans
    name: str = NAME
    licence: str = LICENCE
    source: str = SOURCE

    def _entries(self) -> Iterator[Entry]:
        """One entry for each line of ``annotation.csv``."""
        with (self.folder / "annotation.csv").open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file)
            missing = [name for name in _COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise CorpusError(f"annotation.csv: expected the columns {', '.join(_COLUMNS)}, got none of {missing}")
            for row in rows:
                with self._skipping(f"annotation.csv, line {rows.line_num}"):
                    yield self._entry(row)

    def scene(self, scene: str) -> Scene:
        """The scan, shifted as the table requires."""
        return self.scans.scene(scene)

    def _entry(self, row: Mapping[str, str | None]) -> Entry:
        values = {name: text for name, text in row.items() if text}
        empty = [name for name in _COLUMNS if name not in values]
        if empty:
            raise FileFormatError(f"expected a value for {', '.join(empty)}, got none")
        path = self.folder / "motions" / f"{Path(values['motion_id']).name}.pkl"
        if not path.is_file():
            raise FileFormatError(f"expected motions/{path.name}, got nothing")
        wanted = _shift_in(values)
        scan = values["scene_id"]
        shift = self.scans.shift(scan, wanted) - wanted
        return Entry(
            values["motion_id"],
            (values["text"],),
            room_of(scan),
            motion=partial(_from_parameters, path, shift),
            scene=scan,
            split=split_of(scan),
            metadata={
                "action": values["action"],
                "target": values.get("object_id"),
                "target_label": values.get("object_label"),
            },
        )


def _shift_in(row: Mapping[str, str]) -> DoubleArray:
    words = [row[f"scene_trans_{axis}"] for axis in "xyz"]
    try:
        return np.array([float(word) for word in words])
    except ValueError:
        got = ", ".join(map(repr, words))
        raise FileFormatError(f"expected scene_trans_x, y and z as numbers, got {got}") from None


def _from_parameters(path: Path, shift: DoubleArray) -> Motion:
    content = load_pickle(path)
    rows = content[0] if isinstance(content, list | tuple) and content else content
    if not isinstance(rows, np.ndarray) or rows.ndim != 2 or rows.shape[1] < _WIDTH or rows.dtype.kind not in "iuf":
        raise FileFormatError(
            f"{path.name}: expected SMPL-X parameters (frames, 159), got {getattr(rows, 'shape', type(rows).__name__)}"
        )
    rows = rows.astype(np.float64)
    with in_file(path):
        joints, joints_finding = joints_of_rows(np.concatenate([rows[:, 3:_WIDTH], rows[:, :3]], axis=1))
        placed = (joints + shift).astype(np.float32)
        return Motion(placed, FPS, placed=True, provenance=Provenance(path.name, (joints_finding, *_frame())))
