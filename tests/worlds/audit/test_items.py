"""Every fault that an item can have is found, and a sound corpus has none."""

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

Change = Callable[[np.ndarray], np.ndarray]


@pytest.fixture
def mine(rooms: Corpus, tmp_path: Path) -> Corpus:
    """A copy of the generated corpus that a test may damage."""
    shutil.copytree(rooms.folder, tmp_path / "mine")
    return Corpus.open(tmp_path / "mine")


def codes(corpus: Corpus, record: ItemRecord) -> set[str]:
    return {fault.code for fault in ItemAudit(corpus).faults(record)}


def test_a_generated_corpus_has_no_fault(rooms: Corpus) -> None:
    look = ItemAudit(rooms)
    assert [str(fault) for record in rooms.records for fault in look.faults(record)] == []
    assert [str(fault) for scene in floor_plans_of(rooms) for fault in look.scene_faults(scene)] == []


def longer_arm(joints: np.ndarray) -> np.ndarray:
    joints[:, INDEX["left_wrist"]] += np.linspace(0, 0.3, len(joints))[:, None]
    return joints


def swapped(joints: np.ndarray) -> np.ndarray:
    joints[..., 0] *= -1
    return joints


def jumping(joints: np.ndarray) -> np.ndarray:
    joints[len(joints) // 2 :, :, 1] += 1.5
    return joints


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda joints: joints - np.float32([0, 0, 0.4]), "below-floor"),
        (lambda joints: joints + np.float32([0, 0, 1.2]), "floating"),
        (lambda joints: np.repeat(joints[:1], len(joints), axis=0), "frozen"),
        (longer_arm, "bone-length"), (swapped, "mirrored"), (jumping, "jump"),
    ],
)  # fmt: skip
def test_a_damaged_body_is_told_and_its_captions_are_not_true(mine: Corpus, change: Change, code: str) -> None:
    record = next(r for r in mine.records if r.metadata["action"][0] in ("walk to", "reach for"))
    motion = mine.motion(str(record.motion))
    save_motion(mine.motion_path(str(record.motion)), Motion(change(motion.joints.copy()), motion.fps, placed=True))
    assert code in codes(mine, record)
    if code == "frozen":  # the checker looks at a walk from above
        assert "false-caption" in codes(mine, record)


def test_a_motion_that_cannot_be_read(mine: Corpus) -> None:
    record = mine.records[0]
    mine.motion_path(str(record.motion)).write_bytes(b"no archive")
    assert codes(mine, record) == {"unreadable"}
    mine.motion_path(str(record.motion)).unlink()
    assert codes(mine, record) == {"unreadable"}


def test_a_scene_that_cannot_be_read(mine: Corpus) -> None:
    scene = str(mine.records[0].scene)
    mine.scene_path(scene).write_bytes(b"no archive")
    assert [fault.code for fault in ItemAudit(mine).scene_faults(scene)] == ["unreadable"]


def test_another_rate_than_twenty_is_told(mine: Corpus) -> None:
    record = mine.records[0]
    save_motion(mine.motion_path(str(record.motion)), mine.motion(str(record.motion)).resampled(30))
    assert "rate" in codes(mine, record)


def test_captions(rooms: Corpus) -> None:
    record = rooms.records[0]
    assert "empty-caption" in codes(rooms, replace(record, captions=("a person walks", " ")))
    assert "repeated-caption" in codes(rooms, replace(record, captions=("x", "x")))
    assert codes(rooms, ItemRecord("none", None, None, (), "train")) == {"empty"}


def test_a_claim_of_another_room_is_false_here(rooms: Corpus) -> None:
    record = rooms.records[0]
    said = json.loads(json.dumps(record.metadata["claims"]))
    said[0]["room"] = "swimming pool"
    changed = replace(record, metadata={**record.metadata, "claims": said})
    assert codes(rooms, changed) == {"false-caption"}


def test_who_lies_on_a_bed_does_not_float(rooms: Corpus, mine: Corpus) -> None:
    """Held up by the room's points; a metre higher it is not."""
    record = mine.records[0]
    motion = mine.motion(str(record.motion))
    scene = mine.scene(str(record.scene))
    bed = next(iter(scene.objects())).points
    top, middle = np.percentile(bed[:, 2], 95), bed.mean(axis=0)
    flat = motion.joints[:1, :, [0, 2, 1]] - motion.joints[:1, :1, [0, 2, 1]]
    flat += np.array([middle[0], middle[1], top + 0.05 - flat[..., 2].min()], dtype=np.float32)
    look = ItemAudit(mine)
    assert look._is_held(record, Motion(np.repeat(flat, 40, axis=0)))
    assert not look._is_held(record, Motion(np.repeat(flat, 40, axis=0) + np.float32([0, 0, 1.5])))
