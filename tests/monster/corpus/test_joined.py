"""Several corpora as one: nothing of any is lost, mixed up or renamed but for the number in front."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from fakes import motion_of, scene_of
from tiny_corpus import own_corpus

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


def test_items_of_all_corpora_come_one_after_the_other_and_keep_what_they_hold(rooms: Corpus, mine: Path) -> None:
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


def test_one_folder_is_that_corpus_with_its_own_ids(rooms: Corpus) -> None:
    assert open_corpora([rooms.folder]).records == rooms.records


def test_a_folder_given_twice_is_refused(rooms: Corpus, mine: Path) -> None:
    with pytest.raises(CorpusError, match="expected every corpus once, got it twice"):
        open_corpora([rooms.folder, mine, rooms.folder / ".." / rooms.folder.name])
    with pytest.raises(CorpusError, match=r"mine.*0/c"):
        JoinedCorpus([Corpus.open(mine)]).item("0/c")
