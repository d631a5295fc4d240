"""From the joint names of any rig to the 22 joints: CMU, CC_Base (iClone), Mixamo, Bandai Namco and their like.

A name is split into a side and a part ("mixamorig:LeftUpLeg": left, upleg); what a part means depends on which others
the rig has ("shoulder" is the collar where there is an upper arm, else the shoulder). The three spine joints are spread
over the joints between pelvis and neck. Toes, wrists and head fall back to end sites.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from monster.arrays import DoubleArray
from monster.errors import InputError
from monster.io.normalise.mapping import mapped_places
from monster.skeleton import INDEX, JOINTS

_NOISE: Final = frozenset(
    ("mixamorig", "bip", "cc", "base", "joint", "jnt", "def", "bone", "b", "j", "c", "m", "f", "sk", "character", "bn")
)
_CENTRE: Final[dict[str, tuple[str, ...]]] = {
    "pelvis": ("hips", "pelvis", "hip", "root"),
    "neck": ("neck", "necktwist", "lowerneck"),
    "head": ("head",),
}
# The names of each role, the surest first; a name that an earlier role of the same side took is not used again.
_LIMBS: Final[dict[str, tuple[str, ...]]] = {
    "hip": ("upleg", "upperleg", "thigh", "femur", "hip", "hipjoint"),
    "knee": ("knee", "lowerleg", "lowleg", "calf", "shin", "tibia", "leg"),
    "ankle": ("ankle", "foot"),
    "foot": ("toebase", "toes", "toe", "ball", "foot"),
    "shoulder": ("upperarm", "uparm", "humerus", "arm", "shoulder", "shldr"),
    "elbow": ("elbow", "forearm", "lowerarm", "lowarm", "radius"),
    "wrist": ("wrist", "hand"),
    "collar": ("clavicle", "collar", "shoulder"),
}
_NEEDED: Final = (
    "pelvis", "neck", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
)  # fmt: skip
_SIDES: Final = {"left": "left", "l": "left", "right": "right", "r": "right"}


@dataclass(frozen=True)
class Rig:
    """Names of a skeleton's joints, their parents (-1 for a root), and which of them are nameless end sites."""

    names: Sequence[str]
    parents: Sequence[int]
    ends: Sequence[bool]


def joints_of(
    rig: Rig, positions: DoubleArray, mapping: Mapping[str, Sequence[str]] | None = None
) -> tuple[DoubleArray, tuple[str, ...]]:
    """The 22 joints (frames, 22, 3) of a rig whose joints are at ``positions`` (frames, joints, 3), and notes.

    ``mapping`` gives the rig's names for some of our joints. Raises InputError that names what is missing and what
    the rig has.
    """
    mapped = mapped_places(mapping or {}, rig.names)
    roles = find_roles(rig) | {joint: places[0] for joint, places in mapped.items()}
    missing = [name for name in _NEEDED if name not in roles]
    if missing:
        names = [name for name, end in zip(rig.names, rig.ends, strict=True) if not end]
        raise InputError(
            f"expected a skeleton with joints that can be recognised, found none for {', '.join(missing[:4])} "
            f"among {', '.join(names[:8])}{', ...' if len(names) > 8 else ''}"
        )
    joints = np.empty((len(positions), len(JOINTS), 3))
    for name, index in roles.items():
        joints[:, INDEX[name]] = positions[:, index]
    notes = [*_fill_ends(rig, roles, positions, joints), *_fill_collars(roles, joints)]
    _fill_spine(rig, roles, positions, joints)
    for joint, places in mapped.items():
        joints[:, INDEX[joint]] = positions[:, places].mean(axis=1)
    notes += _lost_bones(rig, positions)
    return joints, (*notes, *([f"{len(mapped)} by the mapping"] if mapped else []))


def find_roles(rig: Rig) -> dict[str, int]:
    """The joint of the rig for each of our joints, by name; the three of the spine are not among them."""
    by_name: dict[tuple[str, str], int] = {}
    for index, (name, end) in enumerate(zip(rig.names, rig.ends, strict=True)):
        if not end:
            by_name.setdefault(split_name(name), index)
    roles: dict[str, int] = {}
    for role, words in _CENTRE.items():
        found = [by_name[("", word)] for word in words if ("", word) in by_name]
        if found:
            roles[role] = found[0]
    for side in ("left", "right"):
        roles |= _limb_roles(by_name, side)
    if "neck" not in roles and "head" in roles:
        roles["neck"] = rig.parents[roles["head"]] if rig.parents[roles["head"]] >= 0 else roles["head"]
    return roles


