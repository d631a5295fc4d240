"""HumanML3D: clips of AMASS and HumanAct12 with descriptions, without scenes.

Guo et al., "Generating diverse and natural 3D human motions from text" (CVPR 2022); the layout is that of
github.com/EricGuo5513/HumanML3D: ``new_joint_vecs/*.npy`` (263 features a frame; or ``new_joints/*.npy``, joints),
``texts/*.txt`` (a line ``caption#words with tags#from#to``, seconds; 0.0 for both: the whole clip) and ``train.txt``,
``val.txt``, ``test.txt`` (names). A caption of a part of a clip becomes an item with that part, as the authors use it.

Known errors of the published set: 007975 and its mirror image contain NaN (cal_mean_variance.ipynb leaves them out),
009707 and 011059 have one frame in index.csv and so none in the features (issue 120 of the repository).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from monster.corpus.importers.data import DataSet, Entry, Importer, require
from monster.corpus.storage import SPLITS, Split
from monster.errors import CorpusError
from monster.io import read_motion
from monster.io.sources import checked_file, in_file, read_text
from monster.types import Motion

FEATURES: Final = "new_joint_vecs"
JOINTS: Final = "new_joints"
KNOWN_BROKEN: Final[dict[str, str]] = {
    "007975": "holds NaN", "M007975": "holds NaN", "009707": "is empty", "M009707": "is empty", "011059": "is empty",
    "M011059": "is empty",
}  # fmt: skip
_FPS: Final = 20.0
_SHORTEST: Final = 2  # frames


def open_humanml(folder: Path, scenes: Path | None) -> DataSet:
    """HumanML3D in a folder or in its folder ``HumanML3D``. Raises CorpusError that names what is missing."""
    if scenes is not None:
        raise CorpusError("HumanML3D has no scenes: expected no folder of scenes, got one")
    inner = folder / "HumanML3D"
    folder = inner if not (folder / "texts").exists() and inner.is_dir() else folder
    motions = JOINTS if (folder / JOINTS).is_dir() and not (folder / FEATURES).exists() else FEATURES
    require(folder, "HumanML3D", (motions, "texts"))
    if not any((folder / f"{split}.txt").is_file() for split in SPLITS):
        raise CorpusError(f"{folder}: expected HumanML3D, got a folder without train.txt, val.txt and test.txt")
    return HumanMl(folder, motions)


@dataclass(frozen=True)
class Line:
    """A caption and the part of the clip that it describes, in seconds; None for the whole clip."""

    caption: str
    part: tuple[float, float] | None


@dataclass(eq=False)
class HumanMl(Importer):
    """HumanML3D in a folder, with the folder of its motions."""

    motions: str
    name: str = "HumanML3D"
    licence: str = "terms of HumanML3D and AMASS: research only, not to be passed on"
    source: str = "Guo et al. 2022, github.com/EricGuo5513/HumanML3D"

    def _entries(self) -> Iterator[Entry]:
        """One entry for each listed clip, and one for each part of a clip that has its own captions."""
        seen: set[str] = set()
        for split, names in self._split_lists(self.folder, "names"):
            for name in dict.fromkeys(names):
                if name not in seen:
                    yield from self._of_clip(name, split)
            seen.update(names)
        for name in sorted(set(KNOWN_BROKEN) - seen):
            if (self.folder / self.motions / f"{name}.npy").is_file():
                self._leave(name, "listed by no split")

    def _leave(self, name: str, reason: str) -> None:
        known = KNOWN_BROKEN.get(name)
        self.left_out.append(f"{name}: {f'known: in the published set it {known}; ' if known else ''}{reason}")

    def _of_clip(self, name: str, split: Split) -> Iterator[Entry]:
        motion, texts = self.folder / self.motions / f"{name}.npy", self.folder / "texts" / f"{name}.txt"
        missing = [f"{path.parent.name}/{path.name}" for path in (motion, texts) if not path.is_file()]
        if missing:
            self._leave(name, f"expected {' and '.join(missing)}, got nothing")
            return
        if name in KNOWN_BROKEN:
            self._leave(name, "skipped")
            return
        with self._skipping(name):
            yield from _entries(name, motion, list(read_lines(texts)), split)


def _entries(name: str, motion: Path, lines: list[Line], split: Split) -> Iterator[Entry]:
    room = name.removeprefix("M")  # a clip and its mirror image
    parts: dict[tuple[float, float] | None, list[str]] = {}
    for line in lines:
        parts.setdefault(line.part, []).append(line.caption)
    for part, captions in parts.items():
        entry_id = name if part is None else f"{name}@{part[0]:g}-{part[1]:g}"
        metadata = {"clip": name} if part is None else {"clip": name, "from": part[0], "to": part[1]}
        yield Entry(entry_id, tuple(captions), room, partial(_motion, motion, part), split=split, metadata=metadata)


def read_lines(path: Path) -> Iterator[Line]:
    """The captions of a file in ``texts``. Raises FileFormatError or CorpusError with the number of an invalid line."""
    for number, line in enumerate(read_text(checked_file(path), what="captions").splitlines(), start=1):
        if not line.strip():
            continue
        words = line.strip().split("#")
        try:
            start, end = (float(words[2]), float(words[3])) if len(words) >= 4 else (0.0, 0.0)
        except ValueError:
            raise CorpusError(
                f"{path.name}: expected caption#words#from#to in line {number}, got {line[:40]!r}"
            ) from None
        start, end = (0.0 if np.isnan(value) else value for value in (start, end))
        yield Line(words[0], None if start == end == 0 else (start, end))


def _motion(path: Path, part: tuple[float, float] | None) -> Motion:
    motion = read_motion(path, axes="y", fps=_FPS)
    if part is None:
        return motion
    start, end = (int(second * _FPS) for second in part)
    joints = motion.joints[max(start, 0) : max(end, 0)]
    if len(joints) < _SHORTEST:
        raise CorpusError(
            f"{path.name}: expected a part within {motion.duration:.2f} s, got {part[0]:g} to {part[1]:g} s"
        )
    with in_file(path):
        return Motion(joints, motion.fps, provenance=motion.provenance)
