"""The cache between processes: what an answer from it loads, and two that write at once."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.result_cache.calls import entries
from tests.shell import ROOT, process


def test_a_kept_answer_needs_neither_the_command_line_nor_the_engine(here: Path) -> None:
    code = "import sys\nfrom ctxdebug.__main__ import main\ntry: main()\nexcept SystemExit: pass\nsys.stderr.write(' '.join(sys.modules))\n"
    variables = {**os.environ, "PYTHONPATH": str(ROOT), "CTXDEBUG_CACHE_DIR": str(here.parent / "cache")}
    command = [sys.executable, "-c", code, "check", "captures"]
    ran = [
        subprocess.run(command, cwd=here, env=variables, capture_output=True, text=True, check=True) for _ in range(2)
    ]
    assert ran[0].stdout == ran[1].stdout
    loaded = {
        name
        for name in ran[1].stderr.split()
        if name.startswith("ctxdebug") or name in {"typer", "rich", "click", "msgspec"}
    }
    assert "ctxdebug.result_cache.remembered_call" in loaded
    heavy = (
        "typer",
        "rich",
        "click",
        "msgspec",
        "ctxdebug.engine",
        "ctxdebug.rules",
        "ctxdebug.analysis",
        "ctxdebug.cli",
        "ctxdebug.redaction",
    )
    assert [name for name in loaded if name.startswith(heavy)] == []


def test_two_runs_at_once_leave_a_whole_entry(here: Path) -> None:
    variables = {"CTXDEBUG_CACHE_DIR": str(here.parent / "cache"), "CI": ""}
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: process("check", "captures", cwd=here, **variables), range(2))
    assert first.stdout == second.stdout
    assert len(entries(here)) == 1
    assert process("check", "captures", cwd=here, **variables).stdout == first.stdout
    assert len(entries(here)) == 1
