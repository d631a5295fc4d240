"""Outputs of text-to-motion generators: many motions in one array, padded to one length, with their texts.

MDM and its descendants save ``results.npy``: a pickled dict of ``motion`` (motions, joints, 3, frames), ``text``,
``lengths``, ``num_samples`` and ``num_repetitions``, repetition by repetition, and beside it ``results.txt`` and
``results_len.txt`` (Tevet et al., "Human motion diffusion model", ICLR 2023, sample/generate.py). T2M-GPT and
MotionGPT save (1, frames, 22, 3), MoMask and MLD one (frames, 22, 3) file a motion. All are y up at 20 frames a second,
as HumanML3D is. HUMANISE's ``motion.pkl`` is a tuple of SMPL-X parameters whose last part are the posed joints
(Wang et al., NeurIPS 2022).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.arrays import AnyArray
from monster.errors import FileFormatError
from monster.io.captions_file import usable_texts
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.motion import humanml3d, smpl
from monster.io.motion.joint_arrays import POINT_COUNTS, named_keys, raw_motion, read_named
from monster.io.numpy_files import npy_header, npz_arrays, read_npy
from monster.io.pickles import load_object_array, load_pickle
from monster.io.sources import FileLike, Source, in_file, opened, read_text
from monster.io.stated_fps import RATE_NAMES, stated_fps

MOTION_NAMES: Final = ("motion", "motions", "joints", "positions", "pred_xyz")
_LENGTHS: Final = ("lengths", "length")
_TEXTS: Final = ("text", "texts", "captions", "caption")
_HUMANISE: Final = 9  # parts of a tuple
_MOST: Final = 100_000


@dataclass(frozen=True, eq=False)
class Batch:
    """Arrays of single motions by id, their captions, and the named arrays of a file that holds one motion."""

    motions: Mapping[str, AnyArray]
    captions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: Mapping[str, AnyArray] = field(default_factory=dict)
    fps: float | None = None
    has_floor: bool = False  # as HumanML3D, on which these generators are trained


def read_batch(file: FileLike) -> Batch:
    """All motions of a generator's file or of a pickle of arrays. Raises FileFormatError for anything else."""
    with opened(file) as source:
        return source.cached("batch", lambda: _batch(_content(source), source.path))


def _content(source: Source) -> Any:
    if source.suffix == ".npz":
        arrays = npz_arrays(source)
        known = {*MOTION_NAMES, *_LENGTHS, *_TEXTS, *RATE_NAMES, "num_samples"}
        return arrays.select([name for name in arrays if name in known])
    if source.suffix == ".npy":
        return load_object_array(source) if npy_header(source).kind == "O" else read_npy(source)
    return source.cached("pickle", lambda: load_pickle(source))


def _batch(value: Any, path: Path) -> Batch:
    if isinstance(value, tuple) and len(value) == _HUMANISE and isinstance(value[-1], np.ndarray):
        return Batch({path.stem: value[-1]})
    if isinstance(value, np.ndarray):
        return _split({"motion": value}, "motion", path)
    if isinstance(value, list):
        return _split({"motion": value}, "motion", path)
    if not isinstance(value, dict):
        raise FileFormatError(f"{path.name}: expected arrays of motions, got {_kind(value)}")
    value = {str(name): part for name, part in value.items()}
    with in_file(path):
        fps = stated_fps(value)
    key = next((name for name in MOTION_NAMES if name in value), None)
    if key is not None:
        return replace(_split(value, key, path), fps=fps)
    named = {name: part for name, part in value.items() if isinstance(part, np.ndarray)}
    if not named:
        raise FileFormatError(f"{path.name}: expected arrays of motions, got {_kind(value)}")
    return Batch({}, named=named, fps=fps)


def _split(value: Mapping[str, Any], key: str, path: Path) -> Batch:
    """Single motions of the array under ``key``, cut to their lengths."""
    motions = _single_motions(value[key], path)
    count = len(motions)
    lengths = _lengths(_first(value, _LENGTHS), path, count)
    ids = _ids(path.stem, count, value.get("num_samples"))
    cut = [_cut(motion, length) for motion, length in zip(motions, lengths, strict=True)]
    texts = _texts(_first(value, _TEXTS), path, count)
    captions = {clip: text for clip, text in zip(ids, texts, strict=True) if text}
    is_generated = _first(value, (*_LENGTHS, *_TEXTS)) is not None
    return Batch(dict(zip(ids, cut, strict=True)), captions, has_floor=is_generated)


