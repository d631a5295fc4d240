"""Makes a training corpus of real clips with human captions and of free sentences: motions and texts, no scenes.

    python benchmarks/real_corpus.py ../shared/data --out corpora/real

Every clip comes twice: as recorded, and mirrored with left and right exchanged in its captions. Captions that name a
side are hard negatives of the other one. Whole subjects are left out, so that answers can be tested on their clips.
Only clips and sentences that may be trained on are used: those that `captions.jsonl` marks ``train``, and CMU subjects
01 to 03 of the first batch, whose licence allows it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from monster.corpus.storage import FORMAT, ItemRecord, write_lines
from monster.io import read_motions
from monster.io.npz import save_motion
from monster.skeleton import MIRROR
from monster.training.preparation import names_one_side
from monster.types import Motion

SETS = ("cmu", "cmu_more", "cmu_humanml3d", "animated_drawings")
FIRST_BATCH = ("01", "02", "03")
HELD_OUT = ("01", "13", "17")  # climb; sit, punch, drink; punch: tested on clips of subjects that no training saw
SWAPPED = {"left": "right", "right": "left", "clockwise": "counterclockwise", "counterclockwise": "clockwise"}
VERBS = {
    "run jog": "jogs", "run": "runs", "slow walk": "walks slowly", "walk": "walks", "forward jump": "jumps forward",
    "high jump": "jumps high", "jump": "jumps", "salsa dance": "dances salsa", "indian dance": "dances an indian dance",
    "climb": "climbs", "soccer - kick ball": "kicks a ball", "laugh": "laughs", "boxing": "boxes",
    "punch strike": "punches", "front kick": "kicks to the front", "swordplay": "fights with a sword",
    "start hop stop": "hops", "start walk stop": "walks and stops", "baseball pitch": "pitches a ball",
}  # fmt: skip
BEST_LENGTH = 10.0  # seconds; longer clips are cut
SEQUENCE = re.compile(r",|/|-|\b(then|and|to|turn|stop)\b", re.IGNORECASE)  # captions that may not hold of each part


def main() -> None:
    """Write the corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    (arguments.out / "motions").mkdir(parents=True)
    (arguments.out / "scenes").mkdir()
    records = []
    for name in SETS:
        records += list(clip_records(arguments.data / "motion" / name, arguments.out, prefix=name))
    clips = len(records)
    records += list(sentence_records(arguments.data / "text"))
    write_lines(arguments.out / "items.jsonl", [record.to_json() for record in records])
    info = {"format": FORMAT, "name": "real clips and sentences", "checker": None, "items": len(records)}
    (arguments.out / "corpus.json").write_text(json.dumps(info, indent=1) + "\n")
    print(f"{clips} clips, mirrored ones among them, and {len(records) - clips} groups of sentences")


def clip_records(folder: Path, out: Path, *, prefix: str) -> Iterator[ItemRecord]:
    """The clips of a set that may be trained on, each followed by its mirrored twin."""
    lines = {line["id"]: line for line in map(json.loads, (folder / "captions.jsonl").read_text().splitlines())}
    for key, motion in read_motions(folder / "joints22.npz").items():
        line = lines[key]
        captions = tuple(line["captions"]) + tuple(line.get("kitml_captions") or ())
        captions = tuple(dict.fromkeys((*captions, *map(sentence_of, captions))))
        subject = re.sub(r"\D", "", str(line.get("subject", "")).split("(")[0]).zfill(2)
        if not captions or not may_be_trained_on(line, prefix, subject):
            continue
        parts = list(pieces(motion))
        if len(parts) > 1:
            captions = tuple(caption for caption in captions if not SEQUENCE.search(caption))
        if not captions:
            continue
        for part, piece in enumerate(parts):
            name = f"{prefix}-{key}-{part}"
            yield written(name, piece, captions, out)
            yield written(f"{name}-mirrored", mirrored(piece), tuple(map(swapped, captions)), out)


def sentence_of(caption: str) -> str:
    """A terse index line as a sentence: "run/jog, veer left" is "a person runs, veer left"; others stay as they are."""
    line = caption.lower().replace("/", " ")
    for word, verb in VERBS.items():
        if re.match(rf"{word}\b", line):
            return f"a person {verb}{line[len(word) :]}"
    return caption


def may_be_trained_on(line: dict[str, Any], prefix: str, subject: str) -> bool:
    """Whether licence and protocol allow a clip in the training."""
    if subject in HELD_OUT and prefix != "animated_drawings":
        return False
    return line.get("use") == "train" or (prefix == "cmu" and subject in FIRST_BATCH)


def pieces(motion: Motion) -> Iterator[Motion]:
    """The motion in equal parts of at most `BEST_LENGTH`."""
    count = int(np.ceil(motion.duration / BEST_LENGTH))
    for joints in np.array_split(motion.joints, count):
        yield Motion(joints, motion.fps)


def mirrored(motion: Motion) -> Motion:
    """The motion with left and right exchanged."""
    joints = motion.joints[:, list(MIRROR)] * np.array([-1, 1, 1], dtype=np.float32)
    return Motion(joints, motion.fps)


def swapped(caption: str) -> str:
    """The caption with left and right exchanged."""
    return re.sub(r"[A-Za-z]+", lambda match: SWAPPED.get(match[0].lower(), match[0]), caption)


def written(name: str, motion: Motion, captions: tuple[str, ...], out: Path) -> ItemRecord:
    """Saves the motion and returns its record."""
    save_motion(out / "motions" / f"{name}.npz", motion)
    wrong = [
        {"kind": "other side", "caption": swapped(caption), "of_motion": True}
        for caption in captions
        if names_one_side(caption)
    ]
    return ItemRecord(
        name, name, None, captions, "train", {"counterfactuals": wrong, "held_out": [False] * len(captions)}
    )


def sentence_records(folder: Path) -> Iterator[ItemRecord]:
    """Groups of free sentences that say the same; one of fifty is left out for tests of the text geometry."""
    with gzip.open(folder / "humanml3d_sentences.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line.get("use") == "train" and not is_test_sentence(line["id"]):
                yield ItemRecord(f"sentences-{line['id']}", None, None, tuple(line["captions"]), "train", {})


def is_test_sentence(name: str) -> bool:
    """Whether a group of sentences is kept for tests."""
    return zlib.crc32(str(name).encode()) % 50 == 0


if __name__ == "__main__":
    main()
