"""What a caller declares about the files of one request: it overrules what they state and what detection says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from monster.errors import InputError

_KINDS: Final = ("motion", "scene")


@dataclass(frozen=True)
class Declared:
    """Frames a second of motions, the axis that points up, and the unit; None leaves a value to detection.

    ``axes`` and ``unit`` are about every file, or name the kind that they are about: "motion=cm" or
    "motion=cm,scene=m". Raises InputError for another kind.
    """

    fps: float | None = None
    axes: str | None = None
    unit: str | None = None

    def __post_init__(self) -> None:
        for name in ("axes", "unit"):
            _by_kind(name, getattr(self, name))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is declared."""
        return self == Declared()

    def motion(self) -> dict[str, Any]:
        """The arguments of ``read_motion``."""
        return {"fps": self.fps, **self.scene("motion")}

    def scene(self, kind: str = "scene") -> dict[str, Any]:
        """The arguments of ``read_scene``."""
        return {name: _by_kind(name, getattr(self, name)).get(kind) for name in ("axes", "unit")}


def _by_kind(name: str, text: str | None) -> Mapping[str, str]:
    """The value for each kind of file."""
    if text is None:
        return {}
    if "=" not in text:
        return dict.fromkeys(_KINDS, text)
    values = dict(part.strip().split("=", 1) for part in text.split(",") if "=" in part)
    if not set(values) <= set(_KINDS) or len(values) != len(text.split(",")):
        raise InputError(f"expected {name} as one value, or as motion=VALUE,scene=VALUE, got {text[:40]!r}")
    return values
