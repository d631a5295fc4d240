"""The extras of the package, which install optional packages, and the modules that show that one is installed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from monster.errors import MissingExtra

# What is imported of the packages of an extra. FAISS has one name in all builds; training runs without tensorboard.
MODULES: Final = {
    "cpu": ("faiss",),
    "gpu": ("faiss",),
    "scene": ("open3d",),
    "service": ("fastapi", "pydantic", "pydantic_settings", "python_multipart", "uvicorn"),
    "train": ("pytorch_metric_learning",),
    "metrics": ("torchmetrics",),
    "viz": ("matplotlib",),
    "mocap": ("ezc3d",),
    "fbx": ("ufbx",),
    "las": ("laspy", "lazrs"),
    "parquet": ("pyarrow",),
}


def missing_modules(extra: str) -> list[str]:
    """The needed modules of an extra that are not installed."""
    return [name for name in MODULES[extra] if find_spec(name) is None]


def require_extra(extra: str, feature: str) -> None:
    """Raise MissingExtra if a module of the extra is not installed. A command calls it before it starts to work."""
    if missing_modules(extra):
        raise MissingExtra(feature, extra)
