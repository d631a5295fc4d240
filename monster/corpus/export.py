"""A corpus as Parquet files with a dataset card, as the Hugging Face hub and pandas read them.

    README.md                     the dataset card: licence, counts, columns
    data/<split>-NNNNN.parquet    one row an item
    scenes/scenes-NNNNN.parquet   one row a scene, by the ids that the items name

Arrays are flat lists of float32; a column gives the length of their first axis (``frames``): joints are
(frames, 22, 3), points and colors (n, 3). Metadata of an item is one JSON string, since corpora differ in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeVar

import numpy as np

from monster.arrays import AnyArray, Progress
from monster.corpus.storage import SPLITS, Corpus, ItemRecord, check_new_folder
from monster.errors import CorpusError, MissingExtra, MonsterError
from monster.files import atomic_folder
from monster.types import Motion, Scene

ROWS: Final = 512  # items in a file
SCENES: Final = 64  # scenes in a file
_Entry = TypeVar("_Entry")
_HUB_SPLITS: Final = {"train": "train", "val": "validation", "test": "test"}


@dataclass(frozen=True)
class Exported:
    """What was written: the folder, rows by split, scenes, and what was left out with the reason."""

    folder: Path
    items: Mapping[str, int]
    scenes: int
    left_out: tuple[str, ...]


def export_parquet(corpus: Corpus, out: str | Path, *, progress: Progress | None = None) -> Exported:
    """Write a corpus as Parquet files into a new or empty folder, all or nothing.

    Items and scenes that cannot be read are left out and listed. Raises CorpusError if the folder is not empty,
    MissingExtra without pyarrow.
    """
    _pyarrow()
    out = Path(out)
    check_new_folder(out)
    left_out: list[str] = []
    counts: dict[str, int] = {}
    with atomic_folder(out) as folder:
        done = 0
        for split in SPLITS:
            records = corpus.select(split)
            rows = _readable_rows(records, lambda record: _item_row(corpus, record), left_out)
            counts[split] = _write(folder / "data", _HUB_SPLITS[split], rows, ROWS)
            done += len(records)
            if progress is not None:
                progress(done, len(corpus), "items")
        names = dict.fromkeys(record.scene for record in corpus.records if record.scene is not None)
        scene_rows = _readable_rows(names, lambda name: _scene_row(name, corpus.scene(name)), left_out)
        scenes = _write(folder / "scenes", "scenes", scene_rows, SCENES)
        if not sum(counts.values()):
            raise CorpusError(f"{corpus}: expected items to export, got none that can be read")
        (folder / "README.md").write_text(dataset_card(corpus, counts, scenes), encoding="utf-8")
    return Exported(out, counts, scenes, tuple(left_out))


def dataset_card(corpus: Corpus, counts: Mapping[str, int], scenes: int) -> str:
    """The README of the export: front matter that the Hugging Face hub reads, then a description of the columns."""
    name = str(corpus.info.get("name", corpus.folder.name))
    licence = str(corpus.info.get("licence", "other"))
    files = "\n".join(
        f"  - split: {_HUB_SPLITS[split]}\n    path: data/{_HUB_SPLITS[split]}-*.parquet"
        for split in SPLITS
        if counts[split]
    )
    scene_files = "- config_name: scenes\n  data_files: scenes/scenes-*.parquet\n" if scenes else ""
    listed = ", ".join(f"{counts[split]} {split}" for split in SPLITS)
    return f"""---
pretty_name: {json.dumps(name)}
license: {licence.lower() if licence else "other"}
tags: [human-motion, 3d-scene, text]
configs:
- config_name: items
  default: true
  data_files:
{files}
{scene_files}---

# {name}

{sum(counts.values())} items ({listed}) and {scenes} scenes. Metres, seconds, z up, floor at z = 0.

| column of an item | meaning |
| --- | --- |
| `id`, `motion_id`, `scene_id` | ids; null where the item has no motion or no scene |
| `captions` | what the item shows, in words |
| `joints` | float32, flat, (frames, 22, 3): the 22 SMPL body joints in their order |
| `frames`, `fps`, `placed` | number of frames, frames a second, whether the joints are in the scene's coordinates |
| `metadata` | other metadata of the item, as JSON |

| column of a scene | meaning |
| --- | --- |
| `id` | as `scene_id` of the items |
| `points`, `colors` | float32, flat, (n, 3); colors in 0..1, null without colours |
| `instances`, `labels` | object of each point (-1: none), and object names by number as JSON; null without objects |

    from datasets import load_dataset
    items = load_dataset("THIS FOLDER", "items")
    joints = numpy.array(items["train"][0]["joints"], dtype="float32").reshape(-1, 22, 3)
"""


def _item_row(corpus: Corpus, record: ItemRecord) -> dict[str, Any]:
    motion: Motion | None = None if record.motion is None else corpus.motion(record.motion)
    return {
        "id": record.id,
        "motion_id": record.motion,
        "scene_id": record.scene,
        "captions": list(record.captions),
        "joints": None if motion is None else _flat(motion.joints),
        "frames": None if motion is None else len(motion),
        "fps": None if motion is None else float(motion.fps),
        "placed": None if motion is None else motion.placed,
        "metadata": json.dumps(dict(record.metadata), ensure_ascii=False, separators=(",", ":")),
    }


def _scene_row(name: str, scene: Scene) -> dict[str, Any]:
    labels = None if scene.labels is None else json.dumps({str(key): label for key, label in scene.labels.items()})
    return {
        "id": name,
        "points": _flat(scene.points),
        "colors": None if scene.colors is None else _flat(scene.colors),
        "instances": None if scene.instances is None else scene.instances.astype(np.int32),
        "labels": labels,
    }


def _flat(array: AnyArray) -> AnyArray:
    return np.ascontiguousarray(array, dtype=np.float32).ravel()


def _readable_rows(
    entries: Iterable[_Entry], row_of: Callable[[_Entry], dict[str, Any]], left_out: list[str]
) -> Iterator[dict[str, Any]]:
    for entry in entries:
        try:
            yield row_of(entry)
        except (MonsterError, OSError) as error:
            left_out.append(f"{getattr(entry, 'id', entry)}: {error}")


def _write(folder: Path, name: str, rows: Iterator[dict[str, Any]], size: int) -> int:
    """Write rows to numbered files of at most ``size`` rows; return how many there were."""
    count = number = 0
    arrow, parquet = _pyarrow()
    while part := list(islice(rows, size)):
        folder.mkdir(exist_ok=True)
        schema = arrow.schema(_fields(arrow, part[0]))
        parquet.write_table(arrow.Table.from_pylist(part, schema=schema), folder / f"{name}-{number:05d}.parquet")
        count += len(part)
        number += 1
    return count


def _fields(arrow: Any, row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    floats, texts = arrow.list_(arrow.float32()), arrow.list_(arrow.string())
    special = {
        "captions": texts, "joints": floats, "points": floats, "colors": floats,
        "instances": arrow.list_(arrow.int32()), "frames": arrow.int32(),
        "fps": arrow.float64(), "placed": arrow.bool_(),
    }  # fmt: skip
    return [(name, special.get(name, arrow.string())) for name in row]


def _pyarrow() -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtra("writing Parquet files", "parquet") from None
    return pyarrow, pyarrow.parquet
