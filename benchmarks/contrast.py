"""Whether plain words find the real clips that show them: areas under the ROC curve with intervals over clips.

    python benchmarks/contrast.py --data ../shared/data [--weights FILE] [--json FILE]

Pairs (run and walk, left and right hand, turns, forward and back): the clips of one word against those of the other.
Single words: the clips that show it against all others. Clips: bandai, HDM05, deepmimic, and the CMU subjects that no
training saw. Ten wordings a word, in `contrast_wordings.json`; mean and lowest of them. Also: how often the most
frequent first answer comes, zero-shot action of bandai and HDM05 (balanced accuracy), how far the cosines of free
sentences that no training saw keep their order, and what cropping and tempo do.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from real_corpus import HELD_OUT, is_test_sentence

from monster.arrays import AnyArray, BoolArray, FloatArray
from monster.io import read_motions
from monster.model import MonSTeR, load
from monster.text import TextTower

WORDINGS = Path(__file__).parent / "contrast_wordings.json"
SETS = ("bandai", "hdm05", "deepmimic", "cmu", "cmu_more")
CMU_TESTED = ("05", "06", "07", *HELD_OUT)
PAIRS = (
    ("run", "walk"), ("wave left", "wave right"), ("raise left", "raise right"), ("turn left", "turn right"),
    ("forward", "back"),
)  # fmt: skip
SINGLES = ("sit", "lie", "get up", "bow", "wave", "jump", "kick", "punch", "crawl", "climb")
BANDAI = {
    "run": ("run", "dash"), "walk": ("walk", "walk-left", "walk-right"), "wave left": ("wave-left-hand",),
    "wave right": ("wave-right-hand",), "raise left": ("raise-up-left-hand",), "raise right": ("raise-up-right-hand",),
    "turn left": ("walk-turn-left",), "turn right": ("walk-turn-right",), "forward": ("walk",), "back": ("walk-back",),
    "bow": ("bow",), "wave": ("wave-left-hand", "wave-right-hand", "wave-both-hands", "bye", "byebye"),
}  # fmt: skip
HDM05 = {"run": ("jog",), "lie": ("lieDown",), "jump": ("hop",), "kick": ("kick",)}
WORDS_OF_CAPTIONS = {
    "run": r"\b(run|runs|jogs)\b", "walk": r"\bwalks?\b", "sit": r"\bsit\b", "get up": r"gets up",
    "jump": r"\bjumps?\b|\bhops?\b", "kick": r"kick", "punch": r"punch|boxing", "climb": r"\bclimb\b",
    "wave": r"\bwave\b", "crawl": r"\bcrawl",
}  # fmt: skip
DRAWS = 500


class Clips:
    """The real clips, what they show, and their embeddings."""

    def __init__(self, model: MonSTeR, folder: Path) -> None:
        self.motions, self.names, self.shows, self.content = [], [], [], []
        for name in SETS:
            lines = {line["id"]: line for line in caption_lines(folder / name)}
            for key, motion in read_motions(folder / name / "joints22.npz").items():
                if is_tested(name, lines[key]):
                    self.motions.append(motion)
                    self.names.append(name)
                    self.shows.append(shown(name, lines[key]))
                    self.content.append(str(lines[key].get("content") or lines[key].get("label") or ""))
        self.rows = model.encode_motion(self.motions)

    def that_show(self, word: str) -> BoolArray:
        """Which clips (n,) show a word."""
        return np.array([word in words for words in self.shows])


def caption_lines(folder: Path) -> list[dict[str, Any]]:
    """The lines of a set's captions file."""
    return [json.loads(line) for line in (folder / "captions.jsonl").read_text(encoding="utf-8").splitlines()]


def is_tested(name: str, line: Mapping[str, Any]) -> bool:
    """Whether no training saw the clip."""
    if name not in ("cmu", "cmu_more"):
        return True
    return re.sub(r"\D", "", str(line["subject"]).split("(")[0]).zfill(2) in CMU_TESTED


def shown(name: str, line: Mapping[str, Any]) -> set[str]:
    """The words that a clip shows, by the labels of its set, or by its caption."""
    if name == "bandai":
        return {word for word, contents in BANDAI.items() if line["content"] in contents}
    if name == "hdm05":
        return {word for word, labels in HDM05.items() if str(line["label"]).startswith(labels)}
    caption = " ".join(line["captions"])
    return {word for word, pattern in WORDS_OF_CAPTIONS.items() if re.search(pattern, caption)}


def auc(positive: AnyArray, negative: AnyArray) -> float:
    """The share of pairs in which the positive scores higher; a tie counts half."""
    above = (positive[:, None] > negative).mean()
    return float(above + (positive[:, None] == negative).mean() / 2)


