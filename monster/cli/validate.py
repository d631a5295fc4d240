"""The command ``validate``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from monster.cli.declared import reads_files
from monster.cli.inputs import NOTHING
from monster.cli.output import as_options, print_json, progress
from monster.cli.search import Json
from monster.io.declared import Declared

if TYPE_CHECKING:
    from monster.inspection.report import Report
    from monster.inspection.validation import Summary, Validation

_SHOWN = 20


@reads_files
def validate(
    folder: Annotated[Path, typer.Argument(help="Folder with motions and scenes.")],
    csv: Annotated[Path | None, typer.Option(help="Table to write: a line for each remark.")] = None,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Processes at once.")] = 2,
    split: Annotated[bool, typer.Option(help="Split scenes without instances into objects.")] = True,
    seconds: Annotated[float, typer.Option(min=1.0, help="Longest time for one motion or scene.")] = 60.0,
    megabytes: Annotated[int, typer.Option(min=64, help="Most memory for one file.")] = 4096,
    as_json: Json = False,
    declared: Declared = NOTHING,
) -> None:
    """Read and check every file of a folder; a file that crashes or blocks its reader does not affect the others.

    Exit code 0 if all could be read, 3 if some could not, 2 if none could.
    """
    from monster.errors import InputError
    from monster.inspection.validation import Summary, Validation, write_csv
    from monster.sandbox import Limits

    run = Validation(folder, jobs, split, Limits(seconds, megabytes), declared)
    summary = Summary()
    wrong: list[Report] = []
    with progress("validating") as advance:
        reports = run.reports(advance)
        for report in reports if csv is None else write_csv(csv, reports):
            summary.add(report)
            if report.level in ("warning", "error"):
                wrong.append(report)
    _print_summary(run, summary, wrong, as_json=as_json)
    if not summary.readable:
        reason = f"; {wrong[0].file}: {wrong[0].remarks[0].text}" if wrong else ""
        raise InputError(f"{folder}: expected motions or scenes, found none that can be read{reason}")
    if summary.status["error"]:
        raise typer.Exit(3)


def _print_summary(run: Validation, summary: Summary, wrong: list[Report], *, as_json: bool) -> None:
    if as_json:
        print_json(_to_json(run, summary, wrong))
        return
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(summary.kinds.items())) or "nothing"
    typer.echo(f"{run.files} files: {kinds}; {run.ignored} of unknown formats")
    typer.echo(", ".join(f"{summary.status[name]} {name}" for name in ("ok", "warn", "error")))
    for (level, code), count in summary.codes.most_common():
        typer.echo(f"  {count:6d}  {level:<8} {code}")
    for report in wrong[:_SHOWN]:
        where = f"{report.file}#{report.key}" if report.key else report.file
        for remark in report.remarks:
            if remark.level != "note":
                typer.echo(f"{where}: {as_options(str(remark))}")
    if len(wrong) > _SHOWN:
        typer.echo(f"... and {len(wrong) - _SHOWN} more (--csv writes them all)")


def _to_json(run: Validation, summary: Summary, wrong: list[Report]) -> dict[str, Any]:
    return {
        "folder": str(run.folder),
        "files": run.files,
        "ignored": run.ignored,
        "kinds": dict(summary.kinds),
        "status": dict(summary.status),
        "remarks": [{"level": level, "code": code, "count": n} for (level, code), n in summary.codes.most_common()],
        "wrong": [
            {
                "file": report.file,
                "key": report.key,
                "kind": report.kind,
                "remarks": [{"code": r.code, "level": r.level, "text": r.text} for r in report.remarks],
            }
            for report in wrong
        ],
    }
