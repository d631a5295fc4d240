"""ServiceSettings come from arguments or the environment, when they are made."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from service.settings import ServiceSettings


def test_the_environment_is_read_when_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONSTER_MAX_K", "5")
    monkeypatch.setenv("MONSTER_TRACEBACK", "1")  # of another part
    monkeypatch.setenv("MONSTER_API_KEY", "a long enough key")
    chosen = ServiceSettings()
    assert chosen.max_k == 5
    assert "long enough" not in repr(chosen)
    monkeypatch.setenv("MONSTER_MAX_K", "6")
    assert (chosen.max_k, ServiceSettings().max_k, ServiceSettings(max_k=7).max_k) == (5, 6, 7)


@pytest.mark.parametrize("wrong", [{"max_k": 0}, {"read_seconds": 0}, {"maximum_k": 5}, {"max_json_bytes": "much"}])
def test_impossible_settings_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ServiceSettings(**wrong)  # type: ignore[arg-type]
