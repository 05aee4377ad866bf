"""`ctxdebug watch`: a line a call as it comes, and the summary at Ctrl-C."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.shell import CACHE, ROOT, ctxdebug

RECORDING = (
    (ROOT / "fixtures" / "formats" / "ctxdebug-recording" / "museum.jsonl").read_bytes().splitlines(keepends=True)
)


def test_calls_are_said_as_they_come(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(RECORDING[0])
    process = subprocess.Popen(
        [sys.executable, "-m", "ctxdebug", "watch", "--from-start", str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT), "CTXDEBUG_CACHE_DIR": CACHE},
    )  # fmt: skip
    assert process.stdout is not None
    first = process.stdout.readline()
    with path.open("ab") as file:
        file.write(RECORDING[2])
        file.write(RECORDING[3])
    second, third = process.stdout.readline(), process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert first.startswith("  1 gpt-4o-mini-2024-07-18")
    assert "provider 84 · answer 11 · 0.41 s" in first
    assert "✗ 429 Rate limit reached" in second
    assert "! MEM103 the answer was cut" in third
    assert process.returncode == 0
    assert "3 calls · 1 failed · 1 warning" in told
    assert f"next: ctxdebug inspect {path} -n 2" in told


def test_a_misspelt_path_gets_the_nearest_name(tmp_path: Path) -> None:
    (tmp_path / "captures").mkdir()
    done = ctxdebug("watch", "capture", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean captures?" in done.stderr
