"""The examples of `docs/extending.md` work as they stand."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from indexes.kinds import BACKENDS
from monster.io import registry

DOCUMENT = Path(__file__).parent.parent / "docs" / "extending.md"
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
# The example of an action has a test of its own among the tests of actions.
TITLES = ("Add a motion format", "Add an index backend", "Add a metric")
FILE_NAME = re.compile(r"# (\w+\.py)\n")


def sections() -> dict[str, list[str]]:
    """The blocks of Python below each heading."""
    parts = re.split(r"^## (.*)\n", DOCUMENT.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {title: FENCE.findall(text) for title, text in zip(parts[1::2], parts[2::2], strict=True)}


@pytest.mark.parametrize("title", TITLES)
def test_an_example_works(title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(registry, "_registered", list(registry._registered))
    registered = dict(BACKENDS)
    modules = set(sys.modules)
    blocks = sections()[title]
    assert blocks
    namespace: dict[str, object] = {}
    try:
        for block in blocks:
            name = FILE_NAME.match(block)
            if name is not None:
                (tmp_path / name[1]).write_text(block, encoding="utf-8")
            else:
                exec(compile(block, f"{DOCUMENT.name}: {title}", "exec"), namespace)
    finally:
        BACKENDS.clear()
        BACKENDS.update(registered)
        for path in tmp_path.glob("*.py"):
            if path.stem not in modules:
                sys.modules.pop(path.stem, None)


def test_the_document_shows_what_can_be_extended() -> None:
    assert set(TITLES) <= set(sections())