def contrast(scores: FloatArray, positive: BoolArray, negative: BoolArray) -> dict[str, float]:
    """AUC of each wording (rows of the scores): mean, lowest, and the 95 % interval of the mean over clips."""
    inside, outside = scores[:, positive], scores[:, negative]
    values = [auc(a, b) for a, b in zip(inside, outside, strict=True)]
    rng = np.random.default_rng(0)
    draws = []
    for _ in range(DRAWS // 10):
        a, b = (rng.integers(0, part.shape[1], part.shape[1]) for part in (inside, outside))
        draws.append(np.mean([auc(x[a], y[b]) for x, y in zip(inside, outside, strict=True)]))
    low, high = np.percentile(draws, [2.5, 97.5])
    return {
        "auc": float(np.mean(values)), "lowest": min(values), "from": float(low), "to": float(high),
        "clips": int(positive.sum()), "others": int(negative.sum()),
    }  # fmt: skip


def contrast_table(clips: Clips, encode: Callable[[list[str]], FloatArray]) -> dict[str, dict[str, float]]:
    """The rows of the contrast table by name."""
    wordings: dict[str, list[str]] = json.loads(WORDINGS.read_text(encoding="utf-8"))
    scores = {word: encode(texts) @ clips.rows.T for word, texts in wordings.items()}
    table = {}
    for word, other in PAIRS:
        for first, second in ((word, other), (other, word)):
            table[f"{first}, not {second}"] = contrast(scores[first], clips.that_show(first), clips.that_show(second))
    for word in SINGLES:
        positive = clips.that_show(word)
        if positive.any():
            table[word] = contrast(scores[word], positive, ~positive)
    first_answers = Counter(int(row.argmax()) for values in scores.values() for row in values)
    table["most frequent first answer"] = {"share": max(first_answers.values()) / sum(first_answers.values())}
    return table


def zero_shot(clips: Clips, encode: Callable[[list[str]], FloatArray], name: str, texts: Mapping[str, str]) -> float:
    """Balanced accuracy of the action of a set's clips, by one text for each content."""
    chosen = [row for row, of in enumerate(clips.names) if of == name and clips.content[row] in texts]
    found = (encode(list(texts.values())) @ clips.rows[chosen].T).argmax(0)
    right = np.array([list(texts)[guess] == clips.content[row] for guess, row in zip(found, chosen, strict=True)])
    truth = np.array([clips.content[row] for row in chosen])
    return float(np.mean([right[truth == content].mean() for content in np.unique(truth)]))


def content_texts(folder: Path, name: str) -> dict[str, str]:
    """One plain text for each content of a set: its words, without the style."""
    lines = caption_lines(folder / name)
    if name == "bandai":
        return {line["content"]: f"a person: {line['content'].replace('-', ' ')}" for line in lines}
    return {line["label"]: f"a person {line['captions'][0]}" for line in lines}


def text_geometry(folder: Path, encode: Callable[[list[str]], FloatArray], tower: TextTower) -> float:
    """Spearman correlation of the cosines of test sentences, before and after the text encoder."""
    with gzip.open(folder / "text" / "humanml3d_sentences.jsonl.gz", "rt", encoding="utf-8") as lines:
        groups = [line for line in map(json.loads, lines) if is_test_sentence(line["id"])]
    sentences = [line["captions"][0] for line in groups]
    before, after = tower.sentences(sentences), encode(sentences)
    upper = np.triu_indices(len(sentences), 1)
    ranks = [np.argsort(np.argsort((rows @ rows.T)[upper])) for rows in (before, after)]
    return float(np.corrcoef(*ranks)[0, 1])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--json", type=Path, help="also write the numbers there")
    arguments = parser.parse_args()
    model = load(arguments.weights)
    motion = arguments.data / "motion"
    clips = Clips(model, motion)
    table = contrast_table(clips, model.encode_text)
    print(f"weights {model.fingerprint}, {len(clips.motions)} clips\n")
    print("| word | AUC (95 %) | lowest wording | clips | others |\n| --- | ---: | ---: | ---: | ---: |")
    for name, row in table.items():
        if "auc" in row:
            interval = f"{row['auc']:.2f} ({row['from']:.2f} to {row['to']:.2f})"
            print(f"| {name} | {interval} | {row['lowest']:.2f} | {row['clips']} | {row['others']} |")
    pairs = [row["auc"] for name, row in table.items() if ", not " in name]
    singles = [row["auc"] for name, row in table.items() if "auc" in row and ", not " not in name]
    others: dict[str, float] = {
        "pairs, mean AUC": float(np.mean(pairs)), "single words, mean AUC": float(np.mean(singles)),
        "most frequent first answer, share": table["most frequent first answer"]["share"],
        "text geometry, Spearman": text_geometry(arguments.data, model.encode_text, TextTower()),
    }  # fmt: skip
    for name in ("bandai", "hdm05"):
        others[f"{name} zero-shot, balanced"] = zero_shot(clips, model.encode_text, name, content_texts(motion, name))
    print()
    for name, value in others.items():
        print(f"{name}: {value:.3f}")
    if arguments.json:
        values = {"weights": model.fingerprint, "contrast": table, "others": others}
        arguments.json.write_text(json.dumps(values, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
