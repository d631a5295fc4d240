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
LAZY = ("monster", "monster.viz", "monster.metrics", "monster.networks", "monster.training")
PACKAGES = (*LAZY, "monster.gallery", "monster.io", "indexes")


@pytest.mark.parametrize("package", PACKAGES)
def test_every_exported_name_exists(package: str) -> None:
    module = import_module(package)
    assert sorted(set(module.__all__)) == sorted(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None, name
    assert set(module.__all__) <= set(dir(module))


@pytest.mark.parametrize("package", [*PACKAGES, "monster.metrics.functional"])
def test_every_exported_class_and_function_has_a_docstring(package: str) -> None:
    module = import_module(package)
    assert module.__doc__
    public = [getattr(module, name) for name in module.__all__]
    assert [value for value in public if callable(value) and not value.__doc__] == []


@pytest.mark.parametrize("package", LAZY)
def test_an_unknown_name_is_an_attribute_error(package: str) -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = import_module(package).no_such_name


@pytest.mark.parametrize("package", LAZY)
def test_lazy_names_have_a_home(package: str) -> None:
    module = import_module(package)
    assert set(module._HOME) == set(module.__all__)


def test_the_package_exports_few_names() -> None:
    assert len(monster.__all__) <= 20


@pytest.mark.parametrize("package", [*LAZY, "monster.errors", "monster.tasks"])
def test_importing_loads_nothing_heavy(package: str) -> None:
    code = f"import sys, {package}; print(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert not HEAVY & set(done.stdout.split())


def test_metrics_as_functions_load_numpy_alone() -> None:
    code = "import sys, monster.metrics.functional; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert HEAVY & set(done.stdout.split()) == {"numpy"}
