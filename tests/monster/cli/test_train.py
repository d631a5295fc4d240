"""corpus generate and stats, train: what the commands hand on and what they print."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest


@pytest.fixture
def corpus(run: Any, tmp_path: Path) -> Path:
    """A corpus of two rooms."""
    made = tmp_path / "corpus"
    told = json.loads(
        run(
            "corpus", "generate", "--rooms", 2, "--items", 6, "--seed", 3, "--workers", 1, "--out", made, "--json"
        ).stdout
    )
    assert told["items"] == 6
    return made


def test_generate_and_stats(run: Any, corpus: Path) -> None:
    counted = json.loads(run("corpus", "stats", corpus, "--json").stdout)
    assert (counted["items"], counted["motions"], counted["scenes"]) == (6, 6, 2)
    assert sum(counted["splits"].values()) == 6 and sum(counted["rooms"].values()) == 6
    assert counted["captions"] >= counted["distinct captions"] >= 6
    assert "items              6" in run("corpus", "stats", corpus).stdout
    assert (
        "already holds a corpus"
        in run("corpus", "generate", "--out", corpus, "--rooms", 2, "--items", 6, code=2).stderr
    )


def test_impossible_settings_are_refused(run: Any, tmp_path: Path) -> None:
    assert "rooms" in run("corpus", "generate", "--rooms", 9, "--items", 3, "--out", tmp_path / "c", code=2).stderr
    assert "Invalid value" in run("corpus", "generate", "--rooms", 0, "--out", tmp_path / "c", code=2).stderr
    assert "corpus" in run("corpus", "stats", tmp_path, code=2).stderr


def test_train_refuses_settings_that_it_does_not_know(run: Any, corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert "key=value" in run("train", "--corpus", corpus, "--out", out, "steps", code=2).stderr
    assert "unknown setting 'stepz'" in run("train", "--corpus", corpus, "--out", out, "stepz=3", code=2).stderr
    assert (
        "unknown loss 'TripletLoss'"
        in run("train", "--corpus", corpus, "--out", out, "loss=TripletLoss", code=2).stderr
    )
    unknown = run("train", "--corpus", corpus, "--out", out, "loss=SupConLoss", "loss.alpha=2", code=2).stderr
    assert "unknown argument of loss SupConLoss 'alpha'" in unknown
    assert not out.exists()


def test_train_without_its_extra_starts_nothing(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    arguments = ["train", "--corpus", str(corpus), "--out", str(out)]
    code = (
        "import sys\nsys.modules['pytorch_metric_learning'] = None\n"
        f"sys.argv[1:] = {arguments!r}\nfrom monster.cli.app import main\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode == 2, done.stderr
    assert "pip install 'monster-retrieval[train]'" in done.stderr and done.stderr.count("\n") == 1
    assert not out.exists()


def test_train_hands_on_what_it_was_given(
    run: Any, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = {}

    def fake_train(prepared: object, out: Path, **options: Any) -> Path:
        given.update(options, prepared=prepared)
        options["report"]("network", 20, {"loss": 1.25})
        return out / "weights.safetensors"

    monkeypatch.setattr("monster.training.loop.train", fake_train)
    monkeypatch.setattr(
        "monster.training.preparation.prepare",
        lambda corpus, out, progress: (
            progress(0, 6, "motions"),
            SimpleNamespace(left_out=[("a", "m.npz: broken")], meta={"items": range(len(corpus))}),
        )[1],
    )
    result = run(
        "train", "--corpus", corpus, "--out", tmp_path / "run", "--config", "small", "steps=7", "learning_rate=0.001"
    )
    assert (given["settings"].steps, given["settings"].learning_rate, given["config"]) == (7, 0.001, "small")
    assert len(given["prepared"].meta["items"]) == 6
    assert "1 of 7 items left out:" in result.stderr and "a: m.npz: broken" in result.stderr
    assert "network 20: loss 1.25" in result.stderr and "preparing motions: 0 of 6" in result.stderr
    assert result.stdout.strip().endswith("weights.safetensors")
    other = shutil.copytree(corpus, tmp_path / "other")
    run("train", "--corpus", corpus, "--corpus", other, "--out", tmp_path / "both")
    assert len(given["prepared"].meta["items"]) == 12
