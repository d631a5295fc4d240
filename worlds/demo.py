"""The demo: a gallery that no training used, searched in five directions, with known correct answers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from monster.arrays import Progress
from monster.corpus.checker import checker_of
from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import InputError
from monster.gallery import Encoder, Gallery
from monster.results import Hit
from monster.tasks import Kind
from monster.types import Item, Query
from worlds.generate import generate

SEED: Final = 20261122  # no training uses it
TASKS: Final = ("t2m", "st2m", "ms2t", "tm2s", "m2s")
QUERIES_A_TASK: Final = 14
TOP: Final = 3
MARK: Final = ".monster-demo"  # says that a folder was made by the demo, which may then make it afresh
_MADE: Final = ("corpus", "gallery", "best.html", "best.png", MARK)
ProgressFactory = Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True)
class Asked:
    """One query of the demo: the item that it was made from, its hits, and whether each was expected."""

    task: str
    item: Item
    hits: tuple[Hit, ...]
    expected: tuple[bool, ...]
    words: tuple[str, ...]  # what each hit is, for a reader: a caption of it

    @property
    def found(self) -> bool:
        """Whether an expected answer is among the hits."""
        return any(self.expected)

    @property
    def question(self) -> str:
        """The query in words."""
        parts = {
            "t": f'"{self.item.captions[0]}"',
            "m": f"motion {self.item.motion_id}",
            "s": f"room {self.item.scene_id}",
        }
        return " + ".join(parts[letter] for letter in self.task.partition("2")[0])


@dataclass(frozen=True)
class Fit:
    """tm2s of one caption and room with the motion that belongs to them, and with another one."""

    caption: str
    scene: str
    fitting: tuple[str, float]
    unfitting: tuple[str, float]


def prepare(out: Path) -> None:
    """Make the demo's folder, emptied of what an earlier demo made there. Raises InputError for other folders."""
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).exists())):
        raise InputError(
            f"{out}: expected a new folder or one of an earlier demo, got other files; choose another --out"
        )
    for name in _MADE:
        old = out / name
        if old.is_dir():
            shutil.rmtree(old)
        else:
            old.unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARK).write_text("made by monster demo\n")


def build(out: Path, model: Encoder, progress: ProgressFactory, *, rooms: int, items: int) -> tuple[Corpus, Gallery]:
    """Generate the corpus and index all of it, in ``out``."""
    with progress("making rooms") as advance:
        corpus = generate(out / "corpus", rooms=rooms, items=items, seed=SEED, workers=2, progress=advance)
    # Room by room, so that the items that share a scene are encoded together.
    records = sorted(corpus.records, key=lambda record: (record.scene or "", record.id))
    gallery = Gallery.create(out / "gallery", model)
    with progress("encoding and indexing") as advance:

        def encoded(done: int, total: int | None = None, stage: str = "") -> None:
            advance(done, len(records))

        gallery.add((corpus.item(record) for record in records), progress=encoded)
    return corpus, gallery


class Truth:
    """Which answers are right: the item's own, and every other that the checker proves."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.by_motion = {str(record.motion): record for record in corpus.records}
        self.checker = checker_of(corpus)
        self.claims = {
            caption: claim
            for record in corpus.records
            for caption, claim in zip(record.captions, record.claims, strict=True)
        }

    def answers(self, task: str, asked: ItemRecord, hit: Hit) -> bool:
        """Whether the hit is right for the query that the task makes of the item."""
        motion = str(asked.motion) if hit.kind != "m" else hit.id
        scene = hit.id if hit.kind == "s" else str(self.by_motion[motion].scene)
        if "s" in task.partition("2")[0] and scene != asked.scene:
            return False
        if "t" not in task:
            return scene == asked.scene
        claim = self.claims[hit.text if hit.text is not None else asked.captions[0]]
        return bool(self.checker.prove([claim], [(self.corpus.motion(motion).joints, scene)])[0, 0])


def ask(truth: Truth, gallery: Gallery, task: str, record: ItemRecord) -> Asked:
    """One query made from an item, and whether its hits are right."""
    item = truth.corpus.item(record)
    query, _, target = task.partition("2")
    given: dict[str, Any] = {
        "t": item.captions[0],
        "m": gallery.motion(str(item.motion_id)),
        "s": gallery.scene(str(item.scene_id)),
    }
    names = {"t": "text", "m": "motion", "s": "scene"}
    hits = gallery.search(Query(**{names[letter]: given[letter] for letter in query}), names[target], TOP)
    words = [hit.text or (truth.by_motion[hit.id].captions[0] if hit.kind == "m" else "") for hit in hits]
    return Asked(task, item, tuple(hits), tuple(truth.answers(task, record, hit) for hit in hits), tuple(words))


def queries(corpus: Corpus, gallery: Gallery, a_task: int) -> Iterator[Asked]:
    """``a_task`` queries of each of the five tasks, spread evenly over the items."""
    records, truth = corpus.records, Truth(corpus)
    for number, task in enumerate(TASKS):
        step = max(1, len(records) // a_task)
        for record in records[number % step :: step][:a_task]:
            yield ask(truth, gallery, task, record)


def fit(corpus: Corpus, model: Any, record: ItemRecord) -> Fit:
    """Score an item's own motion in its room, and the motion of another action that was made for another room."""
    item = corpus.item(record)
    action = record.metadata.get("action")
    other = next(
        r for r in corpus.records if r.scene != record.scene and r.metadata.get("action") != action and r.motion
    )
    scores = [
        float(model.score(text=item.captions[0], motion=motion, scene=item.scene).tm2s)
        for motion in (item.motion, corpus.motion(str(other.motion)))
    ]
    return Fit(item.captions[0], str(record.scene), (str(record.motion), scores[0]), (str(other.motion), scores[1]))


def best(asked: Sequence[Asked], task: str = "st2m") -> Asked:
    """The query of that task whose right first answer has the highest score (without one, the best first answer)."""
    own = [query for query in asked if query.task == task and query.hits]
    return max(own, key=lambda query: (query.expected[0], query.hits[0].score))


def draw(out: Path, corpus: Corpus, gallery: Gallery, asked: Asked) -> tuple[Path, Path]:
    """The first hit of a query in the query's room, as a page and as a picture."""
    from monster.viz import motion_in_scene_html, motion_in_scene_png

    hit = asked.hits[0]
    motions = [(hit.id, gallery.motion(hit.id))]
    scene = gallery.scene(str(asked.item.scene_id))
    caption = f"best hit in room {asked.item.scene_id}: motion {hit.id}, score {hit.score:.3f}"
    title = asked.item.captions[0]
    page = motion_in_scene_html(out / "best.html", scene, motions, title=title, caption=caption)
    return page, motion_in_scene_png(out / "best.png", scene, motions, title=title, caption=caption)


def shares(asked: Sequence[Asked]) -> dict[str, tuple[int, int]]:
    """For each task how many queries found an expected answer, of how many."""
    return {
        task: (sum(query.found for query in asked if query.task == task), sum(query.task == task for query in asked))
        for task in TASKS
    }


def kind_name(kind: Kind) -> str:
    """What a hit is, in a word."""
    return {"t": "caption", "m": "motion", "s": "room"}.get(kind, "item")
