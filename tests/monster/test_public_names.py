"""What the packages export is what can be imported, and importing them is cheap."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

import monster

HEAVY = {
    "torch", "faiss", "open3d", "trimesh", "sentence_transformers", "transformers", "numpy", "matplotlib", "plotly",
    "pydantic", "fastapi", "rich", "typer", "scipy", "safetensors",
}  # fmt: skip
PACKAGES = ("monster", "monster.viz", "monster.gallery", "monster.io", "indexes")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_exported_name_exists(package: str) -> None:
    module = import_module(package)
    assert sorted(set(module.__all__)) == sorted(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None, name
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("package", ["monster", "monster.viz"])
def test_an_unknown_name_is_an_attribute_error(package: str) -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = import_module(package).no_such_name


def test_lazy_names_have_a_home() -> None:
    assert set(monster._HOME) == set(monster.__all__)
    assert len(monster.__all__) <= 20


@pytest.mark.parametrize("package", ["monster", "monster.viz", "monster.errors", "monster.tasks"])
def test_importing_loads_nothing_heavy(package: str) -> None:
    code = f"import sys, {package}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not HEAVY & set(done.stdout.split())
