"""The model: `load` reads weights, sizes and text tower together; `MonSTeR` encodes and scores with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from monster.arrays import DoubleArray, FloatArray, IntArray, Progress
from monster.checkpoints import Metadata, load_reference_checkpoint, load_weights
from monster.checks import Remark, check_text
from monster.errors import InputError, ModelError, WeightsMissing
from monster.forking import compute_after_fork
from monster.networks.collate import Encoding, MotionBatch, SceneBatch
from monster.networks.config import NetworkConfig
from monster.networks.network import Network
from monster.networks.pairs import ROW_PARTS
from monster.preprocessing import ClassVectors, in_own_frame, motion_windows, own_windows, scene_batch
from monster.results import ItemEmbeddings, Scores
from monster.tasks import SCORE_TASKS, Kind, kind_of
from monster.text import DEFAULT, TextTower
from monster.types import Item, Motion, Scene, checked_motion, checked_scene, checked_text

DEFAULT_WEIGHTS: Final = Path(__file__).parent / "weights" / "small.safetensors"
CHUNK: Final = 32  # values encoded at a time
T = TypeVar("T", str, Motion, Scene)


def load(
    name_or_path: str | Path | None = None,
    *,
    categories: str | Path | None = None,
    text_model: str | None = None,
    device: str = "cpu",
) -> MonSTeR:
    """Load a model: the default weights, weights of ``monster train``, or the authors' ``.ckpt``.

    A ``.ckpt`` needs ``categories``, an ``.npz`` with ``names`` and ``vectors`` of its 607 object classes, and, to
    encode text, ``text_model``, a folder of its language model. Raises WeightsMissing or ModelError.
    """
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
    """Encodes text, motion, scene and pairs of them as unit rows of float32 in one space, and scores how they fit.

    Every ``encode_*`` takes one value or a sequence and returns an array (n, dim). A motion longer than ten seconds is
    encoded in overlapping windows whose embeddings are averaged; a scene without instances is split into objects first.
    Raises InputError for values of another type.
    """

    def __init__(self, network: Network, metadata: Metadata, *, tower: TextTower | None, device: str = "cpu") -> None:
        compute_after_fork()
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
        return self._encoded(_listed(texts, checked_text), lambda part: _unit(self._text(part).mean))

    def check_text(self, text: str) -> tuple[Remark, ...]:
        """Remarks on a text: what of it is cut, or not known to the text model."""
        text = checked_text(text)
        return () if self._tower is None else check_text(text, self._tower.pieces([text])[0])

    def encode_motion(
        self, motions: Motion | Sequence[Motion], *, scene: Scene | Sequence[Scene] | None = None
    ) -> FloatArray:
        """Motions to unit rows (n, dim), each in its own frame; other rates than 20 fps are resampled.

        With ``scene``, one for all or one each: the rows in the frame of the scene, whose coordinates the motions have.
        """
        moved = _listed(motions, checked_motion)
        if scene is None:
            return self._encoded(moved, self._own_rows)
        rooms = [scene] * len(moved) if isinstance(scene, Scene) else _listed(scene, checked_scene)
        if len(rooms) != len(moved):
            raise InputError(f"expected one scene or one for each motion, got {len(rooms)} for {len(moved)} motions")
        if not moved:
            return np.zeros((0, self.dim), dtype=np.float32)
        items = list(_pair_items([], moved, rooms))
        return np.concatenate([found["m@s"] for found in self.encode_items(items)])

    def encode_scene(self, scenes: Scene | Sequence[Scene]) -> FloatArray:
        """Scenes to unit rows (n, dim)."""
        return self._encoded(_listed(scenes, checked_scene), self._scene_rows)

    def encode_pair(
        self,
        *,
        text: str | Sequence[str] | None = None,
        motion: Motion | Sequence[Motion] | None = None,
        scene: Scene | Sequence[Scene] | None = None,
    ) -> FloatArray:
        """Two of text, motion and scene, single values or sequences of equal length, to unit rows (n, dim)."""
        letters = [letter for letter, value in (("t", text), ("m", motion), ("s", scene)) if value is not None]
        if len(letters) != 2:
            raise InputError(f"a pair needs exactly two of text, motion and scene, got {len(letters)}")
        texts = [] if text is None else _listed(text, checked_text)
        motions = [] if motion is None else _listed(motion, checked_motion)
        scenes = [] if scene is None else _listed(scene, checked_scene)
        lengths = {"t": len(texts), "m": len(motions), "s": len(scenes)}
        first, second = (lengths[letter] for letter in letters)
        if first != second:
            raise InputError(f"a pair needs equally many of both, got {first} and {second}")
        if not first:
            return np.zeros((0, self.dim), dtype=np.float32)
        kind = kind_of("".join(letters))
        items = list(_pair_items(texts, motions, scenes))
        return np.concatenate([found[kind] for found in self.encode_items(items)])

    def encode_items(self, items: Sequence[Item], *, progress: Progress | None = None) -> list[ItemEmbeddings]:
        """The embeddings of each item, of every kind that its modalities allow. ``progress`` is called for each chunk.

        Items with equal ``motion_id`` or ``scene_id`` share that motion or scene: a chunk encodes it once.
        """
        order = sorted(range(len(items)), key=lambda index: (items[index].scene_id or "", index))
        results: dict[int, ItemEmbeddings] = {}
        for start in range(0, len(order), CHUNK):
            chunk = order[start : start + CHUNK]
            with torch.inference_mode():
                encoder = _ChunkEncoder(self, [items[index] for index in chunk])
                results |= dict(zip(chunk, encoder.results(), strict=True))
            if progress is not None:
                progress(len(results), len(order))
        return [results[index] for index in range(len(items))]

    def score(self, *, text: str | None = None, motion: Motion | None = None, scene: Scene | None = None) -> Scores:
        """How well two or three of text, motion and scene fit, each score 0..1.

        The motion's coordinates are used as coordinates of the scene; ``notes`` says so if the motion is not placed.
        """
        captions = () if text is None else (checked_text(text),)
        if sum(value is not None for value in (text, motion, scene)) < 2:
            raise InputError("a score needs at least two of text, motion and scene")
        rows = self.encode_items([Item("query", motion=motion, scene=scene, captions=captions)])[0]
        scores = {
            task: _score(rows[task.rows[0]][0], rows[task.rows[1]][0])
            for task in SCORE_TASKS
            if task.rows[0] in rows and task.rows[1] in rows
        }
        remarks = () if text is None else self.check_text(text)
        return Scores(scores, tuple(_notes(motion, scene)), remarks)

    def _scene_rows(self, scenes: list[Scene]) -> FloatArray:
        return _unit(self._scene([self._framed(scene)[0] for scene in scenes]).mean)

    def _own_rows(self, motions: list[Motion]) -> FloatArray:
        encoding, owner = self._motion([self._own_windows(motion) for motion in motions])
        return _pooled(encoding.mean, owner, len(motions))

    def _encoded(self, values: list[T], rows: Callable[[list[T]], FloatArray]) -> FloatArray:
        if not values:
            return np.zeros((0, self.dim), dtype=np.float32)
        with torch.inference_mode():
            return np.concatenate([rows(values[i : i + CHUNK]) for i in range(0, len(values), CHUNK)])

    def _text(self, texts: list[str]) -> Encoding:
        if self._tower is None:
            raise ModelError("this model has no text tower: load it with text_model=FOLDER of its language model")
        states = self._tower.tokens(texts)
        tokens, mask = torch.from_numpy(states.states), torch.from_numpy(states.mask)
        if tokens.shape[-1] != self.config.text.width:
            raise ModelError(
                f"expected token states {self.config.text.width} wide, the text model gives {tokens.shape[-1]}"
            )
        return self.network.encode_text(tokens.to(self.device), mask.to(self.device))

    def _own_windows(self, motion: Motion) -> list[FloatArray]:
        """The windows of a motion in its own frame; in the file's for weights that were trained so."""
        return motion_windows(motion) if self.config.frames == "world" else own_windows(motion)

    def _motion(self, windows: list[list[FloatArray]], *, placed: bool = False) -> tuple[Encoding, IntArray]:
        """The encoding of all windows of motions, and the motion (by position) that each window belongs to."""
        owner = np.repeat(np.arange(len(windows)), [len(parts) for parts in windows])
        batch = MotionBatch.of([joints for parts in windows for joints in parts]).to(self.device)
        return self.network.encode_motion(batch.joints, batch.mask, placed=placed), owner

    def _framed(self, scene: Scene) -> tuple[Scene, DoubleArray]:
        """The scene in its own frame, and the origin (3,) of that frame."""
        return (scene, np.zeros(3)) if self.config.frames == "world" else in_own_frame(scene)

    def _scene(self, scenes: list[Scene]) -> Encoding:
        """The encoding of scenes in their own frame."""
        batch: SceneBatch = scene_batch(scenes, self.config.scene, self._vectors)
        return self.network.encode_scene(batch.to(self.device))


