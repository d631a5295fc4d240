from __future__ import annotations

import copy
import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monster.errors import ModelError
from monster.networks.config import CONFIGS, PAPER, SMALL, NetworkConfig, StackConfig


@pytest.mark.parametrize("config", [PAPER, SMALL])
def test_a_config_survives_json(config: NetworkConfig) -> None:
    assert NetworkConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    assert CONFIGS[config.name] is config


@given(st.integers(1, 999), st.sampled_from([1, 2, 4, 8]), st.booleans())
def test_other_sizes_survive_json(classes: int, heads: int, decoder: bool) -> None:
    config = dataclasses.replace(
        SMALL.with_classes(classes),
        text=dataclasses.replace(SMALL.text, stack=StackConfig(1, heads, 8, "relu")),
        decoder=StackConfig(1, heads, 8) if decoder else None,
    )
    assert NetworkConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    assert config.scene.classes == classes


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("colour",), 1, "config: unknown settings colour"),
        (("motion", "frame_per_token"), 4, "config.motion: unknown settings frame_per_token"),
        (("scene", "spatial", "head"), 4, "config.scene.spatial: unknown settings head"),
        (("hidden",), "256", "config.hidden: expected int, got '256'"),
        (("hidden",), True, "config.hidden: expected int, got True"),
        (("dropout",), None, "config.dropout: expected float, got None"),
        (("motion", "features"), "global", "config.motion.features: expected one of joints, local, got 'global'"),
        (("scene", "groups"), 3, "config.scene.groups: expected a list, got 3"),
        (("text",), [1], "config.text: expected a mapping of settings, got list"),
    ],
)
def test_wrong_settings_are_named(path: tuple[str, ...], value: object, words: str) -> None:
    values = copy.deepcopy(SMALL.to_dict())
    inner = values
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    with pytest.raises(ModelError, match=words):
        NetworkConfig.from_dict(values)


def test_a_missing_setting_is_named() -> None:
    values = SMALL.to_dict()
    del values["pair"]["decoder"]
    with pytest.raises(ModelError, match=r"config\.pair: missing settings decoder"):
        NetworkConfig.from_dict(values)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"hidden": 250}, "250 cannot be split into 4 heads"),
        ({"dim": 255}, "must be even"),
        ({"dropout": 1.0}, "dropout 1.0"),
        ({"text": dataclasses.replace(SMALL.text, project=False)}, "text.width 384 is not hidden 256"),
        ({"motion": dataclasses.replace(SMALL.motion, frames_per_token=0)}, "at least 1"),
        ({"decoder": StackConfig(1, 3, 8)}, "256 cannot be split into 3 heads"),
        ({"decoder": StackConfig(1, 0, 8)}, "into 0 heads"),
    ],
)
def test_sizes_that_do_not_fit_are_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        dataclasses.replace(SMALL, **changes)  # type: ignore[arg-type]
