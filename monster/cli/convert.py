"""The command ``convert``: motions and scenes to files that other programs read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from monster.cli.inputs import split_key
from monster.cli.output import leave_out, print_json, progress
from monster.cli.search import Json
from monster.errors import InputError, MonsterError

if TYPE_CHECKING:
    from monster.types import Motion

SUFFIXES: Final[dict[str, str]] = {"bvh": ".bvh", "joints": ".npy", "npz": ".npz", "humanml": ".npy", "ply": ".ply"}


@dataclass(frozen=True)
class _Job:
    """What is written how: the format, the rate, and what the reader is told."""

    format: str
    fps: float | None
    up: str
    reading: dict[str, Any]


def convert(
    source: Annotated[str, typer.Argument(metavar="IN", help="A motion or scene file, file#key, or a folder of them.")],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="File to write; a folder where there are many motions.")],
    format: Annotated[
        str | None, typer.Option(help="bvh, joints, npz, humanml or ply; else by the ending of OUT.")
    ] = None,
    retarget: Annotated[bool, typer.Option("--retarget", help="Bring bones to the neutral body's lengths.")] = False,
    fps: Annotated[float | None, typer.Option(help="Frames a second to write; else those of the file.")] = None,
    source_fps: Annotated[float | None, typer.Option(help="Frames a second of IN, where it does not say.")] = None,
    axes: Annotated[str | None, typer.Option(help="Which axis of IN points up, where it is not found out.")] = None,
    unit: Annotated[str | None, typer.Option(help="Unit of IN: m, cm, mm, in or ft.")] = None,
    placed: Annotated[bool, typer.Option("--placed", help="Keep the coordinates of the scene, floor and all.")] = False,
    mapping: Annotated[Path | None, typer.Option(help="JSON: our joint names to those of IN.")] = None,
    body_model: Annotated[Path | None, typer.Option(help="SMPL, SMPL-H or SMPL-X as .npz, for exact joints.")] = None,
    up: Annotated[str, typer.Option(help="Axis that points up in joints: z or y.")] = "z",
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    as_json: Json = False,
) -> None:
    """Write motions as BVH, joints or HumanML3D features, and scenes as PLY."""
    reading = {"axes": axes, "unit": unit, "fps": source_fps, "placed": placed, "mapping": mapping}
    reading |= {"body_model": body_model, "retarget": retarget}
    if up not in ("z", "y"):
        raise InputError(f"unknown axis {up!r}: expected z or y")
    job = _Job(_format(format, out), fps, up, reading)
    entries = list(_entries(source, job.format))
    single = len(entries) == 1 and not Path(source).is_dir() and not out.is_dir()
    written: list[str] = []
    left_out: list[str] = []
    with progress("converting", len(entries)) as advance:
        for done, (path, key, name) in enumerate(entries, 1):
            target = out if single else out / f"{name}{SUFFIXES[job.format]}"
            try:
                _check_free(target, force)
                _convert(path, key, target, job)
                written.append(str(target))
            except MonsterError as error:
                if single:
                    raise
                left_out.append(f"{name}: {error}")
            advance(done, None)
    _tell(written, left_out, as_json)


def _tell(written: list[str], left_out: list[str], as_json: bool) -> None:
    if as_json:
        print_json({"written": written, "left_out": left_out})
    elif len(written) == 1:
        typer.echo(written[0])
    else:
        typer.echo(f"{len(written)} files")
    if not written:
        raise InputError(f"nothing was converted: {left_out[0] if left_out else 'no motion or scene was found'}")
    leave_out(left_out)


def _format(given: str | None, out: Path) -> str:
    """The format that is asked for, by name or by the ending of the output."""
    if given is None:
        given = {".bvh": "bvh", ".npy": "joints", ".npz": "npz", ".ply": "ply"}.get(out.suffix.lower(), "")
        if not given:
            raise InputError(f"{out.name}: expected a name that ends with .bvh .npy .npz or .ply, or --format")
    if given not in SUFFIXES:
        raise InputError(f"unknown format {given!r}: expected one of {', '.join(SUFFIXES)}")
    return given


def _entries(source: str, form: str) -> Iterator[tuple[Path, str | None, str]]:
    """Every motion or scene to convert: its file, its key where the file has many, and a name for what is written."""
    from monster.io import is_motion_file, motion_ids

    path, key = split_key(source)
    if key is not None or (form == "ply" and not path.is_dir()):
        yield path, key, _safe(f"{path.stem}_{key}" if key else path.stem)
        return
    for file in sorted(found for found in path.rglob("*") if found.is_file()) if path.is_dir() else [path]:
        name = file.relative_to(path).with_suffix("").as_posix() if path.is_dir() else file.stem
        if form == "ply":
            yield from [(file, None, _safe(name))] if _is_scene(file) else []
            continue
        if path.is_dir() and not is_motion_file(file):
            continue
        clips = _ids(file) if path.is_dir() else list(motion_ids(file))
        many = len(clips) > 1
        yield from ((file, clip if many else None, _safe(f"{name}_{clip}" if many else name)) for clip in clips)


def _ids(file: Path) -> list[str]:
    """Ids of a file in a folder; one for a broken file, whose reading will tell what is wrong."""
    from monster.io import motion_ids

    try:
        return list(motion_ids(file))
    except MonsterError:
        return [file.stem]


def _is_scene(file: Path) -> bool:
    from monster.io import is_scene_file

    return is_scene_file(file)


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name).lstrip(".") or "motion"


def _check_free(target: Path, force: bool) -> None:
    if target.is_dir():
        raise InputError(f"{target.name}: expected a file to write, got a folder")
    if target.exists() and not force:
        raise InputError(f"{target.name}: expected a new file, got one that is there; add --force to replace it")


def _convert(path: Path, key: str | None, target: Path, job: _Job) -> None:
    from monster.io import read_motion, read_scene, write_ply

    if job.format == "ply":
        told = {name: job.reading[name] for name in ("axes", "unit", "placed")}
        write_ply(target, read_scene(path, split=False, **told))
        return
    motion = read_motion(path, key=key, **job.reading)
    _write(target, motion if job.fps is None else motion.resampled(job.fps), job)


def _write(target: Path, motion: Motion, job: _Job) -> None:
    from monster.io import write_bvh, write_humanml, write_joints, write_motion

    if job.format == "joints":
        write_joints(target, motion, up=job.up)
    elif job.format == "humanml":
        write_humanml(target, motion)
    else:
        (write_bvh if job.format == "bvh" else write_motion)(target, motion)
