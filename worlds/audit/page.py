"""Writes an overview of a corpus as one HTML file: bar charts of its tables and a sheet of pictures."""

from __future__ import annotations

import base64
import tempfile
from collections.abc import Iterable, Mapping
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from monster.corpus.storage import Corpus
from monster.files import atomic_file
from monster.viz.picture import contact_sheet_png
from worlds.audit.stats import CorpusStatistics, corpus_statistics, durations

PICTURES: Final = 20
MAX_ROWS: Final = 45  # of a table


def write_stats_page(path: Path | str, corpus: Corpus, *, seed: int = 0) -> Path:
    """Write the page of a corpus, with pictures of items drawn with ``seed``. Returns the path.

    Raises InputError if the file cannot be written, MissingExtra without matplotlib.
    """
    path = Path(path)
    statistics = corpus_statistics(corpus)
    body = [
        f"<h1>{escape(str(statistics.numbers['name']))}</h1>",
        f"<p>licence: {escape(str(statistics.numbers['licence']))}</p>",
    ]
    body += [_numbers(statistics), "<div class=tables>"]
    body += [_table(name, counts) for name, counts in statistics.tables.items()]
    seconds = durations(corpus)
    if len(seconds):
        counts, edges = np.histogram(seconds, bins=np.arange(0, np.ceil(seconds.max()) + 1.01))
        rows = {f"{low:.0f} to {low + 1:.0f} s": int(n) for n, low in zip(counts, edges, strict=False) if n}
        body.append(_table("duration", rows))
    body += ["</div>", _pictures(corpus, seed)]
    style = (files("worlds.audit") / "page.css").read_text(encoding="utf-8")
    with atomic_file(path) as temporary:
        text = f"<!doctype html><meta charset=utf-8><title>{escape(str(statistics.numbers['name']))}</title>"
        temporary.write_text(f"{text}<style>{style}</style>{''.join(body)}", encoding="utf-8")
    return path


def _numbers(statistics: CorpusStatistics) -> str:
    cells = []
    for name, value in statistics.numbers.items():
        if isinstance(value, int | float):
            cells.append(f"<div><b>{value:,}</b><span>{escape(name)}</span></div>")
    return f"<div class=numbers>{''.join(cells)}</div>"


def _table(name: str, counts: Mapping[str, int]) -> str:
    rows = list(counts.items())
    more = f"<tr><td>and {len(rows) - MAX_ROWS} more" if len(rows) > MAX_ROWS else ""
    return f"<section><h2>{escape(name)}</h2><table>{''.join(_rows(rows[:MAX_ROWS]))}{more}</table></section>"


def _rows(rows: list[tuple[str, int]]) -> Iterable[str]:
    most = max(count for _, count in rows)
    for label, count in rows:
        bar = f"<i style='width:{100 * count / most:.1f}%'></i>"
        yield f"<tr><td>{escape(label)}</td><td class=bar>{bar}</td><td class=n>{count:,}</td></tr>"


def _pictures(corpus: Corpus, seed: int) -> str:
    """An inline picture of random items with a motion; empty if there are none."""
    with_motion = [record for record in corpus.records if record.motion]
    if not with_motion:
        return ""
    chosen = np.random.default_rng(seed).permutation(len(with_motion))[:PICTURES]
    cells = []
    for index in sorted(chosen):
        item = corpus.item(with_motion[index])
        if item.motion is not None:
            cells.append((item.captions[0] if item.captions else item.id, item.scene, item.motion))
    with tempfile.TemporaryDirectory() as folder:
        sheet = contact_sheet_png(Path(folder, "sheet.png"), cells, columns=4)
        picture = base64.b64encode(sheet.read_bytes()).decode("ascii")
    return f"<h2>{len(cells)} items, drawn at random</h2><img alt='items' src='data:image/png;base64,{picture}'>"
