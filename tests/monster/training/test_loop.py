"""Training is seeded, goes on where it stopped to the same bits, learns, and says clearly what it cannot do."""

from __future__ import annotations

import dataclasses
import itertools
import json
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from tiny_corpus import SETTINGS, TINY, with_sentences

from monster.checkpoints import WEIGHTS_FILE, load_weights
from monster.errors import CorpusError, InputError, ModelError, WeightsMissing
from monster.networks.network import Network
from monster.training.dataset import TrainingBatch
from monster.training.loop import STATE, read_ahead, train
from monster.training.prepared import Prepared
from monster.training.recipes import Recipe
from monster.training.settings import TrainSettings
from monster.training.trainer import Trainer


@pytest.fixture(scope="module")
def prepared(prepared: Prepared) -> Prepared:
    """The prepared rooms with three groups of free sentences."""
    return with_sentences(prepared, [int(item) for item in prepared.rows(0)[-3:]])


@pytest.fixture(scope="module")
def whole(prepared: Prepared, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Weights of six steps without a break."""
    return train(prepared, tmp_path_factory.mktemp("whole"), config=TINY, settings=SETTINGS)


def some(**changes: Any) -> TrainSettings:
    """The small settings, changed."""
    return dataclasses.replace(SETTINGS, **changes)


def step_of(folder: Path) -> int:
    """The step of the state that a run keeps."""
    return int(torch.load(folder / STATE, weights_only=True)["step"])


def same_bits(one: Path, other: Path) -> bool:
    """Whether two runs hold the same weights and the same state."""
    weights = [load_weights(folder / WEIGHTS_FILE)[0].state_dict() for folder in (one, other)]
    states = [torch.load(folder / STATE, weights_only=True) for folder in (one, other)]
    pairs = [weights, [state["network"] for state in states], [state["ema"] for state in states]]
    equal = all(torch.equal(a[name], b[name]) for a, b in pairs for name in a)
    return equal and torch.equal(states[0]["loss"]["log_scale"], states[1]["loss"]["log_scale"])


def test_a_run_whose_time_was_up_goes_on_to_the_same_bits(
    prepared: Prepared, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three of six steps by a clock that ticks a minute a look; then the rest, begun with another seed by mistake."""
    ticks = itertools.count()
    with monkeypatch.context() as patch:
        patch.setattr("monster.training.loop.time", SimpleNamespace(monotonic=lambda: 60.0 * next(ticks)))
        train(prepared, tmp_path, config=TINY, settings=some(minutes=3.0))
    assert step_of(tmp_path) == 3 and not same_bits(whole.parent, tmp_path)
    train(prepared, tmp_path, config=TINY, settings=some(seed=99))
    assert step_of(tmp_path) == 6 and same_bits(whole.parent, tmp_path)


def test_a_run_that_was_killed_goes_on_from_its_last_state(
    prepared: Prepared, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def step(trainer: Trainer, *batches: TrainingBatch) -> dict[str, float]:
        if trainer.steps_done == 5:
            raise KeyboardInterrupt
        return original(trainer, *batches)

    original = Trainer.step
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Trainer, "step", step)
        train(prepared, tmp_path, config=TINY, settings=SETTINGS)
    assert step_of(tmp_path) == 4 and not (tmp_path / WEIGHTS_FILE).exists()
    train(prepared, tmp_path, config=TINY, settings=SETTINGS)
    assert same_bits(whole.parent, tmp_path)


@pytest.mark.parametrize("frames", ["own", "world"])
def test_recipes_without_frames_train_in_the_coordinates_of_the_files(
    prepared: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frames: Any
) -> None:
    """Because weights of such recipes encode motions and scenes as their files have them."""
    boxes = []

    def step(trainer: Trainer, *batches: TrainingBatch) -> dict[str, float]:
        boxes.append(trainer.sampler.prepared["boxes"])
        raise KeyboardInterrupt

    monkeypatch.setattr(Trainer, "step", step)
    with pytest.raises(KeyboardInterrupt):
        train(prepared, tmp_path, config=TINY, settings=some(recipe=Recipe("plain", frames=frames)))
    expected = prepared if frames == "own" else prepared.in_file_coordinates()
    assert torch.equal(boxes[0], expected["boxes"])


def test_another_seed_gives_other_weights(prepared: Prepared, whole: Path, tmp_path: Path) -> None:
    other = train(prepared, tmp_path, config=TINY, settings=some(seed=1, steps=1))
    assert load_weights(other)[1].fingerprint != load_weights(whole)[1].fingerprint


def test_weights_say_what_they_were_made_of(prepared: Prepared, whole: Path) -> None:
    network, metadata = load_weights(whole)
    assert list(metadata.categories) == prepared.categories
    assert metadata.notes["steps"] == 6 and metadata.notes["settings"]["object_steps"] == 3
    assert metadata.notes["text_model"] == "all-MiniLM-L6-v2" and metadata.notes["corpus"]["generator"]["seed"] == 2
    assert torch.equal(network.scene.class_vectors, prepared["class_vectors"])
    assert "/" not in json.dumps(dict(metadata.notes))


def test_the_saved_weights_are_an_exponential_moving_average(prepared: Prepared, whole: Path) -> None:
    state = torch.load(whole.parent / STATE, weights_only=True)
    saved = load_weights(whole)[0].state_dict()
    assert all(torch.equal(saved[name], state["ema"][name]) for name in saved)
    name = "motion.input.weight"
    apart = [(saved[name] - state["network"][name]).norm(), (saved[name] - start(prepared)[name]).norm()]
    assert float(apart[0]) > 0 and float(apart[1]) > 0


def start(prepared: Prepared) -> dict[str, torch.Tensor]:
    """The random weights that a run of the small settings begins with."""
    torch.manual_seed(SETTINGS.seed)
    return Network(TINY.with_classes(len(prepared.categories))).state_dict()


def test_a_run_may_start_from_weights_alone(prepared: Prepared, whole: Path, tmp_path: Path) -> None:
    """No step taken: the weights that come out are those that went in, and the object encoder was not trained again."""
    stages: list[str] = []
    out = train(
        prepared, tmp_path, settings=some(steps=0), start=whole, report=lambda stage, *rest: stages.append(stage)
    )
    assert load_weights(out)[1].fingerprint == load_weights(whole)[1].fingerprint
    assert stages == []
    moved = train(prepared, tmp_path, settings=some(steps=2), start=whole)
    assert load_weights(moved)[1].fingerprint != load_weights(whole)[1].fingerprint


def test_weights_keep_their_own_categories_on_another_corpus(prepared: Prepared, whole: Path, tmp_path: Path) -> None:
    fewer = prepared.categories[:-1]
    arrays = dict(prepared.arrays) | {
        "classes": prepared["classes"].clamp(max=len(fewer) - 1),
        "class_vectors": prepared["class_vectors"][:-1],
    }
    other = Prepared(arrays, {**prepared.meta, "categories": fewer})
    out = train(other, tmp_path, settings=some(steps=1), start=whole)
    assert list(load_weights(out)[1].categories) == prepared.categories


def test_a_loss_that_is_no_number_stops_with_the_items_and_keeps_the_last_state(
    prepared: Prepared, tmp_path: Path
) -> None:
    train(prepared, tmp_path, config=TINY, settings=some(steps=2))
    kept = (tmp_path / STATE).read_bytes()
    broken = Prepared(dict(prepared.arrays) | {"boxes": torch.full_like(prepared["boxes"], torch.nan)}, prepared.meta)
    with pytest.raises(ModelError, match="step 2: expected a finite loss, got nan; items ") as caught:
        train(broken, tmp_path, config=TINY, settings=SETTINGS)
    named = str(caught.value).partition("items ")[2].split(", ")
    assert len(named) == 6 and set(named) <= set(prepared.meta["items"])
    assert (tmp_path / STATE).read_bytes() == kept
    train(prepared, tmp_path, config=TINY, settings=SETTINGS)
    assert step_of(tmp_path) == 6


def test_time_that_is_up_keeps_a_state(prepared: Prepared, tmp_path: Path) -> None:
    train(prepared, tmp_path, config=TINY, settings=some(minutes=0.0))
    assert step_of(tmp_path) == 0 and (tmp_path / WEIGHTS_FILE).exists()


@pytest.mark.parametrize(
    ("options", "error", "word"),
    [
        ({"config": "large"}, InputError, "unknown config 'large': expected one of paper, small"),
        ({"config": "paper"}, ModelError, "config paper: expected tokens 768 wide, the prepared corpus has 384"),
        ({"start": "nowhere.safetensors"}, WeightsMissing, "nowhere.safetensors"),
    ],
)
def test_runs_that_cannot_begin(
    prepared: Prepared, tmp_path: Path, options: dict[str, Any], error: type[Exception], word: str
) -> None:
    with pytest.raises(error, match=word):
        train(prepared, tmp_path, settings=SETTINGS, **options)


def test_a_corpus_without_training_rooms_is_refused(prepared: Prepared, tmp_path: Path) -> None:
    arrays = dict(prepared.arrays) | {"split": torch.full_like(prepared["split"], 2)}
    with pytest.raises(CorpusError, match="needs at least two items of the training split"):
        train(Prepared(arrays, prepared.meta), tmp_path, config=TINY, settings=SETTINGS)


def test_an_error_while_drawing_is_raised_where_it_is_waited_for() -> None:
    def two_then_broken() -> Any:
        yield from (1, 2)
        raise CorpusError("no more")

    drawn: Any = read_ahead(two_then_broken())
    assert [next(drawn), next(drawn)] == [1, 2]
    with pytest.raises(CorpusError, match="no more"):
        next(drawn)


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    drawn: Any = read_ahead(iter(range(1000)))  # type: ignore[arg-type]
    assert [next(drawn) for _ in range(20)] == list(range(20))
    assert threading.active_count() == before + 1
    drawn.close()
    assert threading.active_count() == before
