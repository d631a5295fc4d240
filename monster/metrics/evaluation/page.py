"""A page that shows, query by query, what was found instead of what was meant, with the motion playing in its room."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any, Final

import numpy as np

from monster.corpus.storage import Corpus
from monster.metrics.evaluation.positives import codes, positives
from monster.metrics.evaluation.protocols import Evidence
from monster.metrics.evaluation.report import Report
from monster.metrics.functional.recall import first_relevant_ranks
from monster.tasks import TASKS, Task
from monster.types import Motion
from monster.viz.page import page
from monster.viz.stage import NamedMotion, stage_of
from monster.viz.writing import written

EACH: Final = 5  # queries of each task: sixty in all
FOUND: Final = 3  # answers shown of each query
POINTS: Final = 8000  # of a room
FPS: Final = 10.0
STAGE: Final = '{"stage":0}'  # stands where a view's own stage is put
Shown = tuple[str, str]  # motion id or "", scene id or ""


def write_page(path: Path, corpus: Corpus, found: Evidence, report: Report) -> Path:
    """Write the page: for each task the queries whose first answer was wrong, the worst first, then some right ones.

    Raises InputError when the file cannot be written.
    """
    theatre = _Theatre(corpus)
    queries = [query for task in TASKS for query in _queries(task, found, theatre)]
    head, _, tail = theatre.template().partition(STAGE)
    data = {
        "queries": queries, "scenes": theatre.scenes, "motions": theatre.motions, "views": theatre.views,
        "before": head, "after": tail,
    }  # fmt: skip
    card = report.card
    about = f"{card['items']} items in {card['rooms']} rooms of {card['corpus']}, weights {card['weights']}"
    template = Template((files("monster.metrics.evaluation") / "page.html").read_text(encoding="utf-8"))
    # "</script>" would end the element, wherever it stands.
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    with written(path) as temporary:
        temporary.write_text(template.substitute(about=escape(about), data=text), encoding="utf-8")
    return path


def _queries(task: Task, found: Evidence, theatre: _Theatre) -> list[dict[str, Any]]:
    """The task's queries, as the page wants them."""
    data = found.embedded.take(found.embedded.first_rows())
    scores, right = data.scores(task), positives(data, task)
    true = right if found.truth is None else found.truth.answers(data, task) | right
    ranks, contents = first_relevant_ranks(scores, right), codes(data, task.target)
    told: list[dict[str, Any]] = []
    for query in np.argsort(-ranks, kind="stable")[:EACH].tolist():
        order = np.argsort(-scores[query], kind="stable")
        first = np.unique(contents[order], return_index=True)[1]  # a scene that items share is shown once
        answers = order[np.sort(first)][:FOUND].tolist()
        meant = int(np.where(right[query], scores[query], -np.inf).argmax())
        told.append({
            "task": str(task),
            "rank": round(float(ranks[query]) + 1, 1),
            "text": data.captions[query] if "t" in task.query else "",
            "given": [name for letter, name in (("m", "its motion"), ("s", "its room")) if letter in task.query],
            "meant": _answer(task, query, meant, found, theatre) | {"verdict": "meant"},
            "found": [
                _answer(task, query, answer, found, theatre)
                | {"verdict": "meant" if right[query, answer] else "true too" if true[query, answer] else "wrong"}
                for answer in answers
            ],
        })  # fmt: skip
        for answer, column in zip(told[-1]["found"], answers, strict=True):
            answer["score"] = round((1 + float(scores[query, column])) / 2, 3)
        told[-1]["meant"]["score"] = round((1 + float(scores[query, meant])) / 2, 3)
    return told


def _answer(task: Task, query: int, target: int, found: Evidence, theatre: _Theatre) -> dict[str, Any]:
    """What a target looks like: its own parts, and the query's for those that the target does not have."""
    records = found.records
    moving = records[target] if "m" in task.target else records[query] if "m" in task.query else None
    around = records[target] if "s" in task.target else records[query] if "s" in task.query else moving
    shown = (str(moving.motion) if moving else "", str(around.scene) if around else "")
    text = records[target].captions[0]
    return {"text": text, "says": "t" in task.target, "id": records[target].id, "view": theatre.view(shown)}


@dataclass
class _Theatre:
    """Rooms and motions of the page, each once, and the views that put one into the other."""

    corpus: Corpus
    scenes: dict[str, Any] = field(default_factory=dict)
    motions: dict[str, Any] = field(default_factory=dict)
    views: dict[str, Any] = field(default_factory=dict)
    _text: str = ""

    def view(self, shown: Shown) -> str:
        """The name of the view of a motion in a scene; either may be empty, not both."""
        motion, scene = shown
        name = f"{motion} in {scene}"
        if name in self.views or not (motion or scene):
            return name if motion or scene else ""
        moving: list[NamedMotion] = [("", self._motion(motion))] if motion else []
        stage = stage_of(self.corpus.scene(scene) if scene else None, moving, most=POINTS)
        text = page(stage, title="", caption="")
        head, mark, rest = text.partition('id="stage">')
        body, end, tail = rest.partition("</script>")
        self._text = self._text or head + mark + STAGE + end + tail
        payload = json.loads(body)
        where = {key: payload.pop(key) for key in ("camera", "top")}
        for entry in payload.pop("motions"):
            self.motions[motion] = entry
        # Without a scene the floor is made for the motion: the view's own.
        self.scenes.setdefault(scene or name, payload)
        self.views[name] = where | {"motion": motion, "scene": scene or name}
        return name

    def _motion(self, name: str) -> Motion:
        return self.corpus.motion(name).resampled(FPS)

    def template(self) -> str:
        """The viewer's page with a mark in place of its stage."""
        return self._text
