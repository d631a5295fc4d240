"""The command ``convert``: motions and scenes to files that other programs read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.declared import reads_files
from monster.cli.inputs import NOTHING, split_key
from monster.cli.output import leave_out, print_json, progress
from monster.cli.search import Json
from monster.errors import InputError, MonsterError
from monster.io.declared import Declared

if TYPE_CHECKING:
    from monster.io import BodyProportions, MotionFormat, SceneFormat, Source, WriteOptions
    from monster.types import Motion, Scene


@dataclass(frozen=True)
class _Job:
    """The format to write, its options, frames a second and body to write, and the options of the reader."""

    format: MotionFormat | SceneFormat
    writing: WriteOptions
    fps: float | None
    body: BodyProportions | None
    reading: Mapping[str, Any]


@dataclass(frozen=True)
class _Piece:
    """One motion or scene to convert: its file, its key where the file has many, and a name for what is written.

    ``is_only`` says that the file was named and holds nothing else. ``done`` of ``total`` is the progress after it.
    """

    source: Source
    key: str | None
    name: str
    done: int
    total: int
    is_only: bool = False


@reads_files
def convert(
    source: Annotated[
        str, typer.Argument(metavar="IN", help="A motion or scene file, file#key, a folder of them, or GALLERY#ID.")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="File to write; a folder where there are many motions.")],
    format: Annotated[
        str | None, typer.Option(help="bvh, gltf, joints, npz, humanml or ply; else by the ending of OUT.")
    ] = None,
    retarget: Annotated[
        str | None, typer.Option(metavar="FILE", help="Write the motion on the body of this motion file, or 'neutral'.")
    ] = None,
    fps: Annotated[float | None, typer.Option(help="Frames a second to write; else those of the file.")] = None,
    placed: Annotated[bool, typer.Option("--placed", help="IN is in the coordinates of a scene: keep them.")] = False,
    mapping: Annotated[Path | None, typer.Option(help="JSON: our joint names to those of IN.")] = None,
    body_model: Annotated[Path | None, typer.Option(help="SMPL, SMPL-H or SMPL-X as .npz, for exact joints.")] = None,
    up: Annotated[str, typer.Option(help="Axis that points up in joints: z or y.")] = "z",
    force: Annotated[bool, typer.Option("--force", help="Replace existing files.")] = False,
    as_json: Json = False,
    declared: Declared = NOTHING,
) -> None:
    """Write motions as BVH, GLB, joints or HumanML3D features, and scenes as PLY."""
    from monster.io import MotionFormat, WriteOptions
    from monster.io.motion.body_model import read_body_model

    if up not in ("z", "y"):
        raise InputError(f"unknown axis {up!r}: expected z or y")
    written_as = _format(format, out)
    reading: dict[str, Any] = {"placed": placed}
    if isinstance(written_as, MotionFormat):
        model = None if body_model is None else read_body_model(body_model)
        reading |= {**declared.motion(), "mapping": mapping, "body_model": model}
    else:
        reading |= declared.scene()
    job = _Job(written_as, WriteOptions("z" if up == "z" else "y"), fps, _body(retarget), reading)
    stored = _stored_in_gallery(source, written_as.kind == "scene")
    if stored is not None:
        _check_free(out, force)
        _write(stored, out, job)
        _report([str(out)], [], as_json)
        return
    written: list[str] = []
    left_out: list[str] = []
    with progress("converting") as advance:
        for piece in _pieces(source, written_as.kind == "scene"):
            is_single = piece.is_only and not out.is_dir()
            target = out if is_single else out / f"{_safe(piece.name)}{written_as.suffixes[0]}"
            try:
                _check_free(target, force)
                _convert(piece, target, job)
                written.append(str(target))
            except MonsterError as error:
                if is_single:
                    raise
                left_out.append(f"{_safe(piece.name)}: {error}")
            advance(piece.done, piece.total)
    _report(written, left_out, as_json)


def _report(written: list[str], left_out: list[str], as_json: bool) -> None:
    if as_json:
        print_json({"written": written, "left_out": left_out})
    elif len(written) == 1:
        typer.echo(written[0])
    else:
        typer.echo(f"{len(written)} files")
    if not written:
        raise InputError(f"nothing was converted: {left_out[0] if left_out else 'no motion or scene was found'}")
    leave_out(left_out)


def _format(name: str | None, out: Path) -> MotionFormat | SceneFormat:
    """The format to write, by its name or by the suffix of the output."""
    from monster.io import motion_formats, scene_formats

    known: list[MotionFormat | SceneFormat] = [*motion_formats(), *scene_formats()]
    writable = [format for format in known if format.write is not None]
    if name is not None:
        named = {format.name: format for format in writable}
        if name not in named:
            raise InputError(f"unknown format {name!r}: expected one of {', '.join(named)}")
        return named[name]
    by_suffix = {format.suffixes[0]: format for format in writable}  # of two with one suffix the more general one
    if out.suffix.lower() not in by_suffix:
        *most, last = by_suffix
        raise InputError(f"{out.name}: expected a name that ends with {' '.join(most)} or {last}, or --format")
    return by_suffix[out.suffix.lower()]


def _pieces(given: str, is_scene: bool) -> Iterator[_Piece]:
    """Every motion or scene to convert; its file is open until the next one is asked for."""
    from monster.io import Source

    path, key = split_key(given)
    if path.is_dir():
        yield from _pieces_of_folder(path, is_scene)
        return
    with Source(path) as source:
        if key is not None:
            yield _Piece(source, key, f"{source.stem}_{key}", 1, 1, is_only=True)
            return
        keys = _keys(source, is_scene)
        for done, one in enumerate(keys, 1):
            many = len(keys) > 1
            name = f"{source.stem}_{one}" if many else source.stem
            yield _Piece(source, one if many else None, name, done, len(keys), is_only=not many)


def _pieces_of_folder(folder: Path, is_scene: bool) -> Iterator[_Piece]:
    from monster.io import Source, is_motion_file, is_scene_file

    files = sorted(path for path in folder.rglob("*") if path.is_file())
    beside: dict[Path, Any] = {}  # captions files, parsed once for all motions beside them
    for done, file in enumerate(files, 1):
        name = file.relative_to(folder).with_suffix("").as_posix()
        with Source(file, beside=beside) as source:
            if not (is_scene_file(source) if is_scene else is_motion_file(source)):
                continue
            try:
                keys = _keys(source, is_scene)
            except MonsterError:
                keys = (source.stem,)  # reading the file raises the error again, which is reported
            for key in keys:
                many = len(keys) > 1
                yield _Piece(source, key if many else None, f"{name}_{key}" if many else name, done, len(files))


def _keys(source: Source, is_scene: bool) -> tuple[str, ...]:
    """The keys of the motions in a file; one for a scene."""
    from monster.io import motion_ids

    return (source.stem,) if is_scene else motion_ids(source)


def _safe(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in "._-" else "_" for letter in name).lstrip(".") or "motion"


def _check_free(target: Path, force: bool) -> None:
    if target.is_dir():
        raise InputError(f"{target.name}: expected a file to write, got a folder")
    if target.exists() and not force:
        raise InputError(f"{target.name}: expected a new file, got an existing one; add --force to replace it")


def _convert(piece: _Piece, target: Path, job: _Job) -> None:
    from monster.io import MotionFormat, read_motion, read_scene

    if isinstance(job.format, MotionFormat):
        _write(read_motion(piece.source, key=piece.key, **job.reading), target, job)
    else:
        _write(read_scene(piece.source, split=False, **job.reading), target, job)


def _write(value: Motion | Scene, target: Path, job: _Job) -> None:
    from monster.io import retargeted
    from monster.types import Motion

    if isinstance(value, Motion):
        value = value if job.body is None else retargeted(value, job.body)
        value = value if job.fps is None else value.resampled(job.fps)
    if job.format.write is not None:
        job.format.write(target, value, job.writing)  # type: ignore[arg-type]  # of the format's kind


def _body(given: str | None) -> BodyProportions | None:
    """The body of a motion file, or the neutral one."""
    from monster.io import proportions_of, read_motion
    from monster.io.normalise.retarget import NEUTRAL

    if given is None or given == "neutral":
        return None if given is None else NEUTRAL
    path, key = split_key(given)
    return proportions_of(read_motion(path, key=key), f"that of {path.name}")


def _stored_in_gallery(given: str, is_scene: bool) -> Motion | Scene | None:
    """The motion (or scene) of GALLERY#ID, an id that a search lists; None for other inputs."""
    folder, _, id = given.partition("#")
    if not folder or not (Path(folder) / "gallery.json").is_file():
        return None
    from monster.errors import TaskError
    from monster.gallery import Gallery

    kind = "scene" if is_scene else "motion"
    with Gallery.open(folder) as gallery:
        try:
            item = gallery.item(id)
        except TaskError:
            return gallery.scene(id) if is_scene else gallery.motion(id)
    stored = item.scene if is_scene else item.motion
    if stored is None:
        raise InputError(f"item {id!r}: expected a {kind}, got an item without one")
    return stored
