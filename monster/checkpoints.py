"""Weights on disk: the project's own safetensors files, and checkpoints of the reference network's authors.

A weights file holds the tensors and, as JSON in its header, the configuration, the object categories and a
fingerprint, which is checked when the file is read. A foreign checkpoint is read with ``weights_only=True``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import pickle
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
import safetensors
import torch
from safetensors.torch import save_file
from torch import Tensor

from monster.errors import ModelError, WeightsMissing, WriteError
from monster.files import atomic_file
from monster.networks.config import PAPER, NetworkConfig
from monster.networks.network import Network
from monster.networks.reference import translate

FORMAT: Final = "monster-weights"
VERSION: Final = "1"
CLASS_VECTORS: Final = "scene.class_vectors"
WEIGHTS_FILE: Final = "weights.safetensors"  # in the folder of a training run


@dataclass(frozen=True)
class Metadata:
    """The metadata of a weights file. ``notes`` holds plain JSON values: how and on which data it was trained."""

    categories: tuple[str, ...]  # object classes, in the order of the class head
    notes: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""  # filled in when weights are saved or loaded


def fingerprint(network: Network) -> str:
    """16 hex digits of the SHA-256 of configuration and tensors."""
    digest = hashlib.sha256(_config_text(network.config).encode())
    for name, tensor in sorted(network.state_dict().items()):
        digest.update(f"{name} {tuple(tensor.shape)} ".encode())
        digest.update(tensor.detach().cpu().numpy().tobytes())
    return digest.hexdigest()[:16]


def save_weights(
    path: str | Path, network: Network, metadata: Metadata, *, dtype: Literal["float32", "float16"] = "float32"
) -> Metadata:
    """Write a weights file atomically and return its metadata.

    "float16" halves the file: matrices are rounded, vectors and counters are not. Raises ModelError if the categories
    do not fit the class head or the file cannot be written.
    """
    path = Path(path)
    _check_categories(metadata.categories, network.config, path.name)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()}
    if dtype == "float16":
        tensors = {name: tensor.half() if tensor.dim() > 1 else tensor for name, tensor in tensors.items()}
    stored = dataclasses.replace(metadata, fingerprint=fingerprint(_filled(network.config, tensors)))
    header = {
        "format": FORMAT,
        "version": VERSION,
        "config": _config_text(network.config),
        "categories": json.dumps(stored.categories),
        "notes": json.dumps(dict(stored.notes), sort_keys=True),
        "fingerprint": stored.fingerprint,
    }
    try:
        with atomic_file(path) as temporary:
            save_file(tensors, temporary, metadata=header)
    except WriteError as error:
        raise ModelError(str(error)) from error
    except safetensors.SafetensorError as error:
        raise ModelError(f"{path}: cannot be written: {_first_line(error)}") from error
    return stored


def load_weights(path: str | Path) -> tuple[Network, Metadata]:
    """The network of a weights file, on the CPU, in float32 and evaluation mode, and its metadata.

    Raises WeightsMissing if the file does not exist, ModelError if it is another kind of file, truncated, of another
    version, or changed since it was written.
    """
    path = Path(path)
    if not path.is_file():
        raise WeightsMissing(f"{path}: expected a weights file, got nothing")
    try:
        with safetensors.safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118  the file is no mapping
    except (safetensors.SafetensorError, OSError) as error:
        raise ModelError(f"{path.name}: expected a complete safetensors file: {_first_line(error)}") from error
    config, metadata = _read_header(path.name, header)
    network = _filled(config, tensors, path.name)
    actual = fingerprint(network)
    if actual != metadata.fingerprint:
        raise ModelError(
            f"{path.name}: expected fingerprint {metadata.fingerprint}, got {actual} from its contents; was it changed?"
        )
    return network, metadata


def _config_text(config: NetworkConfig) -> str:
    return json.dumps(config.to_dict(), sort_keys=True)


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def _check_categories(categories: tuple[str, ...], config: NetworkConfig, where: str) -> None:
    if len(categories) != config.scene.classes:
        raise ModelError(f"{where}: expected {config.scene.classes} category names, got {len(categories)}")


def _read_header(name: str, header: Mapping[str, str]) -> tuple[NetworkConfig, Metadata]:
    if header.get("format") != FORMAT:
        raise ModelError(f"{name}: expected weights written by this project, got another safetensors file")
    if header.get("version") != VERSION:
        raise ModelError(f"{name}: expected weights of format version {VERSION}, got {header.get('version')!r}")
    try:
        config = NetworkConfig.from_dict(json.loads(header["config"]))
        metadata = Metadata(tuple(json.loads(header["categories"])), json.loads(header["notes"]), header["fingerprint"])
    except (KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{name}: expected configuration and categories in its header, got {error!r}") from error
    except ModelError as error:
        raise ModelError(f"{name}: {error}") from error
    _check_categories(metadata.categories, config, name)
    return config, metadata


def _filled(config: NetworkConfig, tensors: Mapping[str, Tensor], where: str = "weights") -> Network:
    """A network of these tensors, in float32. Raises ModelError for missing, unexpected or misshapen tensors."""
    with torch.device("meta"):  # no memory and no random numbers for parameters that are replaced below
        network = Network(config)
    expected = network.state_dict()
    _compare_names(set(expected), set(tensors), where)
    for name, tensor in tensors.items():
        if tensor.shape != expected[name].shape:
            raise ModelError(
                f"{where}: expected {name} of shape {tuple(expected[name].shape)}, got {tuple(tensor.shape)}"
            )
    values = {name: tensor.to(expected[name].dtype, copy=True) for name, tensor in tensors.items()}
    network.load_state_dict(values, assign=True)
    return network.eval()


def _compare_names(expected: set[str], got: set[str], where: str) -> None:
    for names, word in ((expected - got, "missing"), (got - expected, "unexpected")):
        if names:
            listed = ", ".join(sorted(names)[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
            raise ModelError(f"{where}: {len(names)} {word} tensors: {listed}")


def load_reference_checkpoint(
    path: str | Path, *, categories: str | Path, config: NetworkConfig = PAPER
) -> tuple[Network, Metadata]:
    """The published network from its authors' Lightning checkpoint, with the word vectors of its object classes.

    ``categories`` is an ``.npz`` of names (607,) and vectors (607, 300). Raises WeightsMissing for a missing file,
    ModelError for a file that is not a checkpoint, that needs code, or whose tensors do not fit.
    """
    path, table = Path(path), Path(categories)
    for file, what in ((path, "checkpoint"), (table, "file of category vectors")):
        if not file.is_file():
            raise WeightsMissing(f"{file}: expected a {what}, got nothing")
    names, vectors = _read_categories(table, config)
    network = reference_network(_read_state(path), vectors, config=config, where=path.name)
    return network, Metadata(names, {"source": path.name}, fingerprint(network))


def reference_network(
    state: Mapping[str, Tensor], class_vectors: Tensor, *, config: NetworkConfig = PAPER, where: str = "state dict"
) -> Network:
    """The network of a state dict with the authors' keys, in evaluation mode. Raises ModelError if it does not fit."""
    return _filled(config, translate(state, where) | {CLASS_VECTORS: class_vectors}, where)


