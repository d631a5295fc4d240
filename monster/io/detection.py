"""Which files are motions and which are scenes, by their suffix and, where that says too little, by their content."""

from __future__ import annotations

from typing import Final, Literal

from monster.errors import FileFormatError
from monster.io.formats import Kind, any_file
from monster.io.registry import claiming_format, refused_format, suffixes
from monster.io.sources import FileLike, Source, opened

_NPY_MAGIC: Final = b"\x93NUMPY"


def file_kind(path: FileLike) -> Literal["motion", "scene", "unclear"] | None:
    """What a file or folder holds; None if it is neither a motion nor a scene.

    "unclear" is a NumPy array whose shape is that of neither. Raises FileFormatError for a broken NumPy file.
    """
    with opened(path) as source:
        claimed = claiming_format(source)
        if claimed is not None:
            return claimed.kind
        refused = refused_format(source)
        if refused is not None:
            return refused.kind
        return "unclear" if _is_array_of_either(source) else None


def is_motion_file(path: FileLike) -> bool:
    """Whether to read a file as motions. True for a broken NumPy file, so that reading it says what is wrong."""
    return _may_be(path, "motion")


def is_scene_file(path: FileLike) -> bool:
    """Whether to read a file as a scene. True for a broken NumPy file, so that reading it says what is wrong."""
    return _may_be(path, "scene")


def is_told_by_suffix(path: FileLike) -> bool:
    """Whether the suffix alone says what a file holds; else its content does, as for a NumPy file or a folder."""
    with opened(path) as source:
        claimed = claiming_format(source)
        return claimed is not None and claimed.sniff is any_file


def _may_be(path: FileLike, kind: Kind) -> bool:
    try:
        return file_kind(path) in (kind, "unclear")
    except FileFormatError:
        return True


def _is_array_of_either(source: Source) -> bool:
    shared = {*suffixes("motion")} & {*suffixes("scene")}
    return source.suffix in shared and source.head.startswith(_NPY_MAGIC)
