"""HUMANISE+: HUMANISE with richer descriptions, each placement with the part of the scan around it.

Collorone et al., "MonSTeR: a unified model for motion, scene, text retrieval" (ICCV 2025); the layout is what the
loaders in github.com/colloroneluca/MonSTeR (src/data/text_motion.py, load_scenes.py, utils.py) read:
``annotations/NAME/annotations.json`` ({key: {path, annotations: [{scene, recaptioning}]}}), ``annotations/NAME/splits/
{train,val,test}.txt`` (keys), ``data/ACTION/SCENE_ID/N.pkl`` (scene_cut: x y z r g b .. instance category; joints).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.corpus.importers.data import Entry, Importer, by_data_set, require
from monster.corpus.storage import SPLITS, Split
from monster.errors import CorpusError, FileFormatError, MonsterError
from monster.io.normalise.segmentation import without_noise
from monster.io.pickles import load_pickle
from monster.io.scene.clouds import as_colors
from monster.io.scene.scannet import room_of
from monster.io.sources import checked_file, in_file, read_text
from monster.skeleton import JOINT_COUNT
from monster.types import Finding, Motion, Provenance, Scene

FPS: Final = 20.0
_CATEGORIES: Final = (
    "floor", "wall", "cabinet", "bed", "chair", "sofa", "table", "door", "window", "bookshelf", "picture", "counter",
    "desk", "curtain", "refrigerator", "bathtub", "shower curtain", "toilet", "sink", "otherprop",
)  # fmt: skip
_TEXTS: Final = ("recaptioning", "text")
_FARTHEST: Final = 500.0  # the authors drop points beyond
_LEAST_COLUMNS: Final = 8


def open_plus(folder: Path) -> Plus | None:
    """HUMANISE+ if a folder has its annotations, else None."""
    paths = sorted(folder.glob("annotations/*humanise*/annotations.json"))
    if not paths:
        return None
    require(folder, "HUMANISE+", ("data",))
    splits = [f"splits/{split}.txt" for split in SPLITS]
    if not any((paths[0].parent / name).is_file() for name in splits):
        raise CorpusError(f"{paths[0].parent}: expected {', '.join(splits)}, got none")
    return Plus(folder, paths[0].parent)


@dataclass(eq=False)
class Plus(Importer):
    """HUMANISE+ in a folder; ``annotations`` is the folder of its annotations."""

    annotations: Path
    name: str = "HUMANISE+"
    licence: str = "terms of HUMANISE, AMASS, BABEL and ScanNet: research only, not to be passed on"
    source: str = "Collorone et al. 2025, github.com/colloroneluca/MonSTeR"

    def _entries(self) -> Iterator[Entry]:
        """One entry for each description of each key that a split lists."""
        annotations = read_annotations(self.annotations / "annotations.json")
        for split, keys in self._split_lists(self.annotations / "splits", "keys"):
            for key in keys:
                yield from self._of_key(key, annotations.get(key), split)

    def scene(self, scene: str) -> Scene:
        """The crop of a scan that is stored with a placement."""
        path = self.folder / "data" / scene
        cut = _part(path, "scene_cut")
        if cut.ndim != 2 or cut.shape[1] < _LEAST_COLUMNS or cut.dtype.kind not in "iuf":
            raise FileFormatError(f"{scene}: expected scene_cut (points, {_LEAST_COLUMNS} or more), got {cut.shape}")
        cut = cut.astype(np.float64)
        cut = cut[np.isfinite(cut).all(axis=1) & (np.abs(cut) <= _FARTHEST).all(axis=1)]
        with in_file(path):
            return _scene(cut, path)

    def _of_key(self, key: str, annotation: Any, split: Split) -> Iterator[Entry]:
        try:
            listed = list(annotation["annotations"])
            action, folder = str(annotation["path"]).split("/")[:2]
        except (TypeError, KeyError, ValueError):
            self.left_out.append(
                f"{key}: expected path and annotations in annotations.json, got {str(annotation)[:40]!r}"
            )
            return
        for number, values in enumerate(listed):
            with self._skipping(f"{key}/{number}"):
                try:
                    scan = str(values["scene"])
                    captions = tuple(str(values[text]) for text in _TEXTS if values.get(text))
                except (TypeError, KeyError, AttributeError):
                    raise FileFormatError(f"expected scene and recaptioning, got {str(values)[:40]!r}") from None
                file = _file(action, folder, scan, number)
                path = self.folder / "data" / file
                if not path.is_file():
                    raise FileFormatError(f"expected data/{file}, got nothing")
                motion = partial(_motion, path)
                yield Entry(f"{key}/{number}", captions, room_of(scan), motion, file, split, {"action": action})


def read_annotations(path: Path) -> Mapping[str, Any]:
    """The JSON object of an ``annotations.json``. Raises CorpusError for other content."""
    try:
        content = json.loads(read_text(checked_file(path), what="JSON"))
    except (ValueError, RecursionError, MonsterError) as error:
        raise CorpusError(f"{path.name}: expected JSON, got {error}") from None
    if not isinstance(content, dict):
        raise CorpusError(f"{path.name}: expected a JSON object by key, got {type(content).__name__}")
    return content


def _file(action: str, folder: str, scan: str, number: int) -> str:
    """The authors' path of a placement: the first number of the motion's id is padded to eight digits."""
    first, _, rest = folder.partition("_")
    return f"{Path(action).name}/{scan.split('_')[0]}_{first.zfill(8)}_{rest}/{number}.pkl"


def _part(path: Path, name: str) -> AnyArray:
    content = load_pickle(path)
    values = content.get(name) if isinstance(content, dict) else None
    if not isinstance(values, np.ndarray):
        raise FileFormatError(f"{path.name}: expected a dict with the array {name!r}, got {type(values).__name__}")
    return values


def _motion(path: Path) -> Motion:
    joints = _part(path, "joints")
    if joints.ndim != 3 or joints.shape[1] < JOINT_COUNT or joints.shape[2] != 3 or joints.dtype.kind not in "iuf":
        raise FileFormatError(f"{path.name}: expected joints (frames, {JOINT_COUNT} or more, 3), got {joints.shape}")
    findings = by_data_set("axes", "z up"), Finding("fps", f"{FPS:g}", "given", "by the authors' settings")
    with in_file(path):
        return Motion(
            joints[:, :JOINT_COUNT].astype(np.float32), FPS, placed=True, provenance=Provenance(path.name, findings)
        )


def _scene(cut: DoubleArray, path: Path) -> Scene:
    instances = without_noise(cut[:, -2].astype(np.int64))
    instances = np.where(instances < 0, -1, instances)
    labels: dict[int, str] = {}
    for key in sorted(set(np.unique(instances).tolist()) - {-1}):
        category = int(cut[instances == key, -1][0])
        labels[key] = _CATEGORIES[category] if 0 <= category < len(_CATEGORIES) else _CATEGORIES[-1]
    colors = cut[:, 3:6]
    signed = len(colors) > 0 and colors.min() < 0 and np.abs(colors).max() <= 1  # colors in -1..1
    unit_colors = as_colors((colors + 1) / 2 if signed else colors)
    return Scene(
        cut[:, :3].astype(np.float32),
        colors=None if unit_colors is None else unit_colors.astype(np.float32),
        instances=instances if labels else None,
        labels=labels or None,
        provenance=Provenance(path.name, (by_data_set("axes", "z up"),)),
    )
