"""A cache that somebody prepared: pipes and links in the place of shards neither hang nor lead away."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from ctxdebug.tokens.cache_key import SIZE, cache_key, state_folder
from ctxdebug.tokens.memo import FORMAT, Memo

KEY = b"\x07" * 16


def test_a_pipe_in_the_place_of_a_shard_does_not_hang(tmp_path: Path) -> None:
    (tmp_path / FORMAT).mkdir()
    os.mkfifo(tmp_path / FORMAT / "07")
    with Memo(tmp_path) as memo:
        assert memo.get(KEY) is None
        memo.put(KEY, 3)
    assert (tmp_path / FORMAT / "07").is_fifo()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / FORMAT).mkdir()
    mine = tmp_path / "mine.txt"
    mine.write_text("mine", encoding="utf-8")
    (tmp_path / FORMAT / "07").symlink_to(mine)
    with Memo(tmp_path) as memo:
        assert memo.get(KEY) is None
        memo.put(KEY, 3)
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_folder_or_rubbish_in_the_place_of_a_shard_costs_a_recount(tmp_path: Path) -> None:
    (tmp_path / FORMAT / "07").mkdir(parents=True)
    (tmp_path / FORMAT / "08").write_bytes(b"\x08" * 1000)
    with Memo(tmp_path) as memo:
        assert memo.get(KEY) is None
        assert memo.get(b"\x08" * 16) is None
        memo.put(KEY, 3)
        memo.put(b"\x08" * 16, 4)
    assert Memo(tmp_path).get(b"\x08" * 16) == 4


def test_a_count_that_somebody_else_forged_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "theirs"))
    with Memo(tmp_path / "cache") as memo:
        memo.put(KEY, 1)
    assert Memo(tmp_path / "cache").get(KEY) == 1
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "mine"))
    with Memo(tmp_path / "cache") as memo:
        assert memo.get(KEY) is None
        memo.put(KEY, 2)
    assert Memo(tmp_path / "cache").get(KEY) == 2


def test_the_key_is_its_users_alone_and_outside_of_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert len(cache_key()) == SIZE
    folder = state_folder()
    assert folder is not None
    assert [path.name for path in folder.iterdir()] == ["cache-key"]
    assert (folder / "cache-key").read_bytes() == cache_key()
    assert stat.S_IMODE((folder / "cache-key").stat().st_mode) == 0o600


@pytest.mark.parametrize("planted", ["pipe", "link", "short", "folder", "read-only"])
def test_a_key_that_somebody_planted_or_nobody_can_keep_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, planted: str
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    path = tmp_path / "ctxdebug" / "cache-key"
    path.parent.mkdir()
    (tmp_path / "elsewhere").write_bytes(b"k" * SIZE)
    if planted == "pipe":
        os.mkfifo(path)
    elif planted == "link":
        path.symlink_to(tmp_path / "elsewhere")
    elif planted == "short":
        path.write_bytes(b"k")
    elif planted == "folder":
        path.mkdir()
    else:
        path.parent.rmdir()
        path.parent.write_text("a file in the place of the folder", encoding="utf-8")
    assert len(cache_key()) == SIZE
    assert cache_key() != b"k" * SIZE
    with Memo(tmp_path / "cache") as memo:
        memo.put(KEY, 3)
        assert memo.get(KEY) == 3
