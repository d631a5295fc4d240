"""The command itself: quick help, one line for what goes wrong, commands of upper layers."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from monster.cli import app as command
from monster.errors import MonsterError
from worlds.commands import demo

HEAVY = {"numpy", "pydantic", "torch", "faiss", "open3d", "trimesh", "matplotlib", "fastapi", "sentence_transformers"}


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    code = """
import sys
from monster.cli.app import main
sys.argv = ["monster", "--help"]
try:
    main()
finally:
    print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    *text, loaded = done.stdout.strip().splitlines()
    assert not HEAVY & set(loaded.split())
    for name in (
        "demo",
        "doctor",
        "inspect",
        "view",
        "index",
        "gallery",
        "search",
        "score",
        "corpus",
        "train",
        "evaluate",
        "serve",
    ):
        assert any(line.strip().startswith(name) for line in text), name


def test_commands_of_upper_layers_are_imported_when_called(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [
        EntryPoint("later", "no_such_module:run", "monster.commands"),
        EntryPoint("platform", "platform:machine", "monster.commands"),
    ]
    monkeypatch.setattr("monster.cli.plugins.entry_points", lambda group: entries)
    assert "later" in run("--help").stdout
    assert "no_such_module" in run("later", code=2).stderr
    assert run("platform").exit_code == 0


def test_unknown_command_and_unknown_option_end_with_2(run: Any) -> None:
    assert "No such command" in run("nonsense", code=2).stderr
    assert "No such option" in run("score", "--nonsense", code=2).stderr


def test_version(run: Any) -> None:
    assert run("--version").stdout.startswith("monster ")


@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (MonsterError("a.npy: expected\njoints"), "error: a.npy: expected joints"),
        (KeyboardInterrupt(), "error: interrupted"),
        (PermissionError(13, "Permission denied", "room.ply"), "error: room.ply: Permission denied"),
        (
            ImportError("No module named 'faiss'"),
            "error: No module named 'faiss'; `monster doctor` lists what is missing",
        ),
        (MemoryError(), "error: out of memory"),
    ],
)
def test_whatever_goes_wrong_is_one_line(
    run: Any, monkeypatch: pytest.MonkeyPatch, raised: BaseException, message: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise raised

    monkeypatch.setattr("worlds.demo.prepare", fail)
    result = run("demo", "--out", "never", code=2)
    assert result.stderr.strip() == message
    assert result.stdout == ""
    assert not Path("never").exists()


def test_a_defect_is_one_line_too(capsys: pytest.CaptureFixture[str]) -> None:
    command._defect(ValueError, ValueError("odd"), None)
    assert (
        capsys.readouterr().err
        == "error: a bug in monster: ValueError: odd; set MONSTER_TRACEBACK=1 for the traceback\n"
    )


def test_every_command_says_what_it_does() -> None:
    assert demo.demo.__doc__
    for registered in command.app.registered_commands:
        assert registered.callback is not None and registered.callback.__doc__
