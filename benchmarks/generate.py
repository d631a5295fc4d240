"""How long a corpus takes to generate, how large it is, and how much memory its processes need.

    python benchmarks/generate.py [--rooms 100] [--items 1000] [--workers 2] [--seed 0]

Generates into a temporary folder by the command line and prints seconds, bytes and the peak memory of the largest
process, and a linear extrapolation to 20,000 items in 2,000 rooms.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WHOLE = 20_000


def main() -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("rooms", 100), ("items", 1000), ("workers", 2), ("seed", 0)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "corpus")
        options = [f"--{name}={getattr(given, name)}" for name in ("rooms", "items", "workers", "seed")]
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "monster.cli.app", "corpus", "generate", *options, f"--out={out}"],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        took = time.perf_counter() - start
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
    times = WHOLE / given.items
    print(
        f"{given.items} items in {given.rooms} rooms: {took:.0f} s, {size / 1e6:.0f} MB, largest process {peak:.2f} GiB"
    )
    print(f"{WHOLE} items at that rate: {took * times / 60:.0f} min, {size * times / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
