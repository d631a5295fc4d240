"""The action that `docs/extending.md` adds works as it is written there, and leaves the registry as it was."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from worlds.actions.registry import ACTIONS

DOCUMENT = Path(__file__).parents[3] / "docs" / "extending.md"
SECTION = re.compile(r"^## Add an action to the generator\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
FENCE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_documented_action_is_performed_detected_captioned_and_proven(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    section = SECTION.search(DOCUMENT.read_text(encoding="utf-8"))
    assert section is not None
    module, example = FENCE.findall(section[1])
    (tmp_path / "spread_the_arms.py").write_text(module, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    known = ACTIONS.names
    try:
        exec(compile(example, str(DOCUMENT), "exec"), {})
    finally:
        sys.modules.pop("spread_the_arms", None)
    assert ACTIONS.names == known
    assert re.search(r"arms", capsys.readouterr().out)
