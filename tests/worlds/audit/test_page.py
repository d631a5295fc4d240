"""The HTML page of a corpus."""

from __future__ import annotations

from pathlib import Path

import pytest

from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import InputError
from worlds.audit.page import write_stats_page


def test_the_page_has_tables_and_pictures(rooms: Corpus, tmp_path: Path) -> None:
    text = write_stats_page(tmp_path / "page.html", rooms).read_text(encoding="utf-8")
    assert "<h2>actions</h2>" in text and "<h2>duration</h2>" in text
    assert "12 items, drawn at random" in text and "data:image/png;base64," in text
    assert "http" not in text.split("data:image")[0]


def test_pictures_have_the_first_captions(rooms: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def sheet(path: Path, cells: list[tuple[str, object, object]], *, columns: int) -> Path:
        drawn.extend(caption for caption, _, _ in cells)
        path.write_bytes(b"")
        return path

    monkeypatch.setattr("worlds.audit.page.contact_sheet_png", sheet)
    write_stats_page(tmp_path / "page.html", rooms)
    assert sorted(drawn) == sorted(record.captions[0] for record in rooms.records)


def test_html_in_names_is_escaped(tmp_path: Path) -> None:
    record = ItemRecord("a", None, None, ("x",), "train", {"room": "<script>alert(1)</script>"})
    corpus = Corpus(tmp_path, {"name": "<b>bold</b>"}, (record,))
    text = write_stats_page(tmp_path / "page.html", corpus).read_text(encoding="utf-8")
    assert "<script>" not in text and "<b>bold" not in text


def test_an_unwritable_path_is_an_error(rooms: Corpus, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match=r"page\.html"):
        write_stats_page(tmp_path / "file" / "page.html", rooms)
