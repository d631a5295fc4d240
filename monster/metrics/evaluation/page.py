"""An HTML page that shows queries with their expected and retrieved targets, and plays each motion in its room."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from monster.arrays import AnyArray, BoolArray, FloatArray
from monster.corpus.storage import Corpus, ItemRecord
from monster.files import atomic_file
from monster.metrics.evaluation.positives import codes, positives
from monster.metrics.evaluation.report import Report
from monster.metrics.functional import first_relevant_ranks
from monster.tasks import TASKS, Task
from monster.viz.page import page
from monster.viz.stage import NamedMotion, stage_of

if TYPE_CHECKING:
    from monster.metrics.evaluation.protocols import EvaluationInputs

QUERIES_PER_TASK: Final = 5
HITS_PER_QUERY: Final = 3
MAX_POINTS: Final = 8000  # of a room
FPS: Final = 10.0
STAGE: Final = '{"stage":0}'  # placeholder for the stage of a view


def write_page(path: Path, corpus: Corpus, inputs: EvaluationInputs, report: Report) -> Path:
    """Write the page and return its path: for each task the queries with the worst ranks, the worst first.

    Raises InputError if the file cannot be written.
    """
    views = _Views(corpus)
    queries = [query for task in TASKS for query in _queries(task, inputs, views)]
    before, _, after = views.template.partition(STAGE)
    data = {
        "queries": queries, "scenes": views.scenes, "motions": views.motions, "views": views.views,
        "before": before, "after": after,
    }  # fmt: skip
    card = report.card
    about = f"{card['items']} items in {card['rooms']} rooms of {card['corpus']}, weights {card['weights']}"
    template = Template((files("monster.metrics.evaluation") / "page.html").read_text(encoding="utf-8"))
    # "</script>" inside the data would end the script element.
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    with atomic_file(path) as temporary:
        temporary.write_text(template.substitute(about=escape(about), data=text), encoding="utf-8")
    return path


def _queries(task: Task, inputs: EvaluationInputs, views: _Views) -> list[dict[str, Any]]:
    """The worst queries of a task, as the page reads them."""
    data = inputs.embedded.take(inputs.embedded.first_rows())
    scores, relevant = data.scores(task), positives(data, task)
    true = relevant if inputs.truth is None else inputs.truth.answers(data, task) | relevant
    ranks = first_relevant_ranks(scores, relevant)
    contents = codes(data, task.target)
    modalities = [name for letter, name in (("m", "its motion"), ("s", "its room")) if letter in task.query]
    listed: list[dict[str, Any]] = []
    for query in np.argsort(-ranks, kind="stable")[:QUERIES_PER_TASK].tolist():
        expected = int(np.where(relevant[query], scores[query], -np.inf).argmax())
        hits = []
        for target in _best_targets(scores[query], contents):
            verdict = _verdict(relevant[query], true[query], target)
            hits.append(_target(task, inputs.records, (query, target), views) | {"verdict": verdict})
            hits[-1]["score"] = _score(scores[query, target])
        expected_view = _target(task, inputs.records, (query, expected), views) | {"verdict": "expected"}
        listed.append({
            "task": str(task),
            "rank": round(float(ranks[query]) + 1, 1),
            "text": data.captions[query] if "t" in task.query else "",
            "given": modalities,
            "expected": expected_view | {"score": _score(scores[query, expected])},
            "hits": hits,
        })  # fmt: skip
    return listed


def _best_targets(scores: FloatArray, contents: AnyArray) -> list[int]:
    """The targets with the best scores (n,); of targets with equal contents only the first."""
    order = np.argsort(-scores, kind="stable")
    first = np.unique(contents[order], return_index=True)[1]
    return [int(target) for target in order[np.sort(first)][:HITS_PER_QUERY]]


def _verdict(relevant: BoolArray, true: BoolArray, target: int) -> str:
    if relevant[target]:
        return "expected"
    return "also true" if true[target] else "wrong"


def _score(cosine: float) -> float:
    return round((1 + float(cosine)) / 2, 3)


def _target(task: Task, records: Any, pair: tuple[int, int], views: _Views) -> dict[str, Any]:
    """The view of a target for a query (``pair``: query, target); the query provides missing modalities."""
    query, target = (records[index] for index in pair)
    motion_item: ItemRecord | None = None
    if "m" in task.target + task.query:
        motion_item = target if "m" in task.target else query
    scene_item = motion_item
    if "s" in task.target + task.query:
        scene_item = target if "s" in task.target else query
    motion, scene = (str(motion_item.motion) if motion_item else "", str(scene_item.scene) if scene_item else "")
    view = views.add(motion, scene)
    return {"text": target.captions[0], "is_text": "t" in task.target, "id": target.id, "view": view}


@dataclass
class _Views:
    """Rooms and motions of the page, each stored once, and the views that show a motion in a room."""

    corpus: Corpus
    scenes: dict[str, Any] = field(default_factory=dict)
    motions: dict[str, Any] = field(default_factory=dict)
    views: dict[str, Any] = field(default_factory=dict)
    template: str = ""  # the viewer's page with `STAGE` in place of its stage

    def add(self, motion: str, scene: str) -> str:
        """Add the view of a motion in a scene and return its name; "" stands for no motion or no scene."""
        name = f"{motion} in {scene}"
        if not (motion or scene):
            return ""
        if name in self.views:
            return name
        named_motions: list[NamedMotion] = [("", self.corpus.motion(motion).resampled(FPS))] if motion else []
        stage = stage_of(self.corpus.scene(scene) if scene else None, named_motions, most=MAX_POINTS)
        text = page(stage, title="", caption="")
        head, mark, rest = text.partition('id="stage">')
        body, end, tail = rest.partition("</script>")
        self.template = self.template or head + mark + STAGE + end + tail
        payload = json.loads(body)
        camera = {key: payload.pop(key) for key in ("camera", "top")}
        for entry in payload.pop("motions"):
            self.motions[motion] = entry
        # Without a scene the stage has a floor made for this motion.
        self.scenes.setdefault(scene or name, payload)
        self.views[name] = camera | {"motion": motion, "scene": scene or name}
        return name
