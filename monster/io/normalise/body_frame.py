"""From joints in the axes and unit of a file to a Motion: z up, metres, the floor known, every decision a finding.

The unit follows from the length of the body, which no pose changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from monster.arrays import AnyArray, DoubleArray
from monster.checks import BELOW_FLOOR
from monster.errors import FileFormatError, InputError
from monster.geometry.axes import parsed_unit, parsed_up, to_z_up, unit_name
from monster.geometry.body import SURE_UP, changing_bone, detect_up, shows_up_by_moving
from monster.io.formats import MotionOptions, RawMotion
from monster.io.sources import in_file
from monster.skeleton import INDEX, JOINTS
from monster.types import CANONICAL_FPS, MAX_PERSON, MIN_PERSON, Finding, Motion, Provenance, person_size

# Ankle to head joint of a person of 1.25 to 2.3 m: least and largest length in a unit, and metres in that unit.
_SPANS: Final[tuple[tuple[float, float, float], ...]] = (
    (1.1, 2.1, 1.0), (3.6, 6.9, 0.3048), (19.5, 37.3, 0.0254 / 0.45), (43.0, 83.0, 0.0254), (110.0, 210.0, 0.01),
    (1100.0, 2100.0, 0.001),
)  # fmt: skip
_INCH: Final = 0.0254
_SETTLES_FPS: Final = "30, 60 and 120 are usual, too: fps= (--source-fps) settles it"
_FARTHEST: Final = 1e7  # no unit makes a place this far from the origin


def to_motion(raw: RawMotion, options: MotionOptions, path: Path, *, common_up: str | None = None) -> Motion:
    """The motion in z up and metres, with all findings; ``common_up`` is what most motions of the same file show.

    Raises FileFormatError if axes or unit cannot be determined, or the body has no plausible size.
    """
    with in_file(path):
        _check_range(raw.joints)
        fps, rate = _rate(raw, options)
        scale, unit = _unit(raw, options)
        up, axes = _up(raw, options, common_up)
        joints = to_z_up(raw.joints * scale, up)
        lowered, floor = _floor(_floor_height(joints), raw, options)
        joints = joints - np.array([0.0, 0.0, lowered])
        mirror = _mirror(joints)
        findings = (*raw.findings, axes, unit, rate, floor, *mirror)
        return Motion(joints.astype(np.float32), fps, placed=options.placed, provenance=Provenance(path.name, findings))


def finite_numbers(values: AnyArray, path: Path) -> DoubleArray:
    """An array as float64. Raises FileFormatError if it holds anything but finite numbers."""
    if values.dtype.kind not in "iuf":
        raise FileFormatError(f"{path.name}: expected joints as numbers, got values of type {values.dtype}")
    check_finite(values, path)
    return values.astype(np.float64)


def check_finite(values: AnyArray, path: Path, *, what: str = "joints") -> None:
    """Raise FileFormatError that counts the values that are not numbers and names the first one's place."""
    wrong = ~np.isfinite(values)
    if not wrong.any():
        return
    place = tuple(int(i) for i in np.argwhere(wrong)[0])
    joint = f", joint {JOINTS[place[1]]}" if values.ndim == 3 and place[1] < len(JOINTS) else ""
    raise FileFormatError(
        f"{path.name}: expected numbers, got {int(wrong.sum())} {what} values that are NaN or infinite, "
        f"the first in frame {place[0]}{joint}; did tracking or an export fail there?"
    )


def refuse_changing_bones(joints: DoubleArray, path: Path, reason: str) -> None:
    """Raise FileFormatError if bones are not rigid: what looked like the joints of a body is something else."""
    changing = changing_bone(joints)
    if changing is not None:
        name, share = changing
        raise FileFormatError(
            f"{path.name}: expected joints of a body, got bones that change their length ({name} by {share:.0%}); "
            f"{reason}"
        )


def vote_up(motions: Sequence[DoubleArray]) -> str | None:
    """The up axis that most of several motions of one file show clearly, or None."""
    votes = [detect_up(joints) for joints in motions if len(joints) > 1 and np.abs(joints).max() < _FARTHEST]
    sure = [up for up, lead in votes if lead >= SURE_UP]
    most = max(sure, key=sure.count, default=None)
    return most if most is not None and sure.count(most) > 0.6 * len(sure) else None


def _rate(raw: RawMotion, options: MotionOptions) -> tuple[float, Finding]:
    if options.fps is not None:
        return options.fps, Finding("fps", f"{options.fps:g}", "given")
    if raw.fps is not None:
        return raw.fps, Finding("fps", f"{raw.fps:g}", "given", f"by {raw.fps_source}")
    if raw.usual_fps is not None:
        note = f"as most files of this format; {_SETTLES_FPS}"
        return raw.usual_fps, Finding("fps", f"{raw.usual_fps:g}", "guessed", note)
    return CANONICAL_FPS, Finding("fps", f"{CANONICAL_FPS:g}", "guessed", f"nothing states it; {_SETTLES_FPS}")


