"""Progress on a terminal and elsewhere, and the list of what was left out."""

from __future__ import annotations

import sys

import pytest
import typer

from monster.cli import output


def test_plain_lines_at_start_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress("encoding", 3) as advance:
        for done in (1, 2, 3):
            advance(done, None)
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines() == ["encoding ...", "encoding: 3 of 3"]


def test_plain_lines_now_and_then(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "PLAIN_SECONDS", 0.0)
    with output.progress("reading") as advance:
        advance(5, None)
        advance(6, 9)
    assert capsys.readouterr().err.splitlines() == ["reading ...", "reading: 5", "reading: 6 of 9"]


def test_the_remaining_time_is_printed_once_it_can_be_estimated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that goes on with 500 of 1000 done counts its own speed alone."""
    clock = iter([0.0, 10.0, 20.0, 600.0])
    monkeypatch.setattr(output.time, "monotonic", lambda: next(clock))
    with output.progress("rooms", 1000) as advance:
        for done in (501, 520, 1000):
            advance(done, None)
    lines = capsys.readouterr().err.splitlines()
    assert lines[1:] == ["rooms: 501 of 1000, 83 min left", "rooms: 520 of 1000, 8 min left", "rooms: 1000 of 1000"]


def test_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with output.progress("encoding", 4) as advance:
        advance(4, None)
    printed = capsys.readouterr().err
    assert "encoding" in printed and "4/4" in printed and "..." not in printed


def test_what_was_left_out_ends_with_3(capsys: pytest.CaptureFixture[str]) -> None:
    output.leave_out([])
    with pytest.raises(typer.Exit) as ended:
        output.leave_out(["a.npy: empty", "b.npy: flat"])
    assert ended.value.exit_code == 3
    assert capsys.readouterr().err.splitlines() == ["left out 2:", "  a.npy: empty", "  b.npy: flat"]