class _Placed(NamedTuple):
    """The id of a motion in the frame of a scene."""

    motion: str
    scene: str


_Id = str | _Placed
_AnyId = TypeVar("_AnyId", str, _Placed)


@dataclass(frozen=True)
class _Encoded:
    """Distinct values of one modality: their encoding, and its rows by id (a motion has one row for each window)."""

    encoding: Encoding
    rows: Mapping[_Id, IntArray]

    def embeddings(self) -> dict[_Id, FloatArray]:
        """The unit row (1, dim) of each value."""
        owner = np.repeat(np.arange(len(self.rows)), [len(rows) for rows in self.rows.values()])
        rows = torch.from_numpy(np.concatenate(list(self.rows.values())))
        pooled = _pooled(self.encoding.mean[rows], owner, len(self.rows))
        return dict(zip(self.rows, pooled[:, None], strict=True))


class _ChunkEncoder:
    """Encodes each distinct text, motion and scene of a few items once, and the pairs from their tokens."""

    def __init__(self, model: MonSTeR, items: list[Item]) -> None:
        self._network = model.network
        self._ids = [_ids(item) for item in items]
        self._parts: dict[Kind, _Encoded] = {}
        texts = list(dict.fromkeys(caption for item in items for caption in item.captions))
        motions = {str(item.motion_id): item.motion for item in items if item.motion is not None}
        by_id = {str(item.scene_id): item.scene for item in items if item.scene is not None}
        scenes = {id: model._framed(scene) for id, scene in by_id.items()}
        if texts:
            self._parts["t"] = _Encoded(model._text(texts), _single_rows(texts))
        if motions:
            self._add_motions("m", {id: model._own_windows(motion) for id, motion in motions.items()}, model)
        if scenes:
            self._parts["s"] = _Encoded(model._scene([scene for scene, _ in scenes.values()]), _single_rows(scenes))
        pairs = {_Placed(str(item.motion_id), str(item.scene_id)) for item in items if item.motion and item.scene}
        if pairs and model.config.frames == "world":
            own = self._parts["m"]
            self._parts["m@s"] = _Encoded(own.encoding, {pair: own.rows[pair.motion] for pair in sorted(pairs)})
        elif pairs:
            windows = {pair: motion_windows(motions[pair.motion], scenes[pair.scene][1]) for pair in sorted(pairs)}
            self._add_motions("m@s", windows, model)

    def _add_motions(self, kind: Kind, windows: Mapping[_AnyId, list[FloatArray]], model: MonSTeR) -> None:
        encoding, owner = model._motion(list(windows.values()), placed=kind == "m@s")
        rows: dict[_Id, IntArray] = {id: np.flatnonzero(owner == number) for number, id in enumerate(windows)}
        self._parts[kind] = _Encoded(encoding, rows)

    def results(self) -> list[ItemEmbeddings]:
        """The embeddings of each item, in their order."""
        results: list[ItemEmbeddings] = [{} for _ in self._ids]
        for kind, part in self._parts.items():
            embeddings = part.embeddings()
            for ids, result in zip(self._ids, results, strict=True):
                if ids[kind]:
                    result[kind] = np.concatenate([embeddings[id] for id in ids[kind]])
        for kind in ROW_PARTS:
            self._add_pairs(kind, results)
        return results

    def _add_pairs(self, kind: Kind, results: list[ItemEmbeddings]) -> None:
        """Add a pair kind to each item that has both parts: one row a caption, or one row for motion and scene."""
        first, second = ROW_PARTS[kind]
        pairs = [[(a, b) for a in ids[first] for b in ids[second]] for ids in self._ids]
        if not any(pairs):
            return
        rows = self._pair_rows(kind, [pair for own in pairs for pair in own])
        ends = np.cumsum([len(own) for own in pairs])
        for own, result, end in zip(pairs, results, ends, strict=True):
            if own:
                result[kind] = rows[end - len(own) : end]

    def _pair_rows(self, kind: Kind, pairs: list[tuple[_Id, _Id]]) -> FloatArray:
        """Unit rows (n, dim) of pairs of ids; the rows of a motion's windows are averaged."""
        first, second = (self._parts[part] for part in ROW_PARTS[kind])
        windows = [
            (number, a, b)
            for number, (id_a, id_b) in enumerate(pairs)
            for a in first.rows[id_a]
            for b in second.rows[id_b]
        ]
        owner, rows_a, rows_b = np.array(windows, dtype=np.int64).T
        a = first.encoding.take(torch.from_numpy(rows_a))
        b = second.encoding.take(torch.from_numpy(rows_b))
        return _pooled(self._network.encode_pair(kind, a, b).mean, owner, len(pairs))


