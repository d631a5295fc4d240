"""The initial state of a run: a network that fits corpus and recipe, its object encoder, features of all objects."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from monster.checkpoints import load_weights
from monster.errors import CorpusError, InputError, ModelError, WriteError
from monster.files import atomic_file
from monster.networks.collate import TextBatch
from monster.networks.config import CONFIGS, NetworkConfig
from monster.networks.network import Network
from monster.networks.text import sentence_vectors
from monster.settings_text import unknown_name
from monster.training.object_encoder import (
    ObjectSettings,
    Report,
    is_object_encoder,
    object_features,
    train_new_categories,
    train_objects,
)
from monster.training.prepared import Prepared
from monster.training.recipes import Recipe
from monster.training.settings import TrainSettings

OBJECTS: Final = "objects.pt"
FEATURES: Final = "features.pt"
NEW_CATEGORY_STEPS: Final = 300  # for the rows of new categories


@dataclass(frozen=True)
class InitialState:
    """A network, the categories of its class head, and how many of them came with the weights it starts from."""

    network: Network
    categories: tuple[str, ...]
    known: int


def check_terms(prepared: Prepared, recipe: Recipe) -> None:
    """Raises CorpusError for a term of the recipe that fewer than two items can take part in."""
    has_text = torch.diff(prepared["item_starts"]) > 0
    has = {"t": has_text, "m": prepared["item_motion"] >= 0, "s": prepared["item_scene"] >= 0}
    words = {"t": "captions", "m": "motions", "s": "scenes"}
    trained = prepared["split"] == 0
    for term in recipe.terms:
        letters = sorted({letter for kind in term for letter in kind})
        count = int((torch.stack([has[letter] for letter in letters]).all(0) & trained).sum())
        if count < 2:
            raise CorpusError(
                f"recipe {recipe.name!r}: the term {'2'.join(term)} needs at least two items of the training split with"
                f" {', '.join(words[letter] for letter in letters)}, the corpus has {count}; name others with terms="
            )


def initial_state(
    prepared: Prepared, config: str | NetworkConfig, settings: TrainSettings, start: str | Path | None
) -> InitialState:
    """A network with random weights, or a warm start from the weights ``start``.

    Categories of the corpus that the weights do not know are appended to theirs. Raises InputError for an unknown
    config, ModelError for weights that do not fit corpus and recipe.
    """
    torch.manual_seed(settings.seed)
    if start is not None:
        return _warm_start(prepared, settings.recipe, Path(start))
    if isinstance(config, str):
        if config not in CONFIGS:
            raise InputError(unknown_name("config", config, CONFIGS))
        config = CONFIGS[config]
    _check_widths(config, prepared, f"config {config.name}")
    network = Network(settings.recipe.configured(config.with_classes(len(prepared.categories))))
    network.set_class_vectors(prepared["class_vectors"])
    return InitialState(network, tuple(prepared.categories), known=0)


def _warm_start(prepared: Prepared, recipe: Recipe, start: Path) -> InitialState:
    network, metadata = load_weights(start)
    _check_widths(network.config, prepared, start.name)
    network = with_parts_of(network, recipe, prepared)
    _check_recipe(network.config, recipe, start.name)
    network, categories = with_categories(network, metadata.categories, prepared)
    return InitialState(network, categories, known=len(metadata.categories))


def with_categories(
    network: Network, categories: tuple[str, ...], prepared: Prepared
) -> tuple[Network, tuple[str, ...]]:
    """The network with a row of its class head for every category of the corpus; its own rows stay as they are."""
    new = [row for row, name in enumerate(prepared.categories) if name not in categories]
    if not new:
        return network, categories
    wider = Network(network.config.with_classes(len(categories) + len(new)))
    state = wider.state_dict()
    for name, value in network.state_dict().items():
        if value.shape == state[name].shape:
            state[name] = value
        else:
            state[name][: len(value)] = value
    state["scene.class_vectors"][len(categories) :] = prepared["class_vectors"][new]
    wider.load_state_dict(state)
    return wider.eval(), (*categories, *(prepared.categories[row] for row in new))


def with_parts_of(network: Network, recipe: Recipe, prepared: Prepared) -> Network:
    """The network with the parts that the recipe adds to it: late fusion, own frames, the residual of texts.

    They start without effect, but for the residual, which starts as `aligned_residual`.
    """
    config = network.config
    if (config.pair.fusion, recipe.fusion) == ("separate", "beside"):
        config = config.with_fusion("beside")
    if recipe.frames == "own":
        config = dataclasses.replace(config, frames="own")
    if recipe.text_residual:
        config = dataclasses.replace(config, text=dataclasses.replace(config.text, residual=True))
    if config == network.config:
        return network
    wider = Network(config)
    state = network.state_dict()
    if wider.pairs.fusion == "beside" and "pairs.weight" not in state:
        state["pairs.weight"] = torch.zeros_like(wider.pairs.weight)
    if wider.motion.frame is not None and "motion.frame" not in state:
        state["motion.frame"] = torch.zeros_like(wider.motion.frame)
    if config.text.residual and not network.config.text.residual:
        state["text.residual.weight"] = aligned_residual(network, prepared)
    wider.load_state_dict(state)
    return wider.eval()


@torch.inference_mode()
def aligned_residual(network: Network, prepared: Prepared, *, most: int = 4096) -> Tensor:
    """The map (dim, text.width) of sentence vectors that keeps their cosines and best fits the texts' embeddings.

    Orthogonal Procrustes problem (Schoenemann, 1966), over the first caption of up to ``most`` items; scaled to the
    length of the embeddings.
    """
    starts = prepared["item_starts"]
    items = torch.nonzero(torch.diff(starts) > 0).flatten()
    items = items[torch.randperm(len(items), generator=torch.Generator().manual_seed(0))[:most]]
    captions = prepared["item_captions"][starts[items]].tolist()
    vectors, means = [], []
    for start in range(0, len(captions), 256):
        batch = TextBatch.of([prepared.part("tokens", row).float().numpy() for row in captions[start : start + 256]])
        vectors.append(sentence_vectors(batch.tokens, batch.mask))
        means.append(network.encode_text(batch.tokens, batch.mask).mean.float())
    sentences, embeddings = torch.cat(vectors), torch.cat(means)
    left, _, right = torch.linalg.svd((embeddings - embeddings.mean(0)).T @ (sentences - sentences.mean(0)))
    rank = min(left.shape[0], right.shape[0])
    length = embeddings.norm(dim=-1).mean()
    residual: Tensor = length * (left[:, :rank] @ right[:rank])
    return residual


def _check_widths(config: NetworkConfig, prepared: Prepared, where: str) -> None:
    for name, width in (("tokens", config.text.width), ("class_vectors", config.scene.class_width)):
        if prepared[name].shape[-1] != width:
            got = prepared[name].shape[-1]
            raise ModelError(
                f"{where}: expected {name} {width} wide, the prepared corpus has {got}: another text model?"
            )


def _check_recipe(config: NetworkConfig, recipe: Recipe, where: str) -> None:
    wanted = recipe.configured(config)
    if wanted != config:
        raise ModelError(
            f"{where}: recipe {recipe.name!r} needs weights with fusion {wanted.pair.fusion!r}, head {wanted.head},"
            f" frames {wanted.frames!r} and {'a' if wanted.decoder else 'no'} motion decoder;"
            f" set recipe.fusion={config.pair.fusion} recipe.head={config.head} recipe.frames={config.frames}"
            " or train without --start"
        )


def pretrain_object_encoder(
    initial: InitialState, prepared: Prepared, out: Path, settings: TrainSettings, *, report: Report | None = None
) -> None:
    """Train the object encoder and store it with its features of every object in the run folder, unless they exist.

    Weights of a warm start keep their encoder; only the class head learns the categories that are new.
    """
    encoder, features = out / OBJECTS, out / FEATURES
    if not encoder.exists():
        _train_object_encoder(initial, prepared, settings, report)
        state = initial.network.state_dict()
        save_file({name: value for name, value in state.items() if is_object_encoder(name)}, encoder)
    load_object_encoder(initial.network, encoder)
    if not features.exists():
        save_file(object_features(initial.network, prepared), features)


def _train_object_encoder(
    initial: InitialState, prepared: Prepared, settings: TrainSettings, report: Report | None
) -> None:
    network = initial.network
    stage = ObjectSettings(steps=settings.object_steps, seed=settings.seed)
    if not initial.known:
        if len(prepared["points"]):
            train_objects(network, prepared, stage, report=report)
    elif initial.known < len(initial.categories):
        head_rows = torch.tensor([initial.categories.index(name) for name in prepared.categories])
        stage = dataclasses.replace(stage, steps=min(NEW_CATEGORY_STEPS, stage.steps))
        features = object_features(network, prepared)
        train_new_categories(network, prepared, features, head_rows, settings=stage, old=initial.known)


def load_object_encoder(network: Network, path: Path) -> None:
    """Load the object encoder of a file into the network; it may come from a run with another recipe."""
    network.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"), strict=False)


def save_file(value: Any, path: Path) -> None:
    """Write a torch file atomically. Raises WriteError if it cannot be written; the old file stays."""
    with atomic_file(path) as temporary:
        try:
            torch.save(value, temporary)
        except RuntimeError as error:  # what torch raises for a full disk
            raise WriteError(f"{path}: cannot be written: {str(error).splitlines()[0]}") from error
