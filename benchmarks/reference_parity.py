"""Does the project's network compute the published function? Compares it with recorded outputs of the reference.

    python benchmarks/reference_parity.py --keys KEYS.tsv --vectors VECTORS.npz --case CASE.npz [--key-prefix TEXT]

KEYS lists the tensors of the authors' state dict (key, shape, dtype, canonical key), VECTORS the category vectors, CASE
the inputs and outputs of one batch. Every tensor is drawn from a generator seeded by its canonical key, with
``--key-prefix`` before it, and loaded through the same rules as a real checkpoint. Prints the largest scaled error,
|ours - recorded| / max(1, |recorded|), of each output and loss. Exit code 0: all within 1e-4; 1: not; 2: bad input.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from monster.arrays import AnyArray, FloatArray
from monster.checkpoints import reference_network
from monster.errors import MonsterError
from monster.networks.collate import Encoding, MotionBatch, SceneBatch, TextBatch
from monster.networks.network import Network
from monster.tasks import KINDS, Kind
from monster.training.contrastive import MaskedInfoNCE, symmetric_loss
from monster.training.losses import FIVE_TERMS, kl_divergence, latent, reconstruction
from monster.training.recipes import RECIPES

TOLERANCE = 1e-4
Arrays = Mapping[str, AnyArray]


def drawn_tensor(key: str, shape: tuple[int, ...], prefix: str = "") -> Tensor:
    """The tensor that belongs to a canonical key: noise seeded by the key, scaled by what the key's last part says."""
    seed = int.from_bytes(hashlib.sha256((prefix + key).encode()).digest()[:8], "little")
    noise = np.random.Generator(np.random.PCG64(seed)).standard_normal(shape)
    return torch.from_numpy(np.asarray(_scaled(key.rpartition(".")[2], np.asarray(noise, dtype=np.float32))))


def _scaled(part: str, noise: FloatArray) -> AnyArray:
    if part == "num_batches_tracked":
        return np.zeros(noise.shape, dtype=np.int64)
    if part == "running_var":
        return 1 + np.float32(0.1) * np.abs(noise)
    if part == "running_mean":
        return np.float32(0.1) * noise
    if noise.ndim == 1:
        return 1 + np.float32(0.1) * noise if part == "weight" else np.float32(0.02) * noise
    return noise / np.float32(np.sqrt(np.prod(noise.shape[1:])))


def read_keys(path: Path) -> list[tuple[str, tuple[int, ...], str]]:
    """Key, shape and canonical key of each line."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    shapes = [() if row["shape"] == "scalar" else tuple(int(n) for n in row["shape"].split("x")) for row in rows]
    return [(row["key"], shape, row["canonical_key"]) for row, shape in zip(rows, shapes, strict=True)]


def drawn_state(keys: Sequence[tuple[str, tuple[int, ...], str]], prefix: str = "") -> dict[str, Tensor]:
    """A state dict with every key; aliases share the tensor of their canonical key."""
    drawn = {canonical: drawn_tensor(canonical, shape, prefix) for _, shape, canonical in keys}
    return {key: drawn[canonical] for key, _, canonical in keys}


def encode(network: Network, case: Arrays) -> dict[Kind, Encoding]:
    """All six encodings of a case's inputs."""

    def tensor(name: str) -> Tensor:
        return torch.from_numpy(case[name].astype(np.float32))

    def mask(lengths: str, rows: str) -> Tensor:
        return torch.arange(case[rows].shape[1]) < torch.from_numpy(case[lengths])[:, None]

    six: dict[Kind, Encoding] = network(
        TextBatch(tensor("tokens"), mask("text_length", "tokens")),
        MotionBatch(tensor("joints"), mask("motion_length", "joints")),
        SceneBatch(tensor("obj_boxes"), mask("n_objects", "obj_boxes"), points=tensor("obj_points")),
    )
    return six


def losses(network: Network, case: Arrays, six: Mapping[Kind, Encoding]) -> dict[str, float]:
    """The parts of the released recipe and their total, at evaluation: everything from the means."""
    means = {kind: encoding.mean for kind, encoding in six.items()}
    joints = torch.from_numpy(case["joints"])
    mask = torch.arange(joints.shape[1]) < torch.from_numpy(case["motion_length"])[:, None]
    recipe, loss = RECIPES["five-term"], MaskedInfoNCE(RECIPES["five-term"].temperature)
    parts = {
        "recons": reconstruction(network.decode_motion(means["st"], mask), joints, mask),
        "kl": kl_divergence(means["st"], six["st"].log_variance),
        "latent": latent(means, FIVE_TERMS),
        "contrastive": torch.stack([symmetric_loss(loss, means[a], means[b]) for a, b in FIVE_TERMS]).sum(),
    }
    weights = (recipe.reconstruction_weight, recipe.kl_weight, recipe.latent_weight, 1.0)
    total = sum(float(part) * weight for part, weight in zip(parts.values(), weights, strict=True))
    return {name: float(part) for name, part in parts.items()} | {"loss": total}


@torch.inference_mode()
def errors(network: Network, case: Arrays) -> dict[str, float]:
    """The largest scaled error of each output and of each loss."""
    six = encode(network, case)
    ours: dict[str, Any] = {f"v_{kind}": six[kind].mean.numpy() for kind in KINDS}
    ours |= {f"loss_{name}": value for name, value in losses(network, case, six).items()}
    return {
        name: float((np.abs(value - case[name]) / np.maximum(1, np.abs(case[name]))).max())
        for name, value in ours.items()
    }


def class_agreement(network: Network, case: Arrays) -> float | None:
    """Share of real objects whose class is the recorded one; None for a case that records no classes.

    A case may be padded beyond its longest scene; the network's logits are not.
    """
    if "predicted_class" not in case:
        return None
    with torch.inference_mode():
        logits = encode(network, case)["s"].class_logits
    if logits is None:
        return None
    objects = logits.shape[1]
    real = np.arange(objects) < case["n_objects"][:, None]
    equal = logits.argmax(-1).numpy() == case["predicted_class"][:, :objects]
    return float(equal[real].mean())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the comparison; the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name in ("keys", "vectors", "case"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--key-prefix", default="")
    given = parser.parse_args(arguments)
    try:
        with np.load(given.case, allow_pickle=False) as file:
            case = dict(file)
        with np.load(given.vectors, allow_pickle=False) as file:
            vectors = torch.from_numpy(file["vectors"])
        network = reference_network(
            drawn_state(read_keys(given.keys), given.key_prefix), vectors, where=given.keys.name
        )
        found = errors(network, case)
    except (MonsterError, OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        print(f"reference_parity: {type(error).__name__}: {error}", file=sys.stderr)
        return 2
    for name, largest in found.items():
        print(f"{name:18s} {largest:.2e}{'' if largest <= TOLERANCE else '  above ' + str(TOLERANCE)}")
    agreement = class_agreement(network, case)
    if agreement is not None:
        print(f"{'predicted classes':18s} {agreement:.1%} equal")
    good = all(largest <= TOLERANCE for largest in found.values())
    print(
        f"{given.case.name}: {'equal' if good else 'NOT equal'} within {TOLERANCE} (largest {max(found.values()):.2e})"
    )
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
