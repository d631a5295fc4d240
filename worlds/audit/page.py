"""A corpus at a glance: one HTML file with its tables as bars and a sheet of items as pictures."""

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
from worlds.audit.stats import Stats, durations, stats

PICTURES: Final = 20
LONGEST: Final = 45  # rows of a table


def stats_page(path: Path | str, corpus: Corpus, *, seed: int = 0) -> Path:
    """Write the page of a corpus; items for the pictures are drawn with ``seed``. Returns the path.

    Raises InputError when the file cannot be written, MissingExtra without matplotlib.
    """
    path = Path(path)
    found = stats(corpus)
    body = [
        f"<h1>{escape(str(found.numbers['name']))}</h1>",
        f"<p>licence: {escape(str(found.numbers['licence']))}</p>",
    ]
    body += [_numbers(found), "<div class=tables>"]
    body += [_table(name, counts) for name, counts in found.tables.items()]
    seconds = durations(corpus)
    if len(seconds):
        counts, edges = np.histogram(seconds, bins=np.arange(0, np.ceil(seconds.max()) + 1.01))
        rows = {f"{low:.0f} to {low + 1:.0f} s": int(n) for n, low in zip(counts, edges, strict=False) if n}
        body.append(_table("duration", rows))
    body += ["</div>", _pictures(corpus, seed)]
    style = (files("worlds.audit") / "page.css").read_text(encoding="utf-8")
    with atomic_file(path) as temporary:
        text = f"<!doctype html><meta charset=utf-8><title>{escape(str(found.numbers['name']))}</title>"
        temporary.write_text(f"{text}<style>{style}</style>{''.join(body)}", encoding="utf-8")
    return path


def _numbers(found: Stats) -> str:
    shown = ((name, value) for name, value in found.numbers.items() if isinstance(value, int | float))
    cells = (f"<div><b>{value:,}</b><span>{escape(name)}</span></div>" for name, value in shown)
    return f"<div class=numbers>{''.join(cells)}</div>"


def _table(name: str, counts: Mapping[str, int]) -> str:
    rows = list(counts.items())
    more = f"<tr><td>and {len(rows) - LONGEST} more" if len(rows) > LONGEST else ""
    return f"<section><h2>{escape(name)}</h2><table>{''.join(_rows(rows[:LONGEST]))}{more}</table></section>"


def _rows(rows: list[tuple[str, int]]) -> Iterable[str]:
    most = max(count for _, count in rows)
    for label, count in rows:
        bar = f"<i style='width:{100 * count / most:.1f}%'></i>"
        yield f"<tr><td>{escape(label)}</td><td class=bar>{bar}</td><td class=n>{count:,}</td></tr>"


def _pictures(corpus: Corpus, seed: int) -> str:
    """A sheet of random items with a motion, as a picture inside the page; nothing when there are none."""
    shown = [record for record in corpus.records if record.motion]
    if not shown:
        return ""
    some = np.random.default_rng(seed).permutation(len(shown))[:PICTURES]
    cells = []
    for index in sorted(some):
        item = corpus.item(shown[index])
        if item.motion is not None:
            cells.append((item.captions[0] if item.captions else item.id, item.scene, item.motion))
    with tempfile.TemporaryDirectory() as folder:
        sheet = contact_sheet_png(Path(folder, "sheet.png"), cells, columns=4)
        picture = base64.b64encode(sheet.read_bytes()).decode("ascii")
    return f"<h2>{len(cells)} items, drawn at random</h2><img alt='items' src='data:image/png;base64,{picture}'>"
