"""Find places in a scanned room for a clip that was recorded elsewhere, and rate the best one.

The clip's coordinates have nothing to do with the room. You will see up to three places where the body goes through
nothing, and how well the placed motion and its caption fit the room. That score is low if the caption names objects
that the room lacks:

    clip: someone moves away from the stool at the wall slowly, then jumps on their right leg
    place 1: turned by 225 degrees, begins at (1.4, -0.5)
    tm2s of the first place: 0.44
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

import monster
from monster import Motion
from monster.placement import find_places, occupancy_of_scan
from worlds.generate import generate


def main() -> None:
    """Print the places and a score."""
    with tempfile.TemporaryDirectory() as folder:
        items = list(generate(Path(folder, "corpus"), rooms=2, items=16, seed=4, workers=1).items())
    room = items[0].scene
    free_floor = occupancy_of_scan(room)
    for item in items:
        clip = Motion(item.motion.joints + np.float32([5, 5, 0]), item.motion.fps)  # recorded elsewhere: not placed
        places = find_places(clip, free_floor, count=3)
        if item.scene_id != items[0].scene_id and places:
            break

    print(f"clip: {item.captions[0]}")
    for number, place in enumerate(places, 1):
        x, y = place.put(clip.joints)[0, 0, :2]
        print(f"place {number}: turned by {np.degrees(place.yaw):.0f} degrees, begins at ({x:.1f}, {y:.1f})")
    placed = Motion(places[0].put(clip.joints).astype(np.float32), clip.fps, placed=True)
    scores = monster.load().score(text=item.captions[0], motion=placed, scene=room)
    print(f"tm2s of the first place: {scores.tm2s:.2f}")


if __name__ == "__main__":
    main()
