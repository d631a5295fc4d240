"""Commands that other packages bring by entry points: at the root, in a group, listed without being imported."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from monster.cli import plugins
from monster.cli.plugins import CorpusGroup, PluginGroup

MODULE = '''"""A package of commands."""

import typer


def greet(name: str = typer.Argument(help="A name."), loud: bool = False) -> None:
    """Greet a person.

    More about it.
    """
    typer.echo(f"hello {name}!" if loud else f"hello {name}")
'''


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[typer.Typer]:
    """Commands ``own``, ``greet``, ``corpus own`` and ``corpus meet``; ``greet`` and ``meet`` are entry points."""
    (tmp_path / "greeting_commands.py").write_text(MODULE)
    monkeypatch.syspath_prepend(str(tmp_path))
    entries = [
        EntryPoint("greet", "greeting_commands:greet", plugins.GROUP),
        EntryPoint("corpus.meet", "greeting_commands:greet", plugins.GROUP),
        EntryPoint("gone", "no_such_module:run", plugins.GROUP),
    ]
    monkeypatch.setattr(plugins, "entry_points", lambda group: entries if group == plugins.GROUP else [])
    app, corpus = typer.Typer(cls=PluginGroup), typer.Typer(cls=CorpusGroup)
    for group in (app, corpus):
        group.callback()(lambda: None)
        group.command("own")(lambda: typer.echo("own"))
    app.add_typer(corpus, name="corpus")
    yield app
    sys.modules.pop("greeting_commands", None)


def output(app: typer.Typer, *arguments: str, code: int = 0) -> str:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == code, done.output
    return done.output


def test_commands_are_listed_with_their_first_line_and_not_imported(app: typer.Typer) -> None:
    text = output(app, "--help")
    assert "Greet a person." in text and "More about it" not in text
    assert "A command of no_such_module." in text
    assert "meet" not in text
    assert "greeting_commands" not in sys.modules
    text = output(app, "corpus", "--help")
    assert "meet" in text and "greet " not in text and "gone" not in text


def test_a_command_takes_its_own_arguments(app: typer.Typer) -> None:
    assert output(app, "greet", "Ada") == "hello Ada\n"
    assert output(app, "corpus", "meet", "--loud", "Ada") == "hello Ada!\n"
    assert "A name." in output(app, "greet", "--help")
    assert output(app, "own") == output(app, "corpus", "own") == "own\n"


def test_unknown_commands_are_usage_errors(app: typer.Typer) -> None:
    assert "No such command" in output(app, "meet", code=2)
    assert "No such command" in output(app, "corpus", "greet", code=2)


def test_an_own_command_wins_over_an_entry_point(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "entry_points", lambda group: [EntryPoint("own", "no_such_module:run", group)])
    assert output(app, "own") == "own\n"
    assert output(app, "--help").count("own") == 1
