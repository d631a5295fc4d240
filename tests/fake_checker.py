"""A checker without geometry: a claim {"says": word} is true in the scenes whose id contains the word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monster.arrays import AnyArray, BoolArray
from monster.corpus.checker import GROUP, Case, Claim, HardNegative
from monster.corpus.storage import ItemRecord
from monster.types import Item, Scene


class FakeChecker:
    """Knows every scene; its only hard negative says "not so"."""

    kinds = ("denial",)

    def __init__(self, folder: Path, info: Mapping[str, Any]) -> None:
        self.folder, self.info = folder, info

    def knows(self, scene: str) -> bool:
        return True

    def prove(self, claims: Sequence[Claim], cases: Iterable[Case]) -> BoolArray:
        scenes = [scene for _, scene in cases]
        true = [[claim["says"] in scene for scene in scenes] for claim in claims]
        return np.array(true, dtype=bool).reshape(len(claims), len(scenes))

    def describe(self, joints: AnyArray, scene: str | None = None) -> list[dict[str, Any]]:
        return [{"action": f"be in {scene}", "start": 0.0, "end": len(joints) / 20, "objects": []}]

    def hard_negatives(
        self,
        record: ItemRecord,
        joints: AnyArray,
        *,
        kinds: Sequence[str] = (),
        scenes: Sequence[str] = (),
        seed: int = 0,
    ) -> list[HardNegative]:
        return [{"kind": "denial", "caption": f"{record.id} is not so", "scenes": list(scenes)}]

    def apply(self, negative: HardNegative, item: Item, scene_of: Callable[[str], Scene]) -> Item:
        return replace(item, captions=(negative["caption"],), scene=scene_of(negative["scene"]))

    def reprove(self, record: ItemRecord, motions: Iterable[AnyArray]) -> BoolArray:
        return self.prove(record.claims, [(joints, str(record.scene)) for joints in motions])

    def is_scene_free(self, claim: Claim) -> bool:
        return not claim["says"]

    def paraphrases(self, record: ItemRecord, joints: AnyArray) -> list[int]:
        return [n for n, claim in enumerate(record.claims) if n and claim == record.claims[0]]

    def flagged(self, record: ItemRecord) -> ItemRecord:
        return replace(record, metadata={**record.metadata, "held_out": [True] * len(record.captions)})


def install(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    """Let entry points of these names bring the fake checker, beside those that are installed."""
    from importlib import metadata

    real = metadata.entry_points
    fake = [EntryPoint(name, "fake_checker:FakeChecker", GROUP) for name in names]

    def entry_points(**wanted: Any) -> EntryPoints:
        if wanted.get("group") != GROUP:
            return real(**wanted)
        return EntryPoints([*real(group=GROUP), *fake]).select(**wanted)

    monkeypatch.setattr(metadata, "entry_points", entry_points)
