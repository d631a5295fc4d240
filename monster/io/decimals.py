"""Numbers of long texts as float64, equal to ``float`` of each word.

``numpy.fromstring`` builds no words and is a little faster than ``float``; pyarrow, where it is installed (extra
``parquet``), is twice as fast. It is imported only once texts are long enough to pay for that.
"""

from __future__ import annotations

import warnings
from functools import cache
from types import ModuleType
from typing import Final

import numpy as np

from monster.arrays import DoubleArray

_SPACES: Final = b" \t\n\r\v\f"
_WORTH_IMPORTING: Final = 1 << 22  # characters
_seen = 0  # characters of all texts


def parse_decimals(text: str) -> DoubleArray | None:
    """The numbers (n,) that white space separates in a text; None if there are none or a word is not a number."""
    global _seen
    if not text.strip() or not text.isascii():
        return None
    _seen += len(text)
    arrow = _pyarrow() if _seen > _WORTH_IMPORTING else None
    return _by_numpy(text) if arrow is None else _by_arrow(text, arrow)


@cache
def _pyarrow() -> ModuleType | None:
    try:
        import pyarrow
    except ImportError:
        return None
    module: ModuleType = pyarrow
    return module


def _by_numpy(text: str) -> DoubleArray | None:
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)  # of NumPy before 2.3, for a word that is not a number
        try:
            return np.fromstring(text, dtype=np.float64, sep=" ")
        except (DeprecationWarning, ValueError):
            return None


def _by_arrow(text: str, arrow: ModuleType) -> DoubleArray | None:
    """The words without the space between them, and the offset of each, are a string array of Arrow."""
    content = text.rstrip().encode("ascii") + b" "
    codes = np.frombuffer(content, dtype=np.uint8)
    spaces = np.flatnonzero((codes == ord(" ")) | (codes - ord("\t") < 5))
    ends = spaces - np.arange(len(spaces))
    ends = ends[np.diff(ends, prepend=0) > 0]
    offsets = np.concatenate([[0], ends]).astype(np.int32)
    buffers = (arrow.py_buffer(offsets), arrow.py_buffer(content.translate(None, _SPACES)))
    words = arrow.StringArray.from_buffers(len(ends), *buffers)
    try:
        return np.asarray(words.cast(arrow.float64()).to_numpy())
    except arrow.ArrowInvalid:
        return None
