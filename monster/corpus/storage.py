"""A corpus on disk: ``corpus.json``, ``items.jsonl``, ``motions/*.npz`` and ``scenes/*.npz``.

Generated corpora also hold ``rooms.jsonl``, the geometry that the checker decides from. The format serves training,
evaluation and galleries alike; an item holds one, two or three modalities.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

from monster.errors import CorpusError, FileFormatError
from monster.io.npz import load_motion, load_scene
from monster.types import Item, Motion, Scene
from worlds.checker.records import claim_from_json, room_from_json
from worlds.checker.relations import Plan

FORMAT: Final = 1
GENERATOR: Final = "2"  # version of the generator whose claims this version's checker understands
Split = Literal["train", "val", "test"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)
_FOR_THE_CHECKER: Final = ("claims", "patterns", "counterfactuals")  # long, and no metadata to search by
_OWN_KEYS: Final = ("id", "motion", "scene", "captions", "split")


@dataclass(frozen=True)
class ItemRecord:
    """A line of ``items.jsonl``: ids of the motion and the scene (or None), captions, split, free metadata."""

    id: str
    motion: str | None
    scene: str | None
    captions: tuple[str, ...]
    split: Split
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ItemRecord:
        """Read one line. Raises KeyError or ValueError when something is missing or unknown."""
        if values["split"] not in SPLITS:
            raise ValueError(f"expected a split of {', '.join(SPLITS)}, got {values['split']!r}")
        free = {key: value for key, value in values.items() if key not in _OWN_KEYS}
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
        own = {key: getattr(self, key) for key in _OWN_KEYS} | {"captions": list(self.captions)}
        return own | dict(self.metadata)


class Corpus:
    """Items of a corpus folder, in their stored order; motions and scenes are read when asked for."""

    def __init__(self, folder: Path, info: Mapping[str, Any], records: tuple[ItemRecord, ...]) -> None:
        self.folder = folder
        self.info = info
        self.records = records

    @staticmethod
    def open(folder: str | Path) -> Corpus:
        """Read a corpus folder. Raises CorpusError when it is none, unfinished, broken or of a newer format."""
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
        """Where the motion with that id lies."""
        return self.folder / "motions" / f"{motion}.npz"

    def scene_path(self, scene: str) -> Path:
        """Where the scene with that id lies."""
        return self.folder / "scenes" / f"{scene}.npz"

    def motion(self, motion: str) -> Motion:
        """The motion with that id."""
        return load_motion(self.motion_path(motion))

    def scene(self, scene: str) -> Scene:
        """The scene with that id."""
        return load_scene(self.scene_path(scene))

    def item(self, record: ItemRecord | str) -> Item:
        """The item with its motion and scene read. Raises CorpusError for an unknown id."""
        found = self._by_id.get(record) if isinstance(record, str) else record
        if found is None:
            raise CorpusError(f"{self}: no item {record!r}")
        return self._item(found, lambda scene: self.scene(scene))

    def items(self, split: str = "all") -> Iterator[Item]:
        """Every item of a split; a scene that items share is read once."""
        shared = lru_cache(maxsize=64)(self.scene)
        for record in self.select(split):
            yield self._item(record, shared)

    def _item(self, record: ItemRecord, scene_of: Any) -> Item:
        return Item(
            record.id,
            motion=self.motion(record.motion) if record.motion is not None else None,
            scene=scene_of(record.scene) if record.scene is not None else None,
            captions=record.captions,
            motion_id=record.motion,
            scene_id=record.scene,
            metadata={key: value for key, value in record.metadata.items() if key not in _FOR_THE_CHECKER},
        )

    @cached_property
    def _by_id(self) -> dict[str, ItemRecord]:
        return {record.id: record for record in self.records}

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """Floor plans by scene id, for the checker; empty for a corpus that was not generated."""
        path = self.folder / "rooms.jsonl"
        if not path.exists():
            return {}
        return {str(line["scene"]): Plan(room_from_json(line)) for line in _lines(path)}

    def claims(self, record: ItemRecord) -> tuple[Any, ...]:
        """What each caption of the record says, for the checker; empty for a corpus that was not generated.

        Raises CorpusError when another version of the generator made the corpus.
        """
        made = self.info.get("generator", {}).get("generator", GENERATOR)
        if made != GENERATOR:
            raise CorpusError(f"{self.folder}: made by generator {made}, expected {GENERATOR}: generate it again")
        return tuple(claim_from_json(values) for values in record.metadata.get("claims", ()))


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON lines, all or nothing."""
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    temporary.replace(path)


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
    for number, line in enumerate(_lines(path), start=1):
        try:
            yield ItemRecord.from_json(line)
        except (KeyError, ValueError, TypeError) as error:
            raise CorpusError(f"{path}: line {number} is not an item: {error}") from error


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise FileFormatError(f"{path}: line {number} is not JSON: {error}") from error
