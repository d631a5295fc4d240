"""What a run begins with: a network that fits corpus and recipe, its object encoder, the features of all objects."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import torch

from monster.checkpoints import load_weights
from monster.errors import CorpusError, InputError, ModelError
from monster.networks.config import CONFIGS, NetworkConfig
from monster.networks.network import Network
from monster.training.object_encoder import (
    ObjectSettings,
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
HEAD_STEPS: Final = 300  # for the rows of new categories


@dataclass(frozen=True)
class Begun:
    """A network, the categories of its class head, and how many of them the weights knew that it comes from."""

    network: Network
    categories: tuple[str, ...]
    known: int


def check_terms(prepared: Prepared, recipe: Recipe) -> None:
    """Raises CorpusError where a term of the recipe has fewer than two items to meet in."""
    told = torch.diff(prepared["item_starts"]) > 0
    has = {"t": told, "m": prepared["item_motion"] >= 0, "s": prepared["item_scene"] >= 0}
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


def begin(prepared: Prepared, config: str | NetworkConfig, settings: TrainSettings, start: str | Path | None) -> Begun:
    """The network to begin with and the categories that its class head tells.

    From ``start``, categories of the corpus that the weights do not know are added behind theirs.
    """
    torch.manual_seed(settings.seed)
    if start is not None:
        network, metadata = load_weights(start)
        _check_widths(network.config, prepared, Path(start).name)
        network = fused_as(network, settings.recipe)
        _check_recipe(network.config, settings.recipe, Path(start).name)
        network, categories = extended(network, metadata.categories, prepared)
        return Begun(network, categories, known=len(metadata.categories))
    if isinstance(config, str) and config not in CONFIGS:
        raise InputError(f"unknown config {config!r}: expected one of {', '.join(CONFIGS)}")
    base = CONFIGS[config] if isinstance(config, str) else config
    _check_widths(base, prepared, f"config {base.name}")
    network = Network(settings.recipe.configured(base.with_classes(len(prepared.categories))))
    network.set_class_vectors(prepared["class_vectors"])
    return Begun(network, tuple(prepared.categories), known=0)


def extended(network: Network, categories: tuple[str, ...], prepared: Prepared) -> tuple[Network, tuple[str, ...]]:
    """The network with a row of its class head for every category of the corpus; what it had stays as it was."""
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


def fused_as(network: Network, recipe: Recipe) -> Network:
    """The network for a recipe whose pairs have their parts' sum beside them: it weighs nothing yet where it is new."""
    if (network.config.pair.fusion, recipe.fusion) != ("separate", "beside"):
        return network
    made = Network(network.config.with_fusion("beside"))
    nothing = torch.zeros_like(made.pairs.weight)
    made.load_state_dict(network.state_dict() | {"pairs.weight": nothing})
    return made.eval()


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
            f"{where}: recipe {recipe.name!r} needs weights with fusion {wanted.pair.fusion!r}, head {wanted.head} and"
            f" {'a' if wanted.decoder else 'no'} motion decoder; set recipe.fusion={config.pair.fusion}"
            f" recipe.head={config.head} or train from the start"
        )


def stage_one(begun: Begun, prepared: Prepared, out: Path, settings: TrainSettings, tell: Callable[..., None]) -> None:
    """Train the object encoder and keep what it makes of every object, in the folder of the run, if not there yet.

    Weights that a run begins with keep theirs; only the class head learns the categories that they do not know.
    """
    network, path, kept = begun.network, out / OBJECTS, out / FEATURES
    stage = ObjectSettings(steps=settings.object_steps, seed=settings.seed)
    if not path.exists():
        if len(prepared["points"]) and not begun.known:
            train_objects(network, prepared, stage, lambda step, values: tell("objects", step, values))
        elif begun.known and begun.known < len(begun.categories):
            numbers = torch.tensor([begun.categories.index(name) for name in prepared.categories])
            stage = dataclasses.replace(stage, steps=min(HEAD_STEPS, stage.steps))
            features = object_features(network, prepared)
            train_new_categories(network, prepared, features, numbers, stage, old=begun.known)
        save({name: value for name, value in network.state_dict().items() if is_object_encoder(name)}, path)
    take_objects(network, path)
    if not kept.exists():
        save(object_features(network, prepared), kept)


def take_objects(network: Network, path: Path) -> None:
    """Give the network the object encoder that a file keeps, whatever recipe it was trained beside."""
    network.load_state_dict(torch.load(path, weights_only=True, map_location="cpu"), strict=False)


def save(value: Any, path: Path) -> None:
    """Write a file in one step. Raises ModelError when it cannot be written; what was there stays."""
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        torch.save(value, temporary)
        temporary.replace(path)
    except (OSError, RuntimeError) as error:  # torch tells of a full disk by a RuntimeError
        temporary.unlink(missing_ok=True)
        reason = str(error).splitlines()[0]
        raise ModelError(f"{path}: cannot write here, what was there before is kept: {reason}") from error
