"""What tests of the command line share: a model without weights, a folder of files, a gallery made of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from fakes import FakeModel, item_of, motion_of, scene_of
from typer.testing import CliRunner

from monster.cli.app import app
from monster.gallery import Gallery
from monster.io.npz import save_scene

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    """In place of `monster.model`, which would load torch and the weights."""
    fake, module = FakeModel(), ModuleType("monster.model")
    module.load = lambda *_, **__: fake  # type: ignore[attr-defined]
    module.DEFAULT_WEIGHTS = Path(__file__)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "monster.model", module)
    return fake


@pytest.fixture
def run() -> Run:
    """Run the command line; the result has exit_code, stdout and stderr. A defect of ours is raised as it is."""

    def call(*args: object, code: int = 0) -> Any:
        result = CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)
        assert result.exit_code == code, (result.exit_code, result.stdout, result.stderr)
        return result

    return call


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Motions (one file each, and one file with two, captioned), a scene, and two files that cannot be read."""
    made = tmp_path / "mine"
    (made / "clips").mkdir(parents=True)
    np.save(made / "walk.npy", motion_of(3).joints)
    np.savez(made / "clips" / "many.npz", a=motion_of(4).joints, b=motion_of(5).joints)
    line = {"id": "a", "captions": ["someone waves", "waving"], "fps": 30}
    (made / "clips" / "captions.jsonl").write_text(json.dumps(line) + "\n")
    save_scene(made / "room.npz", scene_of(7))
    (made / "broken.bvh").write_text("HIERARCHY\nROOT")
    np.save(made / "flat.npy", np.zeros((4, 7), np.float32))
    (made / "notes.md").write_text("not an item")
    (made / "film.mp4").write_bytes(b"x")
    return made


@pytest.fixture
def gallery_folder(tmp_path: Path, model: FakeModel) -> Path:
    """A gallery of four items of which two share a room."""
    path = tmp_path / "gallery"
    with Gallery.create(path, model) as gallery:
        gallery.add([item_of(1), item_of(2), item_of(3), item_of(4, scene=3)])
    return path
