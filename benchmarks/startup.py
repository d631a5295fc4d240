"""Start-up times: help, import, and the demo, each in its own process.

    python benchmarks/startup.py [--demo] [--runs 7]

Prints the median and the range of the wall-clock time; for imports, what they cost above a bare Python. With ``--demo``
also the time and the peak memory of the whole demo, run once in a temporary folder.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MONSTER = str(Path(sys.executable).with_name("monster"))


def seconds(command: list[str], folder: str | None = None) -> float:
    """Wall-clock time of one run. Raises CalledProcessError when it fails."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    return time.perf_counter() - start


def main() -> None:
    """Print the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--demo", action="store_true")
    given = parser.parse_args()
    bare, imported, helped = [], [], []
    for _ in range(given.runs):  # interleaved, so that a busy moment touches all alike
        bare.append(seconds([sys.executable, "-c", "pass"]))
        imported.append(seconds([sys.executable, "-c", "import monster"]))
        helped.append(seconds([MONSTER, "--help"]))
    above = [one - other for one, other in zip(imported, bare, strict=True)]
    for name, times in (("monster --help", helped), ("import monster, above a bare Python", above)):
        print(f"{name}: median {statistics.median(times):.3f} s ({min(times):.3f} to {max(times):.3f})")
    if given.demo:
        with tempfile.TemporaryDirectory() as folder:
            took = seconds([MONSTER, "demo", "--out", str(Path(folder) / "demo")])
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024**2
        print(f"monster demo: {took:.1f} s, largest process {peak:.2f} GiB")


if __name__ == "__main__":
    main()
