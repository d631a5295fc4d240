"""Faults of single items; a generated corpus has none."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from monster.corpus.storage import Corpus, ItemRecord
from monster.io.npz import save_motion
from monster.skeleton import INDEX
from monster.types import Motion
from worlds.audit.items import ItemAudit
from worlds.corpus_checker import floor_plans_of

UPRIGHT = ("walk to", "reach for", "walk past", "walk around", "walk about", "point at", "open", "knock on", "run")
Change = Callable[[np.ndarray], np.ndarray]


@pytest.fixture
def damaged(rooms: Corpus, tmp_path: Path) -> Corpus:
    """A copy of the generated corpus that a test may damage."""
    shutil.copytree(rooms.folder, tmp_path / "mine")
    return Corpus.open(tmp_path / "mine")


def codes(corpus: Corpus, record: ItemRecord) -> set[str]:
    return {fault.code for fault in ItemAudit(corpus).faults(record)}


def test_a_generated_corpus_has_no_faults(rooms: Corpus) -> None:
    item_audit = ItemAudit(rooms)
    assert [str(fault) for record in rooms.records for fault in item_audit.faults(record)] == []
    assert [str(fault) for scene in floor_plans_of(rooms) for fault in item_audit.scene_faults(scene)] == []


def with_a_growing_arm(joints: np.ndarray) -> np.ndarray:
    joints[:, INDEX["left_wrist"]] += np.linspace(0, 0.3, len(joints))[:, None]
    return joints


def mirrored(joints: np.ndarray) -> np.ndarray:
    joints[..., 0] *= -1
    return joints


def displaced_halfway(joints: np.ndarray) -> np.ndarray:
    joints[len(joints) // 2 :, :, 1] += 1.5
    return joints


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda joints: joints - np.float32([0, 0, 0.4]), "below-floor"),
        (lambda joints: joints + np.float32([0, 0, 1.2]), "floating"),
        (lambda joints: np.repeat(joints[:1], len(joints), axis=0), "frozen"),
        (with_a_growing_arm, "bone-length"), (mirrored, "mirrored"), (displaced_halfway, "jump"),
    ],
)  # fmt: skip
def test_damaged_bodies_are_faults(damaged: Corpus, change: Change, code: str) -> None:
    record = next(r for r in damaged.records if r.metadata["action"][0] in UPRIGHT)
    motion = damaged.motion(str(record.motion))
    save_motion(damaged.motion_path(str(record.motion)), Motion(change(motion.joints.copy()), motion.fps, placed=True))
    assert code in codes(damaged, record)
    if code == "frozen":  # the other changes may leave the claim true
        assert "false-caption" in codes(damaged, record)


def test_an_unreadable_motion(damaged: Corpus) -> None:
    record = damaged.records[0]
    damaged.motion_path(str(record.motion)).write_bytes(b"no archive")
    assert codes(damaged, record) == {"unreadable"}
    damaged.motion_path(str(record.motion)).unlink()
    assert codes(damaged, record) == {"unreadable"}


def test_an_unreadable_scene(damaged: Corpus) -> None:
    scene = str(damaged.records[0].scene)
    damaged.scene_path(scene).write_bytes(b"no archive")
    assert [fault.code for fault in ItemAudit(damaged).scene_faults(scene)] == ["unreadable"]


def test_a_frame_rate_other_than_20(damaged: Corpus) -> None:
    record = damaged.records[0]
    save_motion(damaged.motion_path(str(record.motion)), damaged.motion(str(record.motion)).resampled(30))
    assert "rate" in codes(damaged, record)


def test_empty_and_repeated_captions(rooms: Corpus) -> None:
    record = rooms.records[0]
    assert "empty-caption" in codes(rooms, replace(record, captions=("a person walks", " ")))
    assert "repeated-caption" in codes(rooms, replace(record, captions=("x", "x")))
    assert codes(rooms, ItemRecord("none", None, None, (), "train")) == {"empty"}


def test_a_claim_with_another_kind_of_room_is_false(rooms: Corpus) -> None:
    record = rooms.records[0]
    claims = json.loads(json.dumps(record.metadata["claims"]))
    claims[0]["room"] = "swimming pool"
    changed = replace(record, metadata={**record.metadata, "claims": claims})
    assert codes(rooms, changed) == {"false-caption"}


def test_a_body_on_a_bed_is_supported(rooms: Corpus, damaged: Corpus) -> None:
    """The scene has points below the body; a metre higher the body has no support."""
    record = damaged.records[0]
    motion = damaged.motion(str(record.motion))
    scene = damaged.scene(str(record.scene))
    bed = next(iter(scene.objects())).points
    top, middle = np.percentile(bed[:, 2], 95), bed.mean(axis=0)
    flat = motion.joints[:1, :, [0, 2, 1]] - motion.joints[:1, :1, [0, 2, 1]]
    flat += np.array([middle[0], middle[1], top + 0.05 - flat[..., 2].min()], dtype=np.float32)
    item_audit = ItemAudit(damaged)
    assert item_audit._is_supported(record, Motion(np.repeat(flat, 40, axis=0)))
    assert not item_audit._is_supported(record, Motion(np.repeat(flat, 40, axis=0) + np.float32([0, 0, 1.5])))
