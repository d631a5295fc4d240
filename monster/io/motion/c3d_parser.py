"""The program that parses one ``.c3d`` file, in a process of its own: damaged headers crash ezc3d or never end.

    python -m monster.io.motion.c3d_parser FILE ANSWER LIMITS

ANSWER becomes an ``.npz`` with ``names`` of the markers, ``points`` (markers, frames, 3), ``fps`` and ``units``, or
ANSWER.error says why not. LIMITS (JSON) are seconds of computing and bytes of address space.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import numpy as np

from monster.io.npz import write_npz
from monster.io.sources import short
from monster.sandbox.protocol import REFUSED, restrict

_BROKEN: Final = (OSError, RuntimeError, ValueError, IndexError, KeyError, TypeError, MemoryError, SystemError)


def parsed(path: Path) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """What the answer holds; raises whatever the parser does."""
    content: Any = import_module("ezc3d").c3d(str(path))
    point = content["parameters"]["POINT"]
    units = point.get("UNITS", {}).get("value", [])
    return {
        "names": np.array([str(name) for name in point["LABELS"]["value"]], dtype=np.str_),
        "points": np.moveaxis(np.asarray(content["data"]["points"], dtype=np.float64)[:3], 0, -1),
        "fps": np.array(float(content["header"]["points"]["frame_rate"])),
        "units": np.array([str(unit) for unit in units[:1]], dtype=np.str_),
    }


def main(arguments: list[str]) -> int:
    """Parse the file, write the answer; the exit status says which answer it is."""
    source, answer, limits = arguments
    restrict(**json.loads(limits))
    try:
        write_npz(answer, parsed(Path(source)))
        return 0
    except _BROKEN as error:
        reason = short(error)
    name = Path(source).name
    line = f"{name}: expected a C3D file of markers, got a damaged one ({reason})"
    Path(f"{answer}.error").write_text(line, encoding="utf-8")
    return REFUSED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
