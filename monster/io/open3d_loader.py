"""Loads Open3D on demand: importing it takes a second, and it may be missing."""

from __future__ import annotations

from typing import Any

from monster.errors import MissingExtra


def load_open3d(feature: str) -> Any:
    """The module open3d. Raises MissingExtra that names the feature if it, or a system library of it, is missing."""
    try:
        import open3d
    except ModuleNotFoundError:
        raise MissingExtra(feature, "scene") from None
    except (ImportError, OSError) as error:
        library = str(error).split(":", 1)[0]
        hint = f"Open3D is there but lacks {library}: apt-get install libusb-1.0-0 libgl1 libx11-6 libgomp1"
        raise MissingExtra(f"{feature} ({hint})", "scene") from None
    return open3d
