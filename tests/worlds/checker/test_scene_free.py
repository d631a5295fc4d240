"""Captions without objects: what training takes for true is what the checker finds true."""

from __future__ import annotations

import pytest

from monster.corpus.storage import Corpus
from worlds.actions.registry import ACTIONS
from worlds.checker.claims import Claim, Step, is_true
from worlds.checker.relations import ObjectPhrase
from worlds.checker.scene_free import Done, Signature


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (Claim((Step("sit on"),)), Signature(("sit on",))),
        (
            Claim((Step("walk to"), Step("lie on")), "slowly", "left"),
            Signature(("walk to", "lie on"), "slowly", "left"),
        ),
        (
            Claim(
                (Step("walk to"), Step("sit on", (ObjectPhrase("chair"),))),
            ),
            None,
        ),
        (Claim((Step("sit on"),), room="office"), None),
    ],
)
def test_only_a_claim_without_things_has_a_signature(claim: Claim, expected: Signature | None) -> None:
    assert Signature.of(claim) == expected


def test_the_same_as_the_checker_for_everything_that_can_be_said(rooms: Corpus) -> None:
    """Every one and two actions, paces and turns, on every motion; both answers occur often."""
    names = ACTIONS.names
    told = [(a,) for a in names] + [(a, b) for a in names for b in names if a != b]
    claims = [Claim(tuple(map(Step, actions))) for actions in told]
    claims += [
        Claim((Step(a),), pace, turn)
        for a in ACTIONS.names
        for pace in ("slowly", "quickly")
        for turn in ("left", None)
    ]
    answers = []
    for record in rooms.records:
        plan, joints = rooms.plans[str(record.scene)], rooms.motion(str(record.motion)).joints
        done = Done.by(joints, plan)
        for claim in claims:
            said = Signature.of(claim)
            assert said is not None
            assert done.fits(said) == is_true(claim, plan, joints), (record.id, claim)
            answers.append(done.fits(said))
    assert 20 < sum(answers) < len(answers) - 20


def test_order_counts() -> None:
    done = Done(
        {"walk to": (3, 50), "sit on": (20,), "lie on": (), "stand up from": (40,), "reach for": (3,)}, None, None
    )
    assert done.fits(Signature(("walk to", "sit on", "stand up from", "walk to")))
    assert not done.fits(Signature(("sit on", "walk to", "stand up from")))
    assert not done.fits(Signature(("walk to", "reach for")))  # at one and the same moment
    assert not done.fits(Signature(("lie on",)))
    assert not done.fits(Signature(("sit on",), pace="slowly"))
    assert not done.fits(Signature(("sit on",), turn="straight"))
