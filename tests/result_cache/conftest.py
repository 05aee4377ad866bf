"""A folder with captures, and a cache and a key of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.result_cache.calls import CAPTURES


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a capture, and a cache of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("CI", "")
    folder = tmp_path / "work"
    (folder / "captures").mkdir(parents=True)
    for name in ("leave-bot.json", "sql-helper.json"):
        (folder / "captures" / name).write_bytes((CAPTURES / name).read_bytes())
    return folder
