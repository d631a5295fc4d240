"""A corpus made ready for training: every array that a step needs, in memory-mapped files, text already encoded.

Reading a prepared corpus needs torch, numpy and safetensors alone, so training runs on a bare machine with a GPU.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from monster.arrays import IntArray
from monster.errors import CorpusError

FORMAT: Final = "prepared 4"
FILE: Final = "prepared.safetensors"


@dataclass(frozen=True, eq=False)
class Prepared:
    """All arrays of a prepared corpus. ``*_starts`` (n + 1) cut a long array into its n parts.

    =============== ======================= ==============================================================
    joints          (frames, 22, 3) int16   millimetres from the motion's ``motion_start``, all motions in a row
    motion_start    (motions, 3) float32    metres, in the coordinates of the file
    tokens          (tokens, width) float16 token states of all distinct captions
    points          (objects, p, 6) float16 sampled object points, as the object encoder takes them
    boxes           (objects, 6) float32    centre and size in metres
    classes         (objects,) int64        row of ``class_vectors``
    class_vectors   (classes, width)        sentence vectors of the category names
    item_motion     (items,), item_scene (items,): rows; -1 where an item lacks the modality
    item_captions   (rows,) int64           caption rows of all items, cut by ``item_starts``
    negative_captions (rows,) int64         captions proven false of an item, cut by ``negative_starts``
    negative_kind   (rows,) int64           which kind of hard negative it is, a row of `negative_kinds`
    negative_of_motion (rows,) bool         such a caption is false of the motion whatever the scene
    motion_edits    (rows, 6) float32       changes that make an item's caption false: see `monster.training.augment`
    scene_free      (captions,) bool        the caption names no object of the scene
    has_claim       (captions,) bool        a checker can prove the caption
    names_side      (captions,) bool        the caption says left or right, not both
    true_of         (items, signatures) bool whether a scene-free caption of that signature is true of the item's motion
    item_actions    (items,) int64          equal where the same is done to the same objects of the same scene
    signature       (captions,) int64       -1 for captions that name objects
    scene_origin    (scenes, 3) float32     `monster.frames.scene_origin`; boxes are relative to it, joints are not
    split           (items,) int64          0 train, 1 val, 2 test
    =============== ======================= ==============================================================
    """

    arrays: Mapping[str, Tensor]
    meta: Mapping[str, Any]

    @classmethod
    def open(cls, folder: str | Path) -> Prepared:
        """Map the arrays that `preparation` wrote. Raises CorpusError for anything else."""
        path = Path(folder) / FILE
        if not path.exists():
            raise CorpusError(f"{folder}: expected a prepared corpus with {FILE}, got none")
        try:
            with safe_open(str(path), framework="pt") as file:
                meta = json.loads((file.metadata() or {}).get("meta", "{}"))
                arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        except (SafetensorError, OSError, ValueError) as error:
            raise CorpusError(f"{path}: expected a prepared corpus, got {error}") from error
        if meta.get("format") != FORMAT:
            raise CorpusError(
                f"{path}: expected format {FORMAT!r}, got {meta.get('format')!r}; prepare the corpus again"
            )
        return cls(arrays, meta)

    def __getitem__(self, name: str) -> Tensor:
        return self.arrays[name]

    @property
    def categories(self) -> list[str]:
        """Names of the object classes, in the order of ``class_vectors``."""
        return list(self.meta["categories"])

    @property
    def negative_kinds(self) -> list[str]:
        """Names of the kinds of hard negatives, in the order of ``negative_kind``; empty in older folders."""
        return list(self.meta.get("negative_kinds", ()))

    def part(self, name: str, row: int) -> Tensor:
        """The part ``row`` of "joints", "tokens", "points", "boxes", "classes", "item_captions" or "motion_edits"."""
        starts = self._starts[_STARTS[name]]
        return self.arrays[name][starts[row] : starts[row + 1]]

    def span(self, name: str, row: int) -> tuple[int, int]:
        """Where the part ``row`` begins and ends in its long array."""
        starts = self._starts[_STARTS[name]]
        return starts[row], starts[row + 1]

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        return {name: self.arrays[name].tolist() for name in set(_STARTS.values())}

    def ids(self, rows: Iterable[int]) -> list[str]:
        """Ids of items by their row; the row itself where the folder was prepared without ids."""
        known = self.meta.get("items", ())
        return [known[row] if row < len(known) else str(row) for row in rows]

    @property
    def left_out(self) -> list[tuple[str, str]]:
        """Id and reason of every item that could not be prepared."""
        return [(str(item), str(reason)) for item, reason in self.meta.get("left_out", ())]

    def rows(self, split: int, *, modalities: int = 3) -> IntArray:
        """Items of a split that hold at least so many modalities."""
        has_text = torch.diff(self["item_starts"]) > 0
        count = (self["item_motion"] >= 0).int() + (self["item_scene"] >= 0).int() + has_text.int()
        return torch.nonzero((count >= modalities) & (self["split"] == split)).flatten().numpy()

    def in_file_coordinates(self) -> Prepared:
        """The corpus with boxes in the coordinates of the files, for networks whose ``frames`` are "world"."""
        origin = self["scene_origin"]
        boxes = self["boxes"].clone()
        boxes[:, :3] += origin.repeat_interleave(torch.diff(self["scene_starts"]), dim=0)
        return Prepared({**self.arrays, "boxes": boxes, "scene_origin": torch.zeros_like(origin)}, self.meta)


_STARTS: Final = {
    "joints": "motion_starts",
    "tokens": "caption_starts",
    "points": "scene_starts",
    "boxes": "scene_starts",
    "classes": "scene_starts",
    "features": "scene_starts",
    "item_captions": "item_starts",
    "negative_captions": "negative_starts",
    "motion_edits": "edit_starts",
}
