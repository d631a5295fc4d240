"""Reports on motion and scene files: facts (given, detected or guessed) and remarks on possible errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

import numpy as np

from monster.checks.motion import check_motion
from monster.checks.scene import check_scene
from monster.errors import FileFormatError, MonsterError
from monster.io import Source, file_kind, motion_ids, read_motion, read_scene, suffixes
from monster.io.declared import Declared
from monster.io.registry import load_modules
from monster.provenance import Level, Remark, worst
from monster.types import Finding, Motion, Scene, person_size

Kind = Literal["motion", "scene", "unreadable"]
_MOST_OBJECTS: Final = 12
NOTHING: Final = Declared()
T = TypeVar("T", Motion, Scene)


@dataclass(frozen=True)
class Report:
    """One motion or scene: the file and the key in it ("" if there is only one), facts, and remarks.

    ``objects`` counts a scene's objects by their names.
    """

    file: str
    key: str
    kind: Kind
    facts: tuple[Finding, ...] = ()
    remarks: tuple[Remark, ...] = ()
    objects: tuple[tuple[str, int], ...] = ()

    @property
    def level(self) -> Level | None:
        """The worst level of the remarks."""
        return worst(self.remarks)

    def to_json(self) -> dict[str, Any]:
        """The report as plain values; ``from_json`` reads them."""
        return {
            "file": self.file,
            "key": self.key,
            "kind": self.kind,
            "facts": [[fact.what, fact.value, fact.how, fact.note] for fact in self.facts],
            "remarks": [[remark.code, remark.level, remark.text] for remark in self.remarks],
            "objects": [list(entry) for entry in self.objects],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Report:
        """The report that ``to_json`` wrote. Raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            str(values["file"]),
            str(values["key"]),
            values["kind"],
            tuple(Finding(*fact) for fact in values["facts"]),
            tuple(Remark(*remark) for remark in values["remarks"]),
            tuple((str(name), int(count)) for name, count in values["objects"]),
        )


def report_motion(motion: Motion, *, file: str = "", key: str = "") -> Report:
    """The report on a motion."""
    known = {finding.what: finding for finding in motion.provenance}
    rate = known.get("fps", Finding("fps", f"{motion.fps:g}", "given"))
    low, length = float(motion.joints[..., 2].min()), person_size(motion.joints)
    facts = (
        known.get("joints", Finding("joints", f"{motion.joints.shape[1]} points", "given")),
        Finding("frames", str(len(motion)), "given"),
        rate,
        Finding("duration", f"{motion.duration:.2f} s", rate.how, "frames by rate"),
        known.get("axes", Finding("axes", "z up", "given", "by the format")),
        known.get("unit", Finding("unit", "metres", "given", "by the format")),
        Finding("height", f"{length:.2f} m along the body", "detected"),
        known.get("floor", Finding("floor", "at 0", "given", f"the lowest joint is at {low:.2f} m")),
        Finding("place", "in a scene" if motion.placed else "its own", "given"),
        *(finding for what, finding in known.items() if what not in _SHOWN and what != "mirrored"),
    )  # fmt: skip
    return Report(file, key, "motion", facts, (*_remarks(motion, check_motion), *_guesses(facts)))


def report_scene(scene: Scene, *, file: str = "", key: str = "") -> Report:
    """The report on a scene."""
    known = {finding.what: finding for finding in scene.provenance}
    size = np.ptp(scene.points, axis=0)
    objects = scene.objects(most=len(scene.points))
    objects_fact = known.get("objects", Finding("objects", str(len(objects)), "given"))
    facts = (
        Finding("points", f"{len(scene.points):,}", "given", known["points"].value if "points" in known else ""),
        Finding("colours", "no" if scene.colors is None else "yes", "given"),
        known.get("axes", Finding("axes", "z up", "given", "by the format")),
        known.get("unit", Finding("unit", "metres", "given", "by the format")),
        Finding("size", " x ".join(f"{side:.2f}" for side in size) + " m", "detected"),
        Finding("height", f"{size[2]:.2f} m", "detected"),
        known.get("floor", Finding("floor", "at 0", "given", "by the format")),
        objects_fact,
        *(finding for what, finding in known.items() if what not in _SHOWN),
    )
    named = Counter(object_.label or "unnamed" for object_ in objects)
    return Report(
        file,
        key,
        "scene",
        facts,
        (*_remarks(scene, check_scene), *_guesses(facts)),
        tuple(named.most_common(_MOST_OBJECTS)),
    )


def _remarks(value: T, check: Callable[[T], tuple[Remark, ...]]) -> tuple[Remark, ...]:
    """The remarks of the reader, or those of the check for what no reader has checked."""
    remarks = value.provenance.remarks
    return check(value) if remarks is None else remarks


_SHOWN: Final = frozenset(("joints", "fps", "axes", "unit", "floor", "points", "objects"))


def unreadable(error: MonsterError | str, *, file: str, key: str = "") -> Report:
    """The report on a file, or on one motion of it, that could not be read."""
    text = str(error).removeprefix(f"{Path(file).name}: ")
    return Report(file, key, "unreadable", remarks=(Remark("unreadable", "error", text),))


def reports_of(
    path: Path, *, name: str | None = None, split: bool = True, declared: Declared = NOTHING
) -> Iterator[Report]:
    """A report on every motion of a file, or on its scene; nothing for a file that holds neither.

    ``name`` is the file name in the reports. An unreadable motion gets a report with the error.
    """
    file = path.name if name is None else name
    with Source(path) as source:
        try:
            kind = file_kind(source)
            if kind == "scene":
                yield report_scene(read_scene(source, split=split, **declared.scene()), file=file)
            keys = motion_ids(source) if kind in ("motion", "unclear") else ()
        except MonsterError as error:
            yield unreadable(error, file=file)
            return
        for clip in keys:
            key = clip if len(keys) > 1 else ""
            try:
                yield report_motion(read_motion(source, key=clip, **declared.motion()), file=file, key=key)
            except MonsterError as error:
                yield unreadable(error, file=file, key=key)


def report_file(
    *, path: str, name: str, split: bool, declared: Mapping[str, Any], formats: Sequence[str] = ()
) -> Iterator[dict[str, Any]]:
    """The reports on one file as plain values, for a worker; formats of the modules ``formats`` are registered."""
    load_modules(formats)
    for report in reports_of(Path(path), name=name, split=split, declared=Declared(**declared)):
        yield report.to_json()


def expected_kind(path: Path) -> FileFormatError:
    """The error for a file that is neither a motion nor a scene by its name."""
    known = " ".join(sorted({*suffixes("motion"), *suffixes("scene")}))
    return FileFormatError(f"{path.name}: expected a motion or a scene ({known}), got something else")


def _guesses(facts: tuple[Finding, ...]) -> tuple[Remark, ...]:
    """Remarks on guessed facts: a warning for axes and unit, a note for the fps."""
    levels: dict[str, Level] = {"axes": "warning", "unit": "warning", "fps": "note"}
    return tuple(
        Remark(
            f"guessed-{fact.what}",
            levels[fact.what],
            f"{fact.what} {fact.value} is a guess ({fact.note})",
        )
        for fact in facts
        if fact.how == "guessed" and fact.what in levels
    )
