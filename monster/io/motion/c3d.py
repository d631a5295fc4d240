"""Markers of optical motion capture (``.c3d``) to joints, by the marker names of Plug-in Gait and of CMU's set of 41.

Hip centres follow Harrington et al., "Prediction of the hip joint centre in adults, children, and patients with
cerebral palsy based on magnetic resonance imaging" (J. Biomech. 2007, equations for adults' pelvic width and depth). A
marker beside a knee or an ankle is moved inwards by half the joint's width of a grown-up; trunk, collars and head are
taken from the markers around them. That is good to a few centimetres: enough for a search, not for a clinic. The parser
is ezc3d (extra ``mocap``); it runs in a child process, because damaged headers crash it or make it run forever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import FileFormatError, InputError, MissingExtra
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.normalise.mapping import mapped_places
from monster.io.sources import Source, in_file, short
from monster.sandbox import Limits, call
from monster.skeleton import INDEX, JOINT_COUNT
from monster.types import Finding

_UNITS: Final = {"mm": 0.001, "cm": 0.01, "m": 1.0, "in": 0.0254}
_PARSER: Final = "monster.io.motion.c3d:parse_markers"
_BROKEN: Final = (OSError, RuntimeError, ValueError, IndexError, KeyError, TypeError, MemoryError, SystemError)
# Each place on the body by its names, the first that a file has; X stands for L or R.
_GROUPS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "front": (("XASI",), ("XFWT",), ("XASIS",)),
    "back": (("XPSI",), ("XBWT",), ("XPSIS",), ("SACR",)),
    "knee": (("XKNE",), ("XKNEE",)),
    "ankle": (("XANK",), ("XANKLE",)),
    "toe": (("XTOE",), ("XMT5", "XMT1"), ("XMT5",)),
    "shoulder": (("XSHO",), ("XSHOULDER",)),
    "elbow": (("XELB",), ("XELBOW",)),
    "wrist": (("XWRA", "XWRB"), ("XWRA",), ("XWRB",), ("XWRI",)),
    "head": (("XFHD", "XBHD"), ("XFHD",), ("XBHD",)),
    "neck": (("C7", "CLAV"), ("C7",), ("CLAV",)),
    "chest": (("T10", "STRN"), ("T10",), ("STRN",)),
}
_KNEE, _ANKLE, _ACROMION = 0.055, 0.042, 0.05  # metres from a marker to the middle of the joint
_LEAST_SEEN: Final = 0.05  # share of frames


def raw_c3d(path: Path, mapping: Mapping[str, Sequence[str]] | None = None) -> RawMotion:
    """The 22 joints of a file's markers; ``mapping`` gives markers (their middle) for some of our joints.

    Raises FileFormatError that names the missing markers, MissingExtra without ezc3d.
    """
    names, points, fps, unit = _parsed(path)
    with in_file(path):
        markers, filled = _seen(names, points * unit)
        joints = joints_of_markers(markers, mapping)
    notes = [f"{len(markers)} markers", *([f"{filled:.1%} of their places filled in"] if filled else [])]
    found = Finding("joints", f"{JOINT_COUNT} from markers", "detected", "; ".join(notes))
    return RawMotion(joints, fps, unit=1.0, usual_up="z", findings=(found,))


def joints_of_markers(
    markers: Mapping[str, DoubleArray], mapping: Mapping[str, Sequence[str]] | None = None
) -> DoubleArray:
    """Joints (frames, 22, 3) of markers (frames, 3) in metres by name. Raises InputError that names what is missing."""
    left, right = _body(markers, "L"), _body(markers, "R")
    joints = np.empty((len(next(iter(markers.values()))), JOINT_COUNT, 3))
    hips, across = _hips(left, right)
    neck, chest = left["neck"], left["chest"]
    pelvis = (hips.mean(axis=0) + (left["front"] + right["front"] + left["back"] + right["back"]) / 4) / 2
    spine3 = chest + (neck - chest) / 4
    middle = {
        "pelvis": pelvis,
        "spine1": pelvis + (spine3 - pelvis) / 3,
        "spine2": pelvis + (spine3 - pelvis) * (2 / 3),
        "spine3": spine3,
        "neck": neck,
        "head": (neck + (left["head"] + right["head"]) / 2) / 2,
    }
    for name, place in middle.items():
        joints[:, INDEX[name]] = place
    down = -_unit(neck - pelvis)
    for side, body, hip, inwards in (("left", left, hips[0], -across), ("right", right, hips[1], across)):
        knee = body["knee"] + _square_to(inwards, body["knee"] - hip) * _KNEE
        ankle = body["ankle"] + _square_to(inwards, body["ankle"] - knee) * _ANKLE
        shoulder = body["shoulder"] + down * _ACROMION
        limbs = {"hip": hip, "knee": knee, "ankle": ankle, "foot": body["toe"], "shoulder": shoulder,
                 "elbow": body["elbow"], "wrist": body["wrist"], "collar": neck + (shoulder - neck) / 3}  # fmt: skip
        for name, place in limbs.items():
            joints[:, INDEX[f"{side}_{name}"]] = place
    return _mapped(joints, markers, mapping or {})


def parse_markers(path: str) -> Iterator[dict[str, Any]]:
    """The content of a file as ezc3d reads it, run in a worker: names, points (markers, frames, 3), fps, units."""
    try:
        content: Any = import_module("ezc3d").c3d(path)
        point = content["parameters"]["POINT"]
        yield {
            "names": [str(name) for name in point["LABELS"]["value"]],
            "points": np.moveaxis(np.asarray(content["data"]["points"], dtype=np.float64)[:3], 0, -1),
            "fps": float(content["header"]["points"]["frame_rate"]),
            "units": [str(unit) for unit in point.get("UNITS", {}).get("value", [])[:1]],
        }
    except _BROKEN as error:
        name = Path(path).name
        raise FileFormatError(f"{name}: expected a C3D file of markers, got a damaged one ({short(error)})") from None


def _parsed(path: Path) -> tuple[list[str], DoubleArray, float, float]:
    """Marker names, places (markers, frames, 3) in the file's unit, fps, and metres in one unit."""
    content = _content(path)
    names = [str(name).rpartition(":")[2].strip().upper() for name in content["names"]]
    points, fps, units = content["points"], float(content["fps"]), [str(unit) for unit in content["units"]]
    unit = _UNITS.get(units[0].strip().lower() if units else "mm")
    if unit is None or points.ndim != 3 or points.shape[0] == 0 or points.shape[1] == 0 or not np.isfinite(fps):
        raise FileFormatError(f"{path.name}: expected markers in mm, cm or m, got {points.shape[0]} in {units}")
    return names, points, fps, unit


