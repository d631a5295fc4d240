"""Read a motion file, see what was detected and guessed, check it and write it in another format.

Writes a BVH file in centimetres with y up, as most tools export it. You will see what the reader found out, the
remarks of the checks, the size of the converted file, and the error message for a file that is cut short:

    walk.bvh: 199 frames at 20 fps
      joints: 22 of 27 by name (detected)
      axes: y up (detected; from the body)
      unit: centimetres (detected; 1.58 m along the body)
      fps: 20 (given; by the file)
      floor: moved from 0.03 m to 0 (detected; the lowest that a joint gets)
    walk.npz: joints (199, 22, 3)
    error: broken.bvh: expected a MOTION part after the skeleton, got none; is the file cut short?
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import monster
from monster.checks import check_motion
from monster.io import write_bvh, write_motion
from worlds.generate import generate


def main() -> None:
    """Print what is found out about two files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        item = next(generate(folder / "corpus", rooms=1, items=1, seed=5, workers=1).items())
        write_bvh(folder / "walk.bvh", item.motion)

        motion = monster.read_motion(folder / "walk.bvh")
        print(f"walk.bvh: {len(motion)} frames at {motion.fps:g} fps")
        for finding in motion.provenance:
            print(f"  {finding}")
        for remark in check_motion(motion):
            print(f"  {remark}")
        write_motion(folder / "walk.npz", motion)
        print(f"walk.npz: joints {monster.read_motion(folder / 'walk.npz').joints.shape}")

        (folder / "broken.bvh").write_text((folder / "walk.bvh").read_text()[:900])
        try:
            monster.read_motion(folder / "broken.bvh")
        except monster.MonsterError as error:
            print(f"error: {str(error).removeprefix(name + '/')}")


if __name__ == "__main__":
    main()
