"""Points as text: any separator, names of columns, colors, and one clear line for anything else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monster.errors import FileFormatError
from monster.io.scene.text import FORMAT, raw_text
from monster.io.sources import Source

RANDOM = np.random.default_rng(0)
POINTS = RANDOM.uniform(-2, 2, (40, 3)).round(4)
COLORS = RANDOM.integers(0, 256, (40, 3))
IDS = RANDOM.integers(0, 4, 40)
NAMES = {
    "x": "X",
    "y": "y",
    "z": "Z",
    "intensity": "Intensity",
    "red": "r",
    "green": "G",
    "blue": "b",
    "id": "instance",
}


@pytest.mark.parametrize("separator", [" ", ",", ";", "\t", ", "])
@pytest.mark.parametrize("header", ["", "# made by a scanner\n", "//X Y Z R G B\n", "x y z r g b\n", "40\n"])
def test_text(tmp_path: Path, separator: str, header: str) -> None:
    rows = np.concatenate([POINTS, COLORS], axis=1)
    (tmp_path / "a.xyz").write_text(header + "\n".join(separator.join(f"{v:g}" for v in row) for row in rows) + "\n\n")
    raw = raw_text(tmp_path / "a.xyz")
    assert np.allclose(raw.points, POINTS)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(list(NAMES)),
    separator=st.sampled_from([" ", ",", ";", "\t", ", "]),
    remark=st.sampled_from(["", "#", "# ", "//"]),
    before=st.sampled_from(["", "# a scan\n", "\n// made by hand\n\n"]),
)
def test_columns_with_names_may_stand_in_any_order(
    tmp_path: Path, order: list[str], separator: str, remark: str, before: str
) -> None:
    columns = dict(zip(NAMES, [*POINTS.T, RANDOM.uniform(0, 255, 40), *COLORS.T, IDS], strict=True))
    rows = [separator.join(f"{columns[name][at]:g}" for name in order) for at in range(40)]
    names = separator.join(NAMES[name] for name in order)
    (tmp_path / "a.txt").write_text(f"{before}{remark}{names}\n" + "\n".join(rows))
    raw = raw_text(tmp_path / "a.txt")
    assert np.allclose(raw.points, POINTS)
    assert raw.colors is not None and np.allclose(raw.colors, COLORS / 255)
    assert raw.instances is not None and np.array_equal(raw.instances, np.where(IDS == 0, -1, IDS))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1 2 3\n4 5\n", "expected x y z in every line"),
        ("1 2 3\n4 five 6\n", "expected x y z in every line"),
        ("# only a comment\n", "expected x y z in every line"),
        ("1 2\n3 4\n", r"shape \(n, 3\) or \(n, 6\), got float64 \(2, 2\)"),
        ("1 2 3\nnan 5 6\n7 8 inf\n", "2 points with NaN or infinite coordinates, the first is point 1"),
        ("1 2 3\x00", "got a binary file"),
    ],
)
def test_wrong_text(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.txt").write_text(text)
    with pytest.raises(FileFormatError, match=words) as caught:
        raw_text(tmp_path / "a.txt")
    assert str(caught.value).startswith("a.txt: ") and "\n" not in str(caught.value)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from("0123456789.-e, \n#x\t"), max_size=60))
def test_any_text_gives_an_error_or_points(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.xyz").write_text("1 2 3\n" + text)
    try:
        raw = raw_text(tmp_path / "a.xyz")
    except FileFormatError as error:
        assert "\n" not in str(error)
    else:
        assert raw.points.shape[1] == 3 and np.isfinite(raw.points).all()


def test_numbers_too_large_for_normals_or_colors_are_left(tmp_path: Path) -> None:
    (tmp_path / "a.xyz").write_text("0 0 0 1e300 0 0\n1 1 1 0 1 0\n2 2 2 0 0 1\n3 3 3 0 0 1\n")
    raw = raw_text(tmp_path / "a.xyz")
    assert raw.points.shape == (4, 3) and raw.colors is None


def test_what_a_text_file_states(tmp_path: Path) -> None:
    np.savetxt(tmp_path / "a.txt", POINTS)
    (tmp_path / "b.txt").write_text("some words\n")
    (tmp_path / "c.xyz").write_text("some words\n")
    with Source(tmp_path / "a.txt") as source:
        assert FORMAT.sniff(source) and FORMAT.count(source) == 40
    with Source(tmp_path / "b.txt") as source:
        assert not FORMAT.sniff(source)
    with Source(tmp_path / "c.xyz") as source:
        assert FORMAT.sniff(source)


NUMBERS = np.round(np.random.default_rng(4).uniform(0, 5, (60, 3)), 4)


def written(rows: np.ndarray, separator: str, mark: str) -> str:
    return "\n".join(separator.join(f"{value:.4f}".replace(".", mark) for value in row) for row in rows) + "\n"


@pytest.mark.parametrize(
    ("separator", "mark"),
    [(";", ","), (" ", ","), ("\t", ","), ("; ", ","), (",", "."), (", ", "."), (";", "."), (" ", ".")],
)
def test_commas_are_decimal_where_something_else_separates(tmp_path: Path, separator: str, mark: str) -> None:
    (tmp_path / "a.xyz").write_text(written(NUMBERS, separator, mark))
    found = raw_text(tmp_path / "a.xyz")
    assert np.allclose(found.points, NUMBERS, atol=1e-9) and found.colors is None
    assert any(finding.what == "numbers" for finding in found.findings) == (mark == ",")


@pytest.mark.parametrize("start", [0, 1])
def test_a_first_column_that_counts_rows_is_left_out(tmp_path: Path, start: int) -> None:
    rows = np.column_stack([np.arange(start, start + 60), NUMBERS])
    np.savetxt(tmp_path / "a.txt", rows, fmt=["%d", "%.4f", "%.4f", "%.4f"])
    found = raw_text(tmp_path / "a.txt")
    assert np.allclose(found.points, NUMBERS) and found.findings[0].what == "columns"
    np.savetxt(tmp_path / "b.txt", NUMBERS, fmt="%.4f")
    assert not raw_text(tmp_path / "b.txt").findings


def test_names_in_quotes_are_names(tmp_path: Path) -> None:
    colors = np.random.default_rng(5).integers(0, 256, (60, 3))
    rows = [",".join(map(str, row)) for row in np.column_stack([colors, NUMBERS])]
    (tmp_path / "a.txt").write_text('"R","G","B","X","Y","Z"\n' + "\n".join(rows) + "\n")
    found = raw_text(tmp_path / "a.txt")
    assert np.allclose(found.points, NUMBERS) and np.allclose(found.colors, colors / 255)


def test_seven_columns_are_an_intensity_or_an_alpha_and_colors(tmp_path: Path) -> None:
    random = np.random.default_rng(6)
    colors, intensity = random.integers(0, 256, (60, 3)), random.integers(0, 256, (60, 1))
    for name, columns in {
        "intensity": [NUMBERS, intensity, colors], "alpha": [NUMBERS, colors, np.full((60, 1), 255)],
    }.items():  # fmt: skip
        np.savetxt(tmp_path / f"{name}.txt", np.column_stack(columns), fmt="%.4f")
        assert np.allclose(raw_text(tmp_path / f"{name}.txt").colors, colors / 255), name
