"""The text, motion and scene of a request, given by value, by id, or as an uploaded file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, cast

from fastapi import Depends, Request

from monster import Motion, Query, Scene
from monster.checks import check_motion
from monster.io import Declared
from monster.types import Finding, Provenance, checked_text
from service.bodies import Received
from service.engine import Engine
from service.errors import ServiceError
from service.schemas import MotionBody, PartsRequest
from service.uploads import Choices, Uploads


@dataclass(frozen=True)
class Parts:
    """Text, motion and scene of one request; ``read`` lists what the readers of its files detected or guessed."""

    text: str | None = None
    motion: Motion | None = None
    scene: Scene | None = None
    read: Mapping[str, list[str]] = field(default_factory=dict)

    def query(self) -> Query:
        """The parts as a query; raises InputError unless there are one or two."""
        return Query(text=self.text, motion=self.motion, scene=self.scene)

    @property
    def count(self) -> int:
        """How many of the three are given."""
        return sum(part is not None for part in (self.text, self.motion, self.scene))


class Gatherer:
    """Collects the parts of a request; files are read in a child process."""

    def __init__(self, engine: Engine, uploads: Uploads, max_frames: int) -> None:
        self._engine = engine
        self._uploads = uploads
        self._max_frames = max_frames

    def gather(self, request: PartsRequest, body: Received) -> Parts:
        """The parts. Raises ServiceError for two forms of one part, an unknown id, or an unreadable file."""
        _only_one("motion", request.motion_id, request.motion, body.files.get("motion"))
        _only_one("scene", request.scene_id, body.files.get("scene"))
        _only_with_files(request, body)
        has_scene = request.scene_id is not None or "scene" in body.files
        declared = Declared(request.fps, request.axes, request.unit)
        choices = Choices(declared, request.placed, request.key, keep_height=has_scene)
        motion, scene = self._motion(request, body, choices), self._scene(request, body, choices)
        read = {name: _lines(value) for name, value in (("motion", motion), ("scene", scene))}
        if request.text is not None:
            read = {"text": self._engine.check_text(checked_text(request.text)), **read}
        return Parts(request.text, motion, scene, {name: lines for name, lines in read.items() if lines})

    def _motion(self, request: PartsRequest, body: Received, choices: Choices) -> Motion | None:
        if request.motion_id is not None:
            return self._engine.motion(request.motion_id)
        if "motion" in body.files:
            return self._uploads.motion(body.files["motion"], choices)
        return None if request.motion is None else self._written(request.motion, request.placed)

    def _written(self, motion: MotionBody, placed: bool) -> Motion:
        if len(motion.joints) > self._max_frames:
            text = f"motion.joints: expected at most {self._max_frames} frames, got {len(motion.joints)}"
            raise ServiceError(422, "invalid_request", text, field="motion.joints")
        how: Literal["given", "guessed"] = "given" if "fps" in motion.model_fields_set else "guessed"
        rate = Finding("fps", f"{motion.fps:g}", how, "" if how == "given" else "motion.fps settles it")
        made = Motion(motion.joints, motion.fps, placed=placed)  # type: ignore[arg-type]
        return replace(made, provenance=Provenance("request", (rate,), check_motion(made)))

    def _scene(self, request: PartsRequest, body: Received, choices: Choices) -> Scene | None:
        if request.scene_id is not None:
            return self._engine.scene(request.scene_id)
        if "scene" not in body.files:
            return None
        return self._uploads.scene(body.files["scene"], choices)


def gatherer(request: Request) -> Gatherer:
    """The application's gatherer."""
    return cast(Gatherer, request.app.state.gatherer)


GathererDep = Annotated[Gatherer, Depends(gatherer)]


def _only_one(field: str, *forms: object) -> None:
    if sum(form is not None for form in forms) > 1:
        raise ServiceError(422, "invalid_request", f"{field}: given in more than one form", field=field)


def _only_with_files(request: PartsRequest, body: Received) -> None:
    """Raise ServiceError for a field about uploaded files in a request without such a file."""
    needed = {"key": ["motion"], "fps": ["motion"], "unit": ["motion", "scene"], "axes": ["motion", "scene"]}
    for name, files in needed.items():
        if getattr(request, name) is not None and not set(files) & set(body.files):
            text = f"{name}: only allowed with an uploaded {' or '.join(files)}"
            raise ServiceError(422, "invalid_request", text, field=name)


def _lines(value: Motion | Scene | None) -> list[str]:
    """What the reader found out about a motion or a scene, and the remarks on it."""
    if value is None:
        return []
    return [*map(str, value.provenance), *map(str, value.provenance.remarks or ())]
