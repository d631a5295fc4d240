"""The architecture that `docs/` describes, held against the source: directions of imports, circles, chains, tests."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest
from import_graph import (
    PACKAGES,
    ROOT,
    all_modules,
    circles,
    imports,
    lazy_names,
    longest_chain,
    module_graph,
    modules,
    package_imports,
    source,
)

BELOW: Final = {"service": {"monster"}, "worlds": {"monster"}, "monster": {"indexes"}, "indexes": set[str]()}
LONGEST_CHAIN: Final = 10
ENGINES: Final = {"faiss"}
TRAINING_MAY_IMPORT: Final = {"torch", "numpy", "safetensors", "pytorch_metric_learning", "monster"}
# Modules of monster that other packages may import beside its packages: all their names are public.
PUBLIC_MODULES: Final = {
    "monster.errors",
    "monster.extras",
    "monster.malloc",
    "monster.skeleton",
    "monster.tasks",
    "monster.types",
}
# Tests of several modules together.
OTHER_TESTS: Final = {
    "tests/monster/gallery/test_durability.py",
    "tests/monster/test_public_names.py",
    "tests/service/test_gallery.py",
}


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_between_packages_follow_the_arrows(package: str) -> None:
    forbidden = set(PACKAGES) - BELOW[package] - {package}
    wrong = [
        str(found)
        for module in modules(package)
        for found in imports(module)
        if found.module.partition(".")[0] in forbidden
    ]
    assert modules(package)
    assert wrong == []


def test_indexes_imports_numpy_and_the_engines_only() -> None:
    allowed = {"indexes", "numpy", *ENGINES, *sys.stdlib_module_names}
    wrong = [
        str(found)
        for module in modules("indexes")
        for found in imports(module)
        if found.module.partition(".")[0] not in allowed
    ]
    assert wrong == []


def test_service_uses_public_names_of_monster() -> None:
    wrong = [
        str(found)
        for module in modules("service")
        for found in imports(module)
        if found.module.startswith("monster.") and not _is_public(found.module, found.names)
    ]
    assert wrong == []


def _is_public(module: str, names: tuple[str, ...]) -> bool:
    """Names of a public module, or exported by a package, or found in a module by a package's ``__getattr__``."""
    if module in PUBLIC_MODULES:
        return True
    if all_modules()[module].name == "__init__.py":
        return set(names) <= _exported(module)
    homes = {(lazy_names(package).get(name), name) for package in _packages_above(module) for name in names}
    return {(module, name) for name in names} <= homes


def _exported(package: str) -> set[str]:
    """The names in the ``__all__`` of a package."""
    for node in ast.parse(all_modules()[package].read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def _packages_above(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def test_private_names_stay_in_their_top_level_package() -> None:
    wrong = [
        str(found)
        for module in all_modules()
        for found in imports(module)
        if found.module.partition(".")[0] in PACKAGES
        and not module.startswith(found.module.rpartition(".")[0])
        and any(part.startswith("_") and part != "__version__" for part in (*found.module.split("."), *found.names))
    ]
    assert wrong == []


@pytest.mark.parametrize("top", PACKAGES)
def test_packages_form_no_circle(top: str) -> None:
    """Packages directly below ``top``, imports inside functions counted."""
    graph = package_imports(top)
    wrong = [
        str(graph[importer][imported])
        for circle in circles(graph)
        for importer in circle
        for imported in graph[importer]
        if imported in circle
    ]
    assert wrong == []


def test_modules_form_no_circle() -> None:
    """Imports inside functions counted."""
    assert circles(module_graph(all_modules(), deferred=True)) == []


def test_the_longest_chain_of_module_level_imports_is_short() -> None:
    outside = [module for module in all_modules() if not module.startswith("worlds")]
    chain = longest_chain(module_graph(outside, deferred=False))
    assert len(chain) <= LONGEST_CHAIN, " -> ".join(chain)


def test_training_imports_torch_numpy_safetensors_and_metric_learning_only() -> None:
    """What its modules import when they are imported, and the modules of monster that this loads."""
    graph = module_graph(modules("monster"), deferred=False)
    loaded: set[str] = set()
    waiting = [module for module in graph if module.startswith("monster.training")]
    while waiting:
        module = waiting.pop()
        if module not in loaded:
            loaded.add(module)
            waiting.extend({*graph[module], *_packages_above(module)})
    allowed = TRAINING_MAY_IMPORT | sys.stdlib_module_names
    wrong = [
        str(found)
        for module in sorted(loaded)
        for found in imports(module)
        if not found.deferred and found.module.partition(".")[0] not in allowed
    ]
    assert wrong == []


@pytest.mark.parametrize("package", ["indexes", "monster", "service"])
def test_every_module_has_a_test_module(package: str) -> None:
    missing = {
        source(module)
        for module, path in modules(package).items()
        if path.name != "__init__.py" and not _test_of(path).exists()
    }
    assert missing == set()


@pytest.mark.parametrize("package", ["indexes", "monster", "service"])
def test_every_test_module_has_a_module(package: str) -> None:
    found = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / package).rglob("test_*.py")}
    expected = {_test_of(path).relative_to(ROOT).as_posix() for path in modules(package).values()}
    assert found - expected - OTHER_TESTS == set()


def _test_of(path: Path) -> Path:
    relative = path.relative_to(ROOT)
    return ROOT / "tests" / relative.parent / f"test_{relative.name}"


def test_importing_monster_is_cheap() -> None:
    """`tests/monster/test_public_names.py` names what must not be loaded; here the number of the project's modules."""
    code = "import sys, monster; print(*(name for name in sys.modules if name.startswith(('monster', 'indexes'))))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert set(done.stdout.split()) == {"monster", "monster.lazy"}