def _unit(raw: RawMotion, options: MotionOptions) -> tuple[float, Finding]:
    if options.unit is not None:
        scale, name = parsed_unit(options.unit)
        return scale, Finding("unit", name, "given")
    if raw.unit is not None:
        return raw.unit, Finding("unit", unit_name(raw.unit), "given", "by the format")
    size = person_size(raw.joints.astype(np.float32))
    for low, high, scale in _SPANS:
        if low <= size <= high:
            note = f"{size * scale:.2f} m along the body"
            if scale == _INCH:  # as long in inches as a child is in centimetres
                note += f"; in centimetres a child of {size / 100:.2f} m: unit= (--unit) settles it"
                return scale, Finding("unit", unit_name(scale), "guessed", note)
            return scale, Finding("unit", unit_name(scale), "detected", note)
    if MIN_PERSON <= size <= MAX_PERSON:
        note = f"{size:.2f} m along the body, unusual in every unit: unit= (--unit) settles it"
        return 1.0, Finding("unit", "metres", "guessed", note)
    raise InputError(
        f"expected a person of {MIN_PERSON} to {MAX_PERSON} m, got {size:.4g} along the body, which fits no unit; "
        "are these joints at all, or normalised values? unit= (--unit) overrules detection"
    )


def _check_range(joints: DoubleArray) -> None:
    if len(joints) < 2:
        raise InputError(f"expected at least 2 frames of motion, got {len(joints)}")
    largest = float(np.abs(joints).max())
    if largest > _FARTHEST:
        raise InputError(f"expected the joints of a person, got coordinates up to {largest:.3g}; is the file damaged?")


def _up(raw: RawMotion, options: MotionOptions, common_up: str | None) -> tuple[str, Finding]:
    if options.axes is not None:
        up = parsed_up(options.axes)
        return up, Finding("axes", f"{up} up", "given")
    if raw.up is not None:
        return raw.up, Finding("axes", f"{raw.up} up", "given", "by the format")
    if common_up is not None:
        return common_up, Finding("axes", f"{common_up} up", "detected", "from the bodies in this file")
    up, lead = detect_up(raw.joints)
    if lead >= SURE_UP and (up == raw.usual_up or shows_up_by_moving(raw.joints, up, raw.usual_up)):
        return up, Finding("axes", f"{up} up", "detected", "from the body")
    if lead >= SURE_UP and raw.usual_up is None:
        note = "as the body stands, if it stands: it hardly moves, and may lie; axes= (--axes) settles it"
        return up, Finding("axes", f"{up} up", "guessed", note)
    if raw.usual_up is not None:
        note = f"as most files of this format; the body alone fits {up} best: axes= (--axes) settles it"
        return raw.usual_up, Finding("axes", f"{raw.usual_up} up", "guessed", note)
    raise InputError(
        f"expected a motion that shows which way is up, got one that fits several (best {up}); "
        "axes= (--axes) settles it"
    )


def _floor_height(joints: DoubleArray) -> float:
    """Height of the floor: the first percentile of the heights of the lowest joint."""
    return float(np.percentile(joints[..., 2].min(axis=1), 1))


def _floor(height: float, raw: RawMotion, options: MotionOptions) -> tuple[float, Finding]:
    """By how much a motion is lowered, and why; ``height`` is where its lowest joint usually is.

    In a room a body may be above the floor but not below it: lower than that, its file has another height 0.
    """
    lowest = f"the lowest joint is at {height:.2f} m"
    if options.placed:
        return 0.0, Finding("floor", "kept", "given", f"placed in a scene; {lowest}")
    if raw.has_floor:
        return 0.0, Finding("floor", "at 0", "given", f"by the format; {lowest}")
    if options.keep_height and height > -BELOW_FLOOR:
        return 0.0, Finding("floor", "kept", "given", f"used with a scene; {lowest}")
    if abs(height) < 0.005:
        return height, Finding("floor", "at 0", "detected")
    moved = f"moved from {height:.2f} m to 0"
    if abs(height) <= BELOW_FLOOR:
        return height, Finding("floor", moved, "detected", "the lowest that a joint gets")
    note = "the lowest that a joint gets; placed= (--placed) keeps the heights of the file"
    return height, Finding("floor", moved, "guessed", note)


def _mirror(joints: DoubleArray) -> tuple[Finding, ...]:
    """A warning when the toes point backwards as seen from the hips: left and right, or an axis, are swapped."""
    toes = sum(joints[:, INDEX[f"{side}_foot"]] - joints[:, INDEX[f"{side}_ankle"]] for side in ("left", "right"))
    across = joints[:, INDEX["left_hip"]] - joints[:, INDEX["right_hip"]]
    chest = joints[:, INDEX["neck"]] - joints[:, INDEX["pelvis"]]
    ahead = np.cross(across, chest)
    size = np.linalg.norm(toes, axis=-1) * np.linalg.norm(ahead, axis=-1)
    agree = np.median(np.einsum("ti,ti->t", toes, ahead) / np.maximum(size, 1e-9))
    if agree > -0.5:
        return ()
    note = "toes point backwards as seen from the hips; left and right may be swapped"
    return (Finding("mirrored", "yes", "guessed", note),)
