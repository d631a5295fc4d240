"""Corpora as Parquet: values round-trip, corrupt items are left out, nothing incomplete stays."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monster.corpus.export import export_parquet
from monster.corpus.storage import Corpus
from monster.errors import CorpusError, MissingExtra

parquet: Any = pytest.importorskip("pyarrow.parquet")


def rows(folder: Path, pattern: str) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.glob(pattern)) for row in parquet.read_table(path).to_pylist()]


def test_export_round_trip(rooms: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monster.corpus.export.ROWS", 4)
    result = export_parquet(rooms, tmp_path / "out")
    assert (sum(result.items.values()), result.scenes, result.left_out) == (len(rooms), 4, ())
    found = {row["id"]: row for row in rows(tmp_path / "out", "data/*.parquet")}
    assert set(found) == {record.id for record in rooms.records}
    for record in rooms.records:
        row = found[record.id]
        motion = rooms.motion(str(record.motion))
        assert np.array_equal(np.array(row["joints"], dtype=np.float32).reshape(-1, 22, 3), motion.joints)
        assert (row["frames"], row["fps"], row["placed"]) == (len(motion), motion.fps, motion.placed)
        assert row["captions"] == list(record.captions)
        assert json.loads(row["metadata"]) == json.loads(json.dumps(dict(record.metadata)))
    for row in rows(tmp_path / "out", "scenes/*.parquet"):
        scene = rooms.scene(row["id"])
        assert np.array_equal(np.array(row["points"], dtype=np.float32).reshape(-1, 3), scene.points)
        assert scene.instances is not None and row["instances"] == scene.instances.tolist()
        assert {int(key): name for key, name in json.loads(row["labels"]).items()} == scene.labels


def test_the_card_names_licence_splits_and_columns(rooms: Corpus, tmp_path: Path) -> None:
    result = export_parquet(rooms, tmp_path / "out")
    card = (tmp_path / "out" / "README.md").read_text()
    assert card.startswith("---\n") and "license: cc0-1.0" in card and "split: test" in card
    assert f"{len(rooms)} items" in card and "`joints`" in card
    assert [path.name[:5] for path in sorted((tmp_path / "out" / "data").iterdir())].count("train") == 1
    assert result.items["test"] > 0


def test_a_corrupt_item_is_left_out(rooms: Corpus, tmp_path: Path) -> None:
    shutil.copytree(rooms.folder, tmp_path / "corpus")
    broken = Corpus.open(tmp_path / "corpus")
    broken.motion_path(str(broken.records[0].motion)).write_bytes(b"PK")
    result = export_parquet(broken, tmp_path / "out")
    assert sum(result.items.values()) == len(rooms) - 1
    assert len(result.left_out) == 1 and result.left_out[0].startswith(broken.records[0].id)


def test_export_refuses_a_non_empty_folder(rooms: Corpus, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "a").write_text("a")
    with pytest.raises(CorpusError, match="new or empty folder"):
        export_parquet(rooms, tmp_path / "out")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a"]


def test_without_pyarrow_the_extra_is_named(rooms: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match="parquet"):
        export_parquet(rooms, tmp_path / "out")
    assert not (tmp_path / "out").exists()
