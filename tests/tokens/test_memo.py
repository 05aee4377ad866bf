from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ctxdebug.tokens import memo as module
from ctxdebug.tokens.memo import FORMAT, Memo
from ctxdebug.tokens.user_folders import cache_folder


def key(number: int) -> bytes:
    """Keys that share their first byte, so that they share a file."""
    return b"\x07" + number.to_bytes(15, "big")


def test_what_was_put_is_there_in_the_next_run(tmp_path: Path) -> None:
    with Memo(tmp_path) as memo:
        memo.put(key(1), 11)
        memo.put(key(2), 22)
        assert memo.get(key(1)) == 11
    again = Memo(tmp_path)
    assert [again.get(key(1)), again.get(key(2)), again.get(key(3))] == [11, 22, None]


def test_disabled_it_neither_reads_nor_writes(tmp_path: Path) -> None:
    with Memo(tmp_path) as memo:
        memo.put(key(1), 11)
    with Memo(tmp_path, enabled=False) as memo:
        memo.put(key(2), 22)
        assert memo.get(key(1)) is None
        assert memo.get(key(2)) is None
    assert Memo(tmp_path).get(key(2)) is None


def test_nothing_new_writes_nothing(tmp_path: Path) -> None:
    with Memo(tmp_path) as memo:
        assert memo.get(key(1)) is None
    assert not list(tmp_path.iterdir())


def test_the_environment_chooses_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CTXDEBUG_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path


def test_the_platforms_cache_folder_is_the_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CTXDEBUG_CACHE_DIR", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "ctxdebug"


def test_no_home_is_no_memo(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.delenv("CTXDEBUG_CACHE_DIR", raising=False)
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    with Memo() as memo:
        memo.put(key(1), 1)
        assert memo.get(key(1)) is None


@pytest.mark.parametrize("damage", [b"", b"\x07", b"garbage" * 40, b"\x00" * 5000])
def test_a_damaged_file_costs_only_what_it_held(tmp_path: Path, damage: bytes) -> None:
    with Memo(tmp_path) as memo:
        memo.put(key(1), 11)
    (tmp_path / FORMAT / "07").write_bytes(damage)
    with Memo(tmp_path) as memo:
        assert memo.get(key(1)) is None
        memo.put(key(2), 22)
    assert Memo(tmp_path).get(key(2)) == 22


def test_a_flipped_count_is_not_believed(tmp_path: Path) -> None:
    with Memo(tmp_path) as memo:
        memo.put(key(1), 11)
    file = tmp_path / FORMAT / "07"
    content = bytearray(file.read_bytes())
    content[16] ^= 1
    file.write_bytes(content)
    assert Memo(tmp_path).get(key(1)) is None


def test_a_torn_record_does_not_hide_the_next(tmp_path: Path) -> None:
    with Memo(tmp_path) as memo:
        memo.put(key(1), 11)
    file = tmp_path / FORMAT / "07"
    file.write_bytes(file.read_bytes()[:-5])
    with Memo(tmp_path) as memo:
        memo.put(key(1), 11)
        memo.put(key(2), 22)
    assert [Memo(tmp_path).get(key(number)) for number in (1, 2)] == [11, 22]


def test_a_file_in_place_of_the_folder_is_harmless(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("not a folder")
    with Memo(place) as memo:
        memo.put(key(1), 11)
        memo.flush()
        assert memo.get(key(1)) is None


def test_a_read_only_folder_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refuse(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_WRONLY:
            raise PermissionError
        return real(path, flags, mode)

    with Memo(tmp_path) as memo:
        memo.put(key(1), 11)
    monkeypatch.setattr(os, "open", refuse)
    memo = Memo(tmp_path)
    memo.put(key(2), 22)
    memo.flush()
    memo.put(key(3), 33)
    assert [memo.get(key(number)) for number in (1, 2, 3)] == [11, None, None]


def test_the_size_is_bounded_and_the_newest_survive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHARD_LIMIT", 2400)
    for batch in range(20):
        with Memo(tmp_path) as memo:
            for number in range(20):
                memo.put(key(batch * 20 + number), number)
    files = list((tmp_path / FORMAT).iterdir())
    assert [file.name for file in files] == ["07"]
    assert files[0].stat().st_size <= 2400
    assert Memo(tmp_path).get(key(399)) == 19
    assert Memo(tmp_path).get(key(0)) is None


def test_two_processes_may_write_at_once(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom ctxdebug.tokens.memo import Memo\n"
        "start = int(sys.argv[1])\n"
        "for n in range(start, start + 300):\n"
        "    with Memo(Path(sys.argv[2])) as memo:\n"
        "        memo.put(b'\\x07' + n.to_bytes(15, 'big'), n)\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", script, str(start), str(tmp_path)]) for start in (0, 300)]
    assert [run.wait() for run in runs] == [0, 0]
    memo = Memo(tmp_path)
    assert [memo.get(key(number)) for number in range(600)] == list(range(600))
