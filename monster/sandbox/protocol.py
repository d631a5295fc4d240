"""The program that reads one file in a process of its own, because a native parser can take its process along.

    python -m monster.sandbox.protocol KIND FILE ANSWER JOB

FILE is read as KIND (motion, scene), within the limits and with the reader's options of JOB (JSON). ANSWER becomes an
``.npz`` in the own format, or ANSWER.error says why not: a line, for LACKING after the name of the missing extra.
No array is ever unpickled on the way back.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from monster.errors import FileFormatError, MissingExtra, MonsterError
from monster.types import Motion, Scene

Kind = Literal["motion", "scene"]
REFUSED: Final = 3
LACKING: Final = 4
MAX_ANSWER: Final = 1 << 30


@dataclass(frozen=True)
class Limits:
    """What one file may cost: seconds of computing, MiB of address space, frames, points."""

    seconds: float = 30.0
    megabytes: int = 4096
    frames: int = 36_000
    points: int = 5_000_000


@dataclass(frozen=True)
class Job:
    """How a file is to be read."""

    limits: Limits = Limits()
    options: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """The job as one argument of a command line."""
        return json.dumps({"limits": asdict(self.limits), "options": dict(self.options)})

    @classmethod
    def from_json(cls, text: str) -> Job:
        """The job that ``to_json`` wrote."""
        values = json.loads(text)
        return cls(Limits(**values["limits"]), values["options"])


def restrict(*, memory: int, seconds: float | None = None) -> None:
    """Bind this process to bytes of address space and seconds of computing, for good; no large files, no core dump.

    Does what the system offers: Windows has no such limits.
    """
    try:
        import resource
    except ImportError:
        return
    wanted = {
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_FSIZE: (MAX_ANSWER, MAX_ANSWER),
        resource.RLIMIT_CORE: (0, 0),
    }
    if seconds is not None:
        wanted[resource.RLIMIT_CPU] = (int(seconds) + 1, int(seconds) + 2)
    for what, (soft, hard) in wanted.items():
        _, ceiling = resource.getrlimit(what)
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        try:
            resource.setrlimit(what, (soft, hard))
        except (ValueError, OSError):  # macOS refuses a limit of address space
            continue


def read(kind: Kind, path: Path, job: Job) -> Motion | Scene:
    """The motion or scene of a file; raises FileFormatError when it is larger than allowed."""
    if kind == "motion":
        from monster.io import read_motion

        motion = read_motion(path, **job.options)
        if len(motion) > job.limits.frames:
            raise FileFormatError(f"{path.name}: expected at most {job.limits.frames} frames, got {len(motion)}")
        return motion
    from monster.io import read_scene

    scene = read_scene(path, **job.options)
    if len(scene.points) > job.limits.points:
        raise FileFormatError(f"{path.name}: expected at most {job.limits.points} points, got {len(scene.points)}")
    return scene


def _answer(value: Motion | Scene, path: Path) -> None:
    from monster.io.npz import save_motion, save_scene

    if isinstance(value, Motion):
        save_motion(path, value)
    else:
        save_scene(path, value)


def main(arguments: list[str]) -> int:
    """Read the file, write the answer; the exit status says which answer it is."""
    kind, source, answer, given = arguments
    job = Job.from_json(given)
    restrict(memory=job.limits.megabytes << 20, seconds=job.limits.seconds)
    try:
        _answer(read("motion" if kind == "motion" else "scene", Path(source), job), Path(answer))
        return 0
    except MissingExtra as error:
        line, status = f"{error.extra}\n{error}", LACKING
    except MonsterError as error:
        line, status = str(error), REFUSED
    except MemoryError:
        line, status = f"{Path(source).name}: reading it needs more memory than is allowed", REFUSED
    Path(f"{answer}.error").write_text(line, encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
