"""Retrieval on real motions and scans that were not used in training, compared with chance.

    python benchmarks/real_input.py --data ../shared/data [--weights FILE] [--json FILE]

`bandai`: text to motion and back, every clip of the same content counts as right. With many takes of most contents
chance is high there, so contents are ranked too: by the mean score of their clips, or of their captions. CMU subjects
05 to 07 and deepmimic: by the clip's own captions. Scans: a caption made of a scan's labels, scans of one room count as
right. Recall at 1, 3 and 10 in percent and mean reciprocal rank, chance beside them by permutation, and p: the share of
permutations of what belongs together whose mean reciprocal rank is at least as high.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np

from monster.arrays import AnyArray, BoolArray
from monster.io import read_captions, read_motions, read_scene
from monster.metrics.functional import first_relevant_ranks, recall_at_k
from monster.model import MonSTeR, load

PERMUTATIONS = 2000
CUTS = (1, 3, 10)
NAMES = (*(f"r{cut}" for cut in CUTS), "mrr")
CMU_HELD_OUT = ("05", "06", "07")
DULL = ("wall", "floor", "ceiling", "otherstructure", "otherfurniture", "otherprop", "unlabelled", "object")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--json", type=Path, help="also write the numbers there")
    given = parser.parse_args()
    model = load(given.weights)
    rows = {**motion_rows(model, given.data / "motion"), **scan_rows(model, given.data / "scene")}
    shown = (*NAMES, "p", "n")
    print(f"weights {model.fingerprint}; chance in brackets\n")
    print(f"| input | {' | '.join(shown)} |\n| --- |{' ---: |' * len(shown)}")
    for name, row in rows.items():
        cells = [f"{row[head]:.3g} ({row[f'{head} chance']:.3g})" for head in NAMES]
        print(f"| {name} | {' | '.join(cells)} | {row['p']:.4f} | {row['n']} |")
    if given.json:
        given.json.write_text(json.dumps({"weights": model.fingerprint, "rows": rows}, indent=1) + "\n")


def motion_rows(model: MonSTeR, folder: Path) -> dict[str, dict[str, float]]:
    """t2m and m2t of the three sets."""
    found: dict[str, dict[str, float]] = {}
    for name in ("bandai", "cmu", "deepmimic"):
        motions = read_motions(folder / name / "joints22.npz")
        entries = read_captions(folder / name)
        ids = [i for i in motions if i in entries and entries[i].captions and (name != "cmu" or i[:2] in CMU_HELD_OUT)]
        rows = model.encode_motion([motions[i] for i in ids])
        texts = [entries[i].captions[0] for i in ids]
        groups = [
            str(entries[i].metadata["content"]) if name == "bandai" else text
            for i, text in zip(ids, texts, strict=True)
        ]
        scores = model.encode_text(texts) @ rows.T
        found |= both(f"{name} t2m", f"{name} m2t", scores, groups)
        if name == "bandai":
            found |= {f"bandai contents {task}": row(*grouped(each, groups)) for task, each in
                      (("t2m", scores), ("m2t", scores.T))}  # fmt: skip
    return found


def grouped(scores: AnyArray, groups: list[str]) -> tuple[AnyArray, BoolArray]:
    """Mean scores (n, groups) of each row with the columns of a group, and which group is the row's own."""
    names, number = np.unique(groups, return_inverse=True)
    member = np.eye(len(names))[number]
    return np.asarray(scores @ member / member.sum(0)), np.asarray(member > 0)


def scan_rows(model: MonSTeR, folder: Path) -> dict[str, dict[str, float]]:
    """t2s and s2t of the ScanNet scans."""
    files = sorted(folder.glob("scene*.npz"))
    scenes = [read_scene(file) for file in files]
    captions = []
    for scene in scenes:
        names = Counter(label for label in (scene.labels or {}).values() if label not in DULL)
        captions.append("a room with " + ", ".join(f"{'a' if n == 1 else n} {name}" for name, n in names.most_common()))
    scores = model.encode_text(captions) @ model.encode_scene(scenes).T
    return both("scans t2s", "scans s2t", scores, [file.stem[:9] for file in files])


def both(forth: str, back: str, scores: AnyArray, groups: list[str]) -> dict[str, dict[str, float]]:
    """Both directions of a square matrix; items of one group answer each other."""
    numbers = np.unique(groups, return_inverse=True)[1]
    right = np.asarray(numbers[:, None] == numbers[None, :])
    return {forth: row(scores, right), back: row(scores.T, right.T)}


def row(scores: AnyArray, right: BoolArray) -> dict[str, float]:
    """What `measures` finds, what permuted targets give, and how often those are as good."""
    rng = np.random.default_rng(0)
    own = measures(scores, right)
    draws = [measures(scores[:, rng.permutation(scores.shape[1])], right) for _ in range(permutations_of(len(scores)))]
    chance = np.mean(draws, axis=0)
    as_good = sum(draw[-1] >= own[-1] for draw in draws)
    found = dict(zip(NAMES, own, strict=True))
    found |= {f"{name} chance": float(value) for name, value in zip(NAMES, chance, strict=True)}
    return found | {"p": (1 + as_good) / (1 + len(draws)), "n": len(scores)}


def permutations_of(count: int) -> int:
    """Fewer for large sets, where one takes longer and tells more."""
    return PERMUTATIONS if count < 100 else PERMUTATIONS // 10


def measures(scores: AnyArray, right: BoolArray) -> tuple[float, ...]:
    """The values of `NAMES`: recalls in percent, mean reciprocal rank."""
    ranks = first_relevant_ranks(scores, right)
    return *(recall_at_k(ranks, cut) for cut in CUTS), float((1 / (ranks + 1)).mean())


if __name__ == "__main__":
    main()
