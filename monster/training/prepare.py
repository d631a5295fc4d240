"""From a corpus folder to a prepared one: sample object points, encode captions once, number what is equal."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

from monster.corpus.storage import SPLITS, Corpus, ItemRecord
from monster.errors import CorpusError, FileFormatError, InputError
from monster.inputs import scene_objects
from monster.networks.sampling import object_box, sample_object
from monster.text import TextTower
from monster.training.bare import Done, Signature
from monster.training.prepared import FILE, FORMAT, Prepared
from monster.types import CANONICAL_FPS, SceneObject

Progress = Callable[[str, int, int], None]
TEXT_CHUNK: Final = 2048
FARTHEST: Final = np.iinfo(np.int16).max  # millimetres that are stored


def prepare(
    corpus: Corpus,
    out: str | Path,
    *,
    tower: TextTower | None = None,
    points: int = 256,
    progress: Progress | None = None,
) -> Prepared:
    """Write ``out`` from the items of a corpus that have captions, and open it.

    ``progress(what, done, all)`` is called now and then. Raises CorpusError for a corpus that holds too little or a
    scene without objects, FileFormatError for a broken file.
    """
    tower, tell = tower or TextTower(), progress or (lambda what, done, count: None)
    records = [record for record in corpus.records if record.captions]
    motions = _numbered(sorted({record.motion for record in records if record.motion is not None}))
    scenes = _numbered(sorted({record.scene for record in records if record.scene is not None}))
    captions = _numbered(sorted({caption for record in records for caption in record.captions}))
    for what, found in (("captions", captions), ("motions", motions), ("scenes", scenes)):
        if not found:
            raise CorpusError(f"{corpus.folder}: expected items with captions, motions and scenes, got no {what}")
    arrays, categories = _scene_arrays(corpus, list(scenes), points, tell)
    arrays |= _motion_arrays(corpus, list(motions), tell) | _text_arrays(tower, list(captions), tell)
    arrays |= _item_arrays(records, motions, scenes, captions) | _bare_captions(corpus, records, captions, tell)
    arrays["class_vectors"] = torch.from_numpy(tower.sentences(categories))
    ids = [record.id for record in records]
    _write(Path(out), arrays, {
        "format": FORMAT, "corpus": corpus.info, "categories": categories, "text_model": tower.name, "items": ids,
    })  # fmt: skip
    return Prepared.open(out)


def _write(out: Path, arrays: dict[str, Tensor], meta: dict[str, Any]) -> None:
    out.mkdir(parents=True, exist_ok=True)
    temporary = out / f".{FILE}.tmp"
    save_file({name: array.contiguous() for name, array in arrays.items()}, str(temporary), {"meta": json.dumps(meta)})
    temporary.chmod(0o644)  # safetensors leaves it to its owner alone
    temporary.replace(out / FILE)


def _numbered(names: Sequence[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _starts(counts: Sequence[int]) -> Tensor:
    return torch.tensor([0, *np.cumsum(counts).tolist()], dtype=torch.int64)


def _motion_arrays(corpus: Corpus, motions: list[str], tell: Progress) -> dict[str, Tensor]:
    rows: list[NDArray[np.int16]] = []
    for index, name in enumerate(motions):
        joints = np.round(corpus.motion(name).resampled(CANONICAL_FPS).joints * 1000)
        if np.abs(joints).max() > FARTHEST:
            raise CorpusError(f"motion {name}: expected joints within {FARTHEST / 1000} m of the origin of its scene")
        rows.append(joints.astype(np.int16))
        if index % 500 == 0:
            tell("motions", index, len(motions))
    return {"joints": torch.from_numpy(np.concatenate(rows)), "motion_starts": _starts([len(row) for row in rows])}


def _scene_arrays(
    corpus: Corpus, scenes: list[str], points: int, tell: Progress
) -> tuple[dict[str, Tensor], list[str]]:
    sampled, boxes, labels, counts = [], [], [], []
    for index, name in enumerate(scenes):
        objects = _objects(corpus, name)
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


def _objects(corpus: Corpus, scene: str) -> list[SceneObject]:
    try:
        return scene_objects(corpus.scene(scene))
    except FileFormatError:
        raise
    except InputError as error:
        raise CorpusError(f"{corpus.scene_path(scene)}: {error}") from error


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
    records: list[ItemRecord], motions: dict[str, int], scenes: dict[str, int], captions: dict[str, int]
) -> dict[str, Tensor]:
    return {
        "item_motion": torch.tensor([motions.get(record.motion or "", -1) for record in records]),
        "item_scene": torch.tensor([scenes.get(record.scene or "", -1) for record in records]),
        "item_captions": torch.tensor([captions[caption] for record in records for caption in record.captions]),
        "item_starts": _starts([len(record.captions) for record in records]),
        "item_plan": torch.tensor(_plan_rows(records)),
        "split": torch.tensor([SPLITS.index(record.split) for record in records]),
    }


def _bare_captions(
    corpus: Corpus, records: list[ItemRecord], captions: dict[str, int], tell: Progress
) -> dict[str, Tensor]:
    """The captions that name no object, what they say, and which items it is true of: see `Prepared`."""
    known: dict[Signature, int] = {}
    rows = torch.full((len(captions),), -1, dtype=torch.int64)
    for record in records:
        for caption, claim in zip(record.captions, corpus.claims(record), strict=False):
            said = Signature.of(claim)
            if said is not None:
                rows[captions[caption]] = known.setdefault(said, len(known))
    fits = torch.zeros(len(records), max(1, len(known)), dtype=torch.bool)
    for index, record in enumerate(records):
        plan = corpus.plans.get(record.scene or "")
        if known and plan is not None and record.motion is not None:
            done = Done.by(corpus.motion(record.motion).joints, plan)
            fits[index, : len(known)] = torch.tensor([done.fits(said) for said in known])
        if index % 500 == 0:
            tell("claims", index, len(records))
    return {"signature": rows, "caption_bare": rows >= 0, "compatible_of": fits}


def _plan_rows(records: list[ItemRecord]) -> list[int]:
    """Equal numbers for items that do the same to the same objects of the same scene."""
    keys: dict[str, int] = {}
    done = [
        (record.scene, record.metadata.get("action", record.id), record.metadata.get("targets")) for record in records
    ]
    return [keys.setdefault(repr(key), len(keys)) for key in done]
