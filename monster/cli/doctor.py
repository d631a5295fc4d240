"""The command ``doctor``."""

from __future__ import annotations

from dataclasses import asdict

import typer

from monster.cli.output import print_json
from monster.cli.search import Json


def doctor(as_json: Json = False) -> None:
    """Check the installation, and say how to repair it."""
    from monster.doctor import checks

    results = []
    for check in checks():
        results.append(check)
        if not as_json:
            typer.echo(f"{'ok  ' if check.ok else 'FAIL'} {check.name:<16} {check.detail}")
            if check.advice:
                typer.echo(f"     {'':<16} -> {check.advice}")
    ok = all(check.ok for check in results)
    if as_json:
        print_json({"ok": ok, "checks": [asdict(check) for check in results]})
    if not ok:
        raise typer.Exit(3)
