"""The checker of generated corpora: every method of the protocol against the functions behind it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from monster.arrays import FloatArray
from monster.corpus.checker import checker_of, flagged
from monster.corpus.storage import Corpus, ItemRecord
from monster.errors import CorpusError
from worlds.actions.registry import ACTIONS
from worlds.captions import HELD_OUT_PATTERNS
from worlds.checker.claims import Claim, Step, is_true
from worlds.checker.records import claim_to_json
from worlds.corpus_checker import WorldsChecker, is_scene_free
from worlds.geometry.relations import ReferringExpression
from worlds.hard_negatives import HELD_OUT_KINDS, KINDS, TEXT_KINDS, is_false


@pytest.fixture(scope="module")
def checker(rooms: Corpus) -> WorldsChecker:
    return WorldsChecker.of(rooms)


def joints_of(rooms: Corpus, record: ItemRecord) -> FloatArray:
    return rooms.motion(str(record.motion)).joints


def test_the_name_in_the_corpus_selects_the_checker(rooms: Corpus) -> None:
    assert rooms.info["checker"] == "worlds" and isinstance(checker_of(rooms), WorldsChecker)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Claim((Step("sit on"),)), True),
        (Claim((Step("walk to"), Step("lie on")), "slowly", "left"), True),
        (Claim((Step("walk to"), Step("sit on", (ReferringExpression("chair"),)))), False),
        (Claim((Step("sit on"),), room="office"), False),
    ],
)
def test_a_scene_free_claim_has_no_object_and_no_room(checker: WorldsChecker, claim: Claim, expected: bool) -> None:
    assert checker.is_scene_free(claim_to_json(claim)) == is_scene_free(claim) == expected


def test_prove_agrees_with_single_claims(rooms: Corpus, checker: WorldsChecker) -> None:
    """Every caption of every item, and scene-free claims of one and two actions, on every motion."""
    actions = [(a,) for a in ACTIONS.names] + [(a, b) for a in ACTIONS.names[::3] for b in ACTIONS.names[::4] if a != b]
    claims = [claim for record in rooms.records for claim in checker.claims(record)]
    claims += [Claim(tuple(map(Step, names)), pace) for names in actions for pace in (None, "quickly")]  # type: ignore[arg-type]
    cases = [(joints_of(rooms, record), str(record.scene)) for record in rooms.records]
    proven = checker.prove([claim_to_json(claim) for claim in claims], iter(cases))
    expected = [[is_true(claim, checker.floor_plans[scene], joints) for joints, scene in cases] for claim in claims]
    np.testing.assert_array_equal(proven, expected)
    assert 50 < proven.sum() < proven.size - 50
    assert (
        checker.prove([], cases).shape == (0, len(cases)) and checker.prove(rooms.records[0].claims, []).shape[1] == 0
    )


def test_unknown_scenes_and_malformed_claims_raise(rooms: Corpus, checker: WorldsChecker) -> None:
    joints = joints_of(rooms, rooms.records[0])
    with pytest.raises(CorpusError, match=r"a scene of rooms.jsonl, got 'elsewhere'"):
        checker.prove(rooms.records[0].claims, [(joints, "elsewhere")])
    for claim in ({}, {"steps": [["fly to"]]}, {"steps": 3}):
        with pytest.raises(CorpusError, match="expected a claim of the generator, got"):
            checker.prove([claim], [(joints, str(rooms.records[0].scene))])


def test_reprove_after_a_crop(rooms: Corpus, checker: WorldsChecker) -> None:
    lost = 0
    for record in rooms.records:
        joints = joints_of(rooms, record)
        whole, part = checker.reprove(record, [joints, joints[: len(joints) // 3]]).T
        assert whole.all()
        for claim, kept in zip(checker.claims(record), part, strict=True):
            assert kept == is_true(claim, checker.floor_plans[str(record.scene)], joints[: len(joints) // 3])
            lost += not kept
    assert lost > 5


def test_new_hard_negatives_are_false_and_of_the_requested_kinds(rooms: Corpus, checker: WorldsChecker) -> None:
    kinds: set[str] = set()
    scenes = sorted(checker.floor_plans)
    for record in rooms.records:
        joints, plan = joints_of(rooms, record), checker.floor_plans[str(record.scene)]
        negatives = checker.hard_negatives(record, joints, scenes=scenes, seed=3)
        for negative in negatives:
            assert is_false(negative, checker.claims(record)[0], joints, floor_plan=plan, rooms=checker.floor_plans)
            assert negative.get("held_out", False) == (negative["kind"] in HELD_OUT_KINDS)
        kinds |= {negative["kind"] for negative in negatives}
        some = checker.hard_negatives(record, joints, kinds=("turned", "other action"), seed=3)
        assert {negative["kind"] for negative in some} <= {"turned", "other action"}
        assert negatives == checker.hard_negatives(record, joints, scenes=scenes, seed=3)
        assert checker.hard_negatives(record, joints) == checker.hard_negatives(record, joints, seed=0)
    assert len(kinds) >= len(KINDS) - 2
    assert checker.hard_negatives(replace(rooms.records[0], metadata={}), joints) == []
    assert checker.hard_negatives(rooms.records[0], joints[:2]) == []  # the caption is false of two frames


def test_a_new_wrong_caption_shares_words_with_the_caption(rooms: Corpus, checker: WorldsChecker) -> None:
    shared = []
    for record in rooms.records:
        words = set(record.captions[0].split())
        negatives = checker.hard_negatives(record, joints_of(rooms, record), kinds=TEXT_KINDS[:1])
        shared += [len(words & set(negative["caption"].split())) / len(words) for negative in negatives]
    assert np.mean(shared) > 0.5


def test_paraphrases_claim_the_same_actions_and_objects(rooms: Corpus, checker: WorldsChecker) -> None:
    count = 0
    for record in rooms.records:
        claims, same = checker.claims(record), checker.paraphrases(record, joints_of(rooms, record))
        if any(step.objects for step in claims[0].steps):
            assert not [number for number in same if is_scene_free(claims[number])]
        assert all([s.action for s in claims[n].steps] == [s.action for s in claims[0].steps] for n in same)
        count += len(same)
    assert count > len(rooms.records)
    assert checker.paraphrases(replace(rooms.records[0], metadata={}), joints_of(rooms, rooms.records[0])) == []


def test_records_of_an_earlier_version_get_flags(rooms: Corpus) -> None:
    for record in rooms.records:
        plain = [
            {key: value for key, value in negative.items() if key not in ("held_out", "of_motion")}
            for negative in record.hard_negatives
        ]
        metadata = {key: value for key, value in record.metadata.items() if key != "held_out"}
        old = replace(record, metadata=metadata | {"counterfactuals": plain})
        assert not old.is_flagged and record.is_flagged
        assert flagged(rooms, [old])[0].metadata == record.metadata
    assert any(pattern in HELD_OUT_PATTERNS for record in rooms.records for pattern in record.metadata["patterns"])


def test_a_reordered_single_action_is_not_false_of_the_motion_alone(rooms: Corpus, checker: WorldsChecker) -> None:
    claim = {"steps": [["walk to", ["chair", "only"]], ["walk to", ["bed", "only"]]]}
    swapped = {"kind": "other order", "caption": "x", "claim": {"steps": claim["steps"][::-1]}}
    other = {"kind": "other action", "caption": "x", "claim": {"steps": [["walk to"], ["sit on"]]}}
    record = ItemRecord("a", None, None, ("x",), "train", {"claims": [claim], "counterfactuals": [swapped, other]})
    assert [negative.get("of_motion", False) for negative in checker.flagged(record).hard_negatives] == [False, True]


def test_describe_lists_every_performed_action(rooms: Corpus, checker: WorldsChecker) -> None:
    for record in rooms.records:
        joints = joints_of(rooms, record)
        entries = checker.describe(joints, str(record.scene))
        assert json.loads(json.dumps(entries)) == entries
        assert [entry["start"] for entry in entries] == sorted(entry["start"] for entry in entries)
        assert all(0 <= entry["start"] < entry["end"] <= len(joints) / 20 for entry in entries)
        described = {(entry["action"], tuple(object_["id"] for object_ in entry["objects"])) for entry in entries}
        assert set(zip(record.metadata["action"], map(tuple, record.metadata["targets"]), strict=True)) <= described
        alone = checker.describe(joints)
        assert not [entry for entry in alone if entry["objects"]]
        walked = sum(entry["metres"] for entry in alone if entry["action"] == "walk")
        length = np.linalg.norm(np.diff(joints[:, 0, :2], axis=0), axis=1).sum()
        assert walked <= length + 0.01 and (walked > 0.4 * length or length < 2)
