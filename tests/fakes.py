"""A model without weights whose nearest neighbours are known: values made from one key are close, others are not.

`text_of(7)`, `motion_of(7)`, `scene_of(7)` and what `FakeModel` makes of them, alone or paired, belong together. Any
other text is a bag of its words, so two texts that share words are closer than two that share none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

import numpy as np

from monster.arrays import FloatArray, Progress
from monster.errors import InputError
from monster.provenance import Remark
from monster.results import ItemEmbeddings, Scores
from monster.tasks import PAIR_KINDS, SCORE_TASKS
from monster.types import Item, Motion, Scene

_ACROSS = 0.15  # how far the three modalities of one key are apart
_STANDING = np.array(
    [
        [0, 0, 0.95], [0.1, 0, 0.87], [-0.1, 0, 0.87], [0, 0, 1.07], [0.1, 0, 0.47], [-0.1, 0, 0.47], [0, 0, 1.2],
        [0.1, 0, 0.08], [-0.1, 0, 0.08], [0, 0, 1.26], [0.1, 0.12, 0.02], [-0.1, 0.12, 0.02], [0, 0, 1.46],
        [0.08, 0, 1.38], [-0.08, 0, 1.38], [0, 0, 1.56], [0.18, 0, 1.4], [-0.18, 0, 1.4], [0.2, 0, 1.13],
        [-0.2, 0, 1.13], [0.2, 0, 0.88], [-0.2, 0, 0.88],
    ],
    dtype=np.float32,
)  # fmt: skip


def text_of(key: int) -> str:
    """A caption of a key."""
    return f"a person does thing {key}"


def motion_of(key: int, *, frames: int = 8) -> Motion:
    """A walk whose place encodes its key: it starts ``key`` decimetres along x."""
    steps = np.zeros((frames, 1, 3), np.float32)
    steps[:, 0, 0] = key / 10
    steps[:, 0, 1] = np.arange(frames) * 0.05
    return Motion(_STANDING[None] + steps, placed=True)


def scene_of(key: int) -> Scene:
    """A box of points whose place encodes its key: it starts ``key`` decimetres along x."""
    grid = np.stack(np.meshgrid(*[np.linspace(0, 2, 4)] * 3), axis=-1).reshape(-1, 3)
    return Scene(
        grid + np.array([key / 10, 0, 0]), instances=np.arange(len(grid)) % 3, labels={0: "bed", 1: "chair", 2: "table"}
    )


def item_of(
    key: int, /, *, scene: int | None = None, captions: Iterable[str] | None = None, **metadata: object
) -> Item:
    """An item ``item-<key>`` with all three modalities; ``scene`` is the key of a room that items may share."""
    room = key if scene is None else scene
    texts = (text_of(key),) if captions is None else tuple(captions)
    return Item(f"item-{key}", motion_of(key), scene_of(room), texts, scene_id=f"room-{room}", metadata=metadata)


class FakeModel:
    """The methods of `MonSTeR` without weights, exact and the same on every machine.

    ``apart`` is how far the row of a motion in its own frame is from that in the frame of its scene.
    """

    def __init__(self, dim: int = 32, *, fingerprint: str = "fa4e", apart: float = 0.0) -> None:
        self.dim = dim
        self.apart = apart
        self.fingerprint = fingerprint
        self.encoded: list[str] = []  # names of the methods that were called, in order

    def encode_text(self, texts: str | Sequence[str]) -> FloatArray:
        """(n, dim)."""
        self.encoded.append("text")
        return np.stack([self._text(text) for text in ([texts] if isinstance(texts, str) else texts)])

    def check_text(self, text: str) -> tuple[Remark, ...]:
        """A remark on a text with a question mark."""
        return (Remark("question", "warning", "a question"),) if "?" in text else ()

    def encode_motion(self, motions: Motion | Sequence[Motion]) -> FloatArray:
        """(n, dim), in their own frame."""
        self.encoded.append("motion")
        return np.stack([self._motion(each) for each in ([motions] if isinstance(motions, Motion) else motions)])

    def encode_scene(self, scenes: Scene | Sequence[Scene]) -> FloatArray:
        """(n, dim)."""
        self.encoded.append("scene")
        return np.stack([self._scene(each) for each in ([scenes] if isinstance(scenes, Scene) else scenes)])

    def encode_pair(
        self,
        *,
        text: str | Sequence[str] | None = None,
        motion: Motion | Sequence[Motion] | None = None,
        scene: Scene | Sequence[Scene] | None = None,
    ) -> FloatArray:
        """(n, dim): the middle between the two that are given."""
        given: list[FloatArray] = []
        if text is not None:
            given.append(self.encode_text(text))
        if motion is not None:
            given.append(self.encode_motion(motion) if scene is None else self._placed(motion))
        if scene is not None:
            given.append(self.encode_scene(scene))
        if len(given) != 2:
            raise InputError(f"expected exactly two of text, motion and scene, got {len(given)}")
        return _unit(given[0] + given[1])

    def encode_items(self, items: Sequence[Item], *, progress: Progress | None = None) -> list[ItemEmbeddings]:
        """The embeddings of each item."""
        made = []
        for done, item in enumerate(items, 1):
            made.append(self._item(item))
            if progress is not None:
                progress(done, len(items))
        return made

    def score(self, *, text: str | None = None, motion: Motion | None = None, scene: Scene | None = None) -> Scores:
        """How well two or three of them fit."""
        if sum(value is not None for value in (text, motion, scene)) < 2:
            raise InputError("expected two or three of text, motion and scene")
        rows = self._item(Item("query", motion, scene, () if text is None else (text,)))
        scores = {}
        for task in SCORE_TASKS:
            one, other = (rows.get(kind) for kind in task.rows)
            if one is not None and other is not None:
                scores[task] = float((1 + one[0] @ other[0]) / 2)
        return Scores(scores, remarks=() if text is None else self.check_text(text))

    def _item(self, item: Item) -> ItemEmbeddings:
        rows: ItemEmbeddings = {}
        if item.captions:
            rows["t"] = np.stack([self._text(text) for text in item.captions])
        if item.motion is not None:
            rows["m"] = self._motion(item.motion)[None]
        if item.scene is not None:
            rows["s"] = self._scene(item.scene)[None]
        if item.motion is not None and item.scene is not None:
            rows["m@s"] = self._placed(item.motion)
        for kind in PAIR_KINDS:
            if set(kind) <= set(rows):
                moving = rows["m@s"] if kind == "ms" else rows[kind[0]]
                rows[kind] = _unit(moving + rows[kind[1]])
        if "m@s" in rows and "t" in rows:
            rows["mt@s"] = _unit(rows["m@s"] + rows["t"])
        return rows

    def _text(self, text: str) -> FloatArray:
        key = re.search(r"thing (-?\d+)$", text)
        if key:
            return self._near(key.group(1), "text")
        return _unit(np.sum([self._row(word) for word in re.findall(r"\w+", text.lower()) or [text]], axis=0))

    def _motion(self, motion: Motion) -> FloatArray:
        return _unit(self._placed(motion)[0] + self.apart * self._row("own frame"))

    def _placed(self, motions: Motion | Sequence[Motion]) -> FloatArray:
        """Rows (n, dim) of motions in the frames of their scenes."""
        given = [motions] if isinstance(motions, Motion) else motions
        return np.stack([self._near(str(round(float(each.joints[0, 0, 0]) * 10)), "motion") for each in given])

    def _scene(self, scene: Scene) -> FloatArray:
        return self._near(str(round(float(scene.points[:, 0].min()) * 10)), "scene")

    def _near(self, key: str, modality: str) -> FloatArray:
        return _unit(self._row(f"thing {key}") + _ACROSS * self._row(modality))

    def _row(self, word: str) -> FloatArray:
        seed = int.from_bytes(hashlib.sha256(word.encode("utf-8", "replace")).digest()[:8], "big")
        return _unit(np.random.default_rng(seed).standard_normal(self.dim))


def _unit(rows: np.ndarray) -> FloatArray:
    return np.asarray(rows / np.linalg.norm(rows, axis=-1, keepdims=True), dtype=np.float32)
