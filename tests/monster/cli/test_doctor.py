"""The command doctor: one line a check, and the exit code."""

from __future__ import annotations

import json
from typing import Any

import pytest

from monster import doctor


def test_lists_every_check_and_ends_with_0_or_3(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_open3d", lambda: doctor.Check("open3d", True, "0.20"))
    text = run("doctor").stdout
    for name in ("python", "packages", "disk", "torch", "faiss", "text weights", "default weights", "self-test"):
        assert any(line.startswith("ok") and f" {name} " in line for line in text.splitlines()), name
    monkeypatch.setattr(doctor, "_open3d", lambda: doctor.Check("open3d", False, "libusb missing", "apt-get install x"))
    report = json.loads(run("doctor", "--json", code=3).stdout)
    assert report["ok"] is False
    assert [check["name"] for check in report["checks"] if not check["ok"]] == ["open3d"]
    assert "-> apt-get install x" in run("doctor", code=3).stdout
