"""Which items count as negatives of which, against a slow and obvious rule; and what the six terms make of it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch
from tiny_corpus import TINY
from torch.nn import functional

from monster.networks.collate import Encoding, TextBatch
from monster.networks.network import Network
from monster.tasks import ROW_KINDS, Kind, Task
from monster.training.contrastive import MaskedInfoNCE
from monster.training.dataset import SentenceBatch, TrainingBatch
from monster.training.encoding import EncodedBatch, HardNegatives, encode_batch
from monster.training.losses import SIX_TERMS, geometry_loss, kl_divergence, paraphrase_loss, reconstruction
from monster.training.objective import also_relevant, auxiliary_losses, contrastive_losses
from monster.training.prepared import Prepared
from monster.training.recipes import Recipe
from monster.training.sampler import BatchSettings, RoomBatchSampler


@pytest.fixture(scope="module")
def batch(prepared: Prepared) -> TrainingBatch:
    """Nine items in three rooms, about half of them with a scene-free caption."""
    features = torch.randn(4, len(prepared["boxes"]), TINY.hidden, generator=torch.Generator().manual_seed(0))
    settings = BatchSettings(rooms=3, items_per_room=3, scene_free_share=0.6)
    drawn = RoomBatchSampler(prepared, features, settings).draw(np.random.default_rng(3))
    assert 0 < int(drawn.relations.scene_free.sum()) < 9
    return drawn


def network(prepared: Prepared) -> Network:
    """Random weights in evaluation mode."""
    torch.manual_seed(0)
    made = Network(TINY.with_classes(len(prepared.categories))).eval()
    made.set_class_vectors(prepared["class_vectors"])
    return made


def also_answers(batch: TrainingBatch, term: tuple[Kind, Kind], row: int, column: int) -> bool:
    """Whether the column's target is an answer to the row's query too, in plain words."""
    room, same = bool(batch.relations.same_room[row, column]), bool(batch.relations.same_actions[row, column])
    own_text_true, others_text_true = (
        bool(batch.relations.text_true[row, column]),
        bool(batch.relations.text_true[column, row]),
    )
    match term:
        case ("m", "t") | ("ms", "t"):  # the other caption is true of this motion
            return others_text_true or same
        case ("st", "m"):  # the other motion is in this room and does what the caption says
            return (room and own_text_true) or same
        case ("t", "s"):  # a scene-free caption describes no room
            return room or bool(batch.relations.scene_free[row])
        case _:  # the other item is in this room
            return room


@pytest.mark.parametrize("term", SIX_TERMS)
def test_which_targets_are_also_relevant(batch: TrainingBatch, term: tuple[Kind, Kind]) -> None:
    mask = also_relevant(batch.relations, *term)
    for i in range(len(batch.items)):
        for j in range(len(batch.items)):
            assert bool(mask[i, j]) == (i != j and also_answers(batch, term, i, j)), (term, i, j)
    assert mask.any()


SIX = Recipe("six terms")


def encodings(rows: dict[Kind, torch.Tensor]) -> EncodedBatch:
    """Encodings of these means (n, dim); nothing else of them is read."""
    nothing = torch.zeros(0)
    return EncodedBatch(
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
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in ROW_KINDS}
    losses = contrastive_losses(encodings(rows), batch, SIX, loss=MaskedInfoNCE(0.3))
    assert set(losses) == {"t2s", "m2t", "m2s", "st2m", "mt2s", "ms2t"}
    for a, b in SIX_TERMS:
        skip, keep = also_relevant(batch.relations, a, b), torch.ones(9, dtype=torch.bool)
        if (a, b) == ("t", "s"):
            keep = ~batch.relations.scene_free
        query, target = (rows[kind][keep] for kind in Task(a, b).rows)
        expected = slow_term(query, target, skip[keep][:, keep], 0.3)
        assert float(losses[f"{a}2{b}"]) == pytest.approx(expected, abs=1e-4)


def test_a_batch_of_scene_free_captions_has_a_finite_loss(batch: TrainingBatch) -> None:
    relations = dataclasses.replace(batch.relations, scene_free=torch.ones(9, dtype=torch.bool))
    scene_free = dataclasses.replace(batch, relations=relations)
    rows = {kind: torch.randn(9, 8, requires_grad=True) for kind in ROW_KINDS}
    losses = contrastive_losses(encodings(rows), scene_free, SIX, loss=MaskedInfoNCE(0.1))
    assert losses["t2s"].item() == 0.0
    torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
    used = {kind for term in SIX_TERMS for kind in Task(*term).rows}
    assert {kind for kind, row in rows.items() if row.grad is not None} == used
    assert all(bool(row.grad.isfinite().all()) for row in rows.values() if row.grad is not None)


def test_a_motion_that_does_not_do_what_the_text_says_is_a_negative_of_every_room(batch: TrainingBatch) -> None:
    noise = torch.Generator().manual_seed(2)
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in ROW_KINDS}
    wrong_pairs = torch.randn(2, 8, generator=noise)
    plain = float(contrastive_losses(encodings(rows), batch, SIX, loss=MaskedInfoNCE(0.5))["mt2s"])
    losses = []
    for of_motion in (False, True):
        negatives = HardNegatives(torch.tensor([3, 5]), wrong_pairs, torch.tensor([of_motion, False]))
        encoded = EncodedBatch(encodings(rows).kinds, {"mt@s": negatives})
        losses.append(float(contrastive_losses(encoded, batch, SIX, loss=MaskedInfoNCE(0.5))["mt2s"]))
    a, b = (functional.normalize(rows[kind], dim=-1) for kind in ("mt@s", "s"))
    logits = (b @ a.T / 0.5).masked_fill(also_relevant(batch.relations, "mt", "s").T, float("-inf"))
    misses = b @ functional.normalize(wrong_pairs, dim=-1).T / 0.5
    own = misses.masked_fill(~(torch.arange(9)[:, None] == torch.tensor([3, 5])), float("-inf"))
    anywhere = torch.stack([misses[:, 0], own[:, 1]], dim=1)
    for value, more in zip(losses, (own, anywhere), strict=True):
        longer = torch.cat([logits, more], dim=1).logsumexp(1) - logits.logsumexp(1)
        assert value - plain == pytest.approx(float(longer.mean()) / 2, abs=1e-5)
    assert losses[1] > losses[0] > plain


def test_a_caption_that_only_the_room_makes_false_is_no_negative_of_the_motion(batch: TrainingBatch) -> None:
    """Without the room, "the other chair" may be true of a motion; with the room it is false."""
    noise = torch.Generator().manual_seed(4)
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in ROW_KINDS}
    wrong_texts = torch.randn(2, 8, generator=noise)
    plain = contrastive_losses(encodings(rows), batch, SIX, loss=MaskedInfoNCE(0.5))
    for of_motion in ((False, False), (True, False), (False, True), (True, True)):
        negatives = HardNegatives(torch.tensor([3, 5]), wrong_texts, torch.tensor(of_motion))
        encoded = EncodedBatch(encodings(rows).kinds, {"t": negatives})
        losses = contrastive_losses(encoded, batch, SIX, loss=MaskedInfoNCE(0.5))
        for term, used in (("m2t", of_motion), ("ms2t", (True, True))):
            query = functional.normalize(rows["m" if term == "m2t" else "ms"], dim=-1)
            targets, wrong = functional.normalize(rows["t"], dim=-1), functional.normalize(wrong_texts, dim=-1)
            skip = also_relevant(batch.relations, "m" if term == "m2t" else "ms", "t")
            logits = (query @ targets.T / 0.5).masked_fill(skip, float("-inf"))
            own = (query @ wrong.T / 0.5).masked_fill(
                ~((torch.arange(9)[:, None] == torch.tensor([3, 5])) & torch.tensor(used)), float("-inf")
            )
            longer = torch.cat([logits, own], dim=1).logsumexp(1) - logits.logsumexp(1)
            assert float(losses[term] - plain[term]) == pytest.approx(float(longer.mean()) / 2, abs=1e-5)
    assert losses["m2t"] > plain["m2t"]


def with_decoder(prepared: Prepared, recipe: Recipe) -> Network:
    torch.manual_seed(0)
    made = Network(recipe.configured(TINY.with_classes(len(prepared.categories)))).eval()
    made.set_class_vectors(prepared["class_vectors"])
    return made


def test_without_weights_there_are_no_auxiliary_losses(prepared: Prepared, batch: TrainingBatch) -> None:
    made = network(prepared)
    assert TINY.decoder is None  # so a decoded motion would be an error
    encoded = encode_batch(made, batch, label_probability=1.0)
    assert float(auxiliary_losses(made, encoded, batch, SIX)) == 0.0


def test_the_latent_loss_is_a_sum_over_the_terms(batch: TrainingBatch) -> None:
    noise = torch.Generator().manual_seed(5)
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in ROW_KINDS}
    recipe = dataclasses.replace(SIX, latent_weight=0.5)
    part = EncodedBatch({kind: encodings(rows).kinds[kind] for kind in ROW_KINDS if kind != "st"}, {})
    terms = tuple(term for term in SIX_TERMS if "st" not in term)
    losses = auxiliary_losses(None, part, batch, dataclasses.replace(recipe, terms=terms))  # type: ignore[arg-type]
    pairs = [Task(*term).rows for term in terms]
    expected = sum(float(functional.smooth_l1_loss(rows[a], rows[b])) for a, b in pairs)
    assert float(losses) == pytest.approx(0.5 * expected, rel=1e-5)


@pytest.mark.parametrize("weights", [(0.0, 2.0), (0.3, 0.0), (0.3, 2.0)])
def test_motions_are_decoded_from_the_pairs_that_have_one(
    prepared: Prepared, batch: TrainingBatch, weights: tuple[float, float]
) -> None:
    divergence, decoded = weights
    recipe = dataclasses.replace(SIX, kl_weight=divergence, reconstruction_weight=decoded)
    made = with_decoder(prepared, dataclasses.replace(recipe, reconstruction_weight=1.0))
    lacking = dataclasses.replace(batch, motion_row=batch.motion_row.clone())
    lacking.motion_row[[2, 5]] = -1
    with torch.no_grad():
        encoded = encode_batch(made, lacking, label_probability=1.0)
        losses = float(auxiliary_losses(made, encoded, lacking, recipe))
        items, pair = encoded.kinds["st"]
        expected = divergence * float(kl_divergence(pair.mean, pair.log_variance))
        rows = lacking.motion_row[items]
        kept = rows >= 0
        assert lacking.motion is not None
        assert int((~kept).sum()) == 2
        joints, mask = lacking.motion.joints[rows[kept]], lacking.motion.mask[rows[kept]]
        expected += decoded * float(reconstruction(made.decode_motion(pair.mean[kept], mask), joints, mask))
    assert losses == pytest.approx(expected, rel=1e-4)
    nothing = dataclasses.replace(batch, motion_row=torch.full_like(batch.motion_row, -1), motion=None)
    with torch.no_grad():
        without = float(auxiliary_losses(made, encoded, nothing, recipe))
    assert without == pytest.approx(divergence * float(kl_divergence(pair.mean, pair.log_variance)), rel=1e-4)


def test_captions_of_similar_wording_are_no_negatives_if_one_has_no_claim(batch: TrainingBatch) -> None:
    """Of a caption without a claim it is not known what else it is true of; only the term of text and motion asks."""
    vectors = torch.randn(9, 3, generator=torch.Generator().manual_seed(6))
    has_claim = torch.arange(9) % 3 > 0
    relations = dataclasses.replace(batch.relations, text_vectors=vectors, has_claim=has_claim)
    before, after = also_relevant(batch.relations, "m", "t"), also_relevant(relations, "m", "t")
    for i in range(9):
        for j in range(9):
            is_similar = float(torch.cosine_similarity(vectors[i], vectors[j], dim=0)) > 0.6
            is_unknown = not (has_claim[i] and has_claim[j])
            assert bool(after[i, j]) == (bool(before[i, j]) or (i != j and is_similar and is_unknown))
    assert (after & ~before).any()
    for query, target in SIX_TERMS:
        if (query, target) != ("m", "t"):
            assert torch.equal(also_relevant(relations, query, target), also_relevant(batch.relations, query, target))


def test_the_geometry_of_the_captions_is_that_of_the_items_that_have_one(batch: TrainingBatch) -> None:
    noise = torch.Generator().manual_seed(7)
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in ROW_KINDS}
    has_text = torch.arange(9) != 4
    changed = dataclasses.replace(batch, relations=dataclasses.replace(batch.relations, has_text=has_text))
    recipe = dataclasses.replace(SIX, geometry_weight=3.0)
    losses = contrastive_losses(encodings(rows), changed, recipe, loss=MaskedInfoNCE(0.3))
    expected = geometry_loss(rows["t"][has_text], batch.relations.text_vectors[has_text])
    assert float(losses["caption geometry"]) == pytest.approx(1.5 * float(expected), rel=1e-5)
    assert "caption geometry" not in contrastive_losses(encodings(rows), batch, SIX, loss=MaskedInfoNCE(0.3))


def test_a_motion_in_its_own_frame_is_pulled_to_its_scene(batch: TrainingBatch) -> None:
    noise = torch.Generator().manual_seed(8)
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in ROW_KINDS}
    recipe = dataclasses.replace(SIX, frames="own", alone_weight=0.5)
    losses = contrastive_losses(encodings(rows), batch, recipe, loss=MaskedInfoNCE(0.3))
    skip = batch.relations.same_room & ~torch.eye(9, dtype=torch.bool)
    assert float(losses["m2s alone"]) == pytest.approx(0.5 * slow_term(rows["m"], rows["s"], skip, 0.3), abs=1e-4)
    no_scenes = dataclasses.replace(batch.relations, scene=torch.full((9,), -1))
    without = dataclasses.replace(batch, relations=no_scenes)
    for changed, terms in ((without, SIX_TERMS), (batch, (("m", "t"),)), (batch, (("st", "m"),))):
        losses = contrastive_losses(
            encodings(rows), changed, dataclasses.replace(recipe, terms=terms), loss=MaskedInfoNCE(0.3)
        )
        assert "m2s alone" not in losses
        assert all(bool(value.isfinite()) for value in losses.values())


def test_free_sentences_keep_their_geometry_and_paraphrases_attract(prepared: Prepared, batch: TrainingBatch) -> None:
    made = network(prepared)
    tokens = [prepared.part("tokens", row).float().numpy() for row in range(6)]
    sentences = SentenceBatch(TextBatch.of(tokens), torch.arange(3).repeat_interleave(2))
    recipe = dataclasses.replace(SIX, geometry_weight=2.0, paraphrase_weight=0.25)
    with torch.no_grad():
        encoded = encode_batch(made, batch, label_probability=1.0)
        loss = auxiliary_losses(made, encoded, dataclasses.replace(batch, sentences=sentences), recipe)
        means = made.encode_text(sentences.text.tokens, sentences.text.mask).mean
    vectors = torch.stack([torch.from_numpy(states).mean(0) for states in tokens])
    expected = 2 * geometry_loss(means, vectors) + 0.25 * paraphrase_loss(means, vectors, sentences.group)
    assert float(loss) == pytest.approx(float(expected), rel=1e-4)
    assert float(auxiliary_losses(made, encoded, batch, recipe)) == 0.0


def test_mirrored_motions_are_negatives_of_the_caption_of_their_item(batch: TrainingBatch) -> None:
    noise = torch.Generator().manual_seed(9)
    rows = {kind: torch.randn(9, 8, generator=noise) for kind in ROW_KINDS}
    mirrored, items = torch.randn(2, 8, generator=noise), torch.tensor([1, 6])
    plain = contrastive_losses(encodings(rows), batch, SIX, loss=MaskedInfoNCE(0.5))
    negatives = {"m": HardNegatives(items, mirrored, torch.ones(2, dtype=torch.bool))}
    losses = contrastive_losses(
        EncodedBatch(encodings(rows).kinds, negatives),  # type: ignore[arg-type]
        batch,
        SIX,
        loss=MaskedInfoNCE(0.5),
    )
    text, motion = functional.normalize(rows["t"], dim=-1), functional.normalize(rows["m"], dim=-1)
    logits = (text @ motion.T / 0.5).masked_fill(also_relevant(batch.relations, "m", "t").T, float("-inf"))
    more = text @ functional.normalize(mirrored, dim=-1).T / 0.5
    more = more.masked_fill(~(torch.arange(9)[:, None] == items), float("-inf"))
    longer = torch.cat([logits, more], dim=1).logsumexp(1) - logits.logsumexp(1)
    assert float(losses["m2t"] - plain["m2t"]) == pytest.approx(float(longer.mean()) / 2, abs=1e-5)
    assert all(torch.equal(losses[name], plain[name]) for name in plain if name != "m2t")
