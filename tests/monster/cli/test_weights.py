"""weights export: what a run made becomes a smaller file with the same metadata, which loads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from tiny_networks import tiny_network

from monster.checkpoints import Metadata, load_weights, save_weights


@pytest.fixture
def finished_run(tmp_path: Path) -> Path:
    """A run folder with weights."""
    network = tiny_network()
    categories = tuple(f"thing {row}" for row in range(network.config.scene.classes))
    save_weights(tmp_path / "run" / "weights.safetensors", network, Metadata(categories, {"steps": 7}))
    return tmp_path / "run"


def test_export_rounds_matrices_and_keeps_the_metadata(run: Any, finished_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "ship" / "small.safetensors"
    answer = json.loads(run("weights", "export", finished_run, "--out", out, "--json").stdout)
    (whole, before), (half, after) = load_weights(finished_run / "weights.safetensors"), load_weights(out)
    assert (after.categories, after.notes) == (before.categories, before.notes)
    assert answer["fingerprint"] == after.fingerprint != before.fingerprint
    assert answer["bytes"] == out.stat().st_size < 0.7 * (finished_run / "weights.safetensors").stat().st_size
    for name, tensor in whole.state_dict().items():
        expected = tensor.half().float() if tensor.dim() > 1 else tensor
        assert torch.equal(half.state_dict()[name], expected), name


def test_export_in_full_precision_is_the_same_model(run: Any, finished_run: Path, tmp_path: Path) -> None:
    out = tmp_path / "copy.safetensors"
    printed = run("weights", "export", finished_run / "weights.safetensors", "--out", out, "--dtype", "float32").stdout
    same = load_weights(finished_run / "weights.safetensors")[1].fingerprint
    assert load_weights(out)[1].fingerprint == same and f"fingerprint {same}, float32" in printed


def test_what_is_not_a_finished_run_is_refused(run: Any, tmp_path: Path) -> None:
    out = tmp_path / "out.safetensors"
    refused = run("weights", "export", tmp_path, "--out", out, code=2).stderr
    assert "expected a run folder with weights.safetensors, got none; did the run finish?" in refused
    assert (
        "expected a weights file, got nothing"
        in run("weights", "export", tmp_path / "none", "--out", out, code=2).stderr
    )
    assert run("weights", "export", tmp_path, "--out", out, "--dtype", "int8", code=2).exit_code == 2
    assert not out.exists()
