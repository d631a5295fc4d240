"""`Gallery`: items in a folder, searched by text, motion, scene or two of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np

from monster.arrays import FloatArray, Progress
from monster.errors import FingerprintMismatch, GalleryError, InputError, MissingExtra, TaskError
from monster.files import atomic_folder
from monster.gallery import files
from monster.gallery.encoder import Encoder
from monster.gallery.hits import check_direction, checked_k, checked_modality, hit_of, known, parse_target
from monster.gallery.store import Entity, Store, connect, create_database, placed_key
from monster.gallery.vectors import Vectors
from monster.gallery.writer import AddReport, Writer, change
from monster.io.npz import load_motion, load_scene
from monster.provenance import Remark
from monster.results import Hit, Scores
from monster.tasks import MODALITY_OF, UNPLACED, Kind, Modality, Task, kind_of
from monster.types import Item, Motion, Query, Scene, as_query

_BATCH: Final = 64


class Gallery:
    """Items on disk with their embeddings, searched by text, motion, scene or two of them.

    One process at a time may add or remove items; any number of processes may search and see the last committed
    change. Several threads may share a gallery. Use it in a ``with`` block, or ``close`` it.
    """

    def __init__(self, folder: Path, head: files.Head, model: Encoder | None) -> None:
        """Use ``Gallery.create`` or ``Gallery.open``."""
        self.folder = folder
        self.fingerprint = head.fingerprint
        self.dim = head.dim
        self._head = head
        self._model = None if model is None else self._checked(model)
        self._lock = threading.RLock()
        self._store = Store(folder, connect(folder), head.dim)
        self._vectors = Vectors(folder, head.dim)
        self._ids: WeakKeyDictionary[Motion | Scene, str] = WeakKeyDictionary()

    @classmethod
    def create(cls, folder: str | Path, model: Encoder) -> Gallery:
        """Make an empty gallery for the embeddings of this model. Raises GalleryError if the folder is not empty."""
        folder = Path(folder).absolute()
        head = files.Head(model.fingerprint, model.dim)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise GalleryError(f"{folder}: expected a new or empty folder for the gallery, but it is not empty")
        try:
            with atomic_folder(folder) as temporary:
                for name in (*files.ORIGINALS.values(), files.INDEXES):
                    (temporary / name).mkdir()
                create_database(temporary)
                files.write_head(temporary, head, {"items": 0, "motions": 0, "scenes": 0, "captions": 0})
        except OSError as error:
            raise GalleryError(str(error)) from error
        return cls(folder, head, model)

    @classmethod
    def open(cls, folder: str | Path, model: Encoder | None = None) -> Gallery:
        """Open a gallery. Without a model, the default one is loaded when a query first needs it.

        Raises GalleryError if the folder is not a gallery, is corrupt or was written by a newer version;
        FingerprintMismatch for other weights.
        """
        folder = Path(folder)
        return cls(folder, files.read_head(folder), model)

    def close(self) -> None:
        """Close the database connection."""
        with self._lock:
            self._store.connection.close()

    def __enter__(self) -> Gallery:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def model(self) -> Encoder:
        """The model that computed the embeddings. Raises FingerprintMismatch if the default model is another one."""
        with self._lock:
            if self._model is None:
                from monster.model import load  # imports torch

                self._model = self._checked(load())
            return self._model

    def __len__(self) -> int:
        return self.counts()["items"]

    def __contains__(self, id: object) -> bool:
        with self._reading() as store:
            return isinstance(id, str) and store.item(id) is not None

    def counts(self) -> dict[str, int]:
        """How many items, motions, scenes and captions the gallery holds."""
        with self._reading() as store:
            return store.counts()

    def ids(self, modality: Modality | None = None) -> list[str]:
        """Ids of all items, or of all motions, scenes or captions (``"text"``), in the order they were added."""
        with self._reading() as store:
            return store.item_ids() if modality is None else store.entity_ids(checked_modality(modality))

    def add(self, items: Iterable[Item], *, progress: Progress | None = None) -> AddReport:
        """Encode and store items: all of them, or none if an error is raised. Once it returns they survive a kill.

        ``items`` may be a generator: 64 are in memory at a time. ``progress`` is called for each batch. Raises
        InputError for a duplicate id, GalleryError if another process is adding or the disk is full.
        """
        if isinstance(items, Item) or not isinstance(items, Iterable):
            raise InputError(f"expected a sequence of items, got {type(items).__name__}")
        model = self.model
        remaining = iter(items)
        done = 0
        with self._changing() as writer:
            before = writer.store.counts()
            while batch := list(islice(remaining, _BATCH)):
                writer.check_new(batch)
                for item, embeddings in zip(batch, model.encode_items(batch), strict=True):
                    writer.add(item, embeddings)
                done += len(batch)
                if progress is not None:
                    progress(done)
            after = writer.store.counts()
        return AddReport(**{name: after[name] - before[name] for name in after})

    def remove(self, ids: Collection[str]) -> None:
        """Delete items, and the motions, scenes and captions that no other item has: all of them or none.

        Raises TaskError for an unknown id, GalleryError if another process is changing the gallery.
        """
        if isinstance(ids, str) or not isinstance(ids, Collection):
            raise InputError(f"expected a collection of item ids, got {type(ids).__name__} {ids!r}")
        with self._changing() as writer:
            for id in dict.fromkeys(ids):
                writer.remove(id)

    def search(self, query: Query | str | Motion | Scene, target: str, k: int = 10) -> list[Hit]:
        """The k best hits, best first: entities of ``"text"``, ``"motion"`` or ``"scene"``, items for a pair of them.

        A single str, Motion or Scene is a query of that modality. A pair is named ``"motion+scene"`` or by its letters
        (``"ms"``); the best caption of an item counts. If query or target has a scene, motions are compared in the
        frame of their scene (``hit.scene``), the best scene of a motion counts, and motions without a scene are
        compared in their own frame. If k exceeds the size, all are returned. Raises TaskError for an unknown target,
        or one that overlaps the query (except for one modality searched in itself), InputError for k < 1 or a query of
        another type.
        """
        query = as_query(query)
        check_direction(query.kind, parse_target(target))
        checked_k(k)
        return self.search_embedding(self.embed(query, target), target, k, query=query.kind)

    def search_task(self, task: str | Task, query: Query | str | Motion | Scene, k: int = 10) -> list[Hit]:
        """Search in the direction of one of the twelve tasks. Raises TaskError if the query is of another kind."""
        task = task if isinstance(task, Task) else Task.parse(task)
        query = as_query(query)
        if query.kind != task.query:
            expected = " and ".join(MODALITY_OF[letter] for letter in task.query)
            raise TaskError(f"task {task}: expected a query of {expected}, got {' and '.join(query.modalities)}")
        return self.search(query, task.target, k)

    def search_embedding(self, row: FloatArray, target: str, k: int = 10, *, query: Kind | None = None) -> list[Hit]:
        """The k best hits for a unit row (dim,) of the model of the gallery.

        ``query`` is the kind of the row: with ``"s"`` or ``"st"``, motions are compared in the frame of their scene.
        """
        kind = parse_target(target)
        asked = query or ("s" if kind == "mt" else "t")  # a scene is all that is asked for text and motion
        checked_k(k)
        row = np.asarray(row, dtype=np.float32)
        if row.shape != (self.dim,) or not np.isfinite(row).all():
            raise InputError(f"expected a finite embedding of shape ({self.dim},), got {row.shape}")
        with self._reading() as store:
            rows = store.stored(Task(asked, kind).rows[1])
            best = self._vectors.search(store, rows, row, k=k)
            return [hit_of(store, rows, key, rank=rank, cosine=cosine) for rank, (key, cosine) in enumerate(best, 1)]

    def embed(self, query: Query, target: str | None = None) -> FloatArray:
        """The embedding (dim,) of a query; a caption, motion or scene of this gallery is not encoded again.

        A motion without a scene is in its own frame. If ``target`` has a scene and the motion is one of this gallery
        with one scene, it is in the frame of that scene.
        """
        kind = query.kind if target is None else Task(query.kind, parse_target(target)).rows[0]
        placed = self._placed_row(query, kind) if kind in UNPLACED else None
        if placed is not None:
            return placed
        if len(query.modalities) == 2:
            rows = self.model.encode_pair(text=query.text, motion=query.motion, scene=query.scene)
            return np.asarray(rows[0], dtype=np.float32)
        stored = self._stored_row(query)
        if stored is not None:
            return stored
        encode: dict[Modality, Callable[..., FloatArray]] = {
            "text": self.model.encode_text,
            "motion": self.model.encode_motion,
            "scene": self.model.encode_scene,
        }
        [(modality, value)] = query.parts.items()
        return np.asarray(encode[modality](value)[0], dtype=np.float32)

    def embedding(self, kind: str, id: str) -> FloatArray:
        """The stored embedding (dim,) of a caption, motion or scene (kind t, m, s) or of an item (kind ms).

        Raises TaskError if the gallery has none.
        """
        with self._reading() as store:
            row = store.row(kind_of(kind), id)
        if row is None:
            raise TaskError(f"unknown id {id!r}: the gallery has no embedding {kind} of it")
        return row

    def entity_query(
        self, *, text: str | None = None, motion_id: str | None = None, scene_id: str | None = None
    ) -> Query:
        """A query with a motion or scene of this gallery, by id. Raises TaskError for an unknown id."""
        motion = None if motion_id is None else self.motion(motion_id)
        return Query(text=text, motion=motion, scene=None if scene_id is None else self.scene(scene_id))

    def score(self, *, text: str | None = None, motion: Motion | None = None, scene: Scene | None = None) -> Scores:
        """How well two or three of text, motion and scene fit, by the model of the gallery."""
        return self.model.score(text=text, motion=motion, scene=scene)

    def check_text(self, text: str) -> tuple[Remark, ...]:
        """Remarks on a text: what of it is cut, or not known to the model of the gallery."""
        return self.model.check_text(text)

    def item(self, id: str) -> Item:
        """An item with copies of its motion and scene. Raises TaskError if the id is unknown."""
        with self._reading() as store:
            stored = store.item(id)
            if stored is None:
                raise TaskError(f"unknown item {id!r}: it is not in the gallery")
            return Item(
                id,
                motion=None if stored.motion is None else self._motion(stored.motion),
                scene=None if stored.scene is None else self._scene(stored.scene),
                captions=tuple(caption.text or "" for caption in stored.captions),
                motion_id=None if stored.motion is None else stored.motion.id,
                scene_id=None if stored.scene is None else stored.scene.id,
                metadata=stored.metadata,
            )

    def motion(self, id: str) -> Motion:
        """A motion by its id. Raises TaskError if the id is unknown, FileFormatError if its file is corrupt."""
        with self._reading() as store:
            return self._motion(known(store, "motion", id))

    def scene(self, id: str) -> Scene:
        """A scene by its id, to a millimetre. Raises like ``motion``."""
        with self._reading() as store:
            return self._scene(known(store, "scene", id))

    def caption(self, id: str) -> str:
        """The text of a caption by its id. Raises TaskError if the id is unknown."""
        with self._reading() as store:
            return known(store, "text", id).text or ""

    def _motion(self, entity: Entity) -> Motion:
        motion = load_motion(files.original_path(self.folder, "motion", entity.number))
        self._ids[motion] = entity.id
        return motion

    def _scene(self, entity: Entity) -> Scene:
        scene = load_scene(files.original_path(self.folder, "scene", entity.number))
        self._ids[scene] = entity.id
        return scene

    def _stored_row(self, query: Query) -> FloatArray | None:
        with self._reading() as store:
            if query.text is not None:
                caption = store.caption(query.text)
                return None if caption is None else store.row("t", caption.id)
            value = query.motion or query.scene
            id = self._ids.get(value) if value is not None else None
            return None if id is None else store.row(query.kind, id)

    def _placed_row(self, query: Query, kind: Kind) -> FloatArray | None:
        """The row m@s or mt@s (dim,) of a query with a motion of this gallery that has exactly one scene."""
        id = None if query.motion is None else self._ids.get(query.motion)
        if id is None:
            return None
        with self._reading() as store:
            motion = store.entity("motion", id)
            scenes = store.scenes_of(id) if kind in store.kinds else []
            if motion is None or len(scenes) != 1:
                return None
            if kind == "m@s":
                return store.row(kind, placed_key(motion, scenes[0]))
            scene = self._scene(scenes[0])
        item = Item("query", query.motion, scene, (query.text or "",))
        return np.asarray(self.model.encode_items([item])[0][kind][0], dtype=np.float32)

    def _checked(self, model: Encoder) -> Encoder:
        if model.fingerprint != self.fingerprint or model.dim != self.dim:
            raise FingerprintMismatch(
                f"{self.folder}: expected the model {self.fingerprint} that made the gallery, got {model.fingerprint}"
            )
        return model

    @contextmanager
    def _reading(self) -> Iterator[Store]:
        with self._lock, self._store.snapshot():
            yield self._store

    @contextmanager
    def _changing(self) -> Iterator[Writer]:
        with change(self.folder, self.dim, after=self._after_change) as writer:
            yield writer

    def _after_change(self, store: Store) -> None:
        # The change is committed, and these files can be rebuilt from the database: a full disk is no error here.
        with self._lock, suppress(GalleryError, MissingExtra, OSError):
            files.write_head(self.folder, self._head, store.counts())
            self._vectors.save(store)
