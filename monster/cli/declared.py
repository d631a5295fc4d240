"""The options that every command has that reads files: --source-fps, --unit, --axes."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, get_type_hints

import typer

from monster.errors import InputError
from monster.io.declared import Declared

NAME: Final = "declared"
_OPTIONS: Final[dict[str, Any]] = {
    "source_fps": Annotated[
        float | None, typer.Option(help="Frames a second of motion files, instead of what they state.")
    ],
    "unit": Annotated[
        str | None, typer.Option(help="Unit of files: m, cm, mm, in or ft; or as motion=cm,scene=m.")
    ],
    "axes": Annotated[
        str | None, typer.Option(help="The axis of files that points up, such as y; or as motion=y,scene=z.")
    ],
}  # fmt: skip


def reads_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options; it takes them together, as its argument ``declared``."""
    hints = get_type_hints(command, include_extras=True)
    own = [entry for entry in inspect.signature(command).parameters.values() if entry.name != NAME]
    parameters = [entry.replace(annotation=hints[entry.name]) for entry in own]
    parameters += [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in _OPTIONS.items()
    ]

    @functools.wraps(command)
    def run(
        *args: Any, source_fps: float | None = None, unit: str | None = None, axes: str | None = None, **rest: Any
    ) -> None:
        command(*args, **rest, declared=Declared(source_fps, axes, unit))

    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {entry.name: entry.annotation for entry in parameters}
    return run


def check_used(declared: Declared, motion: str | None, scene: str | None) -> None:
    """Raise InputError for options about files if the command reads none, or a rate without a motion file."""
    read = [name is not None and _is_file(name) for name in (motion, scene)]
    if not declared.is_empty and not any(read):
        raise InputError("--source-fps, --unit and --axes are about files, got none (an id has what it was read with)")
    if declared.fps is not None and not read[0]:
        raise InputError("--source-fps is about a motion file, got none")


def _is_file(name: str) -> bool:
    return Path(name).exists() or Path(name.rpartition("#")[0]).is_file()
