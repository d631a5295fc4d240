"""What a run begins with: recipes shape the network, new categories are added, a full disk costs nothing old."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tiny_corpus import SETTINGS, TINY, with_sentences
from torch.nn import functional

from monster.checkpoints import load_weights
from monster.errors import CorpusError, ModelError
from monster.networks.collate import Encoding, TextBatch
from monster.networks.network import Network
from monster.networks.text import sentence_vectors
from monster.training.loop import STATE, train
from monster.training.losses import geometry_loss
from monster.training.prepared import Prepared
from monster.training.recipes import RECIPES
from monster.training.setup import aligned_residual, check_terms, save_file, with_parts_of


@pytest.mark.parametrize("name", list(RECIPES))
def test_every_recipe_trains_and_its_weights_load(prepared: Prepared, tmp_path: Path, name: str) -> None:
    reports: list[dict[str, float]] = []
    arrays = dict(prepared.arrays) | {"split": torch.where(prepared["split"] == 2, 1, prepared["split"])}
    sentences = [int(item) for item in prepared.rows(0)[-3:]]
    settings = dataclasses.replace(
        SETTINGS, recipe=RECIPES[name], steps=2, validate_every=2, patience=1, accumulate=2, object_steps=1
    )
    out = train(
        with_sentences(Prepared(arrays, prepared.meta), sentences),
        tmp_path,
        config=TINY,
        settings=settings,
        report=lambda stage, step, losses: reports.append(dict(losses)) if stage == "validation" else None,
    )
    network, _ = load_weights(out)
    assert network.config.pair.fusion == RECIPES[name].fusion
    assert network.config.frames == RECIPES[name].frames
    assert (network.decoder is not None) == (RECIPES[name].reconstruction_weight > 0)
    assert 0 <= reports[0]["mrecall"] <= 100 and ("st2m" in reports[0]) == (name != "text-motion")
    assert torch.load(tmp_path / STATE, weights_only=True)["best"][0] == pytest.approx(reports[0]["mrecall"])


def test_new_categories_get_rows_and_old_rows_stay(prepared: Prepared, tmp_path: Path) -> None:
    first = train(prepared, tmp_path / "a", config=TINY, settings=dataclasses.replace(SETTINGS, steps=0))
    names = ["harp", *prepared.categories[1:]]
    vectors = torch.cat([-prepared["class_vectors"][:1], prepared["class_vectors"][1:]])
    other = Prepared(dict(prepared.arrays) | {"class_vectors": vectors}, {**prepared.meta, "categories": names})
    out = train(other, tmp_path / "b", settings=dataclasses.replace(SETTINGS, steps=0), start=first)
    (old, _), (new, metadata) = load_weights(first), load_weights(out)
    assert list(metadata.categories) == [*prepared.categories, "harp"]
    for name, value in old.state_dict().items():
        assert torch.equal(new.state_dict()[name][: len(value)] if value.dim() else new.state_dict()[name], value), name
    assert torch.equal(new.scene.class_vectors[-1], vectors[0])


def test_weights_of_another_shape_are_refused_with_the_remedy(prepared: Prepared, tmp_path: Path) -> None:
    settings = dataclasses.replace(SETTINGS, steps=0, recipe=RECIPES["late-fusion"])
    late = train(prepared, tmp_path / "a", config=TINY, settings=settings)
    with pytest.raises(ModelError, match=r"needs weights with fusion 'beside'.*set recipe\.fusion=late"):
        train(prepared, tmp_path / "b", settings=SETTINGS, start=late)


def test_the_sum_beside_a_pair_begins_with_no_weight_and_learns_one(prepared: Prepared) -> None:
    torch.manual_seed(0)
    apart = Network(TINY.with_classes(len(prepared.categories))).eval()
    made = with_parts_of(apart, RECIPES["ours-world"], prepared)
    assert with_parts_of(apart, RECIPES["six-term"], prepared) is apart and made.config.pair.fusion == "beside"
    a, b = (
        Encoding(
            torch.randn(3, TINY.dim), torch.zeros(3, TINY.dim), torch.randn(3, 2, TINY.hidden), torch.ones(3, 2).bool()
        )
        for _ in "ab"
    )
    plain, sum_beside = (network.encode_pair("mt", a, b).mean for network in (apart, made))
    torch.testing.assert_close(sum_beside, functional.normalize(plain, dim=-1))
    sum_beside[:, 0].sum().backward()  # type: ignore[no-untyped-call]
    assert made.pairs.weight.grad is not None and bool(made.pairs.weight.grad.any())


def caption_batch(prepared: Prepared) -> TextBatch:
    """Token states of all captions."""
    rows = range(len(prepared["scene_free"]))
    return TextBatch.of([prepared.part("tokens", row).float().numpy() for row in rows])


def correlation(one: torch.Tensor, other: torch.Tensor) -> float:
    """Of the pairwise cosines of two sets of rows."""
    return 1 - float(geometry_loss(one, other))


def test_the_residual_of_texts_keeps_cosines_and_fits_the_embeddings(prepared: Prepared) -> None:
    torch.manual_seed(0)
    made, batch = Network(TINY.with_classes(len(prepared.categories))).eval(), caption_batch(prepared)
    weight = aligned_residual(made, prepared)
    assert weight.shape == (TINY.dim, TINY.text.width)
    square = weight @ weight.T
    torch.testing.assert_close(square, square[0, 0] * torch.eye(TINY.dim), atol=1e-3 * float(square[0, 0]), rtol=0)
    vectors = sentence_vectors(batch.tokens, batch.mask)
    with torch.no_grad():
        means = made.encode_text(batch.tokens, batch.mask).mean
    assert float(weight.norm(dim=1).mean()) == pytest.approx(float(means.norm(dim=-1).mean()), rel=0.1)
    random = torch.linalg.qr(torch.randn(TINY.text.width, TINY.dim))[0].T
    centred, texts = vectors - vectors.mean(0), means - means.mean(0)
    fits = [float(torch.cosine_similarity(centred @ each.T, texts).mean()) for each in (weight, random)]
    assert fits[0] > fits[1] + 0.2
    shuffled = vectors[torch.randperm(len(vectors), generator=torch.Generator().manual_seed(0))]
    kept = correlation(centred @ weight.T, centred)
    assert kept > 0.2 and kept > abs(correlation(centred @ weight.T, shuffled)) + 0.1


def test_weights_of_one_frame_start_a_run_with_two_frames_and_a_text_residual(
    prepared: Prepared, tmp_path: Path
) -> None:
    still = dataclasses.replace(SETTINGS, steps=0, recipe=RECIPES["ours-world"])
    first = train(prepared, tmp_path / "a", config=TINY, settings=still)
    second = train(prepared, tmp_path / "b", settings=dataclasses.replace(SETTINGS, steps=0), start=first)
    (old, _), (new, _) = load_weights(first), load_weights(second)
    assert new.config.frames == "own" and new.config.text.residual
    for name, value in old.state_dict().items():
        assert torch.equal(new.state_dict()[name], value), name
    batch, joints = caption_batch(prepared), torch.randn(2, 12, 22, 3)
    mask = torch.ones(2, 12, dtype=torch.bool)
    with torch.no_grad():
        texts = [network.encode_text(batch.tokens, batch.mask).mean for network in (old, new)]
        motions = [old.encode_motion(joints, mask), *(new.encode_motion(joints, mask, placed=p) for p in (False, True))]
        vectors = sentence_vectors(batch.tokens, batch.mask)
    assert new.text.residual is not None
    torch.testing.assert_close(texts[1], texts[0] + vectors @ new.text.residual.weight.T)
    for encoding in motions[1:]:
        torch.testing.assert_close(encoding.mean, motions[0].mean)
    assert correlation(texts[1], vectors) > correlation(texts[0], vectors)
    with pytest.raises(ModelError, match=r"needs weights with .* frames 'world'.*set .*recipe\.frames=own"):
        train(prepared, tmp_path / "c", settings=still, start=second)


def test_a_term_without_items_is_named(prepared: Prepared) -> None:
    arrays = dict(prepared.arrays) | {"item_scene": torch.full_like(prepared["item_scene"], -1)}
    with pytest.raises(CorpusError, match=r"recipe 'ours': the term t2s needs at least two items .* has 0"):
        check_terms(Prepared(arrays, prepared.meta), RECIPES["ours"])
    check_terms(Prepared(arrays, prepared.meta), RECIPES["text-motion"])


def test_a_disk_that_is_full_keeps_what_was_there(tmp_path: Path) -> None:
    save_file({"step": 1}, tmp_path / "state.pt")
    kept = (tmp_path / "state.pt").read_bytes()
    code = (
        "import resource, signal, sys, torch\nfrom pathlib import Path\nfrom monster.errors import WriteError\n"
        "from monster.training.setup import save_file\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"
        "try:\n    save_file({'w': torch.zeros(100000)}, Path(sys.argv[1]))\nexcept WriteError as error:\n"
        "    print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", code, str(tmp_path / "state.pt")], capture_output=True, text=True)
    assert "cannot be written" in run.stdout, run.stderr
    assert (tmp_path / "state.pt").read_bytes() == kept and len(list(tmp_path.iterdir())) == 1


def test_a_bare_machine_can_train() -> None:
    """Only torch, numpy, safetensors and pytorch-metric-learning are imported."""
    code = (
        "import sys\nfor name in ('open3d', 'faiss', 'trimesh', 'typer', 'rich', 'sentence_transformers',"
        " 'transformers', 'pydantic', 'sklearn', 'matplotlib'):\n    sys.modules[name] = None\n"
        "import monster.training.loop\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
