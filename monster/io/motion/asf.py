"""Acclaim skeletons and motions (``.asf`` with ``.amc``), as the CMU motion capture database has them.

The layout is that of J. Lander, "Working with motion capture file formats" (Game Developer, January 1998): the skeleton
gives each bone a direction and a length in the rest pose, and axes that its channels turn about; the motion gives every
frame's channel values by bone. Our joints are the ends of bones; a collar is half way along its clavicle. Neither file
states the fps; CMU recorded at 120.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Final, NoReturn

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import FileFormatError, InputError
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.motion.kinematics import euler_matrices
from monster.io.sources import FileLike, Source, checked_file, in_file, opened, read_text
from monster.skeleton import INDEX, JOINT_COUNT
from monster.types import Finding

_HEADER: Final = 4000  # bytes
_STATED: Final = re.IGNORECASE | re.MULTILINE
USUAL_FPS: Final = 120.0
_AXES: Final = {"x": 0, "y": 1, "z": 2}
_MAX_BONES: Final = 500
_MAX_FRAMES: Final = 1_000_000
_MOST: Final = 1e9  # no length or angle of a skeleton comes near
_ENDS: Final[dict[str, str]] = {"spine1": "lowerback", "spine2": "upperback", "spine3": "thorax", "neck": "lowerneck",
                                "head": "upperneck"}  # fmt: skip
_LIMB_ENDS: Final[dict[str, str]] = {
    "hip": "hipjoint", "knee": "femur", "ankle": "tibia", "foot": "foot",
    "shoulder": "clavicle", "elbow": "humerus", "wrist": "radius",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Bone:
    """One bone: its name, its parent's place in the list (-1: the root), its end as seen from its start (3,) in the
    rest pose and the file's unit, its axes as a rotation (3, 3), and its channels in their order ("rx", "tz")."""

    name: str
    parent: int
    end: DoubleArray
    axes: DoubleArray
    channels: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Asf:
    """A skeleton: bones with parents first (the root, of no length, is the first), and radians or degrees."""

    bones: tuple[Bone, ...]
    degrees: bool = True


def raw_amc(file: FileLike, mapping: Mapping[str, Sequence[str]] | None = None) -> RawMotion:
    """The 22 joints of an ``.amc`` and the ``.asf`` beside it; ``mapping`` names bones that end in some of our joints.

    Raises FileFormatError with the reason.
    """
    with opened(file) as source:
        skeleton = asf_beside(source.path)
        asf = read_asf(skeleton)
        ends = bone_ends(_with_stated_angles(asf, source), read_amc(source, asf))
    found = Finding("joints", f"{JOINT_COUNT} of {len(ends)} by name", "detected", f"skeleton of {skeleton.name}")
    with in_file(skeleton):
        joints = _joints(ends, mapping or {})
    return RawMotion(joints, usual_up="y", usual_fps=USUAL_FPS, findings=(found,))


def asf_beside(path: Path) -> Path:
    """The skeleton of a motion: the ``.asf`` whose name is the longest beginning of the motion's, else the only one.

    ``HDM_mm.asf`` is that of ``HDM_mm_walk_120.amc``, and ``01.asf`` that of ``01_01.amc``.
    """
    skeletons = sorted(found for found in path.parent.iterdir() if found.suffix.lower() == ".asf")
    own = f"{path.stem.lower()}_"
    begun = [found for found in skeletons if own.startswith(f"{found.stem.lower()}_")]
    if begun:
        return max(begun, key=lambda found: len(found.stem))
    if len(skeletons) == 1:
        return skeletons[0]
    came = "none" if not skeletons else f"{len(skeletons)} with other names"
    wanted = f"{path.stem.partition('_')[0]}.asf"
    raise FileFormatError(f"{path.name}: expected its skeleton {wanted} beside it (an .asf file), got {came}")


def _with_stated_angles(asf: Asf, source: Source) -> Asf:
    """The skeleton with the unit of angles that the motion's header states, where it states one."""
    header = re.findall(r"^\s*:(radians|degrees)\b", source.head[:_HEADER].decode("latin-1"), _STATED)
    return replace(asf, degrees=header[0].lower() == "degrees") if header else asf