def _read_categories(path: Path, config: NetworkConfig) -> tuple[tuple[str, ...], Tensor]:
    try:
        with np.load(path, allow_pickle=False) as file:
            names, vectors = file["names"], file["vectors"]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(f"{path.name}: expected an .npz with names and vectors: {_first_line(error)}") from error
    shape = (config.scene.classes, config.scene.class_width)
    if names.shape != shape[:1] or vectors.shape != shape or vectors.dtype.kind != "f":
        raise ModelError(
            f"{path.name}: expected names {shape[:1]} and vectors {shape}, got {names.shape}, {vectors.shape}"
        )
    return tuple(str(name) for name in names), torch.from_numpy(vectors.astype(np.float32))


# Packages whose classes occur in the hyperparameters of a checkpoint.
_SETTINGS_PACKAGES: Final = frozenset(
    {"argparse", "hydra", "lightning", "omegaconf", "pathlib", "pytorch_lightning", "torchmetrics", "typing"}
)
_UNREADABLE: Final = (
    pickle.UnpicklingError,
    RuntimeError,
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)  # what torch.load raises for foreign files


class _Placeholder:
    """Replaces any class in the hyperparameters: stores nothing and runs nothing."""

    def __init__(self, *_args: object) -> None:
        """Ignore the arguments."""

    def __setstate__(self, _state: object) -> None:
        """Ignore the state."""


def _read_state(path: Path) -> dict[str, Tensor]:
    try:
        named = torch.serialization.get_unsafe_globals_in_checkpoint(path)
        foreign = [name for name in named if name.partition(".")[0] not in _SETTINGS_PACKAGES]
        if foreign:
            raise ModelError(f"{path.name}: expected tensors and settings, got code: {', '.join(sorted(foreign)[:4])}")
        with torch.serialization.safe_globals([(_Placeholder, name) for name in named]):
            content = torch.load(path, map_location="cpu", weights_only=True)
    except _UNREADABLE as error:
        raise ModelError(f"{path.name}: expected a Lightning checkpoint: {_first_line(error)}") from error
    state = content.get("state_dict", content) if isinstance(content, Mapping) else None
    if not isinstance(state, Mapping) or not all(isinstance(value, Tensor) for value in state.values()):
        raise ModelError(f"{path.name}: expected a checkpoint with a state_dict of tensors")
    return {str(key): value for key, value in state.items()}
