"""Joined corpora keep all items of their parts; ids get the number of the part as a prefix."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from fake_checker import install
from fakes import motion_of, scene_of
from tiny_corpus import own_corpus

from monster.corpus.checker import checker_of
from monster.corpus.joined import JoinedCorpus, open_corpora
from monster.corpus.storage import Corpus
from monster.errors import CorpusError

MINE = [
    {"id": "a", "motion": "m", "scene": "s", "captions": ["someone walks"], "split": "train", "by": "me"},
    {"id": "b", "motion": "m", "scene": None, "captions": [], "split": "val"},
]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """A corpus that was not generated."""
    return own_corpus(tmp_path / "mine", MINE, motion_of(1), scene_of(1)).folder


def test_joined_items_keep_order_and_content(rooms: Corpus, mine: Path) -> None:
    joined = open_corpora([rooms.folder, mine])
    parts = (rooms, Corpus.open(mine))
    assert len(joined) == len(rooms) + len(MINE)
    found = iter(joined.records)
    for number, part in enumerate(parts):
        for record in part.records:
            other = next(found)
            assert other.id == f"{number}/{record.id}"
            assert (other.captions, other.split, other.metadata) == (record.captions, record.split, record.metadata)
            assert other.claims == record.claims
            for name in ("motion", "scene"):
                own, its = getattr(record, name), getattr(other, name)
                assert its == (None if own is None else f"{number}/{own}")
    assert joined.info["name"] == f"{rooms.info['name']} + mine"


def test_motions_and_scenes_are_those_of_their_corpus(rooms: Corpus, mine: Path) -> None:
    joined = JoinedCorpus([Corpus.open(mine), rooms])
    record = rooms.records[-1]
    item, own = joined.item(f"1/{record.id}"), rooms.item(record)
    assert item.motion is not None and own.motion is not None and item.scene is not None and own.scene is not None
    np.testing.assert_array_equal(item.motion.joints, own.motion.joints)
    np.testing.assert_array_equal(item.scene.points, own.scene.points)
    np.testing.assert_array_equal(joined.motion("0/m").joints, Corpus.open(mine).motion("m").joints)


@pytest.fixture
def mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> JoinedCorpus:
    """Corpora of two checkers, which know their scenes by "s", and one without a checker."""
    install(monkeypatch, "one", "two")
    parts = []
    for name, content in (("one", "s"), ("two", "s"), (None, "")):
        record = {**MINE[0], "claims": [{"says": content}], "captions": [str(name)]}
        part = own_corpus(tmp_path / str(name), [record], motion_of(1), scene_of(1))
        (part.folder / "corpus.json").write_text(json.dumps({**part.info, "checker": name}))
        parts.append(Corpus.open(part.folder))
    return JoinedCorpus(parts)


def test_a_claim_is_proven_only_by_its_checker(mixed: JoinedCorpus) -> None:
    checker, joints = checker_of(mixed), motion_of(1).joints
    claims = [record.claims[0] for record in mixed.records[:2]]
    proven = checker.prove(claims, [(joints, "0/s"), (joints, "1/s")])
    np.testing.assert_array_equal(proven, np.eye(2, dtype=bool))
    assert [checker.knows(str(record.scene)) for record in mixed.records] == [True, True, False]
    assert [checker.reprove(record, [joints]).tolist() for record in mixed.records[:2]] == [[[True]]] * 2
    assert checker.prove([], [(joints, "0/s")]).shape == (0, 1) and checker.prove(claims, []).shape == (2, 0)
    assert checker.kinds == ("denial",) and not checker.is_scene_free(claims[0])
    with pytest.raises(CorpusError, match="corpus 2: expected a corpus with a checker"):
        checker.describe(joints, "2/s")


def test_a_checker_gets_the_ids_of_its_corpus(mixed: JoinedCorpus) -> None:
    checker, record, joints = checker_of(mixed), mixed.records[1], motion_of(1).joints
    assert [entry["action"] for entry in checker.describe(joints, "1/s")] == ["be in s"]
    assert checker.describe(joints)[0]["action"] == "be in None"
    result = checker.hard_negatives(record, joints, scenes=["0/s", "1/other"])
    assert result == [{"kind": "denial", "caption": "a is not so", "scenes": ["other"]}]
    read: list[str] = []
    item = mixed.item(record)
    changed = checker.apply({**result[0], "scene": "other"}, item, lambda scene: read.append(scene) or scene_of(2))
    assert read == ["1/other"] and changed.captions == ("a is not so",)
    assert checker.flagged(record).metadata == {**record.metadata, "held_out": [True]}
    assert checker.paraphrases(record, joints) == []


def test_generated_corpora_share_claims(rooms: Corpus, mine: Path) -> None:
    joined, own = JoinedCorpus([Corpus.open(mine), rooms]), checker_of(rooms)
    cases = [(rooms.motion(str(record.motion)).joints, str(record.scene)) for record in rooms.records]
    claims = [claim for record in rooms.records for claim in record.claims]
    found = checker_of(joined).prove(claims, [(joints, f"1/{scene}") for joints, scene in cases])
    np.testing.assert_array_equal(found, own.prove(claims, cases))
    assert JoinedCorpus([Corpus.open(mine)]).checker is None


def test_one_folder_keeps_its_ids(rooms: Corpus) -> None:
    assert open_corpora([rooms.folder]).records == rooms.records


def test_a_duplicate_folder_is_refused(rooms: Corpus, mine: Path) -> None:
    with pytest.raises(CorpusError, match="expected each corpus once, got it twice"):
        open_corpora([rooms.folder, mine, rooms.folder / ".." / rooms.folder.name])
    with pytest.raises(CorpusError, match=r"mine.*0/c"):
        JoinedCorpus([Corpus.open(mine)]).item("0/c")