def _content(path: Path) -> dict[str, Any]:
    """What ``parse_markers`` yields for the file, within limits that grow with its size."""
    if _is_missing("ezc3d"):
        raise MissingExtra("reading .c3d files", "mocap")
    size = path.stat().st_size / (1 << 20)
    limits = Limits(4 + size, 1024 + int(16 * size))
    return call(_PARSER, {"path": str(path.absolute())}, name=path.name, limits=limits)


def _is_missing(package: str) -> bool:
    try:
        return find_spec(package) is None
    except ValueError:  # named as not to be imported
        return True


def _seen(names: Sequence[str], points: DoubleArray) -> tuple[dict[str, DoubleArray], float]:
    """Markers (frames, 3) by name with gaps filled along straight lines, and the share of places that were filled."""
    points = np.where((np.abs(points).max(axis=-1, keepdims=True) > 0) & np.isfinite(points), points, np.nan)
    markers, gaps = {}, 0
    for name, places in zip(names, points, strict=False):
        real = np.isfinite(places).all(axis=-1)
        if not name or name in markers or real.mean() < _LEAST_SEEN:
            continue
        gaps += int((~real).sum())
        times = np.arange(len(places))
        markers[name] = np.stack([np.interp(times, times[real], places[real, axis]) for axis in range(3)], axis=-1)
    if not markers:
        raise InputError("expected markers with names, got none that is visible")
    return markers, gaps / (len(markers) * points.shape[1])


def _body(markers: Mapping[str, DoubleArray], side: str) -> dict[str, DoubleArray]:
    """The places of one side of the body and its middle."""
    found: dict[str, DoubleArray] = {}
    for place, choices in _GROUPS.items():
        named = (
            [name.replace("X", side, 1) if name.startswith("X") else name for name in choice] for choice in choices
        )
        choice = next((choice for choice in named if all(name in markers for name in choice)), None)
        if choice is None:
            wanted = " or ".join("+".join(choice).replace("X", side) for choice in choices)
            raise InputError(
                f"expected markers of Plug-in Gait or CMU's set, found none for the {place} ({wanted}) "
                f"among {', '.join(list(markers)[:8])}; are these other markers?"
            )
        found[place] = np.mean([markers[name] for name in choice], axis=0)
    return found


def _hips(left: Mapping[str, DoubleArray], right: Mapping[str, DoubleArray]) -> tuple[DoubleArray, DoubleArray]:
    """Hip centres (2, frames, 3), left first, and the pelvis's direction to the left."""
    front, back = (left["front"] + right["front"]) / 2, (left["back"] + right["back"]) / 2
    across = _unit(left["front"] - right["front"])
    ahead = _square_to(front - back, across)
    up = np.cross(ahead, across)
    width = np.median(np.linalg.norm(left["front"] - right["front"], axis=-1))
    depth = np.median(np.linalg.norm(front - back, axis=-1))
    middle = front - ahead * (0.24 * depth + 0.0099) - up * (0.30 * width + 0.0109)
    aside = across * (0.33 * width + 0.0073)
    return np.stack([middle + aside, middle - aside]), across


def _mapped(
    joints: DoubleArray, markers: Mapping[str, DoubleArray], mapping: Mapping[str, Sequence[str]]
) -> DoubleArray:
    names = list(markers)
    for joint, places in mapped_places(mapping, names).items():
        joints[:, INDEX[joint]] = np.mean([markers[names[place]] for place in places], axis=0)
    return joints


def _unit(vectors: DoubleArray) -> DoubleArray:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def _square_to(vectors: DoubleArray, axis: DoubleArray) -> DoubleArray:
    """The unit part of vectors that is at right angles to an axis."""
    axis = _unit(axis)
    return _unit(vectors - np.einsum("ti,ti->t", vectors, axis)[:, None] * axis)


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    return raw_c3d(source.path, options.mapping)


FORMAT: Final = MotionFormat("c3d", (".c3d",), _read)
