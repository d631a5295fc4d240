"""Which items count as negatives of which, against a slow and obvious rule; and what the six terms make of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from tiny_corpus import TINY
from torch.nn import functional

from monster.networks.collate import Encoding
from monster.networks.network import Network
from monster.networks.pairs import PAIR_PARTS
from monster.tasks import KINDS, Kind
from monster.training.dataset import TrainingBatch
from monster.training.losses import SIX_TERMS
from monster.training.objective import Encoded, Wrong, _share, contrast, encode_batch, not_negative
from monster.training.prepared import Prepared
from monster.training.recipes import Recipe
from monster.training.sampler import Batcher, BatchSettings


@pytest.fixture(scope="module")
def batch(prepared: Prepared) -> TrainingBatch:
    """Nine items in three rooms, about half of them told without naming an object."""
    features = torch.randn(4, len(prepared["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))
    settings = BatchSettings(rooms=3, items_per_room=3, bare_share=0.6)
    drawn = Batcher(prepared, features, settings).draw(np.random.default_rng(3))
    assert 0 < int(drawn.relations.bare.sum()) < 9
    return drawn


def network(prepared: Prepared) -> Network:
    """Random weights in evaluation mode."""
    torch.manual_seed(0)
    made = Network(TINY.with_classes(len(prepared.categories))).eval()
    made.set_class_vectors(prepared["class_vectors"])
    return made


def also_answers(batch: TrainingBatch, term: tuple[Kind, Kind], row: int, column: int) -> bool:
    """Whether the column's target is an answer to the row's query too, in plain words."""
    room, plan = bool(batch.relations.same_room[row, column]), bool(batch.relations.same_plan[row, column])
    own_text_fits, others_text_fits = (
        bool(batch.relations.text_fits[row, column]),
        bool(batch.relations.text_fits[column, row]),
    )
    match term:
        case ("m", "t") | ("ms", "t"):  # the other's text is true of this motion
            return others_text_fits or plan
        case ("st", "m"):  # the other's motion is in this room and does what the text says
            return (room and own_text_fits) or plan
        case ("t", "s"):  # a text without objects says nothing of a room
            return room or bool(batch.relations.bare[row])
        case _:  # the other's room is this room
            return room


@pytest.mark.parametrize("term", SIX_TERMS)
def test_what_is_no_negative(batch: TrainingBatch, term: tuple[Kind, Kind]) -> None:
    found = not_negative(batch.relations, *term)
    for i in range(len(batch.items)):
        for j in range(len(batch.items)):
            assert bool(found[i, j]) == (i != j and also_answers(batch, term, i, j)), (term, i, j)
    assert found.any()


def test_a_batch_is_encoded_as_its_items_are(prepared: Prepared, batch: TrainingBatch) -> None:
    made = network(prepared)
    with torch.no_grad():
        encoded = encode_batch(made, batch, label_probability=1.0)
        found = {kind: encoding for kind, (_, encoding) in encoded.kinds.items()}
        assert batch.scene is not None
        scenes = made.encode_scene(batch.scene)
        assert set(found) == set(KINDS)
        assert torch.equal(found["s"].mean, scenes.mean[batch.room])
        for kind, (a, b) in PAIR_PARTS.items():
            torch.testing.assert_close(found[kind].mean, made.encode_pair(kind, found[a], found[b]).mean)
    assert {encoding.mean.shape for encoding in found.values()} == {(9, TINY.dim)}


SIX = Recipe("six terms")


def encodings(rows: dict[Kind, torch.Tensor]) -> Encoded:
    """Encodings of these means (n, dim); nothing else of them is read."""
    nothing = torch.zeros(0)
    return Encoded(
        {kind: (torch.arange(len(mean)), Encoding(mean, nothing, nothing, nothing)) for kind, mean in rows.items()}, {}
    )


def slow_term(a: torch.Tensor, b: torch.Tensor, skip: torch.Tensor, temperature: float) -> float:
    """Symmetric InfoNCE, one query at a time."""
    a, b = a / a.norm(dim=1, keepdim=True), b / b.norm(dim=1, keepdim=True)
    logits, losses = (a @ b.T / temperature).double(), []
    for i in range(len(a)):
        for line, left_out in ((logits[i], skip[i]), (logits[:, i], skip[:, i])):
            total = sum(float(line[j].exp()) for j in range(len(a)) if not left_out[j])
            losses.append(-float(line[i]) + float(np.log(total)))
    return float(np.mean(losses))


def test_terms_are_the_contrast_over_what_is_left(batch: TrainingBatch) -> None:
    noise = torch.Generator().manual_seed(1)
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in KINDS}
    found = contrast(encodings(rows), batch, SIX, temperature=0.3)
    assert set(found) == {"t2s", "m2t", "m2s", "st2m", "mt2s", "ms2t"}
    for a, b in SIX_TERMS:
        skip, keep = not_negative(batch.relations, a, b), torch.ones(9, dtype=torch.bool)
        if (a, b) == ("t", "s"):
            keep = ~batch.relations.bare
        wanted = slow_term(rows[a][keep], rows[b][keep], skip[keep][:, keep], 0.3)
        assert float(found[f"{a}2{b}"]) == pytest.approx(wanted, abs=1e-4)


def test_texts_that_all_name_nothing_leave_a_finite_loss(batch: TrainingBatch) -> None:
    relations = dataclasses.replace(batch.relations, bare=torch.ones(9, dtype=torch.bool))
    bare = dataclasses.replace(batch, relations=relations)
    rows = {kind: torch.randn(9, 8, requires_grad=True) for kind in KINDS}
    found = contrast(encodings(rows), bare, SIX, temperature=0.1)
    assert found["t2s"].item() == 0.0
    torch.stack(list(found.values())).sum().backward()  # type: ignore[no-untyped-call]
    assert all(bool(row.grad is not None and row.grad.isfinite().all()) for row in rows.values())


def test_near_misses_meet_their_item_in_every_pair_they_are_part_of(prepared: Prepared) -> None:
    features = torch.randn(4, len(prepared["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))
    settings = BatchSettings(rooms=3, items_per_room=3, text_negatives=2, motion_negatives=1)
    batch = Batcher(prepared, features, settings).draw(np.random.default_rng(4))
    recipe = dataclasses.replace(SIX, text_negatives=2, motion_negatives=1, pair_negatives=1.0)
    made = network(prepared)
    with torch.no_grad():
        encoded = encode_batch(made, batch, label_probability=1.0, recipe=recipe)
        plain = encode_batch(made, batch, label_probability=1.0, recipe=dataclasses.replace(recipe, pair_negatives=0))
        assert {kind: len(parts) for kind, parts in encoded.wrong.items()} == {
            "t": 1,
            "m": 1,
            "st": 1,
            "mt": 2,
            "ms": 1,
        }
        assert set(plain.wrong) == {"t", "m"}
        wrong = encoded.wrong["mt"][0]
        texts = encoded.wrong["t"][0].encoding
        assert wrong.of.tolist() == batch.wrong_text_of.tolist()
        motions = encoded.kinds["m"][1].take(wrong.of)
        torch.testing.assert_close(wrong.encoding.mean, made.encode_pair("mt", texts, motions).mean)
        terms, fewer = (contrast(each, batch, recipe, temperature=0.2) for each in (encoded, plain))
    for name in ("st2m", "mt2s", "ms2t"):  # more to be told apart from
        assert float(terms[name]) > float(fewer[name])
    assert terms["t2s"] == fewer["t2s"]


def test_a_motion_that_does_not_do_what_the_text_says_is_a_negative_of_every_room(batch: TrainingBatch) -> None:
    noise = torch.Generator().manual_seed(2)
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in KINDS}
    near = Encoding(
        torch.randn(2, 8, generator=noise), torch.zeros(2, 8), torch.zeros(2, 1, 8), torch.ones(2, 1).bool()
    )
    plain = float(contrast(encodings(rows), batch, SIX, temperature=0.5)["mt2s"])
    found = []
    for of_motion in (False, True):
        wrong = Wrong(torch.tensor([3, 5]), near, torch.tensor([of_motion, False]))
        told = contrast(Encoded(encodings(rows).kinds, {"mt": [wrong]}), batch, SIX, temperature=0.5)
        found.append(float(told["mt2s"]))
    a, b = (functional.normalize(rows[kind], dim=-1) for kind in ("mt", "s"))
    logits = (b @ a.T / 0.5).masked_fill(not_negative(batch.relations, "mt", "s").T, float("-inf"))
    misses = b @ functional.normalize(near.mean, dim=-1).T / 0.5
    own = misses.masked_fill(~(torch.arange(9)[:, None] == torch.tensor([3, 5])), float("-inf"))
    anywhere = torch.stack([misses[:, 0], own[:, 1]], dim=1)
    for value, more in zip(found, (own, anywhere), strict=True):
        longer = torch.cat([logits, more], dim=1).logsumexp(1) - logits.logsumexp(1)
        assert value - plain == pytest.approx(float(longer.mean()) / 2, abs=1e-5)
    assert found[1] > found[0] > plain


@pytest.mark.parametrize(
    ("count", "share", "wanted"), [(128, 1.0, 128), (100, 1.0, 100), (128, 0.33, 48), (9, 0.33, 3)]
)
def test_a_share_of_near_misses_is_round_where_they_are_many(count: int, share: float, wanted: int) -> None:
    assert int(_share(count, share).sum()) == wanted
