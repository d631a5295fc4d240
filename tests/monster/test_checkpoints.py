from __future__ import annotations

import dataclasses
import json
import os
import pickle
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import safetensors
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from tiny_networks import TINY_PAPER, TINY_SMALL, reference_shapes, tiny_batch, tiny_network
from torch import Tensor

from monster.checkpoints import (
    Metadata,
    fingerprint,
    load_reference_checkpoint,
    load_weights,
    reference_network,
    save_weights,
)
from monster.errors import ModelError, WeightsMissing
from monster.tasks import KINDS

NAMES = tuple(f"thing {number}" for number in range(7))
METADATA = Metadata(NAMES, {"steps": 12, "data": "seed 3"})


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    save_weights(path, tiny_network(), METADATA)
    return path


def test_weights_round_trip_with_their_metadata(weights: Path) -> None:
    network, metadata = load_weights(weights)
    original = tiny_network()
    assert network.config == TINY_SMALL
    assert metadata == dataclasses.replace(METADATA, fingerprint=fingerprint(original))
    assert not network.training
    kept = original.state_dict()
    assert network.state_dict().keys() == kept.keys()
    assert all(torch.equal(value, kept[name]) for name, value in network.state_dict().items())
    found, expected = network(*tiny_batch()), original(*tiny_batch())
    assert all(torch.equal(found[kind].mean, expected[kind].mean) for kind in KINDS)
    assert all(parameter.requires_grad for parameter in network.parameters())


def test_half_precision_is_smaller_nearly_equal_and_float32_in_memory(weights: Path, tmp_path: Path) -> None:
    half = tmp_path / "half.safetensors"
    saved = save_weights(half, tiny_network(), METADATA, dtype="float16")
    network, metadata = load_weights(half)
    assert half.stat().st_size < 0.75 * weights.stat().st_size
    assert metadata.fingerprint == saved.fingerprint == fingerprint(network)
    assert {value.dtype for value in network.parameters()} == {torch.float32}
    found, expected = network(*tiny_batch()), tiny_network()(*tiny_batch())
    assert all(torch.allclose(found[kind].mean, expected[kind].mean, atol=1e-2) for kind in KINDS)


def test_networks_have_different_fingerprints() -> None:
    network = tiny_network()
    before = fingerprint(network)
    assert len(before) == 16
    assert before == fingerprint(tiny_network())
    with torch.no_grad():
        network.scene.class_vectors[0, 0] += 1e-3
    other = dataclasses.replace(TINY_SMALL, name="another")
    assert len({before, fingerprint(network), fingerprint(tiny_network(other))}) == 3


def test_saving_replaces_in_one_step_and_leaves_nothing_else(weights: Path) -> None:
    before = weights.read_bytes()
    save_weights(weights, tiny_network(seed=1), METADATA)
    assert weights.read_bytes() != before
    assert list(weights.parent.iterdir()) == [weights]


def test_categories_must_fit_the_class_head(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="expected 7 category names, got 2"):
        save_weights(tmp_path / "w.safetensors", tiny_network(), Metadata(("a", "b")))
    assert not list(tmp_path.iterdir())


def test_a_path_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match=r"file/w\.safetensors: cannot be written: one of its folders is a file"):
        save_weights(tmp_path / "file" / "w.safetensors", tiny_network(), METADATA)
    (tmp_path / "taken").mkdir()
    with pytest.raises(ModelError, match="taken: cannot be written: Is a directory"):
        save_weights(tmp_path / "taken", tiny_network(), METADATA)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "taken"]


def test_missing_and_foreign_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"nothing\.safetensors: expected a weights file, got nothing"):
        load_weights(tmp_path / "nothing.safetensors")
    with pytest.raises(WeightsMissing):
        load_weights(tmp_path)
    foreign = tmp_path / "foreign.safetensors"
    save_file({"a": torch.zeros(2)}, foreign)
    with pytest.raises(ModelError, match=r"foreign\.safetensors: expected weights written by this project"):
        load_weights(foreign)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 0.999))
