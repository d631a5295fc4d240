"""Score a text, a motion and a scene with one another.

Generates one room with a few motions and scores one motion with its own caption and with the captions of the others.
You will see a table in which the motion's own caption has the highest scores:

    t2m    tm2s   st2m   caption
    0.624  0.700  0.751  what an individual does is stagger forward
    0.560  0.682  0.664  what a person does is climb onto the step
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import monster
from worlds.generate import generate


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        items = list(generate(Path(folder, "corpus"), rooms=1, items=6, seed=1, workers=1).items())
    model = monster.load()
    first = items[0]
    rows = []
    for item in items:
        scores = model.score(text=item.captions[0], motion=first.motion, scene=first.scene)
        rows.append((scores.t2m, scores.tm2s, scores.st2m, item.captions[0]))
    print("t2m    tm2s   st2m   caption")
    for t2m, tm2s, st2m, caption in sorted(rows, reverse=True):
        print(f"{t2m:.3f}  {tm2s:.3f}  {st2m:.3f}  {caption}")


if __name__ == "__main__":
    main()
