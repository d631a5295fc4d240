"""From a corpus folder to a prepared one: sample object points, encode captions once, number what is equal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

from monster.arrays import DoubleArray, FloatArray, Progress
from monster.corpus.checker import Case, Claim, flagged
from monster.corpus.storage import SPLITS, Corpus, ItemRecord
from monster.errors import CorpusError, FileFormatError, InputError
from monster.files import atomic_file
from monster.preprocessing import in_own_frame, sampled, scene_objects
from monster.skeleton import JOINT_COUNT
from monster.text import TextTower
from monster.training.augment import EDIT_WIDTH
from monster.training.crops import Motions, cropped_items
from monster.training.hard_negatives import HardNegatives, hard_negatives, without_held_out
from monster.training.prepared import FILE, FORMAT, Prepared
from monster.types import SceneObject

TEXT_CHUNK: Final = 2048
UNNAMED: Final = "object"
FARTHEST: Final = np.iinfo(np.int16).max  # millimetres that are stored
FramedObjects = tuple[list[SceneObject], DoubleArray]  # objects in the frame of their scene, origin (3,) of the frame


def prepare(
    corpus: Corpus,
    out: str | Path,
    *,
    tower: TextTower | None = None,
    points: int = 256,
    crops: float = 0.6,
    progress: Progress | None = None,
) -> Prepared:
    """Write ``out`` from the items of a corpus, and open it.

    An item that is broken is left out and listed with its reason in `Prepared.left_out`; so are captions of patterns
    that are held out of all training. ``crops``: the share of the items with claims that come a second time, cropped
    and at another tempo, with the captions that their checker proves of the crop. Raises CorpusError when nothing is
    left, or when the corpus names a checker that is not installed.
    """
    tower = tower or TextTower()
    report = progress or _silent
    left_out: dict[str, str] = {}
    trained = map(without_held_out, flagged(corpus, corpus.records))
    records = [record for record in trained if not _is_empty(record, left_out)]
    objects = _read(corpus, records, left_out, report)
    records = [record for record in records if record.id not in left_out]
    if not records:
        why = f": {'; '.join(list(left_out.values())[:3])}" if left_out else ""
        raise CorpusError(f"{corpus}: expected items to prepare, got none that is whole{why}")
    motions = Motions(corpus)
    records += cropped_items(motions, records, share=crops, progress=report)
    motion_rows = _numbered(sorted({record.motion for record in records if record.motion is not None}))
    scenes = _numbered(sorted({record.scene for record in records if record.scene is not None}))
    kinds = _kinds(corpus, records)
    negatives = [hard_negatives(record, kinds) for record in records]
    texts = {caption for record in records for caption in record.captions}
    wrong = {caption.caption for each in negatives for caption in each.captions} - texts
    captions = _numbered([*sorted(texts), *sorted(wrong)])
    arrays, categories = _scene_arrays([objects[scene] for scene in scenes], points)
    arrays |= _motion_arrays(motions, list(motion_rows), report) | _text_arrays(tower, list(captions), report)
    arrays |= _item_arrays(records, motion_rows, scenes, captions)
    arrays |= _scene_free_captions(motions, records, captions, report) | _caption_arrays(records, captions)
    arrays |= _negative_arrays(negatives, captions)
    arrays["class_vectors"] = torch.from_numpy(tower.sentences(categories))
    _write(Path(out), arrays, {
        "format": FORMAT, "corpus": corpus.info, "categories": categories, "text_model": tower.name,
        "items": [record.id for record in records], "left_out": list(left_out.items()), "negative_kinds": kinds,
    })  # fmt: skip
    return Prepared.open(out)


def _silent(done: int, total: int | None = None, stage: str = "") -> None:
    pass


def _is_empty(record: ItemRecord, left_out: dict[str, str]) -> bool:
    """Whether an item has no modality; then it is listed as left out."""
    is_empty = record.motion is None and record.scene is None and not record.captions
    if is_empty:
        left_out[record.id] = "holds neither motion, scene nor a caption"
    return is_empty


def _read(
    corpus: Corpus, records: list[ItemRecord], left_out: dict[str, str], report: Progress
) -> dict[str, FramedObjects]:
    """The objects of every scene in its own frame; items with a motion or scene that cannot be read are left out."""
    objects: dict[str, FramedObjects] = {}
    broken: dict[str, str] = {}
    for index, record in enumerate(records):
        for name in (record.motion, record.scene):
            if name is not None and name not in broken:
                _try(corpus, name, record, objects=objects, broken=broken)
        reasons = [broken[name] for name in (record.motion, record.scene) if name in broken]
        if reasons:
            left_out[record.id] = "; ".join(reasons)
        if index % 500 == 0:
            report(index, len(records), "items")
    return objects


def _try(
    corpus: Corpus, name: str, record: ItemRecord, *, objects: dict[str, FramedObjects], broken: dict[str, str]
) -> None:
    try:
        if name == record.motion:
            corpus.motion(name)
        if name == record.scene and name not in objects:
            objects[name] = _objects(corpus, name)
    except (InputError, CorpusError, OSError) as error:
        broken[name] = str(error)


def _write(out: Path, arrays: dict[str, Tensor], meta: dict[str, Any]) -> None:
    with atomic_file(out / FILE) as temporary:
        contiguous = {name: array.contiguous() for name, array in arrays.items()}
        save_file(contiguous, str(temporary), {"meta": json.dumps(meta)})
        temporary.chmod(0o644)  # safetensors writes files that only the owner can read


def _kinds(corpus: Corpus, records: Sequence[ItemRecord]) -> list[str]:
    """The names of the kinds of hard negatives: those that the checker can make, then any others in the records."""
    known = () if corpus.checker is None else corpus.checker.kinds
    stored = sorted({str(negative["kind"]) for record in records for negative in record.hard_negatives})
    return list(dict.fromkeys((*known, *stored)))


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _starts(counts: Sequence[int]) -> Tensor:
    return torch.tensor([0, *np.cumsum(counts).tolist()], dtype=torch.int64)


def _motion_arrays(motions: Motions, names: list[str], report: Progress) -> dict[str, Tensor]:
    rows: list[NDArray[np.int16]] = []
    starts = np.zeros((len(names), 3), dtype=np.float32)
    for index, name in enumerate(names):
        joints = motions.joints(name)
        starts[index, :2] = joints[0, 0, :2]
        rows.append(_millimetres(joints - starts[index], name))
        if index % 500 == 0:
            report(index, len(names), "motions")
    joints = np.concatenate(rows) if rows else np.zeros((0, JOINT_COUNT, 3), dtype=np.int16)
    return {
        "joints": torch.from_numpy(joints),
        "motion_start": torch.from_numpy(starts),
        "motion_starts": _starts([len(row) for row in rows]),
    }


def _millimetres(joints: FloatArray, name: str) -> NDArray[np.int16]:
    rounded = np.round(joints * 1000)
    if np.abs(rounded).max() > FARTHEST:
        raise CorpusError(f"motion {name}: expected joints within {FARTHEST / 1000} m of its start")
    return rounded.astype(np.int16)


def _scene_arrays(scenes: list[FramedObjects], points: int) -> tuple[dict[str, Tensor], list[str]]:
    labels = [object_.label or UNNAMED for objects, _ in scenes for object_ in objects]
    categories = sorted(set(labels)) or [UNNAMED]
    number = _numbered(categories)
    inputs = [np.zeros((0, points, 6), dtype=np.float16)]
    boxes = [np.zeros((0, 6), dtype=np.float32)]
    for objects, _ in scenes:
        rows, scene_boxes = sampled(objects, points)
        inputs.append(rows.astype(np.float16))
        boxes.append(scene_boxes)
    arrays = {
        "points": torch.from_numpy(np.concatenate(inputs)),
        "boxes": torch.from_numpy(np.concatenate(boxes)),
        "classes": torch.tensor([number[label] for label in labels], dtype=torch.int64),
        "scene_starts": _starts([len(objects) for objects, _ in scenes]),
        "scene_origin": torch.tensor(np.array([origin for _, origin in scenes]), dtype=torch.float32).reshape(-1, 3),
    }
    return arrays, categories


def _objects(corpus: Corpus, scene: str) -> FramedObjects:
    try:
        framed, origin = in_own_frame(corpus.scene(scene))
        return scene_objects(framed), origin
    except FileFormatError:
        raise
    except InputError as error:
        raise CorpusError(f"{corpus.scene_path(scene)}: {error}") from error


def _text_arrays(tower: TextTower, captions: list[str], report: Progress) -> dict[str, Tensor]:
    rows: list[NDArray[np.float16]] = []
    for start in range(0, len(captions), TEXT_CHUNK):
        # Twice as fast, and the cosine to full precision is above 0.9999, finer than the float16 that is stored.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = tower.tokens(captions[start : start + TEXT_CHUNK])
        rows += [row[mask].astype(np.float16) for row, mask in zip(states.states, states.mask, strict=True)]
        report(start, len(captions), "captions")
    tokens = np.concatenate(rows) if rows else np.zeros((0, tower.tokens(["a"]).states.shape[-1]), dtype=np.float16)
    return {"tokens": torch.from_numpy(tokens), "caption_starts": _starts([len(row) for row in rows])}


def _item_arrays(
    records: list[ItemRecord], motions: dict[str, int], scenes: dict[str, int], captions: dict[str, int]
) -> dict[str, Tensor]:
    return {
        "item_motion": torch.tensor([motions.get(record.motion or "", -1) for record in records]),
        "item_scene": torch.tensor([scenes.get(record.scene or "", -1) for record in records]),
        "item_captions": torch.tensor(
            [captions[caption] for record in records for caption in record.captions], dtype=torch.int64
        ),
        "item_starts": _starts([len(record.captions) for record in records]),
        "item_actions": torch.tensor(_action_rows(records)),
        "split": torch.tensor([SPLITS.index(record.split) for record in records]),
    }


def _scene_free_captions(
    motions: Motions, records: list[ItemRecord], captions: dict[str, int], report: Progress
) -> dict[str, Tensor]:
    """The captions that name nothing of the scene, what they say, and which items it is true of: see `Prepared`."""
    rows = torch.full((len(captions),), -1, dtype=torch.int64)
    checker = motions.corpus.checker
    if checker is None:
        return {"signature": rows, "scene_free": rows >= 0, "true_of": torch.zeros(len(records), 1).bool()}
    numbers: dict[str, int] = {}
    claims: list[Claim] = []
    for record in records:
        for caption, claim in zip(record.captions, record.claims, strict=False):
            if checker.is_scene_free(claim):
                number = numbers.setdefault(json.dumps(claim, sort_keys=True), len(claims))
                claims += [claim] if number == len(claims) else []
                rows[captions[caption]] = number
    fits = torch.zeros(len(records), max(1, len(claims)), dtype=torch.bool)
    known = [
        index
        for index, record in enumerate(records)
        if claims and record.motion is not None and record.scene is not None and checker.knows(record.scene)
    ]
    proven = checker.prove(claims, _cases(motions, [records[index] for index in known], report))
    fits[known, : len(claims)] = torch.from_numpy(proven.T.copy())
    return {"signature": rows, "scene_free": rows >= 0, "true_of": fits}


def _cases(motions: Motions, records: list[ItemRecord], report: Progress) -> Iterator[Case]:
    """Every motion in its scene, for the checker."""
    for index, record in enumerate(records):
        yield motions.joints(str(record.motion)), str(record.scene)
        if index % 500 == 0:
            report(index, len(records), "claims")


def _caption_arrays(records: list[ItemRecord], captions: dict[str, int]) -> dict[str, Tensor]:
    has_claim = torch.zeros(len(captions), dtype=torch.bool)
    for record in records:
        for caption, _ in zip(record.captions, record.claims, strict=False):
            has_claim[captions[caption]] = True
    names_side = torch.tensor([names_one_side(caption) for caption in captions], dtype=torch.bool)
    return {"has_claim": has_claim, "names_side": names_side}


def names_one_side(caption: str) -> bool:
    """Whether a caption says left or right, and not both."""
    words = set(re.findall(r"[a-z]+", caption.lower()))
    return ("left" in words) != ("right" in words)


def _negative_arrays(negatives: list[HardNegatives], captions: dict[str, int]) -> dict[str, Tensor]:
    wrong = [caption for each in negatives for caption in each.captions]
    edits = [edit for each in negatives for edit in each.edits]
    return {
        "negative_captions": torch.tensor([captions[caption.caption] for caption in wrong], dtype=torch.int64),
        "negative_kind": torch.tensor([caption.kind for caption in wrong], dtype=torch.int64),
        "negative_of_motion": torch.tensor([caption.of_motion for caption in wrong], dtype=torch.bool),
        "negative_starts": _starts([len(each.captions) for each in negatives]),
        "motion_edits": torch.tensor(edits, dtype=torch.float32).reshape(-1, EDIT_WIDTH),
        "edit_starts": _starts([len(each.edits) for each in negatives]),
    }


def _action_rows(records: list[ItemRecord]) -> list[int]:
    """Equal numbers for items that do the same to the same objects of the same scene."""
    keys: dict[str, int] = {}
    rows = []
    for record in records:
        key = repr((record.scene, record.metadata.get("action", record.id), record.metadata.get("targets")))
        rows.append(keys.setdefault(key, len(keys)))
    return rows
