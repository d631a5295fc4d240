from __future__ import annotations

import csv
from pathlib import Path

import pytest
import torch
from tiny_networks import TINY_PAPER, reference_shapes

from monster.errors import ModelError
from monster.networks.config import PAPER
from monster.networks.network import Network
from monster.networks.reference import canonical_key, our_name, translate

KEYS = Path(__file__).parents[4] / "shared" / "data" / "golden" / "state_dict_keys.tsv"


def test_every_tensor_of_the_scheme_has_its_place_and_every_place_its_tensor() -> None:
    state = {key: torch.zeros(shape) for key, shape in reference_shapes(TINY_PAPER).items()}
    with torch.device("meta"):
        expected = {name: tuple(value.shape) for name, value in Network(TINY_PAPER).state_dict().items()}
    del expected["scene.class_vectors"]
    assert {name: tuple(value.shape) for name, value in translate(state, "x").items()} == {
        name: shape or () for name, shape in expected.items()
    }


@pytest.mark.skipif(not KEYS.exists(), reason="the reference's list of tensors is not here")
def test_the_scheme_is_that_of_the_published_network() -> None:
    with KEYS.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    listed = {row["key"]: row["shape"] for row in rows}
    built = {key: "x".join(map(str, shape)) or "scalar" for key, shape in reference_shapes(PAPER).items()}
    assert built == listed
    assert all(canonical_key(row["key"]) == row["canonical_key"] for row in rows)


def test_both_names_of_a_shared_tensor_lead_to_one_place() -> None:
    state = {key: torch.zeros(shape) for key, shape in reference_shapes(TINY_PAPER).items()}
    outer = "scene_encoder.spatial_encoder.1.linear2.bias"
    inner = canonical_key(outer)
    assert inner == "scene_encoder.point_tokenize_encoder.spatial_encoder.1.linear2.bias"
    assert our_name(inner) == "scene.spatial.1.linear2.bias"
    without = {key: value for key, value in state.items() if key != inner}
    assert translate(without, "x").keys() == translate(state, "x").keys()
    with pytest.raises(ModelError, match=rf"x: {outer} and {inner} are one tensor but hold different values"):
        translate(state | {outer: torch.ones(24)}, "x")


def test_names_that_no_rule_knows() -> None:
    assert our_name("motion_encoder.tokens.extra") is None
    assert our_name("speech_encoder.tokens") is None
    assert translate({"ts_encoder.project.weight": torch.zeros(1)}, "x") == {}
    strange = {f"part{number}": torch.zeros(1) for number in range(6)}
    with pytest.raises(ModelError, match=r"x: 6 unexpected tensors: part0, part1, part2, part3 and 2 more"):
        translate(strange, "x")