def _ids(item: Item) -> dict[Kind, tuple[_Id, ...]]:
    """The ids of an item's texts (a caption is its own id), motion and scene, and of its motion in its scene."""
    motion = () if item.motion_id is None else (item.motion_id,)
    scene = () if item.scene_id is None else (item.scene_id,)
    placed = tuple(_Placed(a, b) for a in motion for b in scene)
    return {"t": item.captions, "m": motion, "s": scene, "m@s": placed}


def _single_rows(ids: Iterable[str]) -> dict[_Id, IntArray]:
    return {id: np.array([row]) for row, id in enumerate(ids)}


def _pair_items(texts: list[str], motions: list[Motion], scenes: list[Scene]) -> Iterator[Item]:
    """Items of two of the three lists; a motion or scene that occurs repeatedly has one id, so it is encoded once."""
    for index in range(max(len(texts), len(motions), len(scenes))):
        motion = motions[index] if motions else None
        scene = scenes[index] if scenes else None
        captions = (texts[index],) if texts else ()
        yield Item(str(index), motion, scene, captions, motion_id=str(id(motion)), scene_id=str(id(scene)))


def _listed(values: T | Sequence[T], check: Callable[[object], T]) -> list[T]:
    """One value or a sequence of values as a list. Raises InputError if one of them has another type."""
    if isinstance(values, Iterable) and not isinstance(values, str | Motion | Scene):
        return [check(value) for value in values]
    return [check(values)]


def _unit(means: Tensor) -> FloatArray:
    rows = torch.nn.functional.normalize(means.float(), dim=-1)
    return np.asarray(rows.cpu().numpy(), dtype=np.float32)


def _pooled(means: Tensor, owner: IntArray, count: int) -> FloatArray:
    """The unit mean of the unit rows of each owner: (count, dim)."""
    rows = _unit(means)
    if len(rows) == count:
        return rows
    sums = np.zeros((count, rows.shape[1]), dtype=np.float32)
    np.add.at(sums, owner, rows)
    return np.asarray(sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-12), dtype=np.float32)


def _score(query: FloatArray, target: FloatArray) -> float:
    return float(np.clip((1 + float(query @ target)) / 2, 0, 1))


def _notes(motion: Motion | None, scene: Scene | None) -> Iterator[str]:
    if motion is not None and scene is not None and not motion.placed:
        yield "the motion is not placed in the scene: its coordinates are used as coordinates of the scene"
    if motion is not None and (windows := len(motion_windows(motion))) > 1:
        yield f"the motion lasts {motion.duration:.1f} s and was encoded in {windows} windows of at most 10 s"
    if scene is not None and scene.instances is None:
        yield "the scene has no instances: it was split into objects"
