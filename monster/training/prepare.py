"""From a corpus folder to a prepared one: sample object points, encode captions once, number what is equal."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

from monster.corpus.checker import Claim
from monster.corpus.storage import SPLITS, Corpus, ItemRecord
from monster.errors import CorpusError
from monster.networks.sampling import object_box, sample_object
from monster.text import TextTower
from monster.training.prepared import FILE, FORMAT, Prepared
from monster.types import CANONICAL_FPS

Progress = Callable[[str, int, int], None]
TEXT_CHUNK = 2048


def prepare(
    corpus: Corpus,
    out: str | Path,
    *,
    tower: TextTower | None = None,
    points: int = 256,
    progress: Progress | None = None,
) -> Prepared:
    """Write ``out`` from a corpus and open it. An item without captions, or whose files are broken, is an error here.

    ``progress(what, done, all)`` is called now and then. Raises CorpusError for a corpus that holds too little.
    """
    tower, tell = tower or TextTower(), progress or (lambda what, done, count: None)
    records = [record for record in corpus.records if record.captions]
    if not records:
        raise CorpusError(f"{corpus.folder}: expected items with captions, got none")
    motions = sorted({record.motion for record in records if record.motion is not None})
    scenes = sorted({record.scene for record in records if record.scene is not None})
    captions = sorted({caption for record in records for caption in record.captions})
    arrays, categories = _scene_arrays(corpus, scenes, points, tell)
    arrays |= _motion_arrays(corpus, motions, tell) | _text_arrays(tower, captions, tell)
    arrays |= _item_arrays(corpus, records, _numbered(motions), _numbered(scenes), _numbered(captions))
    arrays["class_vectors"] = torch.from_numpy(tower.sentences(categories))
    meta = {"format": FORMAT, "corpus": corpus.info, "categories": categories, "text_model": tower.name}
    _write(Path(out), arrays, meta)
    return Prepared.open(out)


def _write(out: Path, arrays: dict[str, Tensor], meta: dict[str, Any]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    temporary = out / f".{FILE}.tmp"
    save_file({name: array.contiguous() for name, array in arrays.items()}, str(temporary), {"meta": json.dumps(meta)})
    temporary.replace(out / FILE)


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _starts(counts: Sequence[int]) -> Tensor:
    return torch.tensor([0, *np.cumsum(counts).tolist()], dtype=torch.int64)


def _motion_arrays(corpus: Corpus, motions: list[str], tell: Progress) -> dict[str, Tensor]:
    rows: list[NDArray[np.int16]] = []
    for index, name in enumerate(motions):
        joints = corpus.motion(name).resampled(CANONICAL_FPS).joints
        rows.append(np.round(joints * 1000).astype(np.int16))
        if index % 500 == 0:
            tell("motions", index, len(motions))
    return {"joints": torch.from_numpy(np.concatenate(rows)), "motion_starts": _starts([len(row) for row in rows])}


def _scene_arrays(
    corpus: Corpus, scenes: list[str], points: int, tell: Progress
) -> tuple[dict[str, Tensor], list[str]]:
    sampled, boxes, labels, counts = [], [], [], []
    for index, name in enumerate(scenes):
        objects = [thing for thing in corpus.scene(name).objects() if len(thing.points) >= 2]
        counts.append(len(objects))
        sampled += [sample_object(thing.points, thing.colors, points).astype(np.float16) for thing in objects]
        boxes += [object_box(thing.points) for thing in objects]
        labels += [thing.label or "object" for thing in objects]
        if index % 50 == 0:
            tell("scenes", index, len(scenes))
    categories = sorted(set(labels))
    number = _numbered(categories)
    arrays = {
        "points": torch.from_numpy(np.stack(sampled)),
        "boxes": torch.from_numpy(np.stack(boxes)),
        "classes": torch.tensor([number[label] for label in labels]),
        "scene_starts": _starts(counts),
    }
    return arrays, categories


def _text_arrays(tower: TextTower, captions: list[str], tell: Progress) -> dict[str, Tensor]:
    rows: list[NDArray[np.float16]] = []
    for start in range(0, len(captions), TEXT_CHUNK):
        # Twice as fast, and the cosine to full precision is above 0.9999, finer than the float16 that is stored.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            states = tower.tokens(captions[start : start + TEXT_CHUNK])
        rows += [row[mask].astype(np.float16) for row, mask in zip(states.states, states.mask, strict=True)]
        tell("captions", start, len(captions))
    return {"tokens": torch.from_numpy(np.concatenate(rows)), "caption_starts": _starts([len(row) for row in rows])}


def _item_arrays(
    corpus: Corpus,
    records: list[ItemRecord],
    motions: dict[str, int],
    scenes: dict[str, int],
    captions: dict[str, int],
) -> dict[str, Tensor]:
    signatures: dict[tuple[Any, ...], int] = {}
    signature = torch.full((len(captions),), -1, dtype=torch.int64)
    for record in records:
        for caption, claim in zip(record.captions, corpus.claims(record), strict=False):
            if _is_bare(claim):
                signature[captions[caption]] = signatures.setdefault(_signature(claim), len(signatures))
    compatible = torch.tensor([[_fits(record, key) for key in signatures] or [False] for record in records])
    return {
        "item_motion": torch.tensor([motions.get(record.motion or "", -1) for record in records]),
        "item_scene": torch.tensor([scenes.get(record.scene or "", -1) for record in records]),
        "item_captions": torch.tensor([captions[caption] for record in records for caption in record.captions]),
        "item_starts": _starts([len(record.captions) for record in records]),
        "item_plan": torch.tensor(_plan_rows(records)),
        "split": torch.tensor([SPLITS.index(record.split) for record in records]),
        "signature": signature,
        "caption_bare": signature >= 0,
        "compatible_of": compatible,
    }


def _plan_rows(records: list[ItemRecord]) -> list[int]:
    """Equal numbers for items that do the same to the same objects of the same scene."""
    keys: dict[str, int] = {}
    done = [
        (record.scene, record.metadata.get("action", record.id), record.metadata.get("target")) for record in records
    ]
    return [keys.setdefault(repr(key), len(keys)) for key in done]


def _is_bare(claim: Claim) -> bool:
    return all(step.object is None for step in claim.steps) and claim.room is None


def _signature(claim: Claim) -> tuple[Any, ...]:
    return (tuple(step.action for step in claim.steps), claim.pace, claim.turn)


def _fits(record: ItemRecord, signature: tuple[Any, ...]) -> bool:
    """Whether a caption without objects is also true of the record's motion: then it is no negative."""
    actions, pace, turn = signature
    done = iter(record.metadata.get("action", ()))
    in_order = all(action in done for action in actions)
    return (
        in_order
        and (pace is None or pace == record.metadata.get("pace"))
        and (turn is None or turn == record.metadata.get("turn"))
    )