def read_asf(path: str | Path) -> Asf:
    """Parse a skeleton. Raises FileFormatError when a part is missing or damaged."""
    path = checked_file(path)
    sections = _sections(read_text(path, what="an ASF skeleton"), path)
    degrees = "rad" not in sections["units"].partition("angle")[2].split()[:1]
    parents = _parents(sections["hierarchy"], path)
    entries = {entry["name"][0]: entry for entry in _bone_entries(sections["bonedata"])}
    root = _fields(sections["root"])
    channels = tuple(word.lower() for word in root.get("order", ("TX", "TY", "TZ", "RX", "RY", "RZ")))
    turn = [*root.get("orientation", ("0", "0", "0")), *root.get("axis", ("XYZ",))[:1]]
    bones = [Bone("root", -1, np.zeros(3), _turn(turn, degrees, path), _channels(channels, "root", path))]
    places = {"root": 0}
    for name, parent in parents:
        if name in places or parent not in places or name not in entries or len(bones) > _MAX_BONES:
            _fail(path, f"the bone {name[:30]!r} twice, without data or before its parent")
        places[name] = len(bones)
        bones.append(_bone(entries[name], places[parent], degrees, path))
    return Asf(tuple(bones), degrees)


def read_amc(file: FileLike, asf: Asf) -> Mapping[str, DoubleArray]:
    """Channel values (frames, channels) by bone. Raises FileFormatError when a frame is damaged or cut short."""
    with opened(file) as source:
        path = source.path
        words = [line.split() for line in source.text("an AMC motion").splitlines()]
    starts = [number for number, line in enumerate(words) if len(line) == 1 and line[0].isdecimal()]
    if not starts or len(starts) > _MAX_FRAMES:
        raise FileFormatError(f"{path.name}: expected an AMC motion with numbered frames, got {len(starts)} of them")
    starts.append(len(words))
    moving = [bone for bone in asf.bones if bone.channels]
    names = {bone.name for bone in moving}
    rows = []
    for start, end in pairwise(starts):
        frame = {line[0]: line[1:] for line in words[start + 1 : end] if line and line[0] in names}
        rows.append([value for bone in moving for value in _values(frame.get(bone.name), bone, words[start][0], path)])
    values = np.array(rows, dtype=np.float64)
    if not np.isfinite(values).all():
        row = int(np.argwhere(~np.isfinite(values))[0, 0])
        raise FileFormatError(f"{path.name}: expected numbers, got NaN or infinite in frame {words[starts[row]][0]}")
    columns = np.split(values, np.cumsum([len(bone.channels) for bone in moving])[:-1], axis=1)
    return {bone.name: part for bone, part in zip(moving, columns, strict=True)}


def bone_ends(asf: Asf, values: Mapping[str, DoubleArray]) -> dict[str, DoubleArray]:
    """The end (frames, 3) of each bone by its name, in the file's axes and unit; "root" for the root."""
    frames = len(next(iter(values.values())))
    turns = np.empty((len(asf.bones), frames, 3, 3))
    ends = np.empty((len(asf.bones), frames, 3))
    for index, bone in enumerate(asf.bones):
        moved, turned = _moved(bone, values.get(bone.name, np.zeros((frames, 0))), degrees=asf.degrees)
        local = bone.axes @ turned @ bone.axes.T
        if bone.parent < 0:
            turns[index], ends[index] = local, moved
            continue
        turns[index] = turns[bone.parent] @ local
        ends[index] = ends[bone.parent] + np.einsum("tij,tj->ti", turns[index], bone.end + moved)
    return {bone.name: ends[index] for index, bone in enumerate(asf.bones)}


def _moved(bone: Bone, values: DoubleArray, *, degrees: bool) -> tuple[DoubleArray, DoubleArray]:
    """A bone's shift (frames, 3) and turn (frames, 3, 3); the first channel turns first, about fixed axes."""
    angles = [(place, _AXES[name[1]]) for place, name in enumerate(bone.channels) if name[0] == "r"][::-1]
    scale = 1.0 if degrees else 180 / np.pi
    turned = euler_matrices(values[:, [place for place, _ in angles]] * scale, [axis for _, axis in angles])
    moved = np.zeros((len(values), 3))
    for place, name in enumerate(bone.channels):
        if name[0] == "t":
            moved[:, _AXES[name[1]]] = values[:, place]
    return moved, turned


def _joints(ends: Mapping[str, DoubleArray], mapping: Mapping[str, Sequence[str]]) -> DoubleArray:
    wanted: dict[str, Sequence[str]] = {"pelvis": ["root"]}
    wanted.update((joint, [bone]) for joint, bone in _ENDS.items())
    for side in ("left", "right"):
        wanted.update((f"{side}_{joint}", [f"{side[0]}{bone}"]) for joint, bone in _LIMB_ENDS.items())
        wanted[f"{side}_collar"] = ["thorax", f"{side[0]}clavicle"]
    wanted.update(mapping)
    missing = sorted({bone for bones in wanted.values() for bone in bones if bone not in ends})
    if missing:
        raise InputError(
            f"expected the bones of a CMU skeleton, found no {', '.join(missing[:4])} "
            f"among {', '.join(list(ends)[:8])}; mapping= (--mapping) names another one"
        )
    joints = np.empty((len(ends["root"]), JOINT_COUNT, 3))
    for joint, bones in wanted.items():
        # Divided before the sum, which may overflow for a damaged file.
        joints[:, INDEX[joint]] = sum(ends[bone] / len(bones) for bone in bones)
    return joints