def test_a_file_cut_short_is_refused_in_one_line(weights: Path, share: float) -> None:
    content = weights.read_bytes()
    cut = weights.with_name("cut.safetensors")
    cut.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(ModelError, match=r"cut\.safetensors: ") as error:
        load_weights(cut)
    assert "\n" not in str(error.value)


def test_a_changed_value_is_detected(weights: Path) -> None:
    content = bytearray(weights.read_bytes())
    content[-100] ^= 1
    weights.write_bytes(content)
    with pytest.raises(ModelError, match="was it changed"):
        load_weights(weights)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("version", "9", "format version 1, got '9'"),
        ("config", "{}", "missing settings"),
        ("config", "no json", "expected configuration and categories"),
        ("config", json.dumps(TINY_SMALL.to_dict() | {"colour": 1}), "unknown settings colour"),
        ("config", json.dumps(TINY_PAPER.to_dict()), "missing tensors"),
        ("config", json.dumps(TINY_SMALL.to_dict() | {"dim": 16}), "of shape"),
        ("categories", '["a"]', "expected 7 category names, got 1"),
        ("fingerprint", "0" * 16, "expected fingerprint 0000"),
        ("notes", None, "expected configuration and categories"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(weights: Path, key: str, value: str | None, words: str) -> None:
    with safetensors.safe_open(weights, framework="pt") as file:
        header = {name: text for name, text in file.metadata().items() if name != key}
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    save_file(tensors, weights, metadata=header | ({} if value is None else {key: value}))
    with pytest.raises(ModelError, match=words) as error:
        load_weights(weights)
    assert str(error.value).startswith("tiny.safetensors: ")


def reference_state(seed: int = 0) -> dict[str, Tensor]:
    """A state dict in the authors' scheme: shared modules share tensors."""
    noise = torch.Generator().manual_seed(seed)
    shapes = reference_shapes(TINY_PAPER)
    state = {key: torch.rand(shape, generator=noise) * 0.1 + 0.1 for key, shape in shapes.items()}
    inner = "scene_encoder.point_tokenize_encoder."
    for key in state:
        twin = key.replace("scene_encoder.", inner)
        if key.startswith("scene_encoder.") and not key.startswith(inner) and twin in state:
            state[key] = state[twin]
    return state


@pytest.fixture
def categories(tmp_path: Path) -> Path:
    path = tmp_path / "categories.npz"
    np.savez(path, names=np.array(NAMES), vectors=np.arange(35, dtype=np.float32).reshape(7, 5))
    return path


def test_an_authors_checkpoint_is_read(tmp_path: Path, categories: Path) -> None:
    path, state = tmp_path / "model.ckpt", reference_state()
    torch.save({"state_dict": state, "epoch": 3, "hyper_parameters": {"lr": 1e-5}}, path)
    network, metadata = load_reference_checkpoint(path, categories=categories, config=TINY_PAPER)
    assert metadata.categories == NAMES
    assert metadata.fingerprint == fingerprint(network)
    assert torch.equal(network.scene.class_vectors, torch.arange(35.0).reshape(7, 5))
    assert torch.equal(network.motion.input.weight, state["motion_encoder.projection.weight"])
    torch.save(state, path)  # a bare state dict does as well
    bare, _ = load_reference_checkpoint(path, categories=categories, config=TINY_PAPER)
    assert fingerprint(bare) == metadata.fingerprint


def test_settings_of_known_packages_are_skipped(
    tmp_path: Path, categories: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("omegaconf")
    kind = type("DictConfig", (), {"__module__": "omegaconf"})
    module.DictConfig = kind  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "omegaconf", module)
    settings_of_run = kind()
    settings_of_run.lr = 1e-5  # type: ignore[attr-defined]
    path = tmp_path / "model.ckpt"
    torch.save({"state_dict": reference_state(), "hyper_parameters": settings_of_run}, path)
    monkeypatch.delitem(sys.modules, "omegaconf")
    network, _ = load_reference_checkpoint(path, categories=categories, config=TINY_PAPER)
    assert not network.training


class Hostile:
    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (self.command,)


def test_a_hostile_checkpoint_executes_no_code(tmp_path: Path, categories: Path) -> None:
    proof, path = tmp_path / "proof", tmp_path / "hostile.ckpt"
    content = {"state_dict": reference_state(), "extra": Hostile(f"touch {proof}")}
    torch.save(content, path)
    with pytest.raises(ModelError, match=r"hostile\.ckpt: expected tensors and settings, got code: posix\.system"):
        load_reference_checkpoint(path, categories=categories, config=TINY_PAPER)
    path.write_bytes(pickle.dumps(content))
    with pytest.raises(ModelError, match=r"hostile\.ckpt: expected a Lightning checkpoint") as error:
        load_reference_checkpoint(path, categories=categories, config=TINY_PAPER)
    assert "\n" not in str(error.value)
    assert not proof.exists()


@pytest.mark.parametrize("content", [b"", b"no checkpoint", b"PK\x03\x04 cut short", b"\x80\x02}q\x00."])
def test_other_files_than_checkpoints_are_refused(tmp_path: Path, categories: Path, content: bytes) -> None:
    path = tmp_path / "model.ckpt"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.ckpt: ") as error:
        load_reference_checkpoint(path, categories=categories, config=TINY_PAPER)
    assert "\n" not in str(error.value)


def test_a_truncated_checkpoint_is_refused(tmp_path: Path, categories: Path) -> None:
    path = tmp_path / "model.ckpt"
    torch.save({"state_dict": reference_state()}, path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(ModelError, match=r"model\.ckpt: expected a Lightning checkpoint"):
        load_reference_checkpoint(path, categories=categories, config=TINY_PAPER)


@pytest.mark.parametrize("state", [[1, 2], {"a": "text"}, 5])
def test_an_invalid_state_dict_is_refused(tmp_path: Path, categories: Path, state: object) -> None:
    path = tmp_path / "model.ckpt"
    torch.save({"state_dict": state}, path)
    with pytest.raises(ModelError, match="expected a checkpoint with a state_dict of tensors"):
        load_reference_checkpoint(path, categories=categories, config=TINY_PAPER)


def test_missing_files_and_wrong_categories_are_named(tmp_path: Path, categories: Path) -> None:
    path = tmp_path / "model.ckpt"
    with pytest.raises(WeightsMissing, match=r"model\.ckpt: expected a checkpoint, got nothing"):
        load_reference_checkpoint(path, categories=categories)
    torch.save({"state_dict": reference_state()}, path)
    with pytest.raises(WeightsMissing, match=r"none\.npz: expected a file of category vectors, got nothing"):
        load_reference_checkpoint(path, categories=tmp_path / "none.npz")
    with pytest.raises(ModelError, match=r"categories\.npz: expected names \(607,\)"):
        load_reference_checkpoint(path, categories=categories)
    for content in (b"nothing", pickle.dumps({"names": 1})):
        categories.write_bytes(content)
        with pytest.raises(ModelError, match=r"categories\.npz: expected an \.npz with names and vectors"):
            load_reference_checkpoint(path, categories=categories)
    np.savez(categories, words=np.zeros(3))
    with pytest.raises(ModelError, match=r"categories\.npz: expected an \.npz with names and vectors"):
        load_reference_checkpoint(path, categories=categories)


def test_wrong_tensors_are_named() -> None:
    state, vectors = reference_state(), torch.zeros(7, 5)
    missing = {key: value for key, value in state.items() if key != "text_encoder.tokens"}
    with pytest.raises(ModelError, match=r"1 missing tensors: text\.body\.summary"):
        reference_network(missing, vectors, config=TINY_PAPER)
    with pytest.raises(ModelError, match=r"1 unexpected tensors: speech_encoder\.tokens"):
        reference_network(state | {"speech_encoder.tokens": torch.zeros(1)}, vectors, config=TINY_PAPER)
    with pytest.raises(ModelError, match=r"expected text\.body\.summary of shape \(2, 24\), got \(3, 24\)"):
        reference_network(state | {"text_encoder.tokens": torch.zeros(3, 24)}, vectors, config=TINY_PAPER)
