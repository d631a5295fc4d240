"""A user's mapping for rigs that nobody knows by name."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reader_files import bvh_text, walking, z_up

from monster.errors import FileFormatError, InputError
from monster.io import read_motion
from monster.io.normalise.mapping import mapped_places, read_mapping
from monster.skeleton import INDEX, JOINTS

STRANGE = {name: f"knob{'abcdefghijklmnopqrstuv'[place]}" for place, name in enumerate(JOINTS)}


def test_a_rig_without_a_known_name(tmp_path: Path) -> None:
    path, mapping = tmp_path / "walk.bvh", tmp_path / "mapping.json"
    path.write_text(bvh_text(STRANGE))
    with pytest.raises(FileFormatError, match=r"walk\.bvh: expected a skeleton with joints that can be recognised"):
        read_motion(path)
    mapping.write_text(json.dumps(STRANGE))
    expected = z_up(walking(60))
    expected[..., 2] -= np.percentile(expected[..., 2].min(axis=1), 1)
    for given_mapping in (mapping, str(mapping), STRANGE):
        motion = read_motion(path, mapping=given_mapping)
        assert np.abs(motion.joints - expected).max() < 1e-4
    assert "22 by the mapping" in str(motion.provenance.findings[0])


def test_the_middle_of_several_joints_and_names_in_any_case(tmp_path: Path) -> None:
    path = tmp_path / "walk.bvh"
    path.write_text(bvh_text(STRANGE))
    mapping = STRANGE | {"head": ["knobm", "KNOBP"]}  # neck and head
    expected = walking(60)[:, [INDEX["neck"], INDEX["head"]]].mean(axis=1)
    found = read_motion(path, mapping=mapping).joints
    rise = found[:, INDEX["head"], 2] - found[:, INDEX["neck"], 2]
    assert np.abs(rise - (expected[:, 1] - walking(60)[:, INDEX["neck"], 1])).max() < 1e-4


def test_part_of_a_mapping_leaves_the_rest_to_names(tmp_path: Path) -> None:
    names = {name: name for name in JOINTS} | {"left_knee": "hinge"}
    path = tmp_path / "walk.bvh"
    path.write_text(bvh_text(names))
    with pytest.raises(FileFormatError, match="found none for left_knee"):
        read_motion(path)
    assert len(read_motion(path, mapping={"left_knee": "hinge"})) == 60


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[1, 2]", "expected a JSON object"),
        ("{", "expected a JSON object"),
        ('{"tail": "x"}', "unknown joint 'tail'"),
        ('{"head": 3}', "expected a name or a list of names for head"),
        ('{"head": []}', "expected a name or a list of names for head"),
    ],
)
def test_wrong_mapping_files(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "mapping.json"
    path.write_text(content)
    with pytest.raises(FileFormatError, match=rf"^mapping\.json: .*{words}"):
        read_mapping(path)


def test_a_name_that_the_file_has_not(tmp_path: Path) -> None:
    path = tmp_path / "walk.bvh"
    path.write_text(bvh_text(STRANGE))
    with pytest.raises(FileFormatError, match=r"walk\.bvh: the mapping has 'Skull' for head, which is not among knob"):
        read_motion(path, mapping=STRANGE | {"head": "Skull"})
    with pytest.raises(InputError, match="unknown joint 'tail'"):
        read_motion(path, mapping={"tail": "knoba"})


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from(JOINTS), st.lists(st.text(min_size=1), min_size=1, max_size=3)))
def test_mappings_find_their_names(mapping: dict[str, list[str]]) -> None:
    names = [name for entry in mapping.values() for name in entry]
    places = mapped_places(read_mapping(mapping), names)
    assert {joint: [names[place] for place in found] for joint, found in places.items()} == mapping
