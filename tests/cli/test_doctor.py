"""`doctor`: everything that a bug report needs, and a code that says whether it works."""

from __future__ import annotations

import json
from pathlib import Path

from ctxdebug import __version__
from tests.shell import ctxdebug


def test_it_shows_versions_parts_cache_configuration_and_terminal(tmp_path: Path) -> None:
    done = ctxdebug("doctor", cwd=tmp_path)
    assert done.returncode == 0
    for words in (f"ctxdebug         {__version__}", "tiktoken", "zstandard", "token counts", "none; the defaults apply", "no terminal"):  # fmt: skip
        assert words in done.stdout


def test_it_is_read_by_programs_too(tmp_path: Path) -> None:
    done = ctxdebug("doctor", "--format", "json", cwd=tmp_path)
    document = json.loads(done.stdout)
    assert document["version"] == 1
    assert {item["state"] for item in document["items"]} <= {"ok", "missing"}
    assert ctxdebug("doctor", "--format", "jsn", cwd=tmp_path).returncode == 2


def test_what_keeps_it_from_working_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "ctxdebug.toml").write_text("windw = 3\n", encoding="utf-8")
    (tmp_path / ".cache").write_text("in the way", encoding="utf-8")
    done = ctxdebug("doctor", cwd=tmp_path, CTXDEBUG_CACHE_DIR=str(tmp_path / ".cache"))
    assert done.returncode == 2
    assert "did you mean 'window'?" in done.stdout
    assert "cannot be written; CTXDEBUG_CACHE_DIR sets another" in done.stdout


def test_the_home_folder_is_not_named(tmp_path: Path) -> None:
    done = ctxdebug("doctor", cwd=tmp_path, HOME=str(tmp_path), CTXDEBUG_CACHE_DIR=str(tmp_path / ".cache"))
    assert "~/.cache" in done.stdout
