"""Atomic writes: complete or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from monster.errors import InputError, WriteError
from monster.files import atomic_file, atomic_folder, check_writable


@pytest.mark.parametrize("durable", [False, True])
def test_a_file_is_replaced_without_leftovers(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "made" / "a.json"
    for text in ("one", "two"):
        with atomic_file(path, durable=durable) as temporary:
            temporary.write_text(text)
            assert temporary.suffix == ".json"
        assert path.read_text() == text
    assert list(path.parent.iterdir()) == [path]


def test_an_error_keeps_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_file(path) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_appears_complete(tmp_path: Path) -> None:
    path = tmp_path / "gallery"
    path.mkdir()
    with atomic_folder(path) as temporary:
        (temporary / "a").write_text("a")
        assert not (path / "a").exists()
    assert (path / "a").read_text() == "a"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_can_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "gallery"
    for name in ("old", "new"):
        with atomic_folder(path, replace=True) as temporary:
            (temporary / name).write_text(name)
        assert [each.name for each in path.iterdir()] == [name]
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_keeps_the_old_folder(tmp_path: Path) -> None:
    path = tmp_path / "gallery"
    path.mkdir()
    (path / "old").write_text("old")
    with pytest.raises(RuntimeError), atomic_folder(path, replace=True) as temporary:
        (temporary / "new").write_text("new")
        raise RuntimeError
    assert [each.name for each in path.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_path_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    below = tmp_path / "file" / "a.json"
    line = f"^{below}: cannot be written: one of its folders is a file$"
    for attempt in (atomic_file, atomic_folder):
        with pytest.raises(WriteError, match=line), attempt(below):
            pass
    with pytest.raises(InputError, match=line):
        check_writable(below)
    with pytest.raises(WriteError, match="expected the name of a file to write, got a folder"):
        check_writable(tmp_path)
    check_writable(tmp_path / "new" / "a.json")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "new"]
    assert list((tmp_path / "new").iterdir()) == []


def test_an_error_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), atomic_folder(tmp_path / "gallery") as temporary:
        (temporary / "a").write_text("a")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_content_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "gallery"
    path.mkdir()
    (path / "old").write_text("old")
    with pytest.raises(OSError), atomic_folder(path) as temporary:
        (temporary / "new").write_text("new")
    assert [each.name for each in path.iterdir()] == ["old"]
    assert list(tmp_path.iterdir()) == [path]
