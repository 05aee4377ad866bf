from __future__ import annotations

import json
from pathlib import Path
from subprocess import CompletedProcess

from tests.shell import ROOT
from tests.shell import ctxdebug as called

CAPTURE = str(ROOT / "fixtures" / "captures" / "openai.chat" / "sql-helper.json")


def test_show_and_clear(tmp_path: Path) -> None:
    def ctxdebug(*words: str) -> CompletedProcess[str]:
        return called(*words, cwd=tmp_path, CTXDEBUG_CACHE_DIR=str(tmp_path / "cache"), CI="")

    ctxdebug("check", CAPTURE)
    shown = json.loads(ctxdebug("cache", "show", "--format", "json").stdout)
    assert (shown["results"]["entries"], shown["results"]["used"]) == (1, True)
    assert shown["token_counts"]["files"] > 0
    assert "results       1 call of check" in ctxdebug("cache", "show").stdout
    (tmp_path / "cache" / "mine.txt").write_text("mine")
    cleared = ctxdebug("cache", "clear")
    assert "removed 1 result, " in cleared.stdout
    assert [path.name for path in (tmp_path / "cache").rglob("*") if path.is_file()] == ["mine.txt"]
    assert "removed 0 results, 0 files" in ctxdebug("cache", "clear").stdout


def test_a_ci_job_is_told_that_results_are_not_used(tmp_path: Path) -> None:
    shown = called("cache", "show", CTXDEBUG_CACHE_DIR=str(tmp_path), CI="true")
    assert "this is a CI job (check --cache uses results too)" in shown.stdout


def test_two_wishes_that_contradict_each_other(tmp_path: Path) -> None:
    done = called("check", CAPTURE, "--cache", "--no-cache", CTXDEBUG_CACHE_DIR=str(tmp_path))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
