"""The command ``monster train``."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monster.cli.output import say

if TYPE_CHECKING:
    from monster.networks.config import NetworkConfig
    from monster.training.prepared import Prepared


def train(
    corpus: Annotated[list[Path], typer.Option(help="Corpus folder; several are trained on as one.")],
    out: Annotated[Path, typer.Option(help="Folder of the run; an unfinished run is continued.")],
    config: Annotated[str, typer.Option(help="small, paper, or a JSON file of a configuration.")] = "small",
    start: Annotated[Path | None, typer.Option(help="Weights to start from.")] = None,
    settings: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="KEY=VALUE...",
            help="Settings, such as steps=3000 recipe=six-term loss=SupConLoss loss.temperature=0.1.",
        ),
    ] = None,
) -> None:
    """Train a model on a corpus, or on several."""
    # Read by torch at import: on a busy machine, threads that spin while waiting make training ten times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "16384")  # batches come in many shapes
    from monster.extras import require_extra

    require_extra("train", "monster train")
    from monster.settings_text import split_assignments
    from monster.training.distributed import Distributed
    from monster.training.loop import train as run
    from monster.training.settings import TrainSettings

    chosen = TrainSettings.of(split_assignments(settings or []))
    network_config = _config(config)
    processes, made = Distributed.initialize(), []
    processes.rank_zero_first(lambda: made.append(_prepared(corpus, out)))
    prepared = made[0] if made else _prepared(corpus, out)
    _say_left_out(prepared)
    report = _report if processes.rank == 0 else None
    weights = run(prepared, out, config=network_config, settings=chosen, start=start, report=report)
    if processes.rank == 0:
        typer.echo(str(weights))


def _config(given: str) -> str | NetworkConfig:
    """The name of a configuration, or the one that a JSON file holds."""
    from monster.errors import ModelError
    from monster.networks.config import CONFIGS, NetworkConfig

    path = Path(given)
    if given in CONFIGS or not path.is_file():
        return given
    try:
        return NetworkConfig.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, OSError) as error:
        raise ModelError(f"{path}: expected a configuration as JSON, got {error}") from error
    except ModelError as error:
        raise ModelError(f"{path}: {error}") from error


def _say_left_out(prepared: Prepared) -> None:
    left_out = prepared.left_out
    if left_out:
        say(f"{len(left_out)} of {len(left_out) + len(prepared.meta['items'])} items left out:")
    for item, reason in left_out:
        say(f"  {item}: {reason}")


def _prepared(corpora: list[Path], out: Path) -> Prepared:
    """The corpora as arrays, made once for a run."""
    from monster.corpus.joined import open_corpora
    from monster.errors import CorpusError
    from monster.training.preparation import prepare
    from monster.training.prepared import FILE, Prepared

    folder = out / "prepared"
    opened = open_corpora(corpora)
    if not (folder / FILE).exists():
        return prepare(opened, folder, progress=_say_prepared)
    found = Prepared.open(folder)
    if found.meta["corpus"] != dict(opened.info):
        raise CorpusError(f"{out}: expected a run on this corpus, got one on {found.meta['corpus'].get('name')!r}")
    return found


def _say_prepared(done: int, total: int | None = None, stage: str = "") -> None:
    say(f"preparing {stage}: {done} of {total}")


def _report(stage: str, step: int, losses: Mapping[str, float]) -> None:
    say(f"{stage} {step}: " + ", ".join(f"{name} {value:.4g}" for name, value in losses.items()))
