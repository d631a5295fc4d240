"""The demo: a gallery of unseen generated items, five search tasks, and answers that the checker decides."""

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

SEED: Final = 20261122  # not used for training
TASKS: Final = ("t2m", "st2m", "ms2t", "tm2s", "m2s")
QUERIES_PER_TASK: Final = 14
TOP_K: Final = 3
MARKER_FILE: Final = ".monster-demo"  # marks a folder that the demo may overwrite
_OUTPUTS: Final = ("corpus", "gallery", "best.html", "best.png", MARKER_FILE)
ProgressFactory = Callable[[str], AbstractContextManager[Progress]]


@dataclass(frozen=True)
class DemoQuery:
    """A query made from an item, its hits, and for each hit whether it is a right answer."""

    task: str
    item: Item
    hits: tuple[Hit, ...]
    expected: tuple[bool, ...]
    captions: tuple[str, ...]  # a caption of each hit, for display

    @property
    def is_answered(self) -> bool:
        """Whether a right answer is among the hits."""
        return any(self.expected)

    @property
    def question(self) -> str:
        """The query as text."""
        parts = {
            "t": f'"{self.item.captions[0]}"',
            "m": f"motion {self.item.motion_id}",
            "s": f"room {self.item.scene_id}",
        }
        return " + ".join(parts[letter] for letter in self.task.partition("2")[0])


@dataclass(frozen=True)
class ScoreComparison:
    """tm2s of a caption and a room with (id, score) of the matching motion and of another one."""

    caption: str
    scene: str
    matching: tuple[str, float]
    other: tuple[str, float]


def prepare(out: Path) -> None:
    """Create the output folder, or remove the outputs of an earlier demo. Raises InputError for other folders."""
    is_reusable = out.is_dir() and (not any(out.iterdir()) or (out / MARKER_FILE).exists())
    if out.exists() and not is_reusable:
        raise InputError(
            f"{out}: expected a new folder or one of an earlier demo, got other files; choose another --out"
        )
    for name in _OUTPUTS:
        path = out / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    (out / MARKER_FILE).write_text("made by monster demo\n")


def build(out: Path, model: Encoder, progress: ProgressFactory, *, rooms: int, items: int) -> tuple[Corpus, Gallery]:
    """Generate the corpus in ``out`` and index all of it."""
    with progress("making rooms") as advance:
        corpus = generate(out / "corpus", rooms=rooms, items=items, seed=SEED, workers=2, progress=advance)
    # Sorted by room, so that items that share a scene are encoded together.
    records = sorted(corpus.records, key=lambda record: (record.scene or "", record.id))
    gallery = Gallery.create(out / "gallery", model)
    with progress("encoding and indexing") as advance:

        def on_encoded(done: int, total: int | None = None, stage: str = "") -> None:
            advance(done, len(records))

        gallery.add((corpus.item(record) for record in records), progress=on_encoded)
    return corpus, gallery


class AnswerKey:
    """Decides which hits are right answers: the item itself, and all others that the checker proves."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.by_motion = {str(record.motion): record for record in corpus.records}
        self.checker = checker_of(corpus)
        self.claims = {
            caption: claim
            for record in corpus.records
            for caption, claim in zip(record.captions, record.claims, strict=True)
        }

    def is_right(self, task: str, record: ItemRecord, hit: Hit) -> bool:
        """Whether the hit is a right answer to the query that the task makes from the item."""
        motion = hit.id if hit.kind == "m" else str(record.motion)
        scene = hit.id if hit.kind == "s" else str(self.by_motion[motion].scene)
        if "s" in task.partition("2")[0] and scene != record.scene:
            return False
        if "t" not in task:
            return scene == record.scene
        claim = self.claims[record.captions[0] if hit.text is None else hit.text]
        return bool(self.checker.prove([claim], [(self.corpus.motion(motion).joints, scene)])[0, 0])

    def caption_of(self, hit: Hit) -> str:
        """The text of a hit, or the first caption of a motion; empty for rooms."""
        if hit.text:
            return hit.text
        return self.by_motion[hit.id].captions[0] if hit.kind == "m" else ""


def run_query(answer_key: AnswerKey, gallery: Gallery, task: str, record: ItemRecord) -> DemoQuery:
    """Search with a query made from an item, and check the hits."""
    item = answer_key.corpus.item(record)
    query, _, target = task.partition("2")
    parts: dict[str, Any] = {
        "t": item.captions[0],
        "m": gallery.motion(str(item.motion_id)),
        "s": gallery.scene(str(item.scene_id)),
    }
    names = {"t": "text", "m": "motion", "s": "scene"}
    hits = gallery.search(Query(**{names[letter]: parts[letter] for letter in query}), names[target], TOP_K)
    expected = tuple(answer_key.is_right(task, record, hit) for hit in hits)
    return DemoQuery(task, item, tuple(hits), expected, tuple(answer_key.caption_of(hit) for hit in hits))


def queries(corpus: Corpus, gallery: Gallery, per_task: int) -> Iterator[DemoQuery]:
    """``per_task`` queries of each task, spread evenly over the items."""
    records = corpus.records
    answer_key = AnswerKey(corpus)
    for number, task in enumerate(TASKS):
        step = max(1, len(records) // per_task)
        for record in records[number % step :: step][:per_task]:
            yield run_query(answer_key, gallery, task, record)


def compare_scores(corpus: Corpus, model: Any, record: ItemRecord) -> ScoreComparison:
    """Score an item's caption and room with its motion, and with a motion of another action from another room."""
    item = corpus.item(record)

    def is_different(other: ItemRecord) -> bool:
        return other.scene != record.scene and other.metadata.get("action") != record.metadata.get("action")

    def scored(motion: str) -> tuple[str, float]:
        scores = model.score(text=item.captions[0], motion=corpus.motion(motion), scene=item.scene)
        return motion, float(scores.tm2s)

    other = next(other for other in corpus.records if other.motion and is_different(other))
    return ScoreComparison(item.captions[0], str(record.scene), scored(str(record.motion)), scored(str(other.motion)))


def best_query(answered: Sequence[DemoQuery], task: str = "st2m") -> DemoQuery:
    """The query of the task with the highest score of a right first hit; of any first hit if none is right."""
    of_task = [query for query in answered if query.task == task and query.hits]
    return max(of_task, key=lambda query: (query.expected[0], query.hits[0].score))


def draw_best_hit(out: Path, gallery: Gallery, query: DemoQuery) -> tuple[Path, Path]:
    """Draw the first hit of a query in the query's room; returns the paths of an HTML page and a PNG."""
    from monster.viz import motion_in_scene_html, motion_in_scene_png

    hit = query.hits[0]
    motions = [(hit.id, gallery.motion(hit.id))]
    scene = gallery.scene(str(query.item.scene_id))
    caption = f"best hit in room {query.item.scene_id}: motion {hit.id}, score {hit.score:.3f}"
    title = query.item.captions[0]
    page = motion_in_scene_html(out / "best.html", scene, motions, title=title, caption=caption)
    return page, motion_in_scene_png(out / "best.png", scene, motions, title=title, caption=caption)


def success_counts(answered: Sequence[DemoQuery]) -> dict[str, tuple[int, int]]:
    """(queries with a right answer among the hits, queries) by task."""
    counts = {}
    for task in TASKS:
        results = [query.is_answered for query in answered if query.task == task]
        counts[task] = sum(results), len(results)
    return counts


def kind_name(kind: Kind) -> str:
    """The name of a kind of hit."""
    return {"t": "caption", "m": "motion", "s": "room"}.get(kind, "item")