@lru_cache(maxsize=4096)
def split_name(name: str) -> tuple[str, str]:
    """Side ("left", "right" or "") and part of a joint's name, in lower case without digits and prefixes."""
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name.rsplit(":", 1)[-1])
    words = [word.lower() for word in words]
    side = next((_SIDES[word] for word in words if word in _SIDES), "")
    part = "".join(word for word in words if word not in _SIDES and word not in _NOISE)
    if part == "hip" and "joint" in words:  # of some rigs a bone of the pelvis, beside LeftHip
        part = "hipjoint"
    if not side:
        for prefix, value in (("left", "left"), ("right", "right"), ("l", "left"), ("r", "right")):
            rest = part.removeprefix(prefix)
            if rest != part and any(rest in names for names in _LIMBS.values()):
                return value, rest
    return side, part


def _limb_roles(by_name: dict[tuple[str, str], int], side: str) -> dict[str, int]:
    roles: dict[str, int] = {}
    taken: set[int] = set()
    for role, words in _LIMBS.items():
        if role == "hip" and (side, "shin") in by_name:
            words = (*words, "leg")  # SOMA: a leg above a shin is the thigh
        free = (by_name[(side, word)] for word in words if (side, word) in by_name)
        index = next((index for index in free if index not in taken), None)
        if index is not None:
            roles[f"{side}_{role}"] = index
            taken.add(index)
    return roles


def _fill_ends(rig: Rig, roles: dict[str, int], positions: DoubleArray, joints: DoubleArray) -> list[str]:
    """Toes, wrists and head that have no joint of their own: the end site of the joint before, or that joint."""
    before = {"head": "neck"}
    for side in ("left", "right"):
        before |= {f"{side}_foot": f"{side}_ankle", f"{side}_wrist": f"{side}_elbow"}
    notes = []
    for name, parent in before.items():
        if name in roles:
            continue
        ends = [i for i, (of, end) in enumerate(zip(rig.parents, rig.ends, strict=True)) if end and of == roles[parent]]
        joints[:, INDEX[name]] = positions[:, ends[0] if ends else roles[parent]]
        notes.append(f"{name} from {'the end site of ' if ends else ''}{rig.names[roles[parent]]}")
    return notes


def _lost_bones(rig: Rig, positions: DoubleArray) -> list[str]:
    """A note on rigs whose lower neck is where its parent is: the bone of the thorax between them is lost."""
    for index, (name, parent) in enumerate(zip(rig.names, rig.parents, strict=True)):
        if parent < 0 or rig.ends[index] or split_name(name) not in (("", "neck"), ("", "lowerneck")):
            continue
        if np.abs(positions[:, index] - positions[:, parent]).max() < 1e-6:
            return [f"{name} has no length: the bone below it is lost, so the upper body is about 11 cm low"]
    return []


def _fill_collars(roles: dict[str, int], joints: DoubleArray) -> list[str]:
    notes = []
    for side in ("left", "right"):
        if f"{side}_collar" not in roles:
            neck, shoulder = joints[:, INDEX["neck"]], joints[:, INDEX[f"{side}_shoulder"]]
            joints[:, INDEX[f"{side}_collar"]] = neck + (shoulder - neck) / 3
            notes.append(f"{side}_collar between neck and shoulder")
    return notes


def _ancestors(rig: Rig, index: int) -> list[int]:
    """The joint itself, its parent, and so on to the root."""
    chain = []
    while index >= 0:
        chain.append(index)
        index = rig.parents[index]
    return chain


def _fill_spine(rig: Rig, roles: dict[str, int], positions: DoubleArray, joints: DoubleArray) -> None:
    """Spread spine1 to spine3 evenly over the joints between pelvis and neck (or over the straight line)."""
    below = _ancestors(rig, roles["pelvis"])
    between = [index for index in reversed(_ancestors(rig, roles["neck"])[1:]) if index not in below]
    pelvis, neck = joints[:, INDEX["pelvis"]], joints[:, INDEX["neck"]]
    apart = [i for i in between if np.median(np.linalg.norm(positions[:, i] - pelvis, axis=-1)) > 1e-6]
    if not apart:
        chain, places = np.stack([pelvis, neck]), (0.25, 0.5, 0.75)
    elif len(apart) == 1:
        chain, places = np.stack([pelvis, positions[:, apart[0]], neck]), (0.5, 1.0, 1.5)
    else:
        chain, places = np.stack([positions[:, i] for i in apart]), (0.0, (len(apart) - 1) / 2, len(apart) - 1.0)
    for name, place in zip(("spine1", "spine2", "spine3"), places, strict=True):
        low = min(int(place), len(chain) - 2)
        joints[:, INDEX[name]] = chain[low] + (chain[low + 1] - chain[low]) * (place - low)
