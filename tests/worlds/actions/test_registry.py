"""One place for every action: its record, and one line in the registry."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np
import pytest
from handmade import plain_room

import worlds
from monster.errors import InputError
from worlds.actions.registry import ACTIONS, ActionRegistry
from worlds.actions.seats.sit_on import SIT_ON

SOURCES = Path(worlds.__file__).parent


def test_no_module_outside_the_actions_names_one() -> None:
    for path in SOURCES.rglob("*.py"):
        if SOURCES / "actions" in path.parents:
            continue
        strings = {node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)}
        assert not strings & set(ACTIONS.names), path


def test_each_action_is_named_in_one_module() -> None:
    modules: dict[str, set[str]] = {name: set() for name in ACTIONS.names}
    for path in (SOURCES / "actions").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in modules:
                modules[node.value].add(path.name)
    assert {name for name, found in modules.items() if len(found) != 1} == set()


def test_an_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(InputError, match="expected the name of an action, got 'fly'; known are walk to, "):
        ACTIONS["fly"]


def test_a_name_is_registered_once() -> None:
    with pytest.raises(InputError, match="duplicate action 'sit on'"):
        ActionRegistry([SIT_ON, SIT_ON])


def test_actions_are_registered_for_a_block() -> None:
    registry = ActionRegistry()
    with registry.including(SIT_ON):
        assert registry["sit on"] is SIT_ON and len(registry) == 1
    assert "sit on" not in registry


def test_a_successor_is_an_action_on_as_many_targets() -> None:
    followed = [spec for spec in ACTIONS if spec.sampling.successor is not None]
    assert followed
    for spec in followed:
        assert spec.sampling.successor is not None
        assert ACTIONS[spec.sampling.successor.action].arity == spec.arity


def test_what_can_be_done_to_an_object_suits_it() -> None:
    """Hard negatives put a suitable object in place of the right one: the right one has to be suitable."""
    room = plain_room()
    for spec in ACTIONS:
        for thing in room.objects:
            assert isinstance(spec.hard_negatives.suits(thing), bool)
    assert not SIT_ON.hard_negatives.suits(min(room.objects, key=lambda thing: len(thing.seats)))
    assert np.isinf(ACTIONS["look at"].reach) and ACTIONS["walk between"].arity == 2
