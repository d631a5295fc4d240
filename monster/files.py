"""Atomic writes: a file or folder appears complete or not at all, and a kill leaves the old one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from monster.errors import WriteError


@contextmanager
def atomic_file(path: str | Path, *, durable: bool = False) -> Iterator[Path]:
    """Yield a temporary path to write to; when the block ends without an error it replaces ``path``.

    Parent folders are made. ``durable`` returns only once the file and its folder entry are on the disk. Raises
    WriteError, with ``path`` in its text, if the file cannot be written.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp{path.suffix}")
    with _write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            if durable:
                sync([temporary])
            temporary.replace(path)
            if durable:
                sync([path.parent])
        finally:
            temporary.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: str | Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield a temporary folder to fill; when the block ends without an error it becomes ``path``.

    ``path`` must not exist, or be an empty folder, unless ``replace`` allows to delete the folder that is there. Raises
    WriteError if the folder cannot be written; after an error nothing is left and an old folder is unchanged.
    """
    path = Path(path).absolute()
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    old = path.with_name(f".{path.name}.{os.getpid()}.old")
    with _write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
    try:
        yield temporary
        with _write_errors(path):
            if replace and path.exists():
                path.rename(old)
            temporary.replace(path)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if path.exists():
            shutil.rmtree(old, ignore_errors=True)
        elif old.exists():
            old.rename(path)


def check_writable(path: str | Path) -> None:
    """Raise WriteError if a file could not be written at ``path``; nothing is left there."""
    path = Path(path)
    if path.is_dir():
        raise WriteError(f"{path}: expected the name of a file to write, got a folder")
    probe = path.with_name(f".{path.name}.{os.getpid()}.probe")
    with _write_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()


def sync(paths: Iterable[Path]) -> None:
    """Return once these files and folders are on the disk."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _write_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except WriteError:
        raise
    except (FileExistsError, NotADirectoryError) as error:
        raise WriteError(f"{path}: cannot be written: one of its folders is a file") from error
    except OSError as error:
        raise WriteError(f"{path}: cannot be written: {error.strerror or error}") from error
