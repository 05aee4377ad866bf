"""Tables of an earlier run: believed only where this user wrote them, and never needed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ctxdebug.result_cache import stored_tables
from ctxdebug.result_cache.stored_tables import FORMAT, StoredTables
from tests.shell import ROOT, process


def written(folder: Path, **values: object) -> Path:
    tables = StoredTables(str(folder))
    for key, value in values.items():
        tables.put("t", key, value)
    tables.flush()
    (file,) = folder.iterdir()
    return file


def test_what_was_put_is_there_in_the_next_run(tmp_path: Path) -> None:
    value = ("a", b"\0\1", (1, None), frozenset({"b"}), {"c": 2})
    file = written(tmp_path / FORMAT, k=value)
    assert StoredTables(str(tmp_path / FORMAT)).get("t", "k") == value
    assert StoredTables(str(tmp_path / FORMAT)).get("u", "k") is None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("harm", [b"", b"\0" * 200, b"c__builtin__\neval\n"])
def test_a_damaged_file_is_an_empty_one(harm: bytes, tmp_path: Path) -> None:
    file = written(tmp_path, k=1)
    file.write_bytes(harm)
    assert StoredTables(str(tmp_path)).get("t", "k") is None
    assert written(tmp_path, k=2) == file
    assert StoredTables(str(tmp_path)).get("t", "k") == 2


def test_a_file_that_somebody_else_made_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = written(tmp_path / "a", k="theirs").read_bytes()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "mine"))
    written(tmp_path / "b", k="mine").write_bytes(data)
    assert StoredTables(str(tmp_path / "b")).get("t", "k") is None


def test_a_file_that_has_grown_too_large_begins_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, old="x" * 200)
    monkeypatch.setattr(stored_tables, "_MOST", 300)
    written(tmp_path, new="y" * 200)
    tables = StoredTables(str(tmp_path))
    assert (tables.get("t", "old"), tables.get("t", "new")) == (None, "y" * 200)


def test_a_folder_that_takes_nothing_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    tables = StoredTables(str(tmp_path / "file" / "folder"))
    tables.put("t", "k", 1)
    tables.flush()
    assert tables.get("t", "k") == 1


def test_a_report_is_the_same_with_tables_and_without_and_a_second_run_adds_none(tmp_path: Path) -> None:
    capture = str(ROOT / "fixtures" / "captures" / "openai.chat" / "leave-bot.json")
    said, left = [], []
    for seed in ("1", "2"):
        kept = {"CTXDEBUG_CACHE_DIR": str(tmp_path / "cache"), "PYTHONHASHSEED": seed}
        said.append(process("check", capture, cwd=tmp_path, **kept).stdout)
        (file,) = (tmp_path / "cache" / FORMAT).iterdir()
        left.append((file.stat().st_ino, file.read_bytes()))
    assert left[0] == left[1]
    assert said[0] == said[1] == process("check", capture, "--no-cache", cwd=tmp_path).stdout
