"""A corpus on disk: ``corpus.json``, ``items.jsonl``, ``motions/*.npz`` and ``scenes/*.npz``.

The format serves training, evaluation and galleries alike; an item holds one, two or three modalities. A corpus may
name a checker that decides which captions are true. What only the checker reads is plain JSON to the format.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from monster.corpus.checker import Checker, Claim, HardNegative, checker_name, open_checker
from monster.errors import CorpusError, FileFormatError
from monster.files import atomic_file
from monster.io.npz import load_motion, load_scene
from monster.types import Item, Motion, Scene

FORMAT: Final = 1
Split = Literal["train", "val", "test"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)
# For training and the checker; not searchable metadata.
_NOT_SEARCHED: Final = ("claims", "patterns", "counterfactuals", "held_out")
_STANDARD_KEYS: Final = ("id", "motion", "scene", "captions", "split")


@dataclass(frozen=True)
class ItemRecord:
    """A line of ``items.jsonl``: ids of the motion and the scene (or None), captions, split, free metadata."""

    id: str
    motion: str | None
    scene: str | None
    captions: tuple[str, ...]
    split: Split
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The claims of the captions, for the checker; empty without a checker."""
        return tuple(self.metadata.get("claims", ()))

    @property
    def hard_negatives(self) -> tuple[HardNegative, ...]:
        """Changes of the item after which its first caption is false, each with its "kind"."""
        return tuple(self.metadata.get("counterfactuals", ()))

    @property
    def held_out(self) -> tuple[bool, ...]:
        """For each caption whether it is left out of all training."""
        return tuple(self.metadata.get("held_out", ())) or (False,) * len(self.captions)

    @property
    def is_flagged(self) -> bool:
        """Whether the record says what is held out, or has nothing that could be."""
        return "held_out" in self.metadata or not (self.claims or self.hard_negatives)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ItemRecord:
        """Read one line. Raises KeyError or ValueError when something is missing or unknown."""
        if values["split"] not in SPLITS:
            raise ValueError(f"expected a split of {', '.join(SPLITS)}, got {values['split']!r}")
        free = {key: value for key, value in values.items() if key not in _STANDARD_KEYS}
        return cls(
            str(values["id"]),
            values.get("motion"),
            values.get("scene"),
            tuple(values["captions"]),
            values["split"],
            free,
        )

    def to_json(self) -> dict[str, Any]:
        """The line as a dict."""
        standard = {key: getattr(self, key) for key in _STANDARD_KEYS} | {"captions": list(self.captions)}
        return standard | dict(self.metadata)


class Corpus:
    """Items of a corpus folder, in their stored order; motions and scenes are read on access."""

    def __init__(self, folder: Path, info: Mapping[str, Any], records: tuple[ItemRecord, ...]) -> None:
        self.folder = folder
        self.info = info
        self.records = records

    @staticmethod
    def open(folder: str | Path) -> Corpus:
        """Read a corpus folder. Raises CorpusError if it is no complete corpus of this version."""
        folder = Path(folder)
        info = _read_info(folder)
        if info.get("format") != FORMAT:
            raise CorpusError(f"{folder}: expected corpus format {FORMAT}, got {info.get('format')!r}")
        return Corpus(folder, info, tuple(_read_records(folder / "items.jsonl")))

    def __len__(self) -> int:
        return len(self.records)

    def __str__(self) -> str:
        return str(self.folder)

    def select(self, split: str) -> list[ItemRecord]:
        """The records of "train", "val", "test" or "all"."""
        if split == "all":
            return list(self.records)
        if split not in SPLITS:
            raise CorpusError(f"unknown split {split!r}: expected one of {', '.join(SPLITS)}, all")
        return [record for record in self.records if record.split == split]

    def motion_path(self, motion: str) -> Path:
        """The path of the motion with that id."""
        return self.folder / "motions" / f"{motion}.npz"

    def scene_path(self, scene: str) -> Path:
        """The path of the scene with that id."""
        return self.folder / "scenes" / f"{scene}.npz"

    def motion(self, motion: str) -> Motion:
        """The motion with that id."""
        return load_motion(self.motion_path(motion))

    def scene(self, scene: str) -> Scene:
        """The scene with that id."""
        return load_scene(self.scene_path(scene))

    def item(self, record: ItemRecord | str, scene_of: Callable[[str], Scene] | None = None) -> Item:
        """The item with its motion and scene read, the scene by ``scene_of``. Raises CorpusError for an unknown id."""
        item_record = self._by_id.get(record) if isinstance(record, str) else record
        if item_record is None:
            raise CorpusError(f"{self}: no item {record!r}")
        return self._item(item_record, scene_of or self.scene)

    def items(self, split: str = "all") -> Iterator[Item]:
        """Every item of a split; a scene that items share is read once."""
        shared = lru_cache(maxsize=64)(self.scene)
        for record in self.select(split):
            yield self._item(record, shared)

    def _item(self, record: ItemRecord, scene_of: Callable[[str], Scene]) -> Item:
        return Item(
            record.id,
            motion=self.motion(record.motion) if record.motion is not None else None,
            scene=scene_of(record.scene) if record.scene is not None else None,
            captions=record.captions,
            motion_id=record.motion,
            scene_id=record.scene,
            metadata={key: value for key, value in record.metadata.items() if key not in _NOT_SEARCHED},
        )

    @cached_property
    def _by_id(self) -> dict[str, ItemRecord]:
        return {record.id: record for record in self.records}

    @property
    def checker_name(self) -> str | None:
        """The name of the checker; None for a corpus without."""
        return checker_name(self.folder, self.info)

    @cached_property
    def checker(self) -> Checker | None:
        """Decides which captions are true; None for a corpus without. Raises CorpusError if it is not installed."""
        return open_checker(self.folder, self.info)


def check_new_folder(folder: Path) -> None:
    """Raise CorpusError unless the folder does not exist or is empty."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CorpusError(f"{folder}: expected a new or empty folder, got one that holds something")


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON lines, all or nothing."""
    with atomic_file(path) as temporary, temporary.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)


def _read_info(folder: Path) -> Mapping[str, Any]:
    path = folder / "corpus.json"
    if not path.exists():
        reason = (
            "an unfinished corpus: run the same generate command again" if (folder / ".parts").exists() else "no corpus"
        )
        raise CorpusError(f"{folder}: expected a corpus folder with corpus.json, got {reason}")
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CorpusError(f"{path}: expected JSON, got {error}") from error
    if not isinstance(info, dict):
        raise CorpusError(f"{path}: expected a JSON object, got {type(info).__name__}")
    return info


def _read_records(path: Path) -> Iterator[ItemRecord]:
    if not path.exists():
        raise CorpusError(f"{path.parent}: expected items.jsonl beside corpus.json, got nothing")
    for number, line in enumerate(read_lines(path), start=1):
        try:
            yield ItemRecord.from_json(line)
        except (KeyError, ValueError, TypeError) as error:
            raise CorpusError(f"{path}: line {number} is not an item: {error}") from error


def read_lines(path: Path) -> Iterator[dict[str, Any]]:
    """The JSON values of a file, line by line. Raises FileFormatError for a line that is not JSON."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise FileFormatError(f"{path}: line {number} is not JSON: {error}") from error