def _sections(text: str, path: Path) -> dict[str, str]:
    """The text after each ``:name`` line; all parts that a skeleton needs are there, if only empty."""
    text = re.sub(r"#.*", "", text)
    parts = re.split(r"^\s*:(\w+)", text, flags=re.MULTILINE)
    sections = {name.lower(): body for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    for name in ("root", "bonedata", "hierarchy"):
        if name not in sections:
            _fail(path, f"no part :{name}")
    return {"units": "", **sections}


def _fields(block: str) -> dict[str, tuple[str, ...]]:
    """The words after the first one of each line, by that one, which is in lower case."""
    lines = (line.split() for line in block.splitlines())
    return {line[0].lower(): tuple(line[1:]) for line in lines if len(line) > 1}


def _bone_entries(block: str) -> list[dict[str, tuple[str, ...]]]:
    bodies = re.findall(r"\bbegin\b(.*?)\bend\b", block, flags=re.DOTALL)
    return [fields for fields in map(_fields, bodies) if "name" in fields]


def _parents(block: str, path: Path) -> list[tuple[str, str]]:
    """Pairs of bone and parent, parents first."""
    lines = [line.split() for line in block.splitlines()]
    pairs = [(child, line[0]) for line in lines if len(line) > 1 for child in line[1:]]
    if not pairs:
        _fail(path, "no bone in its hierarchy")
    return pairs


def _bone(entry: Mapping[str, tuple[str, ...]], parent: int, degrees: bool, path: Path) -> Bone:
    name = entry["name"][0]
    direction = _numbers(entry.get("direction", ()), 3, name, path)
    size = float(np.linalg.norm(direction))
    length = _numbers(entry.get("length", ()), 1, name, path)[0]
    end = direction / size * length if size > 1e-9 else np.zeros(3)
    channels = _channels(tuple(word.lower() for word in entry.get("dof", ())), name, path)
    return Bone(name, parent, end, _turn(entry.get("axis", ("0", "0", "0", "XYZ")), degrees, path), channels)


def _turn(words: tuple[str, ...] | list[str], degrees: bool, path: Path) -> DoubleArray:
    """A rotation (3, 3) of three angles and the order in which they turn about fixed axes."""
    angles = _numbers(words[:3], 3, "axis", path) * (1.0 if degrees else 180 / np.pi)
    order = (words[3] if len(words) > 3 else "XYZ").lower()
    if sorted(order) != ["x", "y", "z"]:
        _fail(path, f"the order of axes {order[:10]!r}")
    return np.asarray(euler_matrices(angles[None, ::-1], [_AXES[axis] for axis in reversed(order)])[0])


def _channels(words: tuple[str, ...], name: str, path: Path) -> tuple[str, ...]:
    known = tuple(word for word in words if re.fullmatch("[rt][xyz]", word))
    if len(set(known)) != len(words):
        _fail(path, f"the channels {' '.join(words)[:40]!r} of the bone {name[:30]!r}")
    return known


def _values(words: list[str] | None, bone: Bone, frame: str, path: Path) -> list[float]:
    try:
        values = [float(word) for word in words or ()]
    except ValueError:
        values = []
    if len(values) != len(bone.channels):
        raise FileFormatError(
            f"{path.name}: expected {len(bone.channels)} numbers for the bone {bone.name!r} in frame {frame[:12]}, "
            f"got {'none' if words is None else ' '.join(words)[:40]!r}; is the file cut short, or of another skeleton?"
        )
    return values


def _numbers(words: tuple[str, ...] | list[str], count: int, name: str, path: Path) -> DoubleArray:
    try:
        numbers = np.array([float(word) for word in words])
    except ValueError:
        numbers = np.array([])
    if len(numbers) != count or not (np.abs(numbers) < _MOST).all():  # False for NaN too
        _fail(path, f"{' '.join(words)[:40]!r} where {count} numbers of {name[:30]!r} belong")
    return numbers


def _fail(path: Path, got: str) -> NoReturn:
    raise FileFormatError(f"{path.name}: expected an ASF skeleton, got {got}; is the file damaged?")


def _read(source: Source, key: str, options: MotionOptions) -> RawMotion:
    return raw_amc(source, options.mapping)


FORMAT: Final = MotionFormat("amc", (".amc",), _read)
