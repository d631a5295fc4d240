"""Generation: same bytes from a seed, one split per room, true captions, interrupted runs."""

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
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return generate(tmp_path_factory.mktemp("corpus") / "made", rooms=4, items=14, seed=7, workers=1)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_an_unlabelled_corpus_differs_only_in_its_scenes(corpus: Corpus, tmp_path: Path) -> None:
    info = corpus.info["generator"]
    unlabelled = generate(
        tmp_path / "bare", rooms=info["rooms"], items=info["items"], seed=info["seed"], unlabelled=True, workers=1
    )
    assert [record.to_json() for record in unlabelled.records] == [record.to_json() for record in corpus.records]
    scene = str(corpus.records[0].scene)
    one, other = corpus.scene(scene), unlabelled.scene(scene)
    assert other.instances is None and other.labels is None and one.labels
    assert np.array_equal(one.points, other.points) and np.array_equal(one.colors, other.colors)


def test_counts_match_the_settings(corpus: Corpus) -> None:
    assert corpus.info["counts"] == {"items": 14, "scenes": 4, "captions": sum(len(r.captions) for r in corpus.records)}
    assert len(list((corpus.folder / "motions").iterdir())) == 14
    assert sorted({record.scene for record in corpus.records}) == [f"room-{n:05d}" for n in range(4)]


def test_the_same_seed_gives_the_same_bytes_with_two_processes(corpus: Corpus, tmp_path: Path) -> None:
    again = generate(tmp_path / "again", rooms=4, items=14, seed=7, workers=2)
    assert files(again.folder) == files(corpus.folder)


def test_another_seed_gives_other_items(corpus: Corpus, tmp_path: Path) -> None:
    other = generate(tmp_path / "other", rooms=1, items=3, seed=8, workers=1)
    assert {c for r in other.records for c in r.captions}.isdisjoint(c for r in corpus.records[:1] for c in r.captions)


def test_every_caption_is_true_of_the_stored_motion(corpus: Corpus) -> None:
    for record in corpus.records:
        joints = corpus.motion(str(record.motion)).joints
        checker = WorldsChecker.of(corpus)
        claims = checker.claims(record)
        assert len(claims) == len(record.captions) >= 3
        assert all(is_true(claim, checker.floor_plans[str(record.scene)], joints) for claim in claims)


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    calls: list[tuple[int, int]] = []
    generate(tmp_path / "c", rooms=2, items=2, seed=1, workers=1, progress=lambda *done: calls.append(done))
    assert calls == [(1, 2), (2, 2)]


def test_an_interrupted_run_continues_with_the_same_bytes(corpus: Corpus, tmp_path: Path) -> None:
    calls = []

    def stop(done: int, count: int) -> None:
        calls.append(done)
        if done == 2:
            raise KeyboardInterrupt

    out = tmp_path / "broken"
    with pytest.raises(KeyboardInterrupt):
        generate(out, rooms=4, items=14, seed=7, workers=1, progress=stop)
    with pytest.raises(CorpusError, match="unfinished"):
        Corpus.open(out)
    generate(out, rooms=4, items=14, seed=7, workers=1)
    assert files(out) == files(corpus.folder)


def test_other_settings_do_not_continue_a_run(tmp_path: Path) -> None:
    def stop(done: int, count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(tmp_path, rooms=4, items=4, seed=1, workers=1, progress=stop)
    with pytest.raises(CorpusError, match="other settings"):
        generate(tmp_path, rooms=4, items=4, seed=2, workers=1)


@pytest.mark.parametrize(("rooms", "items"), [(0, 5), (5, 4), (1, 61)])
def test_invalid_settings_raise(tmp_path: Path, rooms: int, items: int) -> None:
    with pytest.raises(CorpusError, match="expected at"):
        generate(tmp_path / "c", rooms=rooms, items=items)
    assert not (tmp_path / "c").exists()


def test_a_folder_with_other_files_is_not_touched(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(CorpusError, match="other files"):
        generate(tmp_path, rooms=1, items=1)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
    with pytest.raises(CorpusError, match="already holds a corpus"):
        generate(corpus.folder, rooms=4, items=14, seed=7)


def test_items_have_motion_scene_and_metadata(corpus: Corpus) -> None:
    item = corpus.item(corpus.records[0].id)
    assert item.motion is not None
    assert item.motion.placed
    assert item.scene is not None
    assert item.scene.labels
    assert item.metadata["room"]
    assert [entry.id for entry in corpus.items()] == [record.id for record in corpus.records]
    with pytest.raises(CorpusError, match="no item 'missing'"):
        corpus.item("missing")


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
def test_broken_corpora_raise(corpus: Corpus, tmp_path: Path, change, message: str) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "copy"
    shutil.copytree(corpus.folder, folder)
    change(folder)
    with pytest.raises(Exception, match=message):
        Corpus.open(folder)


def test_no_time_or_path_is_stored(corpus: Corpus) -> None:
    calls = json.loads((corpus.folder / "corpus.json").read_text())
    assert str(corpus.folder) not in json.dumps(calls)
    assert not any(key in calls for key in ("date", "time", "path"))


def test_claims_of_an_unsupported_generator_raise(corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    shutil.copytree(corpus.folder, folder)
    info = json.loads((folder / "corpus.json").read_text())
    info["generator"]["generator"] = "1"
    (folder / "corpus.json").write_text(json.dumps(info))
    old = Corpus.open(folder)
    assert old.item(old.records[0].id).captions == old.records[0].captions
    with pytest.raises(CorpusError, match=r"made by generator 1, expected 2 or 3 or .*: generate it again"):
        _ = old.checker


def test_a_record_has_patterns_flags_and_hard_negatives(corpus: Corpus) -> None:
    for record in corpus.records:
        assert len(record.metadata["patterns"]) == len(record.captions)
        kinds = {negative["kind"] for negative in record.hard_negatives}
        assert "other action" in kinds or "shifted" in kinds
        assert record.held_out == tuple(pattern in HELD_OUT_PATTERNS for pattern in record.metadata["patterns"])
        for negative in record.hard_negatives:
            assert negative.get("held_out", False) == (negative["kind"] in HELD_OUT_KINDS)
        assert not {"claims", "patterns", "counterfactuals", "held_out"} & corpus.item(record).metadata.keys()
