"""The folder of results stays small and young, and only its own files are ever removed from it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ctxdebug.result_cache import entry_store

KEYS = [bytes([number]) * entry_store.KEY_SIZE for number in range(4)]


def kept(folder: Path) -> list[bytes]:
    return [key for key in KEYS if entry_store.read_entry(str(folder), key) is not None]


def test_what_was_written_is_read(tmp_path: Path) -> None:
    value = {"writes": [["out", "a \ud800 b\x1b"]], "code": 1}
    assert entry_store.write_entry(str(tmp_path / "new"), KEYS[0], value)
    assert entry_store.read_entry(str(tmp_path / "new"), KEYS[0]) == value
    assert entry_store.read_entry(str(tmp_path / "new"), KEYS[1]) is None


def test_the_least_recently_used_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_store, "ROOM", 300)
    for age, key in zip((30, 20, 10), KEYS, strict=False):
        entry_store.write_entry(str(tmp_path), key, "x" * 60)
        path = tmp_path / key.hex()
        os.utime(path, (path.stat().st_mtime - age,) * 2)
    entry_store.read_entry(str(tmp_path), KEYS[0])
    entry_store.write_entry(str(tmp_path), KEYS[3], "x" * 60)
    assert kept(tmp_path) == [KEYS[0], KEYS[2], KEYS[3]]


def test_the_old_go(tmp_path: Path) -> None:
    entry_store.write_entry(str(tmp_path), KEYS[0], "old")
    os.utime(tmp_path / KEYS[0].hex(), (1, 1))
    entry_store.write_entry(str(tmp_path), KEYS[1], "new")
    assert kept(tmp_path) == [KEYS[1]]


def test_what_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entry_store, "LARGEST", 50)
    assert not entry_store.write_entry(str(tmp_path), KEYS[0], "x" * 60)
    assert kept(tmp_path) == []


def test_clearing_removes_entries_and_nothing_else(tmp_path: Path) -> None:
    entry_store.write_entry(str(tmp_path), KEYS[0], "mine")
    (tmp_path / f"{KEYS[1].hex()}.77.new").write_text("left by an interrupted run")
    (tmp_path / "notes.txt").write_text("somebody's")
    (tmp_path / KEYS[2].hex()).symlink_to(tmp_path / "notes.txt")
    assert entry_store.census(str(tmp_path)).entries == 2
    assert entry_store.clear(str(tmp_path)) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == [KEYS[2].hex(), "notes.txt"]
