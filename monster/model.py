"""A model is two things: load it, encode with it. What fits together, weights, sizes and text tower, comes together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from monster.checkpoints import Metadata, load_reference_checkpoint, load_weights
from monster.errors import InputError, ModelError, WeightsMissing
from monster.malloc import keep_freed_memory
from monster.networks.collate import Encoding, MotionBatch, SceneBatch
from monster.networks.config import NetworkConfig
from monster.networks.network import Network
from monster.networks.pairs import PAIR_PARTS
from monster.preprocessing import ClassVectors, motion_windows, scene_batch
from monster.tasks import Kind
from monster.text import DEFAULT, TextTower
from monster.types import FloatArray, Item, ItemEmbeddings, Motion, Scene, Scores, checked_text

DEFAULT_WEIGHTS: Final = Path(__file__).parent / "weights" / "small.safetensors"
CHUNK: Final = 32
T = TypeVar("T", str, Motion, Scene)
Rows = NDArray[np.int64]


def load(
    name_or_path: str | Path | None = None,
    *,
    categories: str | Path | None = None,
    text_model: str | None = None,
    device: str = "cpu",
) -> MonSTeR:
    """A model ready to encode: the shipped one, weights of ``monster train``, or the authors' ``.ckpt``.

    A ``.ckpt`` needs ``categories``, an ``.npz`` with ``names`` and ``vectors`` of its 607 object classes, and, to
    encode text, ``text_model``, a folder of its language model. Raises WeightsMissing or ModelError.

    On a CPU the process keeps freed memory from then on (`monster.malloc`), unless ``MALLOC_...`` is set.
    """
    if device == "cpu":
        keep_freed_memory()
    path = DEFAULT_WEIGHTS if name_or_path in (None, "small") else Path(str(name_or_path))
    if not path.exists():
        raise WeightsMissing(f"{path}: expected weights (.safetensors or the authors' .ckpt), got no such file")
    if path.suffix == ".ckpt":
        if categories is None:
            raise ModelError(
                f"{path.name}: a .ckpt needs categories=FILE, an .npz with the names and vectors of its classes"
            )
        (network, metadata), tower = load_reference_checkpoint(path, categories=categories), text_model
    else:
        network, metadata = load_weights(path)
        tower = text_model or str(metadata.notes.get("text_model", DEFAULT))
    return MonSTeR(network, metadata, tower=None if tower is None else TextTower(tower, device=device), device=device)


class MonSTeR:
    """Encodes text, motion, scene and pairs of them into one space, as unit rows of float32, and scores their fit.

    Every ``encode_*`` takes one value or a sequence and returns an array (n, dim). A motion longer than ten seconds is
    encoded in overlapping windows whose embeddings are averaged; a scene without instances is split into objects first.
    """

    def __init__(self, network: Network, metadata: Metadata, *, tower: TextTower | None, device: str = "cpu") -> None:
        self.network = network.to(device).eval()
        self.fingerprint = metadata.fingerprint
        self.categories = metadata.categories
        self.device = device
        self._tower = tower
        table = self.network.scene.class_vectors.cpu().numpy()
        self._vectors = ClassVectors(dict(zip(self.categories, table, strict=True)), tower, table.shape[1])

    @property
    def config(self) -> NetworkConfig:
        """The sizes of the network."""
        return self.network.config

    @property
    def dim(self) -> int:
        """Width of the shared space."""
        return self.network.config.dim

    def encode_text(self, texts: str | Sequence[str]) -> FloatArray:
        """Texts to unit rows (n, dim)."""
        return self._encoded(_listed(texts), lambda part: _unit(self._text(part).mean))

    def encode_motion(self, motions: Motion | Sequence[Motion]) -> FloatArray:
        """Motions to unit rows (n, dim); other rates than 20 fps are resampled."""

        def rows(part: list[Motion]) -> FloatArray:
            encoding, owner = self._motion(part)
            return _pooled(encoding.mean, owner, len(part))

        return self._encoded(_listed(motions), rows)

    def encode_scene(self, scenes: Scene | Sequence[Scene]) -> FloatArray:
        """Scenes to unit rows (n, dim)."""
        return self._encoded(_listed(scenes), lambda part: _unit(self._scene(part).mean))

    def encode_pair(
        self,
        *,
        text: str | Sequence[str] | None = None,
        motion: Motion | Sequence[Motion] | None = None,
        scene: Scene | Sequence[Scene] | None = None,
    ) -> FloatArray:
        """Two of text, motion, scene, values or equally long sequences, to unit rows (n, dim)."""
        texts: list[str] = [] if text is None else _listed(text)
        motions: list[Motion] = [] if motion is None else _listed(motion)
        scenes: list[Scene] = [] if scene is None else _listed(scene)
        given = [part for part, value in ((texts, text), (motions, motion), (scenes, scene)) if value is not None]
        if len(given) != 2:
            raise InputError(f"a pair is made of exactly two of text, motion and scene, got {len(given)}")
        if len(given[0]) != len(given[1]):
            raise InputError(f"a pair needs equally many of both, got {len(given[0])} and {len(given[1])}")
        if not given[0]:
            return np.zeros((0, self.dim), dtype=np.float32)
        items = list(_pair_items(texts, motions, scenes))
        rows = [
            found.st if motion is None else found.mt if scene is None else found.ms
            for found in self.encode_items(items)
        ]
        return np.concatenate([np.atleast_2d(row) for row in rows if row is not None])

    def encode_items(
        self, items: Sequence[Item], *, progress: Callable[[int], None] | None = None
    ) -> list[ItemEmbeddings]:
        """Every embedding that each item allows; ``progress(done)`` is called after each chunk.

        Items with equal ``motion_id`` or ``scene_id`` share what they name: it is encoded once a chunk.
        """
        order = sorted(range(len(items)), key=lambda index: (items[index].scene_id or "", index))
        found: dict[int, ItemEmbeddings] = {}
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            with torch.inference_mode():
                found |= dict(zip(chunk, _ChunkEncoder(self, [items[index] for index in chunk]).results(), strict=True))
            if progress is not None:
                progress(min(start + CHUNK, len(order)))
        return [found[index] for index in range(len(items))]

    def score(self, *, text: str | None = None, motion: Motion | None = None, scene: Scene | None = None) -> Scores:
        """How well two or three of text, motion and scene fit, each score 0..1.

        The motion's coordinates are taken as the scene's; ``notes`` says so when the motion is not placed.
        """
        captions = () if text is None else (checked_text(text),)
        if sum(value is not None for value in (text, motion, scene)) < 2:
            raise InputError("a score needs at least two of text, motion and scene")
        found = self.encode_items([Item("query", motion=motion, scene=scene, captions=captions)])[0]
        t = found.captions[0] if captions else None
        st, mt = (None if rows is None else rows[0] for rows in (found.st, found.mt))
        return Scores(
            tm2s=_score(mt, found.scene),
            st2m=_score(st, found.motion),
            ms2t=_score(found.ms, t),
            t2m=_score(t, found.motion),
            t2s=_score(t, found.scene),
            m2s=_score(found.motion, found.scene),
            notes=tuple(_notes(motion, scene)),
        )

    def _encoded(self, values: list[T], rows: Callable[[list[T]], FloatArray]) -> FloatArray:
        if not values:
            return np.zeros((0, self.dim), dtype=np.float32)
        with torch.inference_mode():
            return np.concatenate([rows(values[i : i + CHUNK]) for i in range(0, len(values), CHUNK)])

    def _text(self, texts: list[str]) -> Encoding:
        if self._tower is None:
            raise ModelError("this model has no text tower: load it with text_model=FOLDER of its language model")
        states = self._tower.tokens([checked_text(text) for text in texts])
        tokens, mask = torch.from_numpy(states.states), torch.from_numpy(states.mask)
        if tokens.shape[-1] != self.config.text.width:
            raise ModelError(
                f"expected token states {self.config.text.width} wide, the text model gives {tokens.shape[-1]}"
            )
        return self.network.encode_text(tokens.to(self.device), mask.to(self.device))

    def _motion(self, motions: list[Motion]) -> tuple[Encoding, Rows]:
        windows = [motion_windows(motion) for motion in motions]
        owner = np.repeat(np.arange(len(motions)), [len(parts) for parts in windows])
        batch = MotionBatch.of([joints for parts in windows for joints in parts]).to(self.device)
        return self.network.encode_motion(batch.joints, batch.mask), owner

    def _scene(self, scenes: list[Scene]) -> Encoding:
        batch: SceneBatch = scene_batch(scenes, self.config.scene, self._vectors)
        return self.network.encode_scene(batch.to(self.device))


class _ChunkEncoder:
    """Encodes the distinct texts, motions and scenes of a few items once, and the pairs from their tokens."""

    def __init__(self, model: MonSTeR, items: list[Item]) -> None:
        self.model, self.items = model, items
        self.texts = list(dict.fromkeys(caption for item in items for caption in item.captions))
        self.motions = {str(item.motion_id): item.motion for item in items if item.motion is not None}
        self.scenes = {str(item.scene_id): item.scene for item in items if item.scene is not None}
        self.t = model._text(self.texts) if self.texts else None
        self.m: Encoding | None = None
        self.owner: Rows = np.zeros(0, dtype=np.int64)
        if self.motions:
            self.m, self.owner = model._motion(list(self.motions.values()))
        self.s = model._scene(list(self.scenes.values())) if self.scenes else None

    def results(self) -> Iterator[ItemEmbeddings]:
        """The embeddings of each item, in their order."""
        t = np.zeros((0, self.model.dim), np.float32) if self.t is None else _unit(self.t.mean)
        m = None if self.m is None else _pooled(self.m.mean, self.owner, len(self.motions))
        s = None if self.s is None else _unit(self.s.mean)
        pairs = {kind: iter(self._pair(kind)) for kind in PAIR_PARTS}
        text_row, motion_row, scene_row = (_numbered(values) for values in (self.texts, self.motions, self.scenes))
        for item in self.items:
            rows = {kind: next(pairs[kind]) if self._has(item, kind) else None for kind in PAIR_PARTS}
            ms = rows["ms"]
            yield ItemEmbeddings(
                captions=t[[text_row[caption] for caption in item.captions]],
                motion=None if m is None or item.motion_id is None else m[motion_row[item.motion_id]],
                scene=None if s is None or item.scene_id is None else s[scene_row[item.scene_id]],
                st=rows["st"],
                mt=rows["mt"],
                ms=None if ms is None else ms[0],
            )

    @staticmethod
    def _has(item: Item, kind: Kind) -> bool:
        present = {"t": bool(item.captions), "m": item.motion is not None, "s": item.scene is not None}
        return all(present[letter] for letter in kind)

    def _pair(self, kind: Kind) -> list[FloatArray]:
        """For each item that has both parts: (captions, dim), or (1, dim) for motion and scene."""
        holders = [item for item in self.items if self._has(item, kind)]
        if not holders:
            return []
        entries = [(item, caption) for item in holders for caption in (item.captions if "t" in kind else ("",))]
        rows, entry_of = self._rows(kind, entries)
        parts = {"t": self.t, "m": self.m, "s": self.s}
        a, b = (_present(parts[letter]).take(torch.from_numpy(rows[letter])) for letter in PAIR_PARTS[kind])
        pooled = _pooled(self.model.network.encode_pair(kind, a, b).mean, entry_of, len(entries))
        counts = [len(item.captions) if "t" in kind else 1 for item in holders]
        return np.split(pooled, np.cumsum(counts)[:-1])

    def _rows(self, kind: Kind, entries: list[tuple[Item, str]]) -> tuple[dict[str, Rows], Rows]:
        """Rows of each encoding for every window of every entry, and the entry that each belongs to."""
        text_row, motion_row, scene_row = (_numbered(values) for values in (self.texts, self.motions, self.scenes))
        columns: dict[str, list[int]] = {"t": [], "m": [], "s": [], "entry": []}
        for number, (item, caption) in enumerate(entries):
            windows = np.flatnonzero(self.owner == motion_row[str(item.motion_id)]) if "m" in kind else [0]
            for window in windows:
                columns["t"].append(text_row.get(caption, 0))
                columns["m"].append(int(window))
                columns["s"].append(scene_row.get(str(item.scene_id), 0))
                columns["entry"].append(number)
        arrays = {name: np.array(values, dtype=np.int64) for name, values in columns.items()}
        return arrays, arrays["entry"]


def _pair_items(texts: list[str], motions: list[Motion], scenes: list[Scene]) -> Iterator[Item]:
    """Items of two of the three lists; what is handed over many times has one id, so that it is encoded once."""
    for index in range(max(len(texts), len(motions), len(scenes))):
        motion = motions[index] if motions else None
        scene = scenes[index] if scenes else None
        captions = (texts[index],) if texts else ()
        yield Item(str(index), motion, scene, captions, motion_id=str(id(motion)), scene_id=str(id(scene)))


def _present(encoding: Encoding | None) -> Encoding:
    if encoding is None:
        raise InputError("a pair needs both of its parts")
    return encoding


def _listed(values: T | Sequence[T]) -> list[T]:
    return [values] if isinstance(values, (str, Motion, Scene)) else list(values)


def _numbered(names: Iterable[str]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _unit(means: Tensor) -> FloatArray:
    rows = torch.nn.functional.normalize(means.float(), dim=-1)
    return np.asarray(rows.cpu().numpy(), dtype=np.float32)


def _pooled(means: Tensor, owner: Rows, count: int) -> FloatArray:
    """The unit mean of the unit rows of each owner: (count, dim)."""
    rows = _unit(means)
    if len(rows) == count:
        return rows
    sums = np.zeros((count, rows.shape[1]), dtype=np.float32)
    np.add.at(sums, owner, rows)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def _score(query: FloatArray | None, target: FloatArray | None) -> float | None:
    if query is None or target is None:
        return None
    return float(np.clip((1 + float(query @ target)) / 2, 0, 1))


def _notes(motion: Motion | None, scene: Scene | None) -> Iterator[str]:
    if motion is not None and scene is not None and not motion.placed:
        yield "the motion is not placed in the scene: its coordinates were taken as the scene's"
    if motion is not None and (windows := len(motion_windows(motion))) > 1:
        yield f"the motion lasts {motion.duration:.1f} s and was encoded in {windows} windows of at most 10 s"
    if scene is not None and scene.instances is None:
        yield "the scene has no instances: it was split into objects"