def _first(value: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((value[name] for name in names if name in value), None)


def _single_motions(motions: Any, path: Path) -> list[AnyArray]:
    """Each motion with its frames first."""
    if isinstance(motions, np.ndarray) and motions.dtype.kind == "O":
        motions = motions.ravel().tolist()
    if isinstance(motions, list):
        if not 0 < len(motions) <= _MOST or not all(isinstance(part, np.ndarray) for part in motions):
            first = f", the first {_kind(motions[0])}" if motions else ""
            raise FileFormatError(
                f"{path.name}: expected a pickled list of 1 to {_MOST} arrays of joints,"
                f" got {len(motions)} entries{first}"
            )
        return [_frames_first(part) for part in motions]
    if not isinstance(motions, np.ndarray) or motions.ndim not in (2, 3, 4) or not 0 < len(motions) <= _MOST:
        raise FileFormatError(f"{path.name}: expected motions of shape (motions, 22, 3, frames), got {_kind(motions)}")
    return [_frames_first(part) for part in motions] if motions.ndim == 4 else [_frames_first(motions)]


def _frames_first(motion: AnyArray) -> AnyArray:
    if motion.ndim == 4 and len(motion) == 1:
        motion = motion[0]
    is_last = motion.ndim == 3 and motion.shape[1] == 3 and motion.shape[0] in POINT_COUNTS
    return motion.transpose(2, 0, 1) if is_last and motion.shape[2] != 3 else motion


def _lengths(given: Any, path: Path, count: int) -> list[int | None]:
    """The number of real frames of each motion, or None where the file does not state it."""
    if given is None:
        lines = _lines_beside(path, "_len.txt")
        given = [int(line) for line in lines] if all(line.strip().isdecimal() for line in lines) else []
    parts = [np.ravel(part) for part in given] if isinstance(given, list | tuple) else [np.ravel(given)]
    flat = np.concatenate(parts) if parts else np.zeros(0)
    if flat.dtype.kind == "f" and not np.isfinite(flat).all():
        raise FileFormatError(f"{path.name}: expected lengths as numbers of frames, got NaN or infinite ones")
    if flat.dtype.kind not in "iuf" or len(flat) == 0 or count % len(flat):
        return [None] * count
    return [int(length) for length in np.repeat(flat, count // len(flat))]  # some files state one for each repetition


def _cut(motion: AnyArray, length: int | None) -> AnyArray:
    """A motion without its padding: cut to its length, else without the frames of zeros at its end."""
    if length is not None and 2 <= length <= len(motion):
        return motion[:length]
    if motion.dtype.kind != "f" or motion.ndim < 2 or motion.size == 0:
        return motion
    used = np.flatnonzero(np.abs(motion).max(axis=tuple(range(1, motion.ndim))) > 0)
    return motion[: used[-1] + 1] if len(used) >= 2 else motion


def _ids(stem: str, count: int, samples: Any) -> list[str]:
    """Ids as MDM names its videos if the file states the number of samples, else numbers; the stem for a single one."""
    if count == 1:
        return [stem]
    per = int(samples) if isinstance(samples, int | np.integer) else 0
    if per and count % per == 0 and count > per:
        return [f"sample{index % per:02d}_rep{index // per:02d}" for index in range(count)]
    return [f"{index:0{len(str(count - 1))}d}" for index in range(count)]


def _texts(given: Any, path: Path, count: int) -> list[tuple[str, ...]]:
    """The captions of each motion; none where the number of texts does not fit."""
    listed = _lines_beside(path, ".txt") if given is None else given
    listed = listed.ravel().tolist() if isinstance(listed, np.ndarray) else listed
    listed = [listed] if isinstance(listed, str) else listed
    if not isinstance(listed, Sequence) or not listed or count % len(listed):
        return [()] * count
    return [usable_texts(listed[index % len(listed)], path.name) for index in range(count)]


def _lines_beside(path: Path, ending: str) -> list[str]:
    beside = path.with_name(f"{path.stem}{ending}")
    return read_text(beside, what="lines of text").splitlines() if beside.is_file() else []


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} {value.shape}"
    few = f" with {', '.join(map(repr, list(value)[:5]))}" if isinstance(value, dict) else ""
    return f"a {type(value).__name__}{few}"


def _sniff(source: Source) -> bool:
    if source.suffix == ".npz":
        arrays = npz_arrays(source)
        name = next((name for name in MOTION_NAMES if name in arrays), None)
        return name is not None and len(arrays.header(name).shape) == 4
    if source.suffix == ".npy":
        header = npy_header(source)
        return header.kind == "O" or len(header.shape) == 4
    return True


def _keys(source: Source) -> tuple[str, ...]:
    batch = read_batch(source)
    if batch.motions:
        return tuple(batch.motions)
    return (source.stem,) if smpl.is_parameters(batch.named) else named_keys(batch.named, source)


def _captions(source: Source) -> Mapping[str, tuple[str, ...]]:
    return read_batch(source).captions


def _read_motion(source: Source, key: str, options: MotionOptions) -> RawMotion:
    batch, path, body = read_batch(source), source.path, options.body_model
    if batch.motions:
        raw = raw_motion(batch.motions[key], path, body=body)
        raw = replace(raw, usual_up="y", usual_fps=humanml3d.FPS, has_floor=batch.has_floor)
    elif smpl.is_parameters(batch.named):
        raw = smpl.read_parameters(batch.named, path, body)
    else:
        raw = read_named(batch.named, key, path, body)
    return raw if batch.fps is None else replace(raw, fps=batch.fps)


FORMAT: Final = MotionFormat(
    "generators", (".npy", ".npz", ".pkl"), _read_motion, sniff=_sniff, keys=_keys, captions=_captions
)
