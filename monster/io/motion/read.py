"""Reads the motions of a file in any registered format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final, TypedDict, Unpack

from monster.checks import check_motion
from monster.errors import FileFormatError, MonsterError
from monster.io.captions_file import captions_beside, fps_beside
from monster.io.formats import MotionFormat, MotionOptions, RawMotion
from monster.io.motion.body_model import BodyModel, read_body_model
from monster.io.normalise.body_frame import to_motion, vote_up
from monster.io.normalise.mapping import Names, read_mapping
from monster.io.numpy_files import few_names
from monster.io.registry import format_for
from monster.io.sources import FileLike, Source, opened
from monster.types import Motion

_SAMPLE: Final = 16  # motions of a file that vote on its axes


class MotionArguments(TypedDict, total=False):
    """The keyword arguments that ``read_motion`` and ``read_motions`` share."""

    axes: str | None
    unit: str | float | None
    fps: float | None
    placed: bool
    mapping: Mapping[str, Names] | str | Path | None
    body_model: str | Path | BodyModel | None
    keep_height: bool


def read_motion(
    path: FileLike,
    *,
    axes: str | None = None,
    unit: str | float | None = None,
    fps: float | None = None,
    placed: bool = False,
    key: str | None = None,
    mapping: Mapping[str, Names] | str | Path | None = None,
    body_model: str | Path | BodyModel | None = None,
    keep_height: bool = False,
) -> Motion:
    """Read one motion as a Motion: z up, metres, at the file's own rate; its ``provenance`` says what was found
    out, and has the remarks of ``monster.checks``.

    ``axes`` ("y": y points up), ``unit`` ("cm", or metres in one unit) and ``fps`` overrule detection. ``placed`` says
    that the coordinates are those of a scene: they are not shifted. Otherwise the lowest joint is put at z = 0, unless
    the format states the floor; with ``keep_height``, for use with a scene, only if it is below 0. ``key`` picks one
    of the motions in a file that has many. ``mapping`` (or a JSON file of it) gives a rig's names for our joints;
    ``body_model`` is an ``.npz`` of SMPL, SMPL-H or SMPL-X for exact joints of body parameters. Raises FileFormatError
    that names the file and the reason.
    """
    arguments: MotionArguments = {"axes": axes, "unit": unit, "fps": fps, "placed": placed, "mapping": mapping}
    options = _options({**arguments, "body_model": body_model, "keep_height": keep_height})
    with opened(path) as source:
        format = _format(source)
        keys = _keys(source, format)
        if key is not None and key not in keys:
            raise FileFormatError(f"{source.name}: expected a motion named {key!r}, got {few_names(keys)}")
        if key is None and len(keys) > 1:
            raise FileFormatError(
                f"{source.name}: expected one motion, got {len(keys)}: key= (FILE#KEY) picks one of {few_names(keys)}"
            )
        return _read(source, format, keys[0] if key is None else key, options)


def read_motions(
    path: FileLike,
    *,
    on_error: Callable[[str, MonsterError], None] | None = None,
    **options: Unpack[MotionArguments],
) -> dict[str, Motion]:
    """Read all motions of a file by id (the file's stem where it holds one); ``options`` as in ``read_motion``.

    With ``on_error`` a motion that cannot be read is left out and its id and error are passed on; without it the error
    is raised.
    """
    resolved = _options(options)
    motions: dict[str, Motion] = {}
    with opened(path) as source:
        format = _format(source)
        for key in _keys(source, format):
            try:
                motions[key] = _read(source, format, key, resolved)
            except MonsterError as error:
                if on_error is None:
                    raise
                on_error(key, error)
    return motions


def motion_ids(path: FileLike) -> tuple[str, ...]:
    """The ids of the motions in a file: array names or numbers where it holds many, else the file's stem.

    Raises FileFormatError if the file's suffix or content is not that of a motion.
    """
    with opened(path) as source:
        return _keys(source, _format(source))


def motion_captions(path: FileLike) -> dict[str, tuple[str, ...]]:
    """Captions by the ids of ``motion_ids``: of ``captions.jsonl`` beside a file, else of the file itself.

    Motions without captions are absent. Raises like ``motion_ids``.
    """
    with opened(path) as source:
        format = _format(source)
        captions = dict(format.captions(source))
        captions |= {key: entry.captions for key, entry in captions_beside(source).items() if entry.captions}
        return {key: captions[key] for key in _keys(source, format) if key in captions}


def _options(arguments: MotionArguments) -> MotionOptions:
    """The options with their files read, once for all motions."""
    mapping, body_model = arguments.get("mapping"), arguments.get("body_model")
    return MotionOptions(
        axes=arguments.get("axes"),
        unit=arguments.get("unit"),
        placed=arguments.get("placed", False),
        fps=arguments.get("fps"),
        mapping=read_mapping(mapping),
        body_model=None if body_model is None else read_body_model(body_model),
        keep_height=arguments.get("keep_height", False),
    )


def _format(source: Source) -> MotionFormat:
    if not source.is_folder:
        _ = source.size  # raises if there is no file to read
    return source.cached("motion format", lambda: format_for(source, "motion"))


def _keys(source: Source, format: MotionFormat) -> tuple[str, ...]:
    return source.cached("motion keys", lambda: format.keys(source))


def _read(source: Source, format: MotionFormat, key: str, options: MotionOptions) -> Motion:
    raw = format.read(source, key, options)
    if isinstance(raw, Motion):
        motion = raw
    else:
        raw = _with_fps(raw, source, key)
        motion = to_motion(raw, options, source.path, common_up=_common_up(source, format))
    return replace(motion, provenance=replace(motion.provenance, remarks=check_motion(motion)))


def _with_fps(raw: RawMotion, source: Source, key: str) -> RawMotion:
    """The motion with the rate of the captions file, where its own file states none."""
    fps = fps_beside(source, key, len(raw.joints)) if raw.fps is None else None
    return raw if fps is None else replace(raw, fps=fps, fps_source="captions.jsonl")


def _common_up(source: Source, format: MotionFormat) -> str | None:
    """The up axis that most motions of a file show; None for a single one."""
    return source.cached("common up", lambda: _voted_up(source, format))


def _voted_up(source: Source, format: MotionFormat) -> str | None:
    keys = _keys(source, format)
    if len(keys) == 1:
        return None
    sample = []
    for key in keys[:: max(1, len(keys) // _SAMPLE)]:
        try:
            raw = format.read(source, key, MotionOptions())
        except MonsterError:
            continue  # reading that motion raises the same error
        if isinstance(raw, RawMotion):
            sample.append(raw.joints)
    return vote_up(sample)
