"""Writes a data set as a corpus, all or nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import Progress
from monster.corpus.importers.data import DataSet, Entry
from monster.corpus.storage import FORMAT, SPLITS, Corpus, ItemRecord, Split, check_new_folder, write_lines
from monster.errors import CorpusError, MissingExtra, MonsterError
from monster.files import atomic_folder
from monster.io.npz import save_motion, save_scene
from monster.types import CANONICAL_FPS, checked_text

_SHARE: Final = 20  # one room in 20 is for test, one for validation


@dataclass(frozen=True)
class Imported:
    """The corpus, a line for each item or scene left out, and how many items moved to the split of their room."""

    corpus: Corpus
    left_out: tuple[str, ...]
    moved: int


def import_corpus(
    data: DataSet,
    out: str | Path,
    *,
    seed: int = 0,
    progress: Progress | None = None,
    info: Mapping[str, Any] | None = None,
) -> Imported:
    """Make a corpus of a data set in the new or empty folder ``out``; ``info`` is added to its corpus.json.

    Unreadable items are left out and listed. Motions are resampled to 20 fps. A room that the data set shares between
    splits goes to the split of most of its items; rooms without a split are drawn with ``seed``. Raises CorpusError
    if ``out`` is not empty or no item could be imported. An error or an interrupt leaves no folder.
    """
    out = Path(out)
    check_new_folder(out)
    entries = data.entries()
    with atomic_folder(out) as folder:
        for part in ("motions", "scenes"):
            (folder / part).mkdir()
        writing = _Writing(folder, data, list(data.left_out))
        for done, entry in enumerate(entries, start=1):
            writing.add(entry)
            if progress is not None:
                progress(done, len(entries))
        left_out = tuple(writing.reasons())
        if not writing.kept:
            reason = f"; {left_out[0]}" if left_out else ""
            raise CorpusError(f"{data.name}: expected items to import, got none that can be read{reason}")
        moved = _finish(writing, seed, info or {})
    return Imported(Corpus.open(out), left_out, moved)


@dataclass(eq=False)
class _Writing:
    """A corpus that is being written: the kept items, and what was left out and why."""

    folder: Path
    data: DataSet
    left_out: list[str]
    kept: list[tuple[Entry, ItemRecord]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    scenes: dict[str, str] = field(default_factory=dict)  # file names of scenes that were written
    broken: dict[str, str] = field(default_factory=dict)  # why the other scenes cannot be read
    without: Counter[str] = field(default_factory=Counter)  # number of items left out because of a broken scene

    def add(self, entry: Entry) -> None:
        """Write an entry's motion and scene, or record why it is left out."""
        try:
            captions = tuple(checked_text(text) for text in entry.captions if text.strip())
            if entry.id in self.names:
                raise CorpusError("duplicate id")
            motion = None if entry.motion is None else entry.motion().resampled(CANONICAL_FPS)
            scene = None if entry.scene is None else self._scene(entry.scene)
        except MissingExtra:
            raise  # other items would fail alike
        except MonsterError as error:
            self.left_out.append(f"{entry.id}: {error}")
            return
        if entry.scene is not None and scene is None:
            self.without[entry.scene] += 1
            return
        if motion is None and scene is None and not captions:
            self.left_out.append(f"{entry.id}: expected a motion, a scene or a caption, got nothing")
            return
        self.names.add(entry.id)
        name = None if motion is None else file_name(entry.id)
        if motion is not None:
            motion = replace(motion, joints=np.round(motion.joints, 3))
            save_motion(self.folder / "motions" / f"{name}.npz", motion)
        metadata = entry.metadata if scene is None else {"room": entry.room, **entry.metadata}
        record = ItemRecord(entry.id, name, scene, captions, "train", metadata)
        self.kept.append((entry, record))

    def _scene(self, scene: str) -> str | None:
        """The stored name of a scene, which is written on first use; None if it cannot be read."""
        if scene not in self.scenes and scene not in self.broken:
            try:
                content = self.data.scene(scene)
            except MissingExtra:
                raise
            except MonsterError as error:
                self.broken[scene] = str(error)
            else:
                self.scenes[scene] = file_name(scene)
                save_scene(self.folder / "scenes" / f"{self.scenes[scene]}.npz", content)
        return self.scenes.get(scene)

    def reasons(self) -> Iterator[str]:
        """One line for each item or scene that was left out."""
        yield from self.left_out
        for scene, reason in self.broken.items():
            yield f"scene {scene}: {reason} ({self.without[scene]} items left out)"


def file_name(name: str) -> str:
    """A file name for an id: the id itself, or its safe characters and a short hash."""
    plain = re.sub(r"[^A-Za-z0-9._@-]", "_", name).lstrip(".")[:100]
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def split_rooms(rooms: dict[str, Counter[Split]], seed: int) -> dict[str, Split]:
    """One split for each room: that of most of its items, otherwise drawn (one in 20 test, one in 20 validation)."""
    split: dict[str, Split] = {}
    for room, counts in rooms.items():
        if counts:
            split[room] = max(SPLITS, key=lambda name, counts=counts: (counts[name], name))  # type: ignore[misc]
    free = sorted(set(rooms) - set(split), key=lambda room: hashlib.sha256(f"{seed}:{room}".encode()).digest())
    share = max(len(free) // _SHARE, 1 if len(free) >= 3 else 0)
    for position, room in enumerate(free):
        split[room] = "test" if position < share else ("val" if position < 2 * share else "train")
    return split


def _finish(writing: _Writing, seed: int, more: Mapping[str, Any]) -> int:
    """Write items.jsonl and corpus.json; returns how many items changed their split."""
    rooms: dict[str, Counter[Split]] = {}
    for entry, _ in writing.kept:
        rooms.setdefault(entry.room, Counter()).update([entry.split] if entry.split else [])
    split = split_rooms(rooms, seed)
    moved = sum(entry.split not in (None, split[entry.room]) for entry, _ in writing.kept)
    records = [replace(record, split=split[entry.room]) for entry, record in writing.kept]
    order = np.random.default_rng([seed, 0xC0]).permutation(len(records))
    write_lines(writing.folder / "items.jsonl", (records[index].to_json() for index in order))
    info: dict[str, Any] = {
        "format": FORMAT,
        "name": writing.data.name,
        "licence": writing.data.licence,
        "source": writing.data.source,
        "axes": "metres, right-handed, z up",
        "fps": CANONICAL_FPS,
        "counts": {
            "items": len(records),
            "motions": sum(record.motion is not None for record in records),
            "scenes": len(writing.scenes),
            "captions": sum(len(record.captions) for record in records),
            "rooms": len(rooms),
        },
        "imported": {
            "seed": seed,
            "left_out": sum(1 for _ in writing.reasons()),
            "moved_with_their_room": moved,
        },
        **more,
    }
    (writing.folder / "corpus.json").write_text(json.dumps(info, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return moved
