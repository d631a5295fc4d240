"""The command ``doctor``."""

from __future__ import annotations

import typer

from monster.cli.output import print_json
from monster.cli.search import Json


def doctor(as_json: Json = False) -> None:
    """Check the installation, and say what to do."""
    from monster.doctor import checks

    found = []
    for check in checks():
        found.append(check)
        if not as_json:
            typer.echo(f"{'ok  ' if check.ok else 'FAIL'} {check.name:<16} {check.detail}")
            if check.advice:
                typer.echo(f"     {'':<16} -> {check.advice}")
    broken = [check.name for check in found if not check.ok]
    if as_json:
        listed = [{"name": c.name, "ok": c.ok, "detail": c.detail, "advice": c.advice} for c in found]
        print_json({"ok": not broken, "checks": listed})
    if broken:
        raise typer.Exit(3)
