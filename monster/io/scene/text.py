"""Points as text (``.xyz``, ``.txt``): one a line."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from monster.arrays import AnyArray
from monster.errors import FileFormatError
from monster.io.formats import RawScene, SceneFormat
from monster.io.scene.clouds import raw_columns, raw_named_columns
from monster.io.sources import FileLike, Source, opened
from monster.types import Finding

_REMARKS: Final = ("#", "//")
_THREE_NUMBERS: Final = re.compile(r"\s*(?:[-+.\deE]+[\s,;]+){2}[-+.\deE]+")
_LINES_LOOKED_AT: Final = 10
_ROWS_LOOKED_AT: Final = 200  # rows that show what separates numbers


def raw_text(file: FileLike) -> RawScene:
    """A ``.xyz`` / ``.txt`` file: x y z a line, then what a line of names says, or colors where they can be.

    Blanks, commas or semicolons between. The names stand in the first line or in the last remark before the points.
    """
    with opened(file) as source:
        path, text = source.path, source.text("points, one a line,")
    lines = [line for line in text.splitlines() if line.strip()]
    first = next((at for at, line in enumerate(lines) if not line.lstrip().startswith(_REMARKS)), len(lines))
    rows = [line for line in lines[first:] if not line.lstrip().startswith(_REMARKS)]
    decimal_comma = _has_decimal_commas(rows[:_ROWS_LOOKED_AT])
    rows = [_blank_separated(line, decimal_comma=decimal_comma) for line in rows]
    header = 1 if (rows and not _is_numbers(rows[0])) or (len(rows) > 1 and len(rows[0].split()) == 1) else 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            values = np.loadtxt(rows[header:], dtype=np.float64, ndmin=2)
    except (ValueError, UserWarning) as error:
        raise FileFormatError(f"{path.name}: expected x y z in every line, got {_first_line(error)[:120]}") from None
    said = rows[0] if header else (lines[first - 1] if first else "")
    names = re.sub(r"[/#\"',;]", " ", said.lower()).split()
    if len(names) == len(set(names)) == values.shape[1] and set("xyz") <= set(names):
        raw = raw_named_columns({name: values[:, place] for place, name in enumerate(names)}, path)
    elif _counts_rows(values):
        note = Finding("columns", "the first counts the rows", "detected", "left out")
        raw = raw_columns(values[:, 1:], path)
        raw = replace(raw, findings=(*raw.findings, note))
    else:
        raw = raw_columns(values, path)
    if decimal_comma:
        raw = replace(raw, findings=(*raw.findings, Finding("numbers", "with decimal commas", "detected")))
    return raw


def _has_decimal_commas(rows: Sequence[str]) -> bool:
    """Whether commas are decimal: numbers separated by semicolons or blanks have one comma each, and none a point."""
    words = [word for row in rows for word in re.split(r"[;\s]+", row.strip()) if word]
    if len(words) < 3 * len(rows):  # "1.5,2.5,3.5": commas separate
        return False
    numbers = [word for word in words if re.fullmatch(r"[-+]?\d*,?\d+(e[-+]?\d+)?", word, flags=re.IGNORECASE)]
    return len(numbers) > 0.9 * len(words) and sum("," in word for word in numbers) > 0.5 * len(words)


def _blank_separated(row: str, *, decimal_comma: bool) -> str:
    row = row.replace('"', " ").replace(";", " ")
    return row.replace(",", "." if decimal_comma else " ")


def _counts_rows(values: AnyArray) -> bool:
    """Whether the first of four or more columns numbers the rows, from 0 or 1 upwards."""
    if values.shape[1] < 4 or len(values) < 10:
        return False
    return bool(values[0, 0] in (0, 1) and (np.diff(values[:, 0]) == 1).all())


def _is_numbers(line: str) -> bool:
    try:
        return bool([float(word) for word in line.split()])
    except ValueError:
        return False


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0][:200]


def _sniff(source: Source) -> bool:
    """A ``.txt`` may be anything: it is a scene if one of its first lines holds three numbers."""
    if source.suffix == ".xyz":
        return True
    lines = source.head[:2000].decode("latin-1").splitlines()[:_LINES_LOOKED_AT]
    return any(_THREE_NUMBERS.match(line) for line in lines)


def _count(source: Source) -> int:
    return source.count(b"\n")


FORMAT: Final = SceneFormat("xyz", (".xyz", ".txt"), raw_text, sniff=_sniff, count=_count)
