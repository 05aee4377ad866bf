"""A cache that somebody prepared: pipes and links in the place of shards neither hang nor lead away."""

from __future__ import annotations

import os
from pathlib import Path

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
