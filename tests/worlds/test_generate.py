"""Corpora from a seed: the same bytes, whole rooms per split, true captions, and runs that survive a kill."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from monster.corpus.storage import Corpus
from monster.errors import CorpusError
from worlds.captions import HELD_OUT_PATTERNS
from worlds.checker.claims import is_true
from worlds.corpus_checker import WorldsChecker
from worlds.generate import generate
from worlds.hard_negatives import HELD_OUT_KINDS


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return generate(tmp_path_factory.mktemp("corpus") / "made", rooms=4, items=14, seed=7, workers=1)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_unlabelled_corpus_differs_in_its_scenes_alone(made: Corpus, tmp_path: Path) -> None:
    info = made.info["generator"]
    bare = generate(
        tmp_path / "bare", rooms=info["rooms"], items=info["items"], seed=info["seed"], unlabelled=True, workers=1
    )
    assert [record.to_json() for record in bare.records] == [record.to_json() for record in made.records]
    scene = str(made.records[0].scene)
    one, other = made.scene(scene), bare.scene(scene)
    assert other.instances is None and other.labels is None and one.labels
    assert np.array_equal(one.points, other.points) and np.array_equal(one.colors, other.colors)


def test_counts_are_what_was_asked_for(made: Corpus) -> None:
    assert made.info["counts"] == {"items": 14, "scenes": 4, "captions": sum(len(r.captions) for r in made.records)}
    assert len(list((made.folder / "motions").iterdir())) == 14
    assert sorted({record.scene for record in made.records}) == [f"room-{n:05d}" for n in range(4)]


def test_the_same_seed_gives_the_same_bytes_with_two_processes(made: Corpus, tmp_path: Path) -> None:
    again = generate(tmp_path / "again", rooms=4, items=14, seed=7, workers=2)
    assert files(again.folder) == files(made.folder)


def test_another_seed_gives_other_items(made: Corpus, tmp_path: Path) -> None:
    other = generate(tmp_path / "other", rooms=1, items=3, seed=8, workers=1)
    assert {c for r in other.records for c in r.captions}.isdisjoint(c for r in made.records[:1] for c in r.captions)


def test_every_caption_is_true_of_what_is_stored(made: Corpus) -> None:
    for record in made.records:
        joints = made.motion(str(record.motion)).joints
        checker = WorldsChecker.of(made)
        claims = checker.claims(record)
        assert len(claims) == len(record.captions) >= 3
        assert all(is_true(claim, checker.floor_plans[str(record.scene)], joints) for claim in claims)


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    generate(tmp_path / "c", rooms=2, items=2, seed=1, workers=1, progress=lambda *done: told.append(done))
    assert told == [(1, 2), (2, 2)]


def test_a_killed_run_goes_on_and_ends_with_the_same_bytes(made: Corpus, tmp_path: Path) -> None:
    seen = []

    def stop(done: int, count: int) -> None:
        seen.append(done)
        if done == 2:
            raise KeyboardInterrupt

    out = tmp_path / "broken"
    with pytest.raises(KeyboardInterrupt):
        generate(out, rooms=4, items=14, seed=7, workers=1, progress=stop)
    with pytest.raises(CorpusError, match="unfinished"):
        Corpus.open(out)
    generate(out, rooms=4, items=14, seed=7, workers=1)
    assert files(out) == files(made.folder)


def test_other_settings_do_not_continue_a_run(tmp_path: Path) -> None:
    def stop(done: int, count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path, rooms=4, items=4, seed=1, workers=1, progress=stop)
    with pytest.raises(CorpusError, match="other settings"):
        generate(tmp_path, rooms=4, items=4, seed=2, workers=1)


@pytest.mark.parametrize(("rooms", "items"), [(0, 5), (5, 4), (1, 61)])
def test_impossible_settings_are_refused(tmp_path: Path, rooms: int, items: int) -> None:
    with pytest.raises(CorpusError, match="expected at"):
        generate(tmp_path / "c", rooms=rooms, items=items)
    assert not (tmp_path / "c").exists()


def test_a_folder_with_anything_else_is_left_alone(made: Corpus, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CorpusError, match="other files"):
        generate(tmp_path, rooms=1, items=1)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(CorpusError, match="already holds a corpus"):
        generate(made.folder, rooms=4, items=14, seed=7)


def test_items_come_with_their_parts(made: Corpus) -> None:
    item = made.item(made.records[0].id)
    assert item.motion is not None
    assert item.motion.placed
    assert item.scene is not None
    assert item.scene.labels
    assert item.metadata["room"]
    assert [entry.id for entry in made.items()] == [record.id for record in made.records]
    with pytest.raises(CorpusError, match="no item 'nobody'"):
        made.item("nobody")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: (f / "corpus.json").unlink(), "got no corpus"),
        (lambda f: (f / "corpus.json").write_text("{"), "expected JSON"),
        (lambda f: (f / "corpus.json").write_text('{"format": 99}'), "format 1, got 99"),
        (lambda f: (f / "items.jsonl").unlink(), "expected items.jsonl"),
        (lambda f: (f / "items.jsonl").write_text('{"id": "a"}\n'), "line 1 is not an item"),
        (lambda f: (f / "items.jsonl").write_text("nonsense\n"), "line 1 is not JSON"),
    ],
)
def test_a_broken_folder_is_named(made: Corpus, tmp_path: Path, change, message: str) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "copy"
    shutil.copytree(made.folder, folder)
    change(folder)
    with pytest.raises(Exception, match=message):
        Corpus.open(folder)


def test_no_time_or_path_is_stored(made: Corpus) -> None:
    told = json.loads((made.folder / "corpus.json").read_text())
    assert str(made.folder) not in json.dumps(told)
    assert not any(key in told for key in ("date", "time", "path"))


def test_claims_of_another_generator_are_refused_when_asked_for(made: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(made.folder, folder)
    info = json.loads((folder / "corpus.json").read_text())
    info["generator"]["generator"] = "1"
    (folder / "corpus.json").write_text(json.dumps(info))
    old = Corpus.open(folder)
    assert old.item(old.records[0].id).captions == old.records[0].captions
    with pytest.raises(CorpusError, match="made by generator 1, expected 2 or 3 or 4 or 5 or 6: generate it again"):
        _ = old.checker


def test_a_record_has_patterns_flags_and_hard_negatives(made: Corpus) -> None:
    for record in made.records:
        assert len(record.metadata["patterns"]) == len(record.captions)
        kinds = {negative["kind"] for negative in record.hard_negatives}
        assert "other action" in kinds or "shifted" in kinds
        assert record.held_out == tuple(pattern in HELD_OUT_PATTERNS for pattern in record.metadata["patterns"])
        for negative in record.hard_negatives:
            assert negative.get("held_out", False) == (negative["kind"] in HELD_OUT_KINDS)
        assert not {"claims", "patterns", "counterfactuals", "held_out"} & made.item(record).metadata.keys()
