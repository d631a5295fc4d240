"""Extras: what a command needs is asked for before it starts."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from command_line import folder, gallery_folder, model, run
from fakes import FakeModel

from monster.errors import MissingExtra
from monster.extras import MODULES, missing_modules, require_extra

__all__ = ["folder", "gallery_folder", "model", "run"]

ROOT = Path(__file__).parents[2]
# Module that is hidden, extra that the message names, command.
COMMANDS = [
    ("faiss", "cpu", "index {folder} --out {out}"),
    ("faiss", "cpu", "gallery add {gallery_folder} {folder}"),
    ("faiss", "cpu", "search {gallery_folder} --text walk --target motion"),
    ("faiss", "cpu", "demo --out {out}"),
    ("matplotlib", "viz", "demo --out {out}"),
    ("matplotlib", "viz", "view {gallery_folder} item-1 --out {out}.png"),
    ("matplotlib", "viz", "corpus stats {folder} --html {out}"),
    ("pyarrow", "parquet", "corpus export {folder} --out {out}"),
    ("pytorch_metric_learning", "train", "train --corpus {folder} --out {out}"),
    ("uvicorn", "service", "serve {gallery_folder}"),
    ("faiss", "cpu", "serve {gallery_folder}"),
]


def hide(monkeypatch: pytest.MonkeyPatch, module: str) -> None:
    """Let a module look as if it were not installed."""
    monkeypatch.setitem(sys.modules, module, None)


@pytest.mark.parametrize(("module", "extra", "command"), COMMANDS)
def test_a_command_asks_for_its_extra_before_it_starts(
    run: Any, folder: Path, gallery_folder: Path, model: FakeModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    module: str, extra: str, command: str,
) -> None:  # fmt: skip
    before = sorted(tmp_path.rglob("*"))
    model.encoded.clear()
    hide(monkeypatch, module)
    arguments = command.format(folder=folder, gallery_folder=gallery_folder, out=tmp_path / "out").split()
    result = run(*arguments, code=2)
    assert result.stderr.count("\n") == 1 and result.stdout == ""
    assert f"needs an optional package: pip install 'monster-retrieval[{extra}]'" in result.stderr
    assert model.encoded == [] and sorted(tmp_path.rglob("*")) == before


def test_a_page_needs_no_extra(run: Any, gallery_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hide(monkeypatch, "matplotlib")
    run("view", gallery_folder, "item-1", "--out", tmp_path / "page.html")
    assert (tmp_path / "page.html").stat().st_size > 1000


def test_every_extra_has_its_modules() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert set(MODULES) == set(declared) - {"all", "dev"}
    assert [extra for extra in MODULES if missing_modules(extra)] == []


def test_an_extra_is_required(monkeypatch: pytest.MonkeyPatch) -> None:
    require_extra("las", "reading .laz files")
    hide(monkeypatch, "lazrs")
    assert missing_modules("las") == ["lazrs"]
    with pytest.raises(MissingExtra, match=r"reading .laz files needs an optional package: .*\[las\]"):
        require_extra("las", "reading .laz files")
